// Passkeys: asks the browser to make or to use one, and puts its answer into the form. Without this script, or where the
// browser has none, the code beside it is the way.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(options) {
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = named(options.allowCredentials);
  return found;
}

function answered(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = text(response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const box = form.elements.credential;
  const wrong = form.querySelector("[data-wrong]");
  if (!window.PublicKeyCredential) {
    wrong.textContent = wrong.dataset.none;
    wrong.hidden = false;
    form.querySelector("button").hidden = true;
  }
  form.addEventListener("submit", async (event) => {
    if (box.value) return;
    event.preventDefault();
    wrong.hidden = true;
    const given = JSON.parse(document.getElementById("passkey-data").textContent);
    try {
      const made = form.dataset.passkey === "make"
        ? await navigator.credentials.create({ publicKey: asked(given.creation_options.publicKey) })
        : await navigator.credentials.get({ publicKey: asked(given.request_options.publicKey) });
      box.value = JSON.stringify(answered(made));
      form.submit();
    } catch {
      wrong.textContent = wrong.dataset.wrong;
      wrong.hidden = false;
    }
  });
}
