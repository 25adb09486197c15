// Answers for the server when it cannot be reached: with the pages of the channels one was in last, and with the
// scripts and styles they need. Nothing of the API is kept. Whoever signs out leaves nothing behind. It also takes what
// other apps of the device share, until the page has asked where it is to go.

const PAGES = "pages-1";
const FILES = "files-1";
const SHARED = "shared-1";
const MOST_PAGES = 12;
const MOST_FILES = 80;
// A page is not fetched again to be kept before this, in milliseconds.
const FRESH = 10 * 60_000;
// How long the server may take to answer with a page of which there is a copy, in milliseconds.
const PATIENCE = 4_000;

const isChat = (path) => /^\/[^/]+\/(channels|messages)\/[^/]+$/.test(path) || /^\/[^/]+\/threads$/.test(path);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (![PAGES, FILES, SHARED].includes(name)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

/** Puts an answer last, and takes away the first ones of too many. */
async function keep(name, most, request, answer) {
  const cache = await caches.open(name);
  await cache.delete(request);
  await cache.put(request, answer);
  const all = await cache.keys();
  for (const first of all.slice(0, Math.max(0, all.length - most))) await cache.delete(first);
}

/** Everything that the app is made of at the moment. */
async function keepFiles() {
  const answer = await fetch("/static/manifest.json", { cache: "no-store" });
  if (!answer.ok) return;
  const { files } = await answer.json();
  const cache = await caches.open(FILES);
  for (const { path } of Object.values(files)) {
    const address = `/static/${path}`;
    if (!path.startsWith("pkg/") || (await cache.match(address))) continue;
    const file = await fetch(address);
    if (file.ok) await keep(FILES, MOST_FILES, address, file);
  }
}

async function keepPage(path) {
  if (!isChat(path)) return;
  const known = await (await caches.open(PAGES)).match(path);
  const made = known ? Date.parse(known.headers.get("date") ?? "") : 0;
  if (Date.now() - made < FRESH) return;
  const answer = await fetch(path, { redirect: "manual" });
  if (answer.ok && answer.type === "basic") await keep(PAGES, MOST_PAGES, path, answer);
  await keepFiles();
}

const forget = () => Promise.all([caches.delete(PAGES), caches.delete(SHARED)]);

self.addEventListener("message", (event) => {
  const { keep: path, forget: all } = event.data ?? {};
  if (path !== undefined) event.waitUntil(keepPage(path).catch(() => {}));
  if (all !== undefined) event.waitUntil(forget());
});

/** The copy of a page, or the way to the one that was kept last; nothing where there is none. */
async function copyOf(path) {
  const cache = await caches.open(PAGES);
  const same = await cache.match(path);
  if (same) return same;
  const last = (await cache.keys()).at(-1);
  return last && (path === "/" || isChat(path)) ? Response.redirect(last.url) : undefined;
}

async function page(request, path) {
  const copy = await copyOf(path);
  const fromServer = fetch(request);
  if (!copy) return fromServer;
  const patience = new Promise((resolve) => setTimeout(() => resolve(copy), PATIENCE));
  return Promise.race([fromServer.catch(() => copy), patience]);
}

async function file(request) {
  const cache = await caches.open(FILES);
  const known = await cache.match(request);
  if (known) return known;
  return fetch(request);
}

/** Keeps what another app shares: a text, and files. */
async function take(request) {
  const form = await request.formData();
  const cache = await caches.open(SHARED);
  const parts = ["title", "text", "url"].map((name) => form.get(name)).filter((part) => typeof part === "string" && part);
  // Many apps repeat the address or the title in the text.
  const text = parts.filter((part, at) => !parts.some((other, n) => n !== at && other.includes(part) && (other !== part || n < at)));
  const files = form.getAll("files").filter((file) => typeof file !== "string");
  const listed = [];
  for (const [at, file] of files.entries()) {
    const path = `/share/files/${at}`;
    await cache.put(path, new Response(file));
    listed.push({ name: file.name, kind: file.type, path });
  }
  await cache.put("/share/items", Response.json({ text: text.join("\n"), files: listed }));
  return Response.redirect("/", 303);
}

/** What was shared and not yet passed on; `DELETE` forgets it. */
async function shared(request, path) {
  if (request.method === "DELETE") {
    await caches.delete(SHARED);
    return Response.json({});
  }
  const kept = await (await caches.open(SHARED)).match(path);
  return kept ?? Response.json({ text: "", files: [] });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin === self.location.origin && pathname === "/share" && request.method === "POST") {
    event.respondWith(take(request));
    return;
  }
  if (origin === self.location.origin && pathname.startsWith("/share/")) {
    event.respondWith(shared(request, pathname));
    return;
  }
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/pkg/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && pathname === "/login") event.waitUntil(forget());
  else if (request.mode === "navigate" && (pathname === "/" || isChat(pathname))) event.respondWith(page(request, pathname));
});
