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

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form that was just sent is not sent again by an impatient second press.
const RESEND_AFTER_MS = 8000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), RESEND_AFTER_MS);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
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
