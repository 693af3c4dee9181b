// Helps for residents' pages: where I am, a pin on the map, thumbnails, the map of the neighbourhood, reading aloud, a quick
// way out. Each page works without any of it.

const METRES_A_DEGREE = 111320;
const STEP_METRES = 10;

function form() {
  return document.querySelector("[data-report]");
}

function said(text) {
  const line = document.querySelector("[data-where-said]");
  if (line) line.textContent = text;
}

function setPoint(lon, lat) {
  const fields = form();
  fields.elements.lon.value = lon.toFixed(6);
  fields.elements.lat.value = lat.toFixed(6);
}

// The position is asked for once, goes into this form, and is kept nowhere else.
function locate(button) {
  const failed = () => said(button.dataset.failed);
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    (at) => { setPoint(at.coords.longitude, at.coords.latitude); said(button.dataset.found); },
    failed,
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
  );
}

// The map of the neighbourhood is a picture beside its list, without controls; the pin's has buttons for near and far.
async function ground(L, box) {
  const answer = await fetch(box.dataset.ground, { credentials: "same-origin" });
  const outlines = L.geoJSON(await answer.json(), { className: "ground", interactive: false });
  const map = L.map(box, { attributionControl: false, zoomControl: false, keyboard: false, zoomSnap: 0.5 });
  if (box.dataset.nearer) L.control.zoom({ zoomInTitle: box.dataset.nearer, zoomOutTitle: box.dataset.wider }).addTo(map);
  outlines.addTo(map);
  map.fitBounds(outlines.getBounds().isValid() ? outlines.getBounds() : [[31.9, 118.6], [32.2, 118.9]]);
  return map;
}

async function leaflet() {
  await import("./map.js");
  return window.L;
}

async function pin(box) {
  box.hidden = false;
  box.focus();
  if (box.dataset.ready) return;
  box.dataset.ready = "yes";
  const L = await leaflet();
  const map = await ground(L, box);
  const fields = form().elements;
  const start = fields.lon.value ? L.latLng(+fields.lat.value, +fields.lon.value) : map.getCenter();
  const marker = L.marker(start, { draggable: true, keyboard: false, icon: L.divIcon({ className: "pin", iconSize: [28, 28], iconAnchor: [14, 28] }) });
  marker.addTo(map);
  const put = (to) => { marker.setLatLng(to); setPoint(to.lng, to.lat); };
  marker.on("dragend", () => put(marker.getLatLng()));
  map.on("click", (event) => put(event.latlng));
  box.addEventListener("keydown", (event) => {
    const move = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const at = marker.getLatLng();
    const high = STEP_METRES / METRES_A_DEGREE;
    put(L.latLng(at.lat + move[0] * high, at.lng + (move[1] * high) / Math.cos((at.lat * Math.PI) / 180)));
    map.panTo(marker.getLatLng());
  });
}

function thumbs(input) {
  const row = input.closest("[data-thumbs]");
  row.querySelectorAll("[data-fresh]").forEach((one) => one.remove());
  for (const file of input.files) {
    if (!file.type.startsWith("image/")) continue;
    const frame = document.createElement("div");
    const image = document.createElement("img");
    frame.className = "ph";
    frame.dataset.fresh = "yes";
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    frame.append(image);
    row.insertBefore(frame, input.closest(".add"));
  }
}

async function around(box) {
  const L = await leaflet();
  const map = await ground(L, box);
  const points = [];
  document.querySelectorAll("[data-lon]").forEach((row) => {
    const at = [+row.dataset.lat, +row.dataset.lon];
    points.push(at);
    const spot = L.circleMarker(at, { radius: 7, className: "spot" }).addTo(map);
    spot.on("click", () => { row.scrollIntoView({ block: "center" }); row.classList.add("here"); });
    row.addEventListener("mouseenter", () => spot.setRadius(11));
    row.addEventListener("mouseleave", () => spot.setRadius(7));
  });
  if (points.length) map.fitBounds(points, { maxZoom: 15, padding: [24, 24] });
}

function read(button) {
  const voice = window.speechSynthesis;
  if (!voice) return button.remove();
  if (voice.speaking) return voice.cancel();
  const words = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
  words.lang = document.documentElement.lang;
  voice.speak(words);
}

document.addEventListener("click", (event) => {
  const find = (name) => event.target.closest(name);
  const button = find("[data-locate]") || find("[data-pin]") || find("[data-read]") || find("[data-exit]");
  if (!button) return;
  if (button.matches("[data-locate]")) locate(button);
  if (button.matches("[data-pin]")) pin(document.querySelector(button.dataset.pin));
  if (button.matches("[data-read]")) read(button);
  if (button.matches("[data-exit]")) { event.preventDefault(); location.replace(button.href); }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-thumbs] input[type=file]")) thumbs(event.target);
});
document.querySelectorAll("[data-around]").forEach(around);
