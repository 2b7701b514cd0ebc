// Five small courtesies. Every page works without them.

// A form that is on its way is not sent twice; the button keeps its name and value.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "1";
});
// Back from the page cache, forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Show and hide a password. The words say what the next press does; before sending it is hidden again, so that no browser keeps it as text.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.firstChild.data = shown ? "Hide" : "Show";
  };
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}

// An answer that travels as a form goes by itself.
document.querySelector("form[data-send]")?.requestSubmit();

// Once the pages of applications that are told of a sign-out are loaded, or do not load in time, the way goes on.
const onward = document.querySelector("a[data-onward]");
if (onward) {
  const go = () => location.replace(onward.href);
  const late = setTimeout(go, 5000);
  const loaded = () => {
    clearTimeout(late);
    go();
  };
  if (document.readyState === "complete") loaded();
  else addEventListener("load", loaded);
}

// A page that needs more than this brings a module of its own.
const more = document.querySelector("[data-module]")?.dataset.module;
if (more) import(new URL(more, document.baseURI).href);
