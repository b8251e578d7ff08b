/**
 * The dialog for a shopper who turns to leave: the pointer goes out at the top of the window, or
 * they come back from another tab. The shop decides what is in it, if anything; it comes once a
 * visit, and never into a checkout, an order or the waiting room.
 */

const ASKED = "asked-leaving";
const UNDISTURBED = ["/checkout", "/orders", "/queue", "/goodbye", "/invitation"];

/** The shop has left this note with whoever it knows; nobody else has anything to leave. */
function isKnown() {
  return /(?:^|; )(?:__Host-)?cart_units=/.test(document.cookie);
}

function mayAsk() {
  if (UNDISTURBED.some((path) => location.pathname.startsWith(path))) return false;
  return isKnown() && sessionStorage.getItem(ASKED) === null;
}

async function ask() {
  if (!mayAsk()) return;
  sessionStorage.setItem(ASKED, "yes");
  const response = await fetch("/leaving", { method: "POST" }).catch(() => null);
  if (response?.status === 200) show(await response.text());
}

/** @param {string} text a piece of a page, made by the shop */
function show(text) {
  const dialog = document.createElement("dialog");
  dialog.className = "leaving";
  dialog.setAttribute("aria-labelledby", "leaving-title");
  dialog.append(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
    event.preventDefault();
    void answer(dialog, form);
  });
  document.body.append(dialog);
  // Keeps the focus within, closes with Escape, and gives the focus back.
  dialog.showModal();
}

/** @param {HTMLDialogElement} dialog @param {HTMLFormElement} form */
async function answer(dialog, form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
  dialog.close();
  const told = document.querySelector("[data-told]");
  if (told !== null && response?.ok) told.textContent = "Thank you. Your answer helps.";
}

function heedLeaving() {
  let away = false;
  document.documentElement.addEventListener("mouseleave", ({ clientY }) => {
    if (clientY <= 0) void ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") away = true;
    else if (away) void ask();
  });
  // A page that is left for another one was not turned away from.
  addEventListener("pagehide", () => {
    away = false;
  });
}

/** Tells the shop which product is looked at, where a sale has offers for who looks at several. */
function countView() {
  const place = document.querySelector("[data-view]");
  if (!(place instanceof HTMLElement)) return;
  const body = new URLSearchParams({ product: place.dataset.view ?? "" });
  void fetch("/views", { method: "POST", body }).catch(() => {});
}

heedLeaving();
countView();
