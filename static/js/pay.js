"use strict";
// Comforts of the page of a pledge: it works without this file.

const FIRST_PAUSE_MS = 4000;
const LONGEST_PAUSE_MS = 120000;
const GROWTH = 1.4;

// Copying needs the clipboard, which browsers give to secure pages only.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.nextElementSibling.textContent = button.dataset.done;
    });
  }
}

// Ask whether money has arrived, less and less often; at once when the reader comes back from the bank's app.
const watched = document.querySelector("[data-watch]");
if (watched) watch(watched.dataset.watch, watched.dataset.version);

function watch(url, version) {
  let pause = FIRST_PAUSE_MS;
  let timer = 0;
  let typed = false;
  document.addEventListener("input", () => (typed = true));
  watched.querySelector("a").hidden = true;

  const ask = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && (await hasChanged(url, version))) {
      // What was typed or chosen is kept: then the reader looks again by the link.
      if (!typed) return location.reload();
      watched.querySelector("a").hidden = false;
      return;
    }
    timer = setTimeout(ask, pause);
    pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    pause = FIRST_PAUSE_MS;
    ask();
  });
  timer = setTimeout(ask, pause);
}

async function hasChanged(url, version) {
  try {
    const answer = await fetch(url, { cache: "no-store", headers: { "If-None-Match": `"${version}"` } });
    return answer.status === 204;
  } catch {
    return false;
  }
}
