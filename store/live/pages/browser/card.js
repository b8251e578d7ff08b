/**
 * The card at Stripe: its script takes the number in a frame of its own, and gives the shop a name
 * for the card when the order is sent; where the bank asks its cardholder, it puts the question.
 * Only the checkout and an order that waits for its cardholder have this script, after Stripe's.
 */

/** @param {HTMLElement} place the field, which bears the shop's key */
function cardAt(place) {
  const problem = place.querySelector("[data-card-problem]");
  const found = place.querySelector("[data-card-token]");
  const element = place.querySelector("[data-card-element]");
  const form = place.closest("form");
  if (form === null || !(found instanceof HTMLInputElement)) return;
  const token = found;

  /** @param {string} words */
  const tell = (words) => {
    if (problem !== null) problem.textContent = words;
  };
  // What Stripe's script has left in the page; nothing where it could not be loaded.
  const load = Reflect.get(globalThis, "Stripe");
  if (typeof load !== "function") {
    tell("Stripe cannot be reached just now. Load the page again to pay by card.");
    form.addEventListener("submit", stop, true);
    return;
  }
  const stripe = load(place.dataset.card);
  const card = stripe.elements().create("card", { hidePostalCode: true });
  card.mount(element);
  let asking = false;

  // Before anybody else hears of it: an order is sent once its card has a name.
  form.addEventListener(
    "submit",
    (event) => {
      if (token.value !== "") return;
      stop(event);
      if (asking) return;
      asking = true;
      tell("");
      void named().finally(() => {
        asking = false;
      });
    },
    true,
  );

  async function named() {
    const sent = new FormData(/** @type {HTMLFormElement} */ (form));
    const billing_details = { email: String(sent.get("email") ?? "") };
    const { paymentMethod, error } = await stripe
      .createPaymentMethod({ type: "card", card, billing_details })
      .catch(() => ({
        error: { message: "Stripe cannot be reached just now. Please try again." },
      }));
    if (error !== undefined) return tell(error.message ?? "The card cannot be used.");
    token.value = paymentMethod.id;
    form?.requestSubmit();
  }
}

/**
 * Lets the bank ask its cardholder, and the shop ask the bank how that ended.
 * @param {HTMLElement} place the order, which bears what Stripe needs to know
 */
async function askCardholder(place) {
  const load = Reflect.get(globalThis, "Stripe");
  if (typeof load !== "function") return;
  const { cardholder: clientSecret, key } = place.dataset;
  await load(key)
    .handleNextAction({ clientSecret })
    .catch(() => {});
  const order = location.pathname.split("/").at(-1);
  const settled = await fetch(`/api/orders/${order}/settle`, { method: "POST" }).catch(() => null);
  const { status } = settled?.ok ? await settled.json() : { status: "payment-in-doubt" };
  if (status !== "payment-in-doubt") return location.reload();
  const told = place.querySelector("[data-cardholder-told]");
  if (told !== null) told.textContent = "The bank has no answer yet. Ask again to go on.";
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

for (const place of document.querySelectorAll("[data-card]")) {
  if (place instanceof HTMLElement) cardAt(place);
}
for (const place of document.querySelectorAll("[data-cardholder]")) {
  if (place instanceof HTMLElement) void askCardholder(place);
}
