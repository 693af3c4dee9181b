// The phone desk: how long the call lasts (shown, never sent), the keys that take a suggestion, the pin. The form works
// without any of it.
import "./resident.js";

const form = document.querySelector("[data-call]");
const SECOND = 1000;

// The moment at which this form was first opened stays in this tab, so that a form that came back counts on.
function began(id) {
  const key = "linli-call-began";
  const known = (sessionStorage.getItem(key) || "").split(" ");
  if (known[0] === id) return Number(known[1]);
  const now = Date.now();
  try {
    sessionStorage.setItem(key, `${id} ${now}`);
  } catch {
    // Storage may be refused; the count then begins anew.
  }
  return now;
}

function elapsed(line) {
  const since = began(line.dataset.callId);
  const show = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / SECOND));
    const time = [Math.floor(seconds / 60), seconds % 60].map((one) => String(one).padStart(2, "0")).join(":");
    line.textContent = line.dataset.elapsed.replace("{time}", time);
  };
  show();
  line.hidden = false;
  setInterval(show, SECOND);
}

// Alt+1 to Alt+4 takes what stands beside the form; what is being typed keeps the focus.
function onKey(event) {
  const digit = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit([1-9])$/.exec(event.code);
  const taken = digit && form.querySelector(`[data-take="${digit[1]}"]`);
  if (!taken) return;
  event.preventDefault();
  taken.click();
}

// The pin writes its point into hidden fields; the suggestions are asked for again.
function watchPin() {
  const point = () => `${form.elements.lon.value} ${form.elements.lat.value}`;
  let before = point();
  const look = () => setTimeout(() => {
    if (point() === before) return;
    before = point();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }, 50);
  for (const name of ["click", "keydown", "pointerup"]) form.querySelector("#pin-map").addEventListener(name, look);
}

if (form) {
  document.querySelectorAll("[data-elapsed]").forEach(elapsed);
  document.addEventListener("keydown", onKey);
  watchPin();
}
