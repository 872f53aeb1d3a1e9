// Makes a passkey or uses one, and sends what it says with the form it stands in.

const form = document.querySelector("[data-passkey]");
const options = JSON.parse(document.getElementById("passkey-options")?.textContent || "null");

async function credential() {
  if (form.dataset.passkey === "add") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.creation_options.publicKey);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
  return navigator.credentials.get({ publicKey });
}

if (form && options) {
  const error = form.querySelector("[data-passkey-error]");
  form.querySelector("button").addEventListener("click", async () => {
    error.hidden = true;
    try {
      const made = await credential();
      form.elements.credential.value = JSON.stringify(made.toJSON());
      form.submit();
    } catch {
      error.hidden = false; // it was cancelled, or there is none here
    }
  });
}
