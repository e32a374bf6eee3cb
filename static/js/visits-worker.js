"use strict";
// Opens the page of visits, and its static files, where there is no signal. It keeps nothing itself:
// static/js/visits.js puts the copies there. What names somebody is asked of the server, never here.

const WAIT_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.endsWith("/visits/draft")) event.respondWith(page(request, pathname));
  else if (pathname.includes("/static/")) event.respondWith(file(request));
});

async function page(request, pathname) {
  const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const fresh = await Promise.race([fetch(request).catch(() => null), late]);
  if (fresh && fresh.status < 500) return fresh;
  return (await caches.match(pathname)) ?? fresh ?? fetch(request);
}

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}
