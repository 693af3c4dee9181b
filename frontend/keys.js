// The desk's single keys. Each has a link or a button that carries `data-key`; a key presses it. Never inside a field,
// never with a modifier, and only where the page says that keys are on: a person may turn them off.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const PREFIX_MS = 1500;
let pending = "";
let timer = 0;

function press(name) {
  const key = CSS.escape(name);
  const all = [...document.querySelectorAll(`[data-key="${key}"], [data-also="${key}"]`)];
  // What is folded away behind "more" has its key all the same; what is hidden has none.
  const target = all.find((one) => one.getClientRects().length) || all.find((one) => one.closest("details:not([open])"));
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  else {
    target.click();
    const opened = target.parentElement;
    if (target.matches("summary") && opened.open) focusFirst(opened);
  }
  return true;
}

function focusFirst(details) {
  const first = details.querySelector("form .in, a, button, input:not([type=hidden])");
  if (first) first.focus();
}

// `g` waits for a second key, but not for ever: a `g` long ago means nothing.
function named(key) {
  const name = pending ? `${pending} ${key}` : key;
  clearTimeout(timer);
  pending = !pending && key === "g" ? "g" : "";
  if (pending) timer = setTimeout(() => { pending = ""; }, PREFIX_MS);
  return pending ? "" : name;
}

// Esc closes the nearest thing that is open; only then does it go back.
function escape() {
  const open = document.querySelector("details[data-closes][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
    return true;
  }
  return press("Escape") || press("close") || press("back");
}

function onKey(event) {
  if (event.ctrlKey && event.key === "Enter") {
    const form = event.target.closest("form[method=post]");
    if (form) form.requestSubmit(form.querySelector(".btn.primary"));
    return;
  }
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (event.target.closest(TYPING) && !event.target.closest("details[data-closes]")) event.target.blur();
    else if (escape()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const name = named(event.key);
  if (!name) return;
  const moved = !document.dispatchEvent(new CustomEvent("linli:key", { detail: name, cancelable: true }));
  if (moved || press(name)) event.preventDefault();
}

export function bindKeys() {
  if (document.body.dataset.keys === "on") document.addEventListener("keydown", onKey);
}
