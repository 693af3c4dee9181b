// The phone's queue: a draft that is being written, events that wait for a network, and those that were not taken. An event
// carries the id that its form had, so the server opens it once however often it is sent. What is taken leaves the phone.
import { drop, get, mine, put } from "./store.js";

const LONGEST_EDGE = 2560;
const AGAIN_AFTER = 30000;
const account = () => document.body.dataset.account;
const address = () => document.body.dataset.worker;

function token() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
  } catch {
    return "";
  }
}

// A number of its own for each event, also where the browser has no randomUUID (pages without https).
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// ---- sending ----

async function send(item) {
  const form = new FormData();
  for (const [name, value] of item.fields) form.append(name, value);
  item.photos.forEach((photo, n) => form.append("photos", photo, `photo-${n}.jpg`));
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const answer = await fetch(address(), { method: "POST", body: form, headers, redirect: "manual", credentials: "same-origin" });
  if (answer.type === "opaqueredirect") return "signin";
  if (!(answer.headers.get("content-type") || "").startsWith("application/json")) return "waiting";
  const told = await answer.json();
  if (answer.status === 201) {
    await drop(item.id);
    return told;
  }
  await put({ ...item, state: "refused", words: told.said });
  return "refused";
}

async function drain() {
  let last = null;
  for (const item of await mine(account())) {
    if (item.state !== "waiting") continue;
    try {
      last = await send(item);
    } catch {
      last = "waiting";
    }
    if (last === "waiting" || last === "signin") break;
  }
  await show(last === "signin");
  return last;
}

// One tab sends at a time; the server would open an event once in any case.
function drainAlone() {
  if (!navigator.locks) return drain();
  return navigator.locks.request("linli-queue", { ifAvailable: true }, (lock) => (lock ? drain() : show(false)));
}

// ---- its state in words ----

async function show(signIn) {
  const items = (await mine(account())).filter((item) => item.state !== "draft");
  const line = document.querySelector("[data-queue]");
  if (line) {
    line.hidden = navigator.onLine && !items.length;
    line.querySelector("span").textContent = words(line.dataset, items, signIn);
  }
  const list = document.querySelector("[data-saved]");
  if (list) {
    list.replaceChildren(...items.map((item) => row(list.dataset, item)));
    list.hidden = !items.length;
  }
}

function words(said, items, signIn) {
  const waiting = items.filter((item) => item.state === "waiting").length;
  const parts = navigator.onLine ? [] : [said.offline];
  if (waiting && signIn) parts.push(said.signin);
  else if (waiting) parts.push(waiting === 1 ? said.one : said.many.replace("{n}", waiting));
  if (waiting < items.length) parts.push(said.refused);
  return parts.join(document.documentElement.lang.startsWith("zh") ? "" : " ");
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text || "";
  if (className) made.className = className;
  return made;
}

function row(said, item) {
  const made = element("li");
  const refused = item.state === "refused";
  made.append(element("b", item.title), element("p", refused ? `${said.refused} ${item.words}` : said.waiting));
  if (refused) {
    const change = element("button", said.edit, "btn");
    change.addEventListener("click", async () => {
      await put({ ...item, state: "draft", id: freshId() });
      await drop(item.id);
      location.reload();
    });
    const leave = element("button", said.drop, "btn text");
    leave.addEventListener("click", async () => { await drop(item.id); await show(false); });
    for (const one of [change, leave]) { one.type = "button"; made.append(one); }
  }
  return made;
}

// ---- the form ----

// An old phone's photo of ten megabytes is made small before it travels; where that fails it goes as it is.
async function smaller(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_EDGE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return made || file;
  } catch {
    return file;
  }
}

function fieldsOf(form) {
  const found = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  return found.filter(([, value]) => value);
}

function titleOf(form) {
  const chosen = form.querySelector("[name=matter]:checked");
  const other = form.elements.other_matter;
  if (other.value) return other.selectedOptions[0].textContent;
  return chosen ? chosen.nextElementSibling.textContent : form.elements.words.value.slice(0, 40);
}

function restore(form, item) {
  form.elements.request_id.value = item.id;
  for (const [name, value] of item.fields) {
    const field = form.elements[name];
    if (!field || name === "request_id" || name === "kept") continue;
    if (field instanceof RadioNodeList) field.value = value;
    else if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
    else field.value = value;
    const folded = field instanceof Element && field.closest("details");
    if (folded && value) folded.open = true;
  }
}

function thumbnails(form, photos, removed) {
  const place = form.querySelector(".photos");
  place.querySelectorAll(".ph").forEach((one) => { URL.revokeObjectURL(one.firstChild.src); one.remove(); });
  photos.forEach((photo, n) => {
    const frame = element("button", "", "ph");
    const image = document.createElement("img");
    frame.type = "button";
    image.src = URL.createObjectURL(photo);
    image.alt = `${n + 1}`;
    frame.append(image);
    frame.addEventListener("click", () => removed(n));
    place.prepend(frame);
  });
}

export async function bindEvent(form) {
  if (!form || !window.indexedDB) return;
  if ("fresh" in form.dataset) form.elements.request_id.value = freshId();
  let photos = [];
  let saving = Promise.resolve();
  const input = form.querySelector("[name=photos]");
  const item = (state) => ({
    id: form.elements.request_id.value, account: account(), state, title: titleOf(form), fields: fieldsOf(form), photos,
    saved: new Date().toISOString(),
  });
  const save = () => { saving = saving.then(() => put(item("draft"))).catch(() => {}); return saving; };
  const redraw = () => thumbnails(form, photos, (n) => { photos = photos.filter((_one, at) => at !== n); redraw(); save(); });

  input.addEventListener("change", async () => {
    const most = Number(input.dataset.most) - form.querySelectorAll("[name=kept]").length;
    const made = await Promise.all([...input.files].map(smaller));
    photos = [...photos, ...made].slice(0, most);
    input.value = "";
    redraw();
    save();
  });
  form.addEventListener("input", (event) => { if (event.target !== input) save(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements.found_at.value = new Date().toISOString();
    await saving;
    try {
      await put(item("waiting"));
    } catch {
      form.submit();
      return;
    }
    const sent = form.elements.request_id.value;
    const told = navigator.onLine ? await drainAlone() : await show(false);
    const left = await get(sent);
    if (!left) location.assign(told && told.address ? told.address : address());
    else if (left.state === "refused") edit(left);
    else saved();
  });

  // What was not taken comes back into the form under a number of its own, with the reason above it.
  async function edit(left) {
    await put({ ...left, state: "draft", id: freshId() });
    await drop(left.id);
    sessionStorage.setItem("linli-refused", left.words);
    location.reload();
  }

  function saved() {
    form.reset();
    form.elements.request_id.value = freshId();
    for (const name of ["lon", "lat", "found_at"]) form.elements[name].value = "";
    form.querySelectorAll("[name=kept]").forEach((one) => one.remove());
    photos = [];
    redraw();
    const line = document.querySelector("[data-saved-now]");
    line.hidden = false;
    line.setAttribute("tabindex", "-1");
    line.focus();
  }

  // A form that came back with errors holds what was typed; else the draft does, unless somebody was quicker than the phone.
  const fresh = !document.querySelector("[data-error-summary]");
  const draft = (await mine(account())).find((one) => one.state === "draft");
  if (draft && fresh && draft.id !== form.elements.request_id.value) {
    restore(form, draft);
    photos = [...draft.photos, ...photos];
    redraw();
  }

  const refused = sessionStorage.getItem("linli-refused");
  if (refused) {
    sessionStorage.removeItem("linli-refused");
    const line = document.querySelector("[data-saved-now]");
    line.textContent = `${document.querySelector("[data-saved]").dataset.refused} ${refused}`;
    line.classList.add("late");
    line.hidden = false;
  }
}

export function bindQueue() {
  if (!window.indexedDB || !account()) return;
  const again = () => drainAlone().catch(() => {});
  window.addEventListener("online", again);
  window.addEventListener("offline", () => show(false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  setInterval(() => { if (navigator.onLine && !document.hidden) again(); }, AGAIN_AFTER);
  again();
}
