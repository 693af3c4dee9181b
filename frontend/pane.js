// The queue's rows: a cursor that j and k move, a selection with a bar, and the preview beside them. The address says where the
// cursor stands, so that coming back finds it there.
const list = document.querySelector("[data-rows]");
const pane = document.querySelector("[data-pane]");
const bar = document.querySelector("[data-bar]");
const WIDE = matchMedia("(min-width: 80em)");
const DEBOUNCE_MS = 250;
let wanted = "";
let timer = 0;
let last = null;

const rows = () => [...list.querySelectorAll(":scope > li")];
const current = () => list.querySelector(":scope > li.cur");
const box = (row) => row && row.querySelector("input[type=checkbox]");
const isOpen = () => pane && !pane.hidden;

function note(change) {
  const address = new URL(location.href);
  change(address.searchParams);
  history.replaceState(history.state, "", address);
}

function cursorTo(row) {
  if (!row) return;
  for (const one of rows()) one.classList.toggle("cur", one === row);
  if (!row.dataset.no) return;
  note((query) => {
    query.set("cur", row.dataset.no);
    if (isOpen()) query.set("look", row.dataset.no);
  });
  if (isOpen()) look(row.dataset.no);
}

function move(step) {
  const all = rows();
  const now = all.indexOf(current());
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (!next) return;
  cursorTo(next);
  next.querySelector(".tt a").focus();
}

// ---- the preview ----

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error("not shown");
  return answer.text();
}

function look(no) {
  wanted = no;
  clearTimeout(timer);
  pane.setAttribute("aria-busy", "true");
  timer = setTimeout(async () => {
    try {
      const text = await fetched(`${list.dataset.look.replace(/0$/, no)}?${list.dataset.carried}`);
      if (wanted === no) pane.innerHTML = text;
    } catch {
      if (wanted === no) pane.replaceChildren();
    }
    if (wanted === no) pane.removeAttribute("aria-busy");
  }, DEBOUNCE_MS);
}

function setPane(open) {
  pane.hidden = !open;
  document.querySelector("[data-split]").classList.toggle("one", !open);
  document.querySelector(".pane-on").hidden = open;
  if (!open) note((query) => query.delete("look"));
}

function toggle() {
  if (isOpen()) setPane(false);
  else {
    setPane(true);
    cursorTo(current() || rows()[0]);
  }
}

// ---- the selection ----

function mark(numbers) {
  for (const row of rows()) {
    const no = row.querySelector(".v.cant");
    if (no) no.hidden = !numbers.includes(row.dataset.no);
    row.classList.toggle("sel", Boolean(box(row)?.checked));
  }
}

let asked = 0;
let plain = "";
async function selected() {
  const chosen = rows().filter((row) => box(row)?.checked).map((row) => row.dataset.no);
  const inside = bar.querySelector("[data-bar-in]");
  mark([]);
  const mine = ++asked;
  if (!chosen.length) {
    inside.innerHTML = plain;
    return;
  }
  const query = new URLSearchParams(chosen.map((no) => ["no", no]));
  try {
    const text = await fetched(`${bar.dataset.bar}?${query}`);
    if (mine !== asked) return;
    inside.innerHTML = text;
    mark((inside.querySelector("[data-cannot]")?.dataset.cannot || "").split(" "));
  } catch {
    if (mine === asked) inside.innerHTML = plain;
  }
}

function choose(row, checked) {
  const one = box(row);
  if (one) one.checked = checked;
}

function range(to) {
  const all = rows();
  const [a, b] = [all.indexOf(last || current()), all.indexOf(to)].sort((x, y) => x - y);
  if (a < 0) return;
  for (const row of all.slice(a, b + 1)) choose(row, true);
}

function bindSelection() {
  plain = bar.querySelector("[data-bar-in]").innerHTML;
  let pendingSelect = 0;
  const soon = () => {
    clearTimeout(pendingSelect);
    pendingSelect = setTimeout(selected, DEBOUNCE_MS);
  };
  list.addEventListener("click", (event) => {
    if (!event.target.matches("input[type=checkbox]")) return;
    const row = event.target.closest("li");
    if (event.shiftKey && last) range(row);
    last = row;
    soon();
  });
  bar.addEventListener("reset", () => { last = null; setTimeout(selected, 0); });
  document.addEventListener("linli:key", (event) => {
    const row = current() || rows()[0];
    if (event.detail === "x") {
      choose(row, !box(row)?.checked);
      last = row;
    } else if (event.detail === "X") range(row);
    else return;
    event.preventDefault();
    cursorTo(row);
    soon();
  });
  if (rows().some((row) => box(row)?.checked)) selected();
}

if (list) {
  document.addEventListener("linli:key", (event) => {
    if (event.detail === "j" || event.detail === "k") {
      move(event.detail === "j" ? 1 : -1);
      event.preventDefault();
    } else if (event.detail === "o" && pane && WIDE.matches) {
      toggle();
      event.preventDefault();
    }
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest(".tt a")) cursorTo(event.target.closest("li"));
  });
  document.addEventListener("click", (event) => {
    if (!pane || event.ctrlKey || event.metaKey || !WIDE.matches) return;
    if (event.target.closest(".pane-on, [data-close-pane]")) {
      event.preventDefault();
      toggle();
    }
  });
  current()?.scrollIntoView({ block: "nearest" });
  if (bar) bindSelection();
}
