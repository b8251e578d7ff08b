/**
 * What the pages do beyond themselves: stock that is live, clocks that run, forms that are sent
 * once, a payment that outlives a lost connection, a waiting room that moves. Every page works
 * without this file; it asks for little, and for less while nobody looks.
 */

const SECOND = 1_000;
/** Items that one request asks about, which is the most that the store answers. */
const STOCK_SKUS_MAX = 50;
/** How often the stock is asked for while the page is looked at, and how much that is spread. */
const STOCK_EVERY_MILLIS = 10 * SECOND;
const STOCK_SPREAD_MILLIS = 5 * SECOND;
const STOCK_FEW = 10;
/** A payment without an answer is sent again after this long, under the same name. */
const PAY_AGAIN_MILLIS = 3 * SECOND;
const PAY_ANSWER_MILLIS_MAX = 40 * SECOND;
const PAY_TRIES_MAX = 40;
/** How often a waiting shopper's page asks where no stream is to be had. */
const QUEUE_POLL_MILLIS = 5 * SECOND;

/** @param {string} words said to everybody, and read out */
function tell(words) {
  const told = document.querySelector("[data-told]");
  if (told !== null) told.textContent = words;
}

/** @param {string} selector @returns {HTMLElement[]} */
function all(selector) {
  return [...document.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);
}

/** @param {number} millis @returns {Promise<void>} */
function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

// The cart's count, from what the shop has left in the browser.

function showCartUnits() {
  const found = /(?:^|; )(?:__Host-)?cart_units=(\d+)/.exec(document.cookie);
  const units = found === null ? 0 : Number(found[1]);
  for (const place of all("[data-cart-units]")) {
    place.textContent = units > 0 ? String(units) : "";
    if (units > 0) place.setAttribute("aria-label", units === 1 ? "1 unit" : `${units} units`);
    if (units > 0) place.setAttribute("role", "img");
  }
}

// Stock.

/** @param {HTMLElement} place @param {{ available: number, soldOut: boolean }} level */
function showLevel(place, { available, soldOut }) {
  place.classList.toggle("stock-few", available > 0 && available <= STOCK_FEW);
  place.classList.toggle("stock-none", available <= 0);
  if (soldOut) place.textContent = "Sold out";
  else if (available <= 0) place.textContent = "All in other carts; may come back";
  else place.textContent = available <= STOCK_FEW ? `Only ${available} left` : "In stock";
}

/** @param {boolean} gone whether nothing that the page offers is left */
function showWhetherToBuy(gone) {
  for (const button of all("[data-buy]")) {
    if (button instanceof HTMLButtonElement) button.disabled = gone;
    button.textContent = gone ? "Sold out" : "Add to cart";
  }
}

async function showStock() {
  const places = all("[data-stock]");
  const skus = [...new Set(places.map((place) => place.dataset.stock ?? ""))];
  let gone = skus.length > 0;
  for (let from = 0; from < skus.length; from += STOCK_SKUS_MAX) {
    const asked = skus.slice(from, from + STOCK_SKUS_MAX).map(encodeURIComponent);
    const response = await fetch(`/api/stock?sku=${asked.join(",")}`);
    if (!response.ok) return;
    /** @type {{ levels: { sku: string, available: number, soldOut: boolean }[] }} */
    const { levels } = await response.json();
    const known = new Map(levels.map((level) => [level.sku, level]));
    for (const place of places) {
      const level = known.get(place.dataset.stock ?? "");
      if (level === undefined) continue;
      showLevel(place, level);
      if (!level.soldOut) gone = false;
    }
  }
  showWhetherToBuy(gone);
}

async function keepStock() {
  if (all("[data-stock]").length === 0) return;
  for (;;) {
    // A shop that cannot be reached just now shows what it showed before.
    if (!document.hidden) await showStock().catch(() => {});
    await pause(STOCK_EVERY_MILLIS + Math.random() * STOCK_SPREAD_MILLIS);
  }
}

// Times.

/** @param {number} seconds as in "1 d 02:03:04", and "03:04" in the last hour */
function clockText(seconds) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const clock = `${two(minutes)}:${two(Math.floor(seconds % 60))}`;
  if (days > 0) return `${days} d ${two(hours)}:${clock}`;
  return hours > 0 ? `${two(hours)}:${clock}` : clock;
}

function keepClocks() {
  const clocks = all("[data-countdown]").map((place) => ({
    clock: place.querySelector("[data-clock]"),
    until: Date.parse(place.dataset.countdown ?? ""),
  }));
  if (clocks.length === 0) return;
  const tick = () => {
    for (const { clock, until } of clocks) {
      const left = Math.max(0, Math.ceil((until - Date.now()) / SECOND));
      if (clock !== null) clock.textContent = left === 0 ? "now" : clockText(left);
    }
  };
  tick();
  setInterval(tick, SECOND);
}

function showLocalTimes() {
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("time[data-local]")) {
    const at = Date.parse(time.getAttribute("datetime") ?? "");
    if (!Number.isNaN(at)) time.textContent = words.format(at);
  }
}

// Forms.

/** @param {HTMLFormElement} form @param {boolean} busy */
function setBusy(form, busy) {
  form.toggleAttribute("data-busy", busy);
  form.setAttribute("aria-busy", String(busy));
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", String(busy));
  }
}

/** A second click on the same button sends nothing. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once")) return;
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("data-pay")) {
      event.preventDefault();
      if (form.checkValidity()) void pay(form);
      else form.submit();
    } else {
      setBusy(form, true);
    }
  });
  // A page that comes back from the browser's memory is as it was left.
  addEventListener("pageshow", () => {
    showCartUnits();
    for (const form of document.querySelectorAll("form[data-busy]")) {
      if (form instanceof HTMLFormElement) setBusy(form, false);
    }
  });
}

/**
 * Sends the payment until it is answered. The form names its order, so however often it arrives it
 * is one order and one charge.
 * @param {HTMLFormElement} form
 */
async function pay(form) {
  setBusy(form, true);
  tell("Paying…");
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  for (let tries = 1; tries <= PAY_TRIES_MAX; tries += 1) {
    const answer = await sent(form, body);
    if (answer?.redirected) {
      tell("");
      location.assign(answer.url);
      return;
    }
    if (answer !== null && answer.status !== 429 && answer.status < 500) break;
    tell(
      answer === null
        ? "The connection was lost. We keep trying; you will not be charged twice."
        : "The shop is very busy. We keep trying; you will not be charged twice.",
    );
    await pause(PAY_AGAIN_MILLIS);
  }
  // The form itself is sent, so that the browser shows what is wrong with it.
  form.submit();
}

/** @param {HTMLFormElement} form @param {URLSearchParams} body @returns {Promise<Response | null>} */
async function sent(form, body) {
  const signal = AbortSignal.timeout(PAY_ANSWER_MILLIS_MAX);
  try {
    return await fetch(form.action, { method: "POST", body, signal });
  } catch {
    return null;
  }
}

/** An order whose payment is not settled is looked at again. */
function askAgain() {
  for (const place of all("[data-ask-again]")) {
    setTimeout(() => location.reload(), Number(place.dataset.askAgain) * SECOND);
  }
}

// The waiting room.

/**
 * @typedef {{ status: string, position: number | null, progress: number,
 *   estimatedWaitSeconds: number | null, soldOut: boolean }} Place
 */

/** @param {number} seconds */
function waitText(seconds) {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "about a minute" : `about ${minutes} minutes`;
}

/** @param {Element} room @param {Place} place */
function showPlace(room, { position, progress, estimatedWaitSeconds, soldOut }) {
  const put = (/** @type {string} */ selector, /** @type {string} */ text) => {
    const at = room.querySelector(selector);
    if (at !== null && at.textContent !== text) at.textContent = text;
  };
  if (position !== null) {
    put("[data-position]", String(position));
    put("[data-queue-told]", position === 1 ? "You are next." : "");
    document.title = document.title.replace(/^\d+ in line/, `${position} in line`);
  }
  put(
    "[data-wait]",
    estimatedWaitSeconds === null ? "not known yet" : waitText(estimatedWaitSeconds),
  );
  const bar = room.querySelector("[data-progress]");
  if (bar instanceof HTMLProgressElement) bar.value = Math.round(progress * 100);
  const gone = room.querySelector("[data-sold-out]");
  if (gone instanceof HTMLElement) gone.hidden = !soldOut;
}

/** @param {Element} room @param {Place} place @returns {boolean} whether there is more to wait for */
function followed(room, place) {
  if (place.status === "waiting") {
    showPlace(room, place);
    return true;
  }
  // In, or closed: the page itself says which, and leads on.
  location.reload();
  return false;
}

/** @param {Element} room @param {string} path */
async function pollQueue(room, path) {
  for (;;) {
    await pause(QUEUE_POLL_MILLIS);
    const response = await fetch(path).catch(() => null);
    if (response === null || response.status >= 500) continue;
    if (!response.ok) return location.reload();
    if (!followed(room, await response.json())) return;
  }
}

function keepQueue() {
  const room = document.querySelector("[data-queue]");
  if (!(room instanceof HTMLElement)) return;
  const path = `/api/queue/${room.dataset.queue}`;
  const stream = new EventSource(`${path}/events`);
  stream.addEventListener("place", (event) => {
    if (!followed(room, JSON.parse(event.data))) stream.close();
  });
  stream.addEventListener("gone", () => {
    stream.close();
    location.reload();
  });
  stream.addEventListener("error", () => {
    // The browser opens a stream anew that broke off; one that was refused stays closed.
    if (stream.readyState === EventSource.CLOSED) void pollQueue(room, path);
  });
}

showCartUnits();
showLocalTimes();
keepClocks();
sendOnce();
askAgain();
keepQueue();
void keepStock();
