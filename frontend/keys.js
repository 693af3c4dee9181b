// The desk's single keys. Each has a link or a button that carries `data-key`; a key presses it. Never inside a field,
// never with a modifier, and only where the page says that keys are on.
const TYPING = "input, textarea, select, [contenteditable]";
let pending = "";

function press(name) {
  const target = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  else target.click();
  return true;
}

function rows() {
  return [...document.querySelectorAll("[data-rows] > li")];
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("cur"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  for (const row of all) row.classList.toggle("cur", row === next);
  next.querySelector("a").focus();
}

function onKey(event) {
  if (event.ctrlKey && event.key === "Enter") {
    const form = event.target.closest("form");
    if (form) form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
    return;
  }
  const name = pending ? `${pending} ${event.key}` : event.key;
  pending = !pending && event.key === "g" ? "g" : "";
  if (!pending && press(name)) event.preventDefault();
}

export function bindKeys() {
  if (document.body.dataset.keys === "on") document.addEventListener("keydown", onKey);
}
