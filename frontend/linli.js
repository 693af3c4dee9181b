// What every page loads: htmx, and small helps that a page can do without. Each help is bound by a data- attribute, so
// that templates hold no script. Pages work without any of it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { keepDrafts } from "./drafts.js";
import { bindKeys } from "./keys.js";

window.htmx = htmx;

document.documentElement.classList.add("js");

function onClick(event) {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    navigator.clipboard.writeText(copy.dataset.copy).then(() => say(copy.dataset.copied));
  }
  const print = event.target.closest("[data-print]");
  if (print) {
    event.preventDefault();
    window.print();
  }
}

// Says a sentence in the page's live region; screen readers speak it, everybody sees it.
function say(text) {
  const region = document.querySelector("[data-say]");
  if (region && text) region.textContent = text;
}

document.addEventListener("click", onClick);
keepDrafts();
bindKeys();

// After a form came back with errors the summary takes the focus.
const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

// A link to one answer among several opens it.
const asked = location.hash && document.getElementById(location.hash.slice(1));
if (asked && asked.tagName === "DETAILS") asked.open = true;
