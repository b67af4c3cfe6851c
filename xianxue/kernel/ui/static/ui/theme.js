// Set the chosen theme and density before the first paint; a module would come too late.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("xianxue-theme");
    if (!root.hasAttribute("data-screen") && (theme === "light" || theme === "dark")) root.dataset.theme = theme;
    if (localStorage.getItem("xianxue-density") === "dense") root.dataset.density = "dense";
  } catch (error) {
    // A browser that keeps nothing shows the system's theme.
  }
})();
