"use strict";
// Comforts only: every page works without this file.

// Amount buttons fill the field they belong to.
for (const group of document.querySelectorAll("[data-presets]")) {
  const target = document.getElementById(group.dataset.presets);
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const choice = event.target.closest("button[value]");
    if (!choice) return;
    target.value = choice.value;
    target.focus();
  });
}

// What a pledge comes to, while one types. The page after the form says it again, without a script.
const sum = document.querySelector("[data-sums]");
if (sum) {
  const form = sum.closest("form");
  const patterns = JSON.parse(sum.dataset.sums);
  const show = () => {
    sum.textContent = sumOf(patterns, form.elements);
    sum.hidden = !sum.textContent;
  };
  for (const kind of ["input", "click", "change"]) form.addEventListener(kind, show);
  window.addEventListener("pageshow", show);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "frequency" && target.value !== "once") form.querySelector("details").open = true;
  });
}

function sumOf(patterns, fields) {
  const satang = readSatang(fields.amount.value);
  const frequency = fields.frequency.value;
  const typed = arabic(fields.instalments.value);
  if (!satang || frequency === "once" || !/^\d*$/.test(typed)) return "";
  const yearly = { monthly: 12, quarterly: 4, term: 2, yearly: 1 }[frequency];
  if (!typed) return fill(patterns[`${frequency}-open`], { each: satang, total: satang * yearly });
  const count = Number(typed);
  if (count < 2 || count > 600) return "";
  if (fields.amount_is.value === "each") {
    return fill(patterns[frequency], { each: satang, total: satang * count }, { count });
  }
  const rest = Math.floor(satang / count);
  const some = satang % count;
  if (!rest) return "";
  if (!some) return fill(patterns[frequency], { each: rest, total: satang }, { count });
  return fill(patterns.unlike, { first: rest + 1, rest, total: satang }, { some, others: count - some });
}

function arabic(text) {
  return text.trim().replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0x0e50);
}

function readSatang(text) {
  const parts = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/.exec(arabic(text));
  if (!parts || parts[1].length > 13) return 0;
  return Number(parts[1].replaceAll(",", "")) * 100 + Number((parts[2] || "").padEnd(2, "0"));
}

function fill(pattern, satang, numbers = {}) {
  const texts = { ...numbers };
  for (const [name, value] of Object.entries(satang)) {
    const digits = value % 100 ? 2 : 0;
    texts[name] = (value / 100).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: 2 });
  }
  return pattern.replace(/\{(\w+)\}/g, (_whole, name) => texts[name]);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form that was just sent is not sent again by an impatient second press.
const RESEND_AFTER_MS = 8000;
const LONG_RESEND_AFTER_MS = 60000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  const isLong = showUnderWay(form, true);
  setTimeout(() => release(form), isLong ? LONG_RESEND_AFTER_MS : RESEND_AFTER_MS);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Signing out takes the key of drafts of home visits off the phone first (visits.js).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".sign-out, [action$='/sign-out']") || !window.indexedDB) return;
  event.preventDefault();
  const deleting = indexedDB.deleteDatabase("visit-key");
  deleting.onsuccess = deleting.onerror = deleting.onblocked = () => form.submit();
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  showUnderWay(form, false);
}

// Work for thousands of children takes seconds: a bar moves meanwhile. Says whether the form has one.
function showUnderWay(form, isShown) {
  const part = form.querySelector("[data-under-way]");
  if (part) part.hidden = !isShown;
  return Boolean(part);
}

// A table that fits needs no region of its own: its head sticks to the window instead.
const regions = new ResizeObserver((entries) => entries.forEach(({ target }) => measure(target)));
document.querySelectorAll(".table-region").forEach((region) => regions.observe(region));

function measure(region) {
  const fits = region.firstElementChild.offsetWidth <= region.clientWidth;
  region.classList.toggle("is-fitting", fits);
  region.classList.toggle("is-scrolling", !fits);
  region.tabIndex = fits ? -1 : 0;
}

// Escape closes an open menu and gives the focus back to its button.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.work-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// After a refused form the reader starts at the list of errors.
document.getElementById("error-summary")?.focus();
