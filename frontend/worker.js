// Helps for workers' pages: a position used once, photos shown before they are sent, and the phone's own queue (queue.js).
// Each page works without any of it.
import { bindEvent, bindQueue } from "./queue.js";

const POSITION = { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 };

// The position goes into two fields of one form and is kept nowhere else.
function locate(form, said, then) {
  const failed = () => { said.textContent = said.dataset.failed; };
  if (!navigator.geolocation) return failed();
  said.textContent = said.dataset.busy;
  navigator.geolocation.getCurrentPosition((at) => {
    form.elements.lon.value = at.coords.longitude.toFixed(6);
    form.elements.lat.value = at.coords.latitude.toFixed(6);
    said.textContent = (said.dataset.found || "").replace("{n}", Math.ceil(at.coords.accuracy));
    then();
  }, failed, POSITION);
}

function bindPosition() {
  const said = document.querySelector("[data-position-said]");
  for (const one of document.querySelectorAll("[data-position]")) {
    if (one.matches("form")) {
      one.addEventListener("submit", (event) => {
        if (one.elements.lon.value) return;
        event.preventDefault();
        locate(one, said, () => { one.submit(); one.elements.lon.value = one.elements.lat.value = ""; });
      });
    } else {
      one.addEventListener("click", () => {
        const changed = () => one.form.dispatchEvent(new Event("input", { bubbles: true }));
        locate(one.form, said, changed);
      });
    }
  }
}

// Two empty pages and the scripts are kept for a first opening without a network; signing out takes the pages away again.
async function bindService() {
  const service = navigator.serviceWorker;
  if (!service || !document.body.dataset.service) return;
  await service.register(document.body.dataset.service, { scope: "/w" });
  const { active } = await service.ready;
  active.postMessage("keep");
  for (const form of document.querySelectorAll("form[data-signs-out]"))
    form.addEventListener("submit", () => active.postMessage("forget"));
}

bindPosition();
bindQueue();
bindService().catch(() => {});
bindEvent(document.querySelector("form[data-event]"));
