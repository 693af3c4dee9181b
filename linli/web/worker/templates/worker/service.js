// The worker's pages without a network. Kept: scripts and styles, and two shells without anything of the work in them (an
// empty inbox, an empty form). Pages always come from the network where there is one, so nothing old is ever shown as new.
const NAME = `linli-w-${LINLI.version}`;
const SHELLS = [LINLI.inbox[1], LINLI.form[1]];

async function keep() {
  const cache = await caches.open(NAME);
  for (const path of SHELLS) {
    try {
      const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) await cache.put(path, answer);
    } catch {
      return; // no network: what was kept before stays
    }
  }
}

async function forget() {
  const cache = await caches.open(NAME);
  for (const path of SHELLS) await cache.delete(path);
}

async function page(request, path) {
  try {
    return await fetch(request);
  } catch (gone) {
    const cache = await caches.open(NAME);
    const shell = await cache.match(path === LINLI.form[0] ? LINLI.form[1] : LINLI.inbox[1]);
    if (!shell) throw gone;
    return shell;
  }
}

async function asset(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) || fetch(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(LINLI.assets)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("linli-w-") && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep());
  if (event.data === "forget") event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && (pathname === LINLI.inbox[0] || pathname.startsWith(`${LINLI.inbox[0]}/`)))
    event.respondWith(page(request, pathname));
});
