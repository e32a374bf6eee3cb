"use strict";
// Single keys in a list of bank lines; without this file every button works as before. They can be
// switched off (WCAG 2.1.4), and do nothing while a field has the focus. Keys are told by their place
// on the keyboard, so they are the same when it is set to Thai.

const desk = document.querySelector("[data-desk]");
const help = document.querySelector("[data-desk-help]");
const STORED = "desk-keys";

if (desk && help) {
  const toggle = help.querySelector("input");
  toggle.checked = stored() !== "off";
  toggle.addEventListener("change", () => store(toggle.checked ? "on" : "off"));
  help.hidden = false;
  document.addEventListener("keydown", (event) => {
    const act = toggle.checked && !isTyping(event) && ACTIONS[nameOf(event)];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const ACTIONS = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyM: () => current()?.querySelector(".cluster .btn-primary")?.click(),
  KeyS: () => follow(current()?.dataset.split),
  KeyH: () => follow(current()?.dataset.hold),
  Help: () => {
    help.open = !help.open;
    help.querySelector("summary").focus();
  },
};

function nameOf(event) {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "Help";
  return event.shiftKey || event.repeat && !["KeyJ", "KeyK"].includes(event.code) ? "" : event.code;
}

function isTyping(event) {
  const isShortcut = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  return isShortcut || event.target.closest("input, textarea, select, [contenteditable]") !== null;
}

// The line that has the focus or holds what has it, else the one of the address.
function current() {
  const named = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  return document.activeElement.closest("[data-desk] > li") || named?.closest("[data-desk] > li");
}

function move(step) {
  const line = current();
  const beside = step > 0 ? line?.nextElementSibling : line?.previousElementSibling;
  (line ? beside : desk.firstElementChild)?.focus();
}

function follow(url) {
  if (url) location.assign(url);
}

// A browser may refuse to keep anything.
function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(value) {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // It holds for this page then.
  }
}
