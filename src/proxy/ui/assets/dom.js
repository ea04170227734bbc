/**
 * Elements from data. Children are nodes or text; text becomes text nodes, so that no name of a model, key or tool is
 * ever read as markup.
 * @typedef {Node | string | number | undefined | false} Child
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...Child} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) {
    if (child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** The element of the page with this id. */
export function byId(/** @type {string} */ id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/** Sets a text only where it changed, so that live regions and selections are left in peace. */
export function say(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What stands where there is nothing to show: what is missing, and what to do about it. */
export function empty(/** @type {string} */ title, /** @type {Child[]} */ ...more) {
  return el("div", { class: "empty" }, el("strong", {}, title), ...more);
}

/**
 * A table with a caption for those who cannot see its heading.
 * @param {string} caption
 * @param {{ title: string, class?: string }[]} columns
 * @param {Element[]} rows
 */
export function table(caption, columns, rows) {
  const heads = columns.map(({ title, class: name }) => el("th", { scope: "col", class: name ?? "" }, title));
  return el(
    "table",
    {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows),
  );
}
