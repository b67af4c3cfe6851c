/** Every controller of the pages for staff; connected at load and after each htmx swap. */
import { connectAll, define, disconnectGone } from "./controller.js";
import { AutoSubmit } from "./auto_submit.js";
import { BulkSelect } from "./bulk_select.js";
import { Chart } from "./chart.js";
import { Density } from "./density.js";
import { Drawer } from "./drawer.js";
import { Drop } from "./drop.js";
import { Grid } from "./grid.js";
import { Hotkey } from "./hotkey.js";
import { Remembered } from "./remembered.js";
import { SignOut } from "./sign_out.js";
import { SubmitOnce } from "./submit_once.js";
import { Table } from "./table.js";
import { Theme } from "./theme.js";

define("auto-submit", AutoSubmit);
define("bulk-select", BulkSelect);
define("chart", Chart);
define("density", Density);
define("drawer", Drawer);
define("drop", Drop);
define("grid", Grid);
define("hotkey", Hotkey);
define("remembered", Remembered);
define("sign-out", SignOut);
define("submit-once", SubmitOnce);
define("table", Table);
define("theme", Theme);

connectAll(document);
document.addEventListener("htmx:load", (event) => {
  disconnectGone();
  if (event.target instanceof Element) connectAll(event.target);
});
