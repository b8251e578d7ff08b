/**
 * The card at Stripe: its script takes the number in a frame of its own, and gives the shop a name
 * for the card when the order is sent. Only the checkout has this script, after Stripe's.
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

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

for (const place of document.querySelectorAll("[data-card]")) {
  if (place instanceof HTMLElement) cardAt(place);
}
