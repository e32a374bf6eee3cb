"use strict";
// Home visits without a signal. What is written is encrypted on the phone (AES-256-GCM) under a key
// that the server derives for whoever is signed in. The browser keeps that key so that no script can
// read it out, for a day at most; signing out deletes it (app.js). The drafts stay, unreadable, until
// the same person signs in again, or 14 days are over.

const place = document.querySelector("[data-visits]");
const form = place?.querySelector("[data-draft]");
const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = 14 * DAY_MS;
const KEEP_AFTER_MS = 400;
const LONGEST_SIDE = 2000;
const FIELDS = place ? [...form.elements].filter(({ name, type }) => name && type !== "file") : [];

let held = null; // { key, owner, until }
let token = "";
let draft = null; // { id, begun, photos }
let waiting = 0;
let keeping = Promise.resolve();

if (place) begin();

async function begin() {
  if (!window.indexedDB || !window.crypto?.subtle || !navigator.serviceWorker) return show("old");
  await tidy();
  held = await stored("visit-key", "get", "own");
  if (held && held.until < Date.now()) {
    await stored("visit-key", "delete", "own");
    held = null;
  }
  await askKey();
  listen();
  await open();
  keepPage();
}

// ---- The key

async function askKey() {
  let answer;
  try {
    const signal = AbortSignal.timeout(8000);
    answer = await fetch(place.dataset.key, { cache: "no-store", redirect: "manual", signal });
  } catch {
    show("offline");
    return false;
  }
  for (const name of ["offline", "signed-out", "refused"]) hide(name);
  if (!answer.ok) {
    show(answer.status === 403 ? "refused" : answer.type === "opaqueredirect" ? "signed-out" : "failed");
    return false;
  }
  const given = await answer.json();
  const raw = Uint8Array.from(atob(given.key), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  token = given.token;
  held = { key, owner: given.owner, until: Date.now() + DAY_MS };
  await stored("visit-key", "put", "own", held);
  return true;
}

async function open() {
  toggle("locked", !held && (await all()).length > 0);
  toggle("open", Boolean(held));
  if (!held) return;
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(null, "", location.pathname);
  if (!draft || code) clear(code);
  await list();
}

// ---- The drafts: encrypted for their person and their id

const about = (id) => new TextEncoder().encode(`${held.owner}/${id}`);

async function encrypt(id, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about(id) }, held.key, bytes) };
}

function decrypt(id, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: about(id) }, held.key, data);
}

async function words(row) {
  return JSON.parse(new TextDecoder().decode(await decrypt(row.id, row.text)));
}

const isBox = ({ type }) => type === "checkbox";

function typed() {
  return Object.fromEntries(FIELDS.map((field) => [field.name, isBox(field) ? field.checked : field.value]));
}

function keep() {
  clearTimeout(waiting);
  waiting = 0;
  keeping = keeping.then(write, write);
  return keeping;
}

async function write() {
  const fields = typed();
  const says = Object.entries(fields).some(([name, value]) => name !== "on_day" && value);
  if (!held || !draft || (!says && !draft.photos.length)) return;
  const { id, begun, photos } = draft;
  const bytes = new TextEncoder().encode(JSON.stringify(fields));
  try {
    await stored("visit-drafts", "put", id, { id, begun, photos, owner: held.owner, text: await encrypt(id, bytes) });
    hide("full");
    show("kept");
  } catch {
    show("full");
    hide("kept");
  }
  await list();
}

async function all() {
  return (await stored("visit-drafts", "getAll")) ?? [];
}

async function own() {
  return (await all()).filter(({ owner }) => owner === held.owner);
}

async function tidy() {
  for (const { id, begun } of await all()) {
    if (begun < Date.now() - KEPT_MS) await stored("visit-drafts", "delete", id);
  }
}

// ---- What is shown

const parts = (name) => place.querySelectorAll(`[data-when="${name}"]`);
const toggle = (name, shown) => parts(name).forEach((part) => (part.hidden = !shown));
const show = (name) => toggle(name, true);
const hide = (name) => toggle(name, false);

function clear(code = "") {
  draft = { id: crypto.randomUUID(), begun: Date.now(), photos: [] };
  form.reset();
  const now = new Date();
  form.elements.on_day.value = `${now.getDate()}/${now.getMonth() + 1}/${now.getFullYear() + 543}`;
  form.elements.code.value = code;
  hide("kept");
  countPhotos();
}

async function list() {
  const rows = await own();
  const items = [];
  for (const row of rows) {
    const fields = await words(row).catch(() => null);
    if (!fields) continue;
    const item = place.querySelector("[data-row]").content.cloneNode(true);
    item.querySelector("[data-code]").textContent =
      fields.code || place.querySelector("[data-unnamed]").content.textContent;
    item.querySelector("[data-day]").textContent = fields.on_day;
    item.querySelector("[data-open]").addEventListener("click", () => reopen(row.id));
    items.push(item);
  }
  place.querySelector("[data-drafts]").replaceChildren(...items);
  toggle("none", !items.length);
}

async function reopen(id) {
  await keep();
  const row = (await own()).find((each) => each.id === id);
  if (!row) return;
  const fields = await words(row);
  draft = { id, begun: row.begun, photos: row.photos };
  for (const field of FIELDS) {
    if (isBox(field)) field.checked = fields[field.name] === true;
    else field.value = fields[field.name] ?? "";
  }
  countPhotos();
  form.elements.code.focus();
}

function countPhotos() {
  toggle("photos", draft.photos.length > 0);
  place.querySelector("[data-photos]").textContent = draft.photos.length;
}

// ---- What is pressed

function listen() {
  form.addEventListener("input", ({ target }) => {
    if (target.type === "file") return;
    hide("kept");
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEEP_AFTER_MS);
  });
  addEventListener("visibilitychange", () => waiting && keep());
  addEventListener("pagehide", () => waiting && keep());
  addEventListener("hashchange", () => keep().then(open));
  addEventListener("online", () => askKey().then(open));
  addEventListener("offline", () => show("offline"));
  form.elements.document.addEventListener("change", addPhotos);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  place.querySelector("[data-new]").addEventListener("click", async () => {
    await keep();
    clear();
    form.elements.code.focus();
  });
  place.querySelector("[data-no-photos]").addEventListener("click", () => {
    draft.photos = [];
    countPhotos();
    keep();
  });
  place.querySelector("[data-delete]").addEventListener("click", () => remove(draft.id));
}

async function remove(id) {
  await keep();
  await stored("visit-drafts", "delete", id);
  clear();
  await list();
}

async function addPhotos({ target }) {
  const files = [...target.files];
  target.value = "";
  for (const name of ["many", "unreadable"]) hide(name);
  for (const file of files) {
    if (draft.photos.length >= Number(place.dataset.most)) {
      show("many");
      break;
    }
    try {
      draft.photos.push(await encrypt(draft.id, await smaller(file)));
    } catch {
      show("unreadable");
    }
  }
  countPhotos();
  await keep();
}

// Drawn anew: smaller to send, and nothing of where and with what it was taken is left.
async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return drawn.arrayBuffer();
}

// The draft's id is the key by which the server knows that a visit was sent before.
async function send() {
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  hide("failed");
  place.querySelector("[data-answer]").replaceChildren();
  try {
    await keep();
    const { id, photos } = draft;
    const fields = typed();
    const owner = held?.owner;
    if (!(await askKey())) return;
    if (held.owner !== owner) return open();
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== false) body.set(name, value === true ? "y" : value);
    }
    body.set("form_id", id);
    body.set("csrf_token", token);
    for (const photo of photos) {
      body.append("document", new Blob([await decrypt(id, photo)], { type: "image/jpeg" }), "photograph.jpg");
    }
    const answer = await fetch(place.dataset.visits, { method: "POST", body, cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect") return show("signed-out");
    if (answer.status !== 201 && answer.status !== 422) return show("failed");
    if (answer.status === 201) await remove(id);
    place.querySelector("[data-answer]").innerHTML = await answer.text();
    place.querySelector("[data-answer]").scrollIntoView({ block: "center" });
  } catch {
    show("failed");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// ---- What the phone keeps

function stored(name, verb, id, value) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      base.onversionchange = () => base.close();
      const mode = verb.startsWith("get") ? "readonly" : "readwrite";
      const work = base.transaction("rows", mode, { durability: "strict" });
      const rows = work.objectStore("rows");
      const asked = verb === "put" ? rows.put(value, id) : verb === "getAll" ? rows.getAll() : rows[verb](id);
      work.oncomplete = () => {
        base.close();
        resolve(asked.result);
      };
      work.onabort = work.onerror = () => {
        base.close();
        reject(work.error);
      };
    };
  });
}

// Copies of this page and of its static files: the page as a stranger gets it, who has no session.
async function keepPage() {
  const language = document.documentElement.lang;
  try {
    await navigator.serviceWorker.register(place.dataset.worker);
    const page = new URL(place.dataset.visits, location.href);
    const answer = await fetch(`${page}?lang=${language}`, { credentials: "omit", cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const files = new Set(performance.getEntriesByType("resource").map(({ name }) => name));
    for (const link of document.querySelectorAll("link[href], script[src]")) files.add(link.href || link.src);
    const wanted = [...files].filter((url) => url.startsWith(`${location.origin}/`) && url.includes("/static/"));
    const kept = await caches.open("visits");
    await kept.put(page.pathname, answer);
    await kept.addAll(wanted);
    const names = new Set([page.href, ...wanted]);
    for (const request of await kept.keys()) if (!names.has(request.url)) await kept.delete(request);
    show("ready");
  } catch {
    // Without a signal the copies stay as they are.
  }
}
