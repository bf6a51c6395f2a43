/* Keeps one page and its files, so that the desk opens where there is no network. Nothing of a case is ever kept here. */
"use strict";
const SHELF = "sanxiang-field-{{ build }}";
const FILES = {{ files|safe }};
const HERE = "/desk/field/";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shelf = await caches.open(SHELF);
    // Past the browser's own cache: what is kept must be of this build.
    await Promise.all(FILES.map(async (address) => {
      const answer = await fetch(address, { cache: "reload", credentials: "omit" });
      if (!answer.ok || answer.redirected) throw new Error(address);
      await shelf.put(address, answer);
    }));
    // The first worker has nobody to wait for; a later one waits until the page asks.
    if (!self.registration.active) await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("sanxiang-field-") && name !== SHELF) await caches.delete(name);
    await self.clients.claim();
  })());
});

const kept = async (address) => (await caches.open(SHELF)).match(address);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const path = address.pathname + address.search;
  if (FILES.includes(path)) {
    event.respondWith(kept(path).then((found) => found || fetch(request)));
  } else if (request.mode === "navigate" && address.pathname.startsWith("/desk/")) {
    // Every other page comes from the server, or is not shown: without a network the field page stands in its place.
    event.respondWith(fetch(request).catch(async () => (await kept(HERE)) || Response.error()));
  }
});

self.addEventListener("message", (event) => {
  if (event.data === "renew") self.skipWaiting();
});

// The network is back. What waits is locked, and only an open page has the key: it is told.
self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => pages.forEach((page) => page.postMessage("send"))));
});
