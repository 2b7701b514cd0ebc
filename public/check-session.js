// The OP iframe of OpenID Connect Session Management 1.0 §3.3: an application's page posts its client id and the
// session_state it was given, and hears whether the person's session here is still that one. The hash binds the answer to
// the origin that asks, so nobody learns anything about what another was given.

const name = document.documentElement.dataset.cookie;

const browserState = () => {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
};

const hash = async (text) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const judge = async (message, origin) => {
  const [clientId, sessionState, ...more] = typeof message === "string" ? message.split(" ") : [];
  const salt = sessionState?.split(".")[1];
  if (!clientId || !salt || more.length > 0) return "error";
  const expected = await hash(`${clientId} ${origin} ${browserState()} ${salt}`);
  return sessionState === `${expected}.${salt}` ? "unchanged" : "changed";
};

addEventListener("message", async ({ data, origin, source }) => {
  // A page without an origin of its own has no session_state to ask about.
  if (!source || origin === "null") return;
  const answer = await judge(data, origin).catch(() => "error");
  source.postMessage(answer, origin);
});
