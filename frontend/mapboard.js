// On the desk's map, a place or case under the pointer or the focus is marked in the drawing and in the list.
const board = document.querySelector("[data-mapboard]");

function mark(event, on) {
  const one = event.target.closest?.("[data-place], [data-case]");
  if (!one) return;
  const [name, value] = one.dataset.case ? ["case", one.dataset.case] : ["place", one.dataset.place];
  for (const twin of document.querySelectorAll(`[data-${name}="${CSS.escape(value)}"]`)) twin.classList.toggle("with", on);
}

if (board) {
  for (const type of ["mouseover", "focusin"]) document.addEventListener(type, (event) => mark(event, true));
  for (const type of ["mouseout", "focusout"]) document.addEventListener(type, (event) => mark(event, false));
}
