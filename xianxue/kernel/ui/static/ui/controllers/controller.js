/**
 * Binds behaviour to elements by `data-controller="name"`: one small class a name, connected once an element.
 * @typedef {{ connect(): void, disconnect?(): void }} Controller
 * @typedef {new (element: any) => Controller} ControllerClass
 */

/** @type {Map<string, ControllerClass>} */
const classes = new Map();
/** @type {Map<Element, Controller[]>} */
const connected = new Map();

/**
 * @param {string} name
 * @param {ControllerClass} made
 */
export function define(name, made) {
  classes.set(name, made);
}

/**
 * Connect every element under `root` that names a controller.
 * @param {ParentNode & Node} root
 */
export function connectAll(root) {
  const found = [...root.querySelectorAll("[data-controller]")];
  if (root instanceof Element && root.matches("[data-controller]")) found.unshift(root);
  for (const element of found) {
    if (connected.has(element)) continue;
    const names = (element.getAttribute("data-controller") ?? "").split(/\s+/);
    const made = names.flatMap((name) => {
      const found = classes.get(name);
      return found ? [new found(element)] : [];
    });
    connected.set(element, made);
    for (const controller of made) controller.connect();
  }
}

/** Disconnect the controllers of elements that htmx has taken off the page. */
export function disconnectGone() {
  for (const [element, controllers] of connected) {
    if (element.isConnected) continue;
    for (const controller of controllers) controller.disconnect?.();
    connected.delete(element);
  }
}
