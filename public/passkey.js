// Ceremonies with passkeys (WebAuthn). A form says which one, "create" or "get", and where its options come from; what the authenticator answers
// goes back in its fields. All words are in the page: this only shows them.

const form = document.querySelector("form[data-passkey]");
const last = "passkey";
let waiting = new AbortController();

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function say(name) {
  for (const line of form.querySelectorAll("[data-said]")) line.hidden = line.dataset.said !== name;
}

// Asks for a ceremony; its name is kept in the form.
async function begin(signal) {
  const answer = await fetch(form.dataset.options, { method: "POST", signal });
  if (answer.status === 403) location.reload();
  if (!answer.ok) throw answer;
  const { ceremony, options } = await answer.json();
  options.challenge = decode(options.challenge);
  if (options.user) options.user.id = decode(options.user.id);
  for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = decode(key.id);
  return { ceremony, options };
}

function send(ceremony, key, rpId) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (key.response[part]) response[part] = encode(key.response[part]);
  if (key.response.getTransports) response.transports = key.response.getTransports();
  const fields = form.elements;
  fields.ceremony.value = ceremony;
  fields.credential.value = JSON.stringify({ id: key.id, rawId: encode(key.rawId), type: key.type, response, clientExtensionResults: {} });
  if (document.querySelector('[type="checkbox"][name="stay"]')?.checked) fields.stay.value = "1";
  sessionStorage.setItem(last, JSON.stringify({ rpId, credentialId: key.id }));
  form.submit();
}

// The button.
async function press(event) {
  event.preventDefault();
  event.stopPropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  say();
  waiting.abort();
  waiting = new AbortController();
  try {
    const { ceremony, options } = await begin(waiting.signal);
    const asked = { publicKey: options, signal: waiting.signal };
    send(ceremony, await (form.dataset.passkey === "create" ? navigator.credentials.create(asked) : navigator.credentials.get(asked)), options.rpId);
  } catch (error) {
    say({ NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" }[error.name] ?? (error.status === 429 ? "limited" : "failed"));
    delete form.dataset.busy;
    autofill();
  }
}

// Passkeys among what the browser fills in. A ceremony lasts five minutes, so a new one begins before.
async function autofill() {
  if (form.dataset.passkey !== "get" || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  if (form.dataset.busy) return;
  const mine = (waiting = new AbortController());
  const again = setTimeout(() => {
    mine.abort();
    autofill();
  }, 240_000);
  try {
    const { ceremony, options } = await begin(mine.signal);
    send(ceremony, await navigator.credentials.get({ publicKey: options, mediation: "conditional", signal: mine.signal }), options.rpId);
  } catch {
    // Nobody asked for it aloud, so nothing is said.
  } finally {
    clearTimeout(again);
  }
}

if (form && !window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-with-passkey]")) part.hidden = true;
} else if (form) {
  form.addEventListener("submit", press);
  addEventListener("pageshow", () => delete form.dataset.busy);
  if (form.dataset.unknown) {
    const key = JSON.parse(sessionStorage.getItem(last) ?? "null");
    if (key) PublicKeyCredential.signalUnknownCredential?.(key).catch(() => {});
  }
  sessionStorage.removeItem(last);
  // Who signs in with a password here can be offered a passkey.
  const can = document.querySelector('input[name="can"]');
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.().then((able) => {
    if (can && able) can.value = "1";
  });
  autofill();
}

// What is accepted, so that the browser forgets what is not (Signal API).
const list = document.querySelector("[data-signal]");
if (list && window.PublicKeyCredential) {
  const { signal: rpId, user: userId, accepted, name, display: displayName } = list.dataset;
  const allAcceptedCredentialIds = accepted.split(" ").filter(Boolean);
  PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }).catch(() => {});
  PublicKeyCredential.signalCurrentUserDetails?.({ rpId, userId, name, displayName }).catch(() => {});
}
