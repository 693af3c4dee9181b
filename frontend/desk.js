// The desk's queue and the list of keys. What a key does here is also done by a link or a button of the page, and each part of
// it works without script: the preview and the bar are drawn by the server.
import "./pane.js";

const ask = (address) => fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });

// ---- the list of keys ----

async function showKeys(link) {
  const answer = await ask(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = page.querySelector("[data-keys-list]");
  if (!list) {
    location.assign(link.href);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "keys-dialog";
  const close = document.createElement("button");
  close.className = "btn";
  close.textContent = link.dataset.close;
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", link.dataset.title);
  dialog.append(list, close);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-keys-page]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    showKeys(link).catch(() => location.assign(link.href));
  }
});
