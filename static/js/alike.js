"use strict";
// While a child is being registered: ask whether it has a file. The form asks again when it is sent.

const place = document.querySelector("[data-alike]");
const FIELDS = ["given_name", "family_name", "birth_on", "id_number", "guardian_name", "school_name"];
let asked = "";

if (place) {
  const form = place.closest("form");
  for (const name of FIELDS) form.elements[name]?.addEventListener("change", () => ask(form));
}

async function ask(form) {
  const body = new URLSearchParams();
  for (const name of [...FIELDS, "csrf_token"]) body.set(name, form.elements[name]?.value ?? "");
  if (!body.get("given_name").trim() || !body.get("birth_on").trim() || asked === body.toString()) return;
  asked = body.toString();
  try {
    const answer = await fetch(place.dataset.alike, { method: "POST", body, cache: "no-store" });
    if (answer.ok && asked === body.toString()) place.innerHTML = await answer.text();
  } catch {
    // The form asks when it is sent.
  }
}
