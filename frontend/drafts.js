// Text that was typed and not sent stays in this tab, so that an idle time-out or a page closed by mistake loses
// nothing. A draft's name holds the account and the state of the case: once the step is taken, or somebody else signs
// in, it is never shown again. Never for passwords; signing out clears all; the browser forgets them with the tab.
const PREFIX = "linli-draft:";
const LEFT_OUT = ["hidden", "password", "file", "submit", "button"];

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !LEFT_OUT.includes(field.type));
}

function save(form) {
  const kept = fieldsOf(form).map((field) => [field.name, field.type, field.value, field.checked]);
  try {
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(kept));
  } catch {
    // Storage may be full or refused; the form still works.
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function restore(form) {
  // A form that comes back from the server holds what was typed, and what a button put into it.
  if ("sent" in form.dataset) return save(form);
  const kept = read(PREFIX + form.dataset.draft);
  if (!kept || form.querySelector("[aria-invalid=true]")) return;
  const fields = fieldsOf(form);
  for (const [name, type, value, checked] of kept) {
    const boxed = type === "radio" || type === "checkbox";
    const field = fields.find((one) => one.name === name && (!boxed || one.value === value));
    if (!field) continue;
    if (boxed) field.checked = checked;
    else if (!field.value) field.value = value;
  }
}

function forget(keep) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !keep(key)) sessionStorage.removeItem(key);
  }
}

export function keepDrafts() {
  const { account, signedOut } = document.body.dataset;
  if (signedOut) forget(() => false);
  if (account) forget((key) => key.startsWith(`${PREFIX}${account}:`));
  for (const form of document.querySelectorAll("form[data-draft]")) {
    restore(form);
    form.addEventListener("input", () => save(form));
  }
}
