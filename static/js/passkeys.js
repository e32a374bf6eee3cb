"use strict";
// Passkeys: the browser makes one or proves one, and a hidden field of the form carries its answer.
// Without this file, or without passkeys in the browser, the button stays hidden.

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  const form = button.closest("form");
  const problem = form.querySelector("[data-passkey-problem]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    problem.hidden = true;
    try {
      const credential = await ask(button.dataset.passkey, JSON.parse(button.dataset.options));
      form.elements.factor_passkey.value = JSON.stringify(credential);
      form.requestSubmit();
    } catch {
      // Cancelled, too slow, or a passkey that is here already: the page says what to do.
      problem.hidden = false;
    }
  });
}

async function ask(kind, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    publicKey[list] = (options[list] || []).map((item) => ({ ...item, id: bytes(item.id) }));
  }
  if (kind === "create") {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    return answer(await navigator.credentials.create({ publicKey }));
  }
  return answer(await navigator.credentials.get({ publicKey }));
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function bytes(base64url) {
  const signs = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
