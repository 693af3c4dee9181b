// What the phone keeps until it is sent: events with their photos, in IndexedDB, so that neither a lost network nor an
// empty battery loses them. Each item is one account's: another who signs in on this phone neither sees nor sends it.
const NAME = "linli-worker";
const ITEMS = "items";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ITEMS, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(mode, act) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const work = base.transaction(ITEMS, mode, { durability: "strict" });
      const asked = act(work.objectStore(ITEMS));
      work.oncomplete = () => resolve(asked.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  } finally {
    base.close();
  }
}

export const put = (item) => run("readwrite", (items) => items.put(item));
export const drop = (id) => run("readwrite", (items) => items.delete(id));
export const get = (id) => run("readonly", (items) => items.get(id));

export async function mine(account) {
  const all = await run("readonly", (items) => items.getAll());
  return all.filter((item) => item.account === account).sort((a, b) => a.saved.localeCompare(b.saved));
}
