// store/live/testing/trial-server.ts
import { Agent, request } from "node:http";
import { Clock as Clock2, Effect as Effect16 } from "effect";

// store/core/assert.ts
var BrokenAssumption = class extends Error {
  name = "BrokenAssumption";
};
function assert(condition, assumption) {
  if (!condition) throw new BrokenAssumption(`assumption broken: ${assumption}`);
}

// store/core/cart.ts
var CART_LIMITS = { linesMax: 50, unitsPerLineMax: 99 };
function emptyCart(options) {
  return {
    cart: options.cart,
    shopper: options.shopper,
    currency: options.currency,
    version: 0,
    lines: [],
    updatedAt: options.now
  };
}
function addLine(cart, line, options) {
  assertLine(line);
  const { linesMax, unitsPerLineMax } = options.limits;
  const position = cart.lines.findIndex((other) => other.sku === line.sku);
  const units = line.units + (position < 0 ? 0 : cart.lines[position].units);
  if (units > unitsPerLineMax) {
    return { _tag: "TooManyUnits", sku: line.sku, limit: unitsPerLineMax };
  }
  if (position >= 0) {
    return cartChanged(cart, cart.lines.with(position, { ...line, units }), options.now);
  }
  if (cart.lines.length >= linesMax) return { _tag: "TooManyLines", limit: linesMax };
  return cartChanged(cart, [...cart.lines, line], options.now);
}
function changeUnits(cart, change, options) {
  assert(Number.isSafeInteger(change.units) && change.units >= 0, "units of a line are whole");
  const position = cart.lines.findIndex((line) => line.sku === change.sku);
  if (position < 0) return { _tag: "NotInCart", sku: change.sku };
  const limit = options.limits.unitsPerLineMax;
  if (change.units > limit) return { _tag: "TooManyUnits", sku: change.sku, limit };
  const lines = change.units === 0 ? cart.lines.toSpliced(position, 1) : cart.lines.with(position, { ...cart.lines[position], units: change.units });
  return cartChanged(cart, lines, options.now);
}
function cartChanged(cart, lines, now) {
  const { cart: name, shopper, currency, version } = cart;
  return {
    _tag: "CartChanged",
    cart: { cart: name, shopper, currency, version, lines, updatedAt: now }
  };
}
function assertLine(line) {
  assert(Number.isSafeInteger(line.units) && line.units > 0, "units are whole and above zero");
  assert(
    Number.isSafeInteger(line.unitPrice) && line.unitPrice >= 0,
    "a price is whole minor units, not negative"
  );
}

// store/core/fnv.ts
var FNV_BASIS = 2166136261;
var PRIME = 16777619;
function fnv1a(text2, basis = FNV_BASIS) {
  let hash = basis;
  for (let index = 0; index < text2.length; index += 1) {
    hash = Math.imul(hash ^ text2.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}
function finished(hash) {
  let mixed = Math.imul(hash ^ hash >>> 16, 2246822507);
  mixed = Math.imul(mixed ^ mixed >>> 13, 3266489909);
  return (mixed ^ mixed >>> 16) >>> 0;
}

// store/core/spread.ts
var VALUES = 2 ** 32;
function spreadOf(name) {
  return finished(fnv1a(name)) / VALUES;
}

// store/core/feedback.ts
var EXIT_REASONS = [
  "price",
  "wait",
  "soldOut",
  "payment",
  "error",
  "closed",
  "choice",
  "other"
];
var NOTE_LENGTH_MAX = 500;
var SATISFACTION_MIN = 1;
var SATISFACTION_MAX = 5;
var RECOMMEND_MAX = 10;
var HOUR = 36e5;
var FEEDBACK_POLICY = {
  exitOpenForMillis: HOUR / 2,
  surveyShare: 1,
  surveyAfterMillis: { from: 24 * HOUR, to: 48 * HOUR },
  surveyOpenForMillis: 7 * 24 * HOUR
};
function feedbackPolicyProblem(policy) {
  const { surveyShare, surveyAfterMillis: after } = policy;
  if (!(surveyShare >= 0 && surveyShare <= 1)) return "a share of shoppers is from 0 to 1";
  if (!(after.from >= 0 && after.from <= after.to)) return "a survey's window has an order";
  if (!(policy.exitOpenForMillis > 0)) return "a question can be answered for some time";
  if (!(policy.surveyOpenForMillis > 0)) return "a survey can be answered for some time";
  return null;
}
function surveyFor(policy, order) {
  const { id, shopper, confirmedAt } = order;
  if (spreadOf(`survey.share ${shopper}`) >= policy.surveyShare) return null;
  const { from, to } = policy.surveyAfterMillis;
  const after = from + Math.floor(spreadOf(`survey.due ${shopper}`) * (to - from + 1));
  assert(after >= from && after <= to, "a survey is due within its window");
  return {
    order: id,
    shopper,
    orderedAt: confirmedAt,
    dueAt: confirmedAt + after,
    openForMillis: policy.surveyOpenForMillis
  };
}
function exitAnswerProblem({ reason, note }) {
  if (!EXIT_REASONS.includes(reason)) return refused(`${reason} is no reason on the list`);
  if (note.length > 0 && reason !== "other") return refused("only the reason other has a note");
  if (note.length > NOTE_LENGTH_MAX) return refused(`a note has up to ${NOTE_LENGTH_MAX} letters`);
  return null;
}
function surveyAnswerProblem(answer) {
  const { satisfaction, recommend } = answer;
  if (!isWhole(satisfaction, SATISFACTION_MIN, SATISFACTION_MAX)) {
    return refused(`satisfaction is a whole number, ${SATISFACTION_MIN} to ${SATISFACTION_MAX}`);
  }
  if (!isWhole(recommend, 0, RECOMMEND_MAX)) {
    return refused(`a recommendation is a whole number, 0 to ${RECOMMEND_MAX}`);
  }
  return null;
}
function refused(why) {
  return { _tag: "AnswerRefused", why };
}
function isWhole(value, min, max) {
  return Number.isInteger(value) && value >= min && value <= max;
}
var FeedbackCount = class {
  exitAsked = 0;
  exitAnswered = 0;
  reasons = {
    price: 0,
    wait: 0,
    soldOut: 0,
    payment: 0,
    error: 0,
    closed: 0,
    choice: 0,
    other: 0
  };
  surveysScheduled = 0;
  surveysAsked = 0;
  surveysAnswered = 0;
  satisfaction = new Array(SATISFACTION_MAX - SATISFACTION_MIN + 1).fill(0);
  recommend = new Array(RECOMMEND_MAX + 1).fill(0);
  addReason(reason) {
    this.exitAnswered += 1;
    this.reasons[reason] += 1;
  }
  addSurvey({ satisfaction, recommend }) {
    const satisfied = satisfaction - SATISFACTION_MIN;
    assert(satisfied in this.satisfaction, "an answer that is counted is on the scale");
    assert(recommend in this.recommend, "an answer that is counted is on the scale");
    this.surveysAnswered += 1;
    this.satisfaction[satisfied] += 1;
    this.recommend[recommend] += 1;
  }
  /** The figures as they stand, for good. */
  copy() {
    const { reasons, satisfaction, recommend } = this;
    return {
      exitAsked: this.exitAsked,
      exitAnswered: this.exitAnswered,
      reasons: { ...reasons },
      surveysScheduled: this.surveysScheduled,
      surveysAsked: this.surveysAsked,
      surveysAnswered: this.surveysAnswered,
      satisfaction: [...satisfaction],
      recommend: [...recommend]
    };
  }
};

// store/core/payment-policy.ts
var PAYMENT_POLICY = {
  attemptsPerGateway: 3,
  timeLimitMillis: 8e4,
  backoff: { initialMillis: 500, maxMillis: 5e3 },
  lookUpsPerLostAnswer: 2,
  refundAttempts: 3,
  breaker: { failures: 5, openForMillis: 3e4 }
};
var PAYMENT_CALLS_MAX = 100;
function backoffMillis(policy, failures, jitter) {
  assert(failures >= 1 && Number.isInteger(failures), "a pause follows at least one failure");
  assert(jitter >= 0 && jitter <= 1, "jitter is a share");
  const { initialMillis, maxMillis } = policy.backoff;
  let pause = initialMillis;
  for (let doubled = 1; doubled < failures && pause < maxMillis; doubled += 1) pause *= 2;
  const spread = Math.min(pause, maxMillis) * (0.5 + 0.5 * jitter);
  return Math.round(Math.max(initialMillis, spread));
}
function jitterOf(order, call) {
  let hash = 2166136261;
  for (let index = 0; index < order.length; index += 1) {
    hash = Math.imul(hash ^ order.charCodeAt(index), 16777619);
  }
  hash = Math.imul(hash ^ call, 16777619);
  hash = Math.imul(hash ^ hash >>> 16, 2246822507);
  hash = Math.imul(hash ^ hash >>> 13, 3266489909);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4294967296;
}
function gatewayToAsk(policy, failuresAt, letsPass) {
  for (let gateway = 0; gateway < failuresAt.length; gateway += 1) {
    if ((failuresAt[gateway] ?? 0) < policy.attemptsPerGateway && letsPass(gateway)) return gateway;
  }
  return null;
}
function chargeKey(order, call) {
  assert(call >= 1, "calls are counted from one");
  return `${order}.${call}`;
}
function refundKey(order) {
  return `${order}.refund`;
}
function policyProblem(policy, gateways) {
  if (!(policy.attemptsPerGateway >= 1)) return "attemptsPerGateway must be 1 or more";
  if (policy.attemptsPerGateway * gateways > PAYMENT_CALLS_MAX) {
    return `attemptsPerGateway over all gateways must be ${PAYMENT_CALLS_MAX} or less`;
  }
  if (!(policy.lookUpsPerLostAnswer >= 1)) return "lookUpsPerLostAnswer must be 1 or more";
  if (!(policy.refundAttempts >= 1)) return "refundAttempts must be 1 or more";
  const { initialMillis, maxMillis } = policy.backoff;
  if (!(initialMillis >= 0 && maxMillis >= initialMillis)) {
    return "backoff.maxMillis must be backoff.initialMillis or more, and neither below zero";
  }
  return null;
}

// store/memory/scripted-gateway.ts
import { Effect } from "effect";
var NETWORK_ERROR = { _tag: "NetworkError", reason: "the connection was refused" };
var TIMED_OUT = { _tag: "TimedOut" };
var Books = class {
  #charges = /* @__PURE__ */ new Map();
  #declines = /* @__PURE__ */ new Map();
  #closed = /* @__PURE__ */ new Set();
  get size() {
    return this.#charges.size;
  }
  capture(name, request2) {
    const known = this.#known(request2.key);
    if (known !== null) return known;
    if (this.#closed.has(request2.key)) {
      return { _tag: "Declined", kind: "hard", reason: "the key is closed" };
    }
    assert(request2.amount > 0, "a charge is above zero");
    const { key, order, amount: captured } = request2;
    const reference = `${name}-charge-${this.#charges.size + 1}`;
    const charge = { order, reference, captured, refunded: 0, refundKeys: /* @__PURE__ */ new Map() };
    this.#charges.set(key, charge);
    return { _tag: "Approved", reference };
  }
  decline(request2, kind) {
    const known = this.#known(request2.key);
    if (known !== null) return known;
    const reason = kind === "soft" ? "insufficient funds" : "stolen card";
    const declined = { _tag: "Declined", kind, reason };
    this.#declines.set(request2.key, declined);
    return declined;
  }
  lookUp(key) {
    const known = this.#known(key);
    if (known !== null) return known;
    this.#closed.add(key);
    return { _tag: "Absent" };
  }
  refund(name, request2) {
    for (const charge of this.#charges.values()) {
      if (charge.reference !== request2.reference) continue;
      const before2 = charge.refundKeys.get(request2.key);
      if (before2 !== void 0) return { _tag: "Refunded", reference: before2 };
      if (charge.refunded + request2.amount > charge.captured) {
        return { _tag: "RefundRefused", reason: "more than was charged" };
      }
      const reference = `${name}-refund-${charge.refundKeys.size + 1}-of-${charge.reference}`;
      charge.refundKeys.set(request2.key, reference);
      charge.refunded += request2.amount;
      return { _tag: "Refunded", reference };
    }
    return { _tag: "RefundRefused", reason: "no such charge" };
  }
  charges(gateway) {
    return [...this.#charges].map(([key, { order, captured, refunded }]) => ({
      gateway,
      key,
      order,
      captured,
      refunded
    }));
  }
  #known(key) {
    const charge = this.#charges.get(key);
    if (charge !== void 0) return { _tag: "Approved", reference: charge.reference };
    return this.#declines.get(key) ?? null;
  }
};
function make(script) {
  const { name, latencyMillis = 0, timeLimitMillis = 0 } = script;
  const books = new Books();
  const late = [];
  const calls = { charge: 0, lookUp: 0, refund: 0 };
  const chargeNow = (request2) => {
    calls.charge += 1;
    switch (script.charge?.(calls.charge, request2) ?? "approve") {
      case "approve":
        return books.capture(name, request2);
      case "declineSoft":
        return books.decline(request2, "soft");
      case "declineHard":
        return books.decline(request2, "hard");
      case "networkError":
        return NETWORK_ERROR;
      case "timeOutBeforeCapture":
        return TIMED_OUT;
      case "timeOutAfterCapture":
        books.capture(name, request2);
        return TIMED_OUT;
      case "arriveLate":
        late.push(request2);
        return TIMED_OUT;
    }
  };
  const lookUpNow = (key) => {
    calls.lookUp += 1;
    const does = script.lookUp?.(calls.lookUp, key) ?? "answer";
    if (does === "answer") return books.lookUp(key);
    return does === "networkError" ? NETWORK_ERROR : TIMED_OUT;
  };
  const refundNow = (request2) => {
    calls.refund += 1;
    const does = script.refund?.(calls.refund, request2) ?? "answer";
    if (does === "networkError") return NETWORK_ERROR;
    if (does === "refuse") return { _tag: "RefundRefused", reason: "the account is closed" };
    if (does === "timeOut") return TIMED_OUT;
    const answer = books.refund(name, request2);
    return does === "timeOutAfterRefund" ? TIMED_OUT : answer;
  };
  const heard = (call) => Effect.suspend(() => {
    const answer = call();
    const takes = answer._tag === "TimedOut" ? timeLimitMillis : latencyMillis;
    return takes === 0 ? Effect.succeed(answer) : Effect.as(Effect.sleep(takes), answer);
  });
  return {
    name,
    charge: (request2) => heard(() => chargeNow(request2)),
    lookUp: (key) => heard(() => lookUpNow(key)),
    refund: (request2) => heard(() => refundNow(request2)),
    charges: () => books.charges(name),
    chargeCalls: () => calls.charge,
    deliverLate: () => {
      const before2 = books.size;
      for (const request2 of late.splice(0)) books.capture(name, request2);
      return books.size - before2;
    }
  };
}
var ScriptedGateway = { make };

// store/core/codel.ts
var REFUSED_ABOVE_TARGETS = 2;
function startCodel() {
  return {
    overloaded: false,
    minDelay: 0,
    intervalEndsAt: Number.NEGATIVE_INFINITY,
    started: false
  };
}
function refuses(codel, limits, delay, now) {
  assert(delay >= 0, "no request waits less than nothing");
  if (!codel.started) {
    codel.started = true;
    codel.minDelay = delay;
    return false;
  }
  if (now > codel.intervalEndsAt) {
    codel.intervalEndsAt = now + limits.interval;
    codel.overloaded = codel.minDelay > limits.target;
    codel.minDelay = delay;
    return false;
  }
  if (delay < codel.minDelay) codel.minDelay = delay;
  return codel.overloaded && delay > REFUSED_ABOVE_TARGETS * limits.target;
}

// store/core/gradient2.ts
var GRADIENT2_LIMITS = {
  initial: 20,
  min: 20,
  max: 200,
  smoothing: 0.2,
  queueSize: 4,
  longWindow: 600,
  warmup: 10
};
var GRADIENT_MIN = 0.5;
var DRIFT_RATIO = 2;
var DRIFT_DECAY = 0.9;
function startGradient2(limits) {
  assert(limits.min >= 1 && limits.min <= limits.max, "the limits of a limiter are in order");
  assert(limits.smoothing > 0 && limits.smoothing <= 1, "smoothing is a share");
  const limit = Math.min(limits.max, Math.max(limits.min, limits.initial));
  return { limit, longLatency: 0, samples: 0 };
}
function admitsAtOnce(limiter) {
  return Math.floor(limiter.limit);
}
function noteLatency(limiter, limits, latency, inFlight) {
  assert(latency > 0 && Number.isFinite(latency), "a latency is above 0");
  assert(inFlight >= 0, "no fewer than none are in work");
  const long = longRun(limiter, limits, latency);
  if (long / latency > DRIFT_RATIO) limiter.longLatency = long * DRIFT_DECAY;
  if (inFlight < limiter.limit / 2) return admitsAtOnce(limiter);
  const gradient = Math.max(GRADIENT_MIN, Math.min(1, long / latency));
  const proposed = limiter.limit * gradient + limits.queueSize;
  const smoothed = limiter.limit * (1 - limits.smoothing) + proposed * limits.smoothing;
  limiter.limit = Math.max(limits.min, Math.min(limits.max, smoothed));
  return admitsAtOnce(limiter);
}
function longRun(limiter, limits, latency) {
  if (limiter.samples < limits.warmup) {
    limiter.samples += 1;
    limiter.longLatency += (latency - limiter.longLatency) / limiter.samples;
  } else {
    const weight = 2 / (limits.longWindow + 1);
    limiter.longLatency = limiter.longLatency * (1 - weight) + latency * weight;
  }
  return limiter.longLatency;
}

// store/core/load-shedding.ts
var PRIORITIES = [
  "unknown",
  "arriving",
  "browsing",
  "cart",
  "checkout",
  "payment"
];
var STANDS_TARGETS = [1, 2, 4, 8, 16, 32];
var FILLS_OF_LIMIT = [0.5, 0.6, 0.7, 0.8, 0.9, 1];
var CODEL_TARGETS = 2;
function retryAfterSeconds(range, chance) {
  const { minSeconds, maxSeconds } = range;
  assert(minSeconds >= 1 && minSeconds <= maxSeconds, "a time to stay away is in order");
  assert(chance >= 0 && chance < 1, "a chance is a share");
  return minSeconds + Math.floor(chance * (maxSeconds - minSeconds + 1));
}
var LoadShedding = class {
  #limits;
  #codel;
  #limiter;
  constructor(limits) {
    assert(STANDS_TARGETS.length === PRIORITIES.length, "each priority stands some wait");
    assert(FILLS_OF_LIMIT.length === PRIORITIES.length, "each priority has a part of the limit");
    this.#limits = limits;
    this.#codel = startCodel();
    this.#limiter = limits.gradient2 === null ? null : startGradient2(limits.gradient2);
  }
  /** How many may be inside at once; without end where nothing is refused at the door. */
  get limit() {
    return this.#limiter === null ? Number.POSITIVE_INFINITY : admitsAtOnce(this.#limiter);
  }
  /** Whether a request that comes to `inFlight` others is refused. */
  refusesAtDoor(priority, inFlight) {
    if (this.#limiter === null) return false;
    const part = Math.max(1, Math.floor(this.limit * FILLS_OF_LIMIT[priority]));
    return inFlight >= part;
  }
  /** Whether a request is refused that a worker takes up now, after it has `waited`. */
  refusesInLine(priority, waited, now) {
    const { codel } = this.#limits;
    if (codel === null) return false;
    if (!refuses(this.#codel, codel, waited, now)) return false;
    return waited > CODEL_TARGETS * codel.target * STANDS_TARGETS[priority];
  }
  /** A request was answered after `latency`, with `inFlight` inside, itself included. */
  noteAnswer(latency, inFlight) {
    const { gradient2 } = this.#limits;
    if (this.#limiter === null || gradient2 === null || latency <= 0) return;
    noteLatency(this.#limiter, gradient2, latency, inFlight);
  }
  /** The server starts anew and has learned nothing. */
  restart() {
    const { gradient2 } = this.#limits;
    this.#codel = startCodel();
    this.#limiter = gradient2 === null ? null : startGradient2(gradient2);
  }
};

// store/live/http/overload.ts
var IN_WORK_MAX = 1024;
var LOOK_EVERY_MILLIS = 50;
var OVERLOAD_LIMITS = {
  shedding: {
    codel: { interval: 500, target: 25 },
    gradient2: {
      initial: IN_WORK_MAX,
      min: IN_WORK_MAX,
      max: IN_WORK_MAX,
      smoothing: 0.2,
      queueSize: 4,
      longWindow: 600,
      warmup: 10
    }
  },
  retryAfter: { minSeconds: 1, maxSeconds: 5 }
};
var Overload = class {
  /** Requests that were taken and not yet answered. */
  inWork = 0;
  /** Requests that were refused, by the place of their priority. */
  refused = PRIORITIES.map(() => 0);
  #shedding;
  #retryAfter;
  #left;
  #lateMillis = 0;
  #lookedAt = 0;
  #timer = null;
  constructor({ shedding, retryAfter }) {
    this.#shedding = new LoadShedding(shedding);
    this.#retryAfter = retryAfter;
    this.#left = () => {
      this.inWork -= 1;
    };
  }
  /** How late the event loop was when it was last looked at, milliseconds. */
  get lateMillis() {
    return this.#lateMillis;
  }
  /** Takes the request until its answer is out, or says how many seconds to stay away. */
  take(priority, reply) {
    const place = PRIORITIES.indexOf(priority);
    const refused2 = this.#shedding.refusesAtDoor(place, this.inWork) || this.#shedding.refusesInLine(place, this.#lateMillis, performance.now());
    if (refused2) {
      this.refused[place] += 1;
      return retryAfterSeconds(this.#retryAfter, Math.random());
    }
    this.inWork += 1;
    reply.raw.on("close", this.#left);
    return null;
  }
  start() {
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lateMillis = Math.max(0, now - this.#lookedAt - LOOK_EVERY_MILLIS);
      this.#lookedAt = now;
    }, LOOK_EVERY_MILLIS);
    this.#timer.unref();
  }
  stop() {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
};

// store/live/http/server.ts
import { Clock } from "effect";
import fastify, {
  LogController
} from "fastify";

// store/core/money.ts
var DECIMALS = new Map([
  ...["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"].map((code) => [code, 0]),
  ...["PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"].map((code) => [code, 0]),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3])
]);
function money(minor, currency) {
  assert(Number.isSafeInteger(minor), "money is whole minor units");
  assert(/^[A-Z]{3}$/.test(currency), "a currency is three capital letters");
  return { minor, currency };
}
function allocate(whole, weights) {
  assert(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    "weights are whole"
  );
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  assert(sum > 0n, "one weight is above zero");
  const sign = whole.minor < 0 ? -1 : 1;
  const amount = BigInt(sign * whole.minor);
  const shares = weights.map((weight, index) => ({
    index,
    part: amount * BigInt(weight) / sum,
    lost: amount * BigInt(weight) % sum
  }));
  const left = amount - shares.reduce((total, share) => total + share.part, 0n);
  const byLoss = [...shares].sort(
    (a, b) => a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1
  );
  for (const share of byLoss.slice(0, Number(left))) share.part += 1n;
  return shares.map((share) => money(sign * Number(share.part) + 0, whole.currency));
}
function totalOf(lines) {
  let total = 0;
  for (const line of lines) total += line.units * line.unitPrice;
  assert(Number.isSafeInteger(total), "a total is whole minor units");
  return total;
}

// store/service/cart.ts
import { Effect as Effect4 } from "effect";

// store/core/sale.ts
function phaseAt(times, now) {
  assert(
    times.earlyAccessAt <= times.publicAt && times.publicAt <= times.closesAt,
    "the phases of a sale follow one another"
  );
  if (now < times.earlyAccessAt) return "scheduled";
  if (now < times.publicAt) return "early-access";
  if (now < times.closesAt) return "public";
  return "closed";
}
function mayBuy(phase, invited) {
  return phase === "public" || phase === "early-access" && invited;
}
function nextPhaseAt(times, now) {
  switch (phaseAt(times, now)) {
    case "scheduled":
      return times.earlyAccessAt;
    case "early-access":
      return times.publicAt;
    case "public":
      return times.closesAt;
    case "closed":
      return null;
  }
}

// store/core/catalog.ts
function unitPrice(listing, phase, invited) {
  return mayBuy(phase, invited) ? listing.salePrice : listing.price;
}
var Catalog = class {
  sellers;
  #products = /* @__PURE__ */ new Map();
  /** In catalog order; the position of each SKU is in `#positions`. */
  #listings = [];
  #positions = /* @__PURE__ */ new Map();
  #version = 1;
  constructor(content) {
    const names = new Set(content.sellers.map((seller) => seller.seller));
    assert(names.size === content.sellers.length, "a seller is in the catalog once");
    this.sellers = content.sellers;
    for (const product of content.products) {
      assert(names.has(product.seller), `the seller of ${product.product} is in the catalog`);
      assert(!this.#products.has(product.product), `${product.product} is in the catalog once`);
      this.#products.set(product.product, product);
    }
    for (const listing of content.listings) this.#add(listing);
    for (const product of content.products) {
      for (const sku of product.skus) {
        assert(this.listing(sku)?.product === product.product, `${sku} belongs to its product`);
      }
    }
  }
  /** Grows with every change. */
  get version() {
    return this.#version;
  }
  product(product) {
    return this.#products.get(product) ?? null;
  }
  listing(sku) {
    const position = this.#positions.get(sku);
    return position === void 0 ? null : this.#listings[position];
  }
  /** Listings after a SKU in catalog order; after an unknown SKU there are none. */
  page(request2) {
    assert(request2.limit > 0, "a page has room for a listing");
    const listings = [];
    let position = 0;
    if (request2.after !== null) {
      position = (this.#positions.get(request2.after) ?? this.#listings.length) + 1;
    }
    for (; position < this.#listings.length; position++) {
      const listing = this.#listings[position];
      if (request2.seller !== null && listing.seller !== request2.seller) continue;
      if (listings.length === request2.limit) {
        return { listings, next: listings[listings.length - 1].sku };
      }
      listings.push(listing);
    }
    return { listings, next: null };
  }
  reprice(change) {
    const position = this.#positions.get(change.sku);
    if (position === void 0) return { _tag: "UnknownSku", sku: change.sku };
    const { price: price2, salePrice } = change;
    const listing = { ...this.#listings[position], price: price2, salePrice };
    assertPrices(listing);
    this.#listings[position] = listing;
    this.#version++;
    return { _tag: "Repriced", listing };
  }
  #add(listing) {
    assert(!this.#positions.has(listing.sku), `the SKU ${listing.sku} is in the catalog once`);
    const product = this.#products.get(listing.product);
    assert(product !== void 0, `the product of ${listing.sku} is in the catalog`);
    assert(product.seller === listing.seller, `${listing.sku} and its product have one seller`);
    assert(product.skus.includes(listing.sku), `the product of ${listing.sku} names it`);
    assertPrices(listing);
    this.#positions.set(listing.sku, this.#listings.length);
    this.#listings.push(listing);
  }
};
function assertPrices(listing) {
  assert(
    Number.isSafeInteger(listing.price) && Number.isSafeInteger(listing.salePrice),
    `the prices of ${listing.sku} are whole minor units`
  );
  assert(
    listing.price >= 0 && listing.salePrice >= 0,
    `the prices of ${listing.sku} are not negative`
  );
}

// store/service/limits.ts
import { Effect as Effect2, Either, Utils } from "effect";
var ALLOWED = { _tag: "Allowed" };
function* limitOf(ports, limits, { shopper, network }, { step, now }) {
  const { perShopper, perNetwork } = limits;
  const buckets2 = [];
  if (perShopper !== null) buckets2.push({ key: `shopper ${shopper}`, limit: perShopper });
  if (perNetwork !== null && network !== void 0) {
    buckets2.push({ key: `network ${network}`, limit: perNetwork });
  }
  if (buckets2.length === 0) return null;
  const answer = yield* orAllowed(ports.rateLimiter.take({ buckets: buckets2, cost: 1, now }));
  if (answer._tag === "Allowed") return null;
  const { retryAfterMillis } = answer;
  const by = answer.key.startsWith("network ") ? "network" : "shopper";
  if (answer.first) {
    const told = { at: now, shopper, step, by, network: network ?? null };
    yield* ports.saleLog.append({ kind: "RequestLimited", ...told });
  }
  return { _tag: "TooManyRequests", by, retryAfterMillis };
}
function* orAllowed(take2) {
  const steps = take2[Symbol.iterator]();
  let next = steps.next();
  while (next.done !== true) {
    const answer = yield* Effect2.either(Utils.yieldWrapGet(next.value));
    if (Either.isLeft(answer)) return ALLOWED;
    next = steps.next(answer.right);
  }
  return next.value;
}

// store/service/program.ts
import { Effect as Effect3, Effectable, Either as Either2, Utils as Utils2 } from "effect";
var Program = class extends Effectable.Class {
  #steps;
  /** `steps` begins the program anew each time; the clock is that of whoever runs it. */
  constructor(steps) {
    super();
    this.#steps = steps;
  }
  commit() {
    return Effect3.flatMap(Effect3.clock, (clock) => Effect3.gen(() => this.#steps(clock)));
  }
  /** The program about to begin, for whoever goes through its steps by hand. */
  begin(clock) {
    return this.#steps(clock);
  }
};
function restOf(steps, yielded) {
  return Effect3.gen(function* () {
    let next = steps.next(yield yielded);
    while (next.done !== true) next = steps.next(yield next.value);
    return next.value;
  });
}
function* ignoringFailure(effect) {
  const steps = effect[Symbol.iterator]();
  let next = steps.next();
  while (next.done !== true) {
    const answer = yield* Effect3.either(Utils2.yieldWrapGet(next.value));
    if (Either2.isLeft(answer)) return;
    next = steps.next(answer.right);
  }
}
function* failedAsAnswer(steps, isCaught) {
  let next = steps.next();
  while (next.done !== true) {
    const step = Utils2.yieldWrapGet(next.value);
    if (isCaught(step)) return step;
    next = steps.next(yield next.value);
  }
  return next.value;
}

// store/service/cart.ts
var PUTS_MAX = 8;
var STATUS = {
  CartChanged: 200,
  UnitsRefused: 400,
  SaleNotOpen: 403,
  UnknownSku: 404,
  UnknownCart: 404,
  NotInCart: 404,
  CartBusy: 409,
  TooManyRequests: 429,
  TooManyLines: 422,
  TooManyUnits: 422
};
function cartStatusOf(answer) {
  return STATUS[answer._tag];
}
var UNKNOWN_CART = { _tag: "UnknownCart" };
function makeCarts(ports, settings) {
  const momentAt = (clock) => {
    const now = clock.unsafeCurrentTimeMillis();
    const { cartLimits: limits, limits: asking } = settings;
    return { now, phase: phaseAt(settings.sale, now), limits, asking };
  };
  return {
    add: (request2) => new Program((clock) => add(ports, request2, momentAt(clock))),
    setUnits: (request2) => new Program((clock) => setUnits(ports, request2, momentAt(clock))),
    read: (request2) => Effect4.map(
      ports.carts.get(request2.cart),
      (cart) => cart === null || cart.shopper !== request2.shopper ? UNKNOWN_CART : cart
    )
  };
}
function* add(ports, request2, moment) {
  const { sku, units, shopper, invited } = request2;
  const { now: at, phase } = moment;
  const { asking } = moment;
  const limited = asking === null ? null : yield* limitOf(ports, asking, request2, { step: "cart", now: at });
  if (limited !== null) return limited;
  if (!mayBuy(phase, invited)) return { _tag: "SaleNotOpen", phase };
  if (!Number.isSafeInteger(units) || units < 1) return { _tag: "UnitsRefused", units };
  const listing = yield* ports.catalog.listing(sku);
  if (listing === null) return { _tag: "UnknownSku", sku };
  const { seller, currency } = listing;
  const cart = request2.cart ?? ports.identifiers.next("cart");
  const fresh = () => emptyCart({ cart, shopper, currency, now: at });
  const line = { sku, seller, units, unitPrice: unitPrice(listing, phase, invited) };
  const change = (before2) => addLine(before2, line, moment);
  const told = { kind: "CartLineAdded", at, shopper, cart, sku, units };
  return yield* putChange(ports, { name: cart, fresh, shopper }, change, told);
}
function* setUnits(ports, request2, moment) {
  const { sku, units, shopper, cart } = request2;
  const { now: at, phase } = moment;
  const { asking } = moment;
  const limited = asking === null ? null : yield* limitOf(ports, asking, request2, { step: "cart", now: at });
  if (limited !== null) return limited;
  if (!mayBuy(phase, request2.invited)) return { _tag: "SaleNotOpen", phase };
  if (!Number.isSafeInteger(units) || units < 0) return { _tag: "UnitsRefused", units };
  const change = (before2) => changeUnits(before2, { sku, units }, moment);
  const kind = units === 0 ? "CartLineRemoved" : "CartLineChanged";
  const told = { kind, at, shopper, cart, sku, units };
  return yield* putChange(ports, { name: cart, fresh: noCart, shopper }, change, told);
}
var noCart = () => null;
function* putChange(ports, of, change, told) {
  for (let put2 = 1; put2 <= PUTS_MAX; put2 += 1) {
    const cart = (yield* ports.carts.get(of.name)) ?? of.fresh();
    if (cart === null || cart.shopper !== of.shopper) return UNKNOWN_CART;
    const answer = change(cart);
    if (answer._tag !== "CartChanged") return answer;
    const stored = yield* ports.carts.put(answer.cart);
    if (stored._tag === "VersionConflict") continue;
    yield* ports.saleLog.append(told);
    return { _tag: "CartChanged", cart: stored.cart };
  }
  return { _tag: "CartBusy" };
}

// store/live/http/http-desk.ts
import { Effect as Effect5, Either as Either3 } from "effect";

// store/live/http/network-block.ts
var MAPPED = "::ffff:";
var GROUPS = 8;
var GROUPS_OF_BLOCK = 4;
function networkBlock(address) {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (!plain.includes(":")) {
    const cut = plain.lastIndexOf(".");
    return cut < 0 ? plain : `${plain.slice(0, cut)}.0/24`;
  }
  const [bare2 = ""] = plain.split("%", 1);
  return `${groupsOf(bare2).slice(0, GROUPS_OF_BLOCK).join(":")}::/64`;
}
function groupsOf(address) {
  const [before2 = "", after] = address.split("::", 2);
  const head = before2 === "" ? [] : before2.split(":");
  const tail = after === void 0 || after === "" ? [] : after.split(":");
  const zeros = Array(Math.max(0, GROUPS - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].map((group) => group.replace(/^0+(?=.)/, "").toLowerCase());
}

// store/live/http/product-views.ts
var SHOPPERS_MAX = 1e5;
var ProductViews = class {
  #views = /* @__PURE__ */ new Map();
  saw(shopper) {
    const before2 = this.#views.get(shopper);
    if (before2 === void 0 && this.#views.size >= SHOPPERS_MAX) {
      for (const first of this.#views.keys()) {
        this.#views.delete(first);
        break;
      }
    }
    this.#views.set(shopper, (before2 ?? 0) + 1);
  }
  of(shopper) {
    return this.#views.get(shopper) ?? 0;
  }
};

// store/live/http/http-desk.ts
var NOT_INSIDE = { _tag: "NotInside", queue: "/api/queue" };
var HttpDesk = class {
  store;
  clock;
  tokens;
  session;
  overload;
  limits;
  views = new ProductViews();
  /** True once the server takes no new work, because it is about to end. */
  draining = false;
  constructor(parts) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.tokens = parts.tokens;
    this.session = parts.session;
    this.overload = parts.overload;
    this.limits = parts.limits;
  }
  now() {
    return this.clock.unsafeCurrentTimeMillis();
  }
  /** The answer of a program that changes nothing; throws `PortUnavailable`. */
  ask(program) {
    const steps = stepsOf(program, this.clock);
    const first = steps.next();
    if (first.done === true) return first.value;
    return Effect5.runPromise(Effect5.either(restOf(steps, first.value))).then(orThrow);
  }
  /** The answer of a program that may have written, once what it wrote survives a crash. */
  async change(program) {
    const answer = await this.ask(program);
    await this.store.parts.durable();
    return answer;
  }
  /** The program for a shopper who is inside; where no waiting room stands, the program itself. */
  inside(request2, program) {
    const { admission } = this.store;
    if (admission === null) return program;
    const ticket = this.session.ticketOf(request2);
    const { shopper } = identityOf(request2);
    return new Program(function* (clock) {
      if (ticket === null) return NOT_INSIDE;
      const renewed = yield* admission.renew({ ticket, shopper }).begin(clock);
      if (renewed._tag !== "Inside") return NOT_INSIDE;
      return yield* program.begin(clock);
    });
  }
  /** The program, unless one of the buckets is empty. */
  limited(buckets2, program) {
    if (buckets2.length === 0) return program;
    const refusal = this.refusal(buckets2);
    return new Program(function* (clock) {
      return (yield* refusal.begin(clock)) ?? (yield* program.begin(clock));
    });
  }
  /** Takes from the buckets; why nothing was taken, or null. */
  refusal(buckets2) {
    const { rateLimiter } = this.store.ports;
    return new Program(function* (clock) {
      const now = clock.unsafeCurrentTimeMillis();
      const taken = yield* orAllowed(rateLimiter.take({ buckets: buckets2, cost: 1, now }));
      if (taken._tag === "Allowed") return null;
      const { key, retryAfterMillis } = taken;
      const by = buckets2.find((bucket) => bucket.key === key)?.by ?? "network";
      return { _tag: "TooManyRequests", by, retryAfterMillis };
    });
  }
};
function identityOf(request2) {
  const { identity } = request2;
  if (identity === null) throw new Error("a route for shoppers is guarded by its policy");
  return identity;
}
function networkOf(request2) {
  return networkBlock(request2.ip);
}
function stepsOf(program, clock) {
  if (program instanceof Program) return program.begin(clock);
  return program[Symbol.iterator]();
}
function orThrow(answer) {
  if (Either3.isLeft(answer)) throw answer.left;
  return answer.right;
}

// store/live/http/problem-titles.ts
var PROBLEM_TITLES = {
  // Of the request.
  BadRequest: "The request cannot be read",
  NotFound: "There is nothing here",
  MethodNotAllowed: "This cannot be done here",
  BodyTooLarge: "The body is too large",
  UnsupportedMediaType: "The body is of a kind that is not taken here",
  HeadersTooLarge: "The headers are too large",
  RequestTimeout: "The request took too long to arrive",
  KeyRequired: "An order names its request in the header Idempotency-Key",
  // Of who asks.
  NotIdentified: "The store does not know this shopper: ask for a token first",
  TokenExpired: "The token is over: ask for a new one",
  InvitationRefused: "The invitation is not one of this sale, or is over",
  CrossOrigin: "The request comes from another site",
  NotAllowed: "This is not for everybody",
  NotInside: "The shop is full: take a place in the waiting room",
  PassRefused: "The pass is not one of this shopper's",
  PassLate: "The pass was not used in time",
  UnknownTicket: "This shopper has no such place in the waiting room",
  TooManyStreams: "Too many connections are open for this already",
  // Of the store.
  Overloaded: "The store is busy: try again",
  Draining: "This server is going away: try again",
  Unavailable: "The store cannot answer now: try again",
  ServerError: "Something went wrong here; it was written down",
  // Of the sale.
  SaleNotOpen: "The sale is not open to this shopper now",
  UnknownProduct: "There is no such product",
  UnknownSku: "There is no such item",
  UnknownCart: "This shopper has no such cart",
  NotInCart: "The item is not in the cart",
  CartBusy: "The cart is being changed by other requests",
  UnitsRefused: "Units are whole and above zero",
  TooManyLines: "The cart has no room for another item",
  TooManyUnits: "The cart takes no more units of this item",
  TooManyRequests: "Too many requests: wait a little",
  UnknownHold: "This shopper holds nothing under that name",
  // Of an order.
  UnknownOrder: "This shopper has no such order",
  ItemsRefused: "These items cannot be bought as asked",
  PriceChanged: "A price is not the one that was shown",
  HoldMismatch: "The hold is not this shopper's, or keeps other units",
  HoldExpired: "The hold has lapsed and its units are gone",
  SoldOut: "Sold out",
  LimitReached: "One shopper gets no more of this item",
  PersonLimitReached: "One person gets no more of this item",
  TooManyHolds: "Too many holds at once",
  Declined: "The card was declined",
  PaymentUnavailable: "No payment could be made; nothing was charged",
  Interrupted: "The order was undone before anything was charged",
  Refunded: "The units were gone; the charge was returned",
  InFlight: "The same order is being worked on",
  KeyReused: "The key was used for another order before",
  // Of a code.
  CodeUnknown: "There is no such code",
  CodeSpent: "The code is spent",
  CodeExpired: "The code is over",
  BudgetSpent: "The offer is used up",
  TooManyTries: "Too many wrong codes",
  BelowFloor: "With the code this would cost less than it may",
  NotStackable: "These codes cannot be used together",
  // Of a question.
  AnswerRefused: "The answer is none of those that the question offers",
  NotAsked: "There is no such question for this shopper",
  AnsweredBefore: "The question has its answer",
  AnsweredLate: "The question can be answered no more"
};

// store/live/http/problem.ts
var PROBLEM_CONTENT_TYPE = "application/problem+json";
var SECOND = 1e3;
var RETRY_AFTER_SECONDS = 1;
function nameOf(tag) {
  return tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
function problemOf(tag, status, members = {}) {
  const title = PROBLEM_TITLES[tag] ?? "The request was not done";
  return { type: `/problems/${nameOf(tag)}`, title, status, ...members };
}
function problemOfAnswer(answer, status) {
  const { _tag, ...members } = answer;
  return problemOf(_tag, status, members);
}
function sendProblem(reply, problem) {
  const { status } = problem;
  reply.code(status);
  reply.header("cache-control", "no-store");
  const wait = waitSeconds(problem);
  if (wait !== null) reply.header("retry-after", wait);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  const page = reply.server.problemPage?.(problem, reply.request) ?? null;
  if (page !== null) return reply.type("text/html; charset=utf-8").send(page);
  return reply.header("content-type", PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
}
function waitSeconds({ status, retryAfterMillis, retryAfterSeconds: retryAfterSeconds2 }) {
  if (typeof retryAfterMillis === "number")
    return Math.max(1, Math.ceil(retryAfterMillis / SECOND));
  if (typeof retryAfterSeconds2 === "number") return Math.max(1, retryAfterSeconds2);
  return status === 429 || status === 503 ? RETRY_AFTER_SECONDS : null;
}

// store/live/http/schemas.ts
function shape(members, ...optional) {
  const required = Object.keys(members).filter((name) => !optional.includes(name));
  return { type: "object", additionalProperties: false, required, properties: members };
}
function listOf(items, maxItems, minItems = 0) {
  return { type: "array", items, minItems, maxItems };
}
function oneOf(...values) {
  return { type: "string", enum: values };
}
function text(maxLength, minLength = 1) {
  return { type: "string", minLength, maxLength };
}
var TEXT = { type: "string" };
var FLAG = { type: "boolean" };
var WHOLE = { type: "integer" };
var WHOLE_OR_NULL = { type: ["integer", "null"] };
var TEXT_OR_NULL = { type: ["string", "null"] };
var MINOR = { type: "integer", description: "minor units of the currency" };
var TIME = { type: "integer", description: "milliseconds since 1970" };
var NAME = text(128);
var UNITS_MAX = 1e4;
var LINES_MAX = 100;
var CODES_MAX = 10;
var UNITS = { type: "integer", minimum: 1, maximum: UNITS_MAX };
var UNITS_OR_NONE = { type: "integer", minimum: 0, maximum: UNITS_MAX };
var PRICE_SHOWN = {
  type: "integer",
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "what one unit costs as the shopper was shown it, minor units"
};
var ORDER_LINE = shape({ sku: NAME, units: UNITS, unitPrice: PRICE_SHOWN });
var ORDER_LINES = listOf(ORDER_LINE, LINES_MAX, 1);
var CODES = listOf(text(64), CODES_MAX);
function withItems(members, ...optional) {
  const items = { cart: NAME, lines: ORDER_LINES };
  return {
    ...shape({ ...items, ...members }, "cart", "lines", ...optional),
    oneOf: [{ required: ["cart"] }, { required: ["lines"] }]
  };
}
var CART = shape({
  cart: NAME,
  currency: TEXT_OR_NULL,
  lines: listOf(shape({ sku: TEXT, seller: TEXT, units: WHOLE, unitPrice: MINOR }), LINES_MAX),
  total: MINOR
});
var PLACE = shape(
  {
    status: oneOf("waiting", "admitted", "inside", "closed"),
    ticket: WHOLE,
    position: WHOLE_OR_NULL,
    ahead: WHOLE_OR_NULL,
    progress: { type: "number", minimum: 0, maximum: 1 },
    estimatedWaitSeconds: WHOLE_OR_NULL,
    pollAfterSeconds: WHOLE,
    opensAt: { ...TIME, type: ["integer", "null"] },
    soldOut: FLAG,
    lane: TEXT,
    pass: TEXT,
    passUntil: TIME,
    why: TEXT
  },
  "ticket",
  "position",
  "ahead",
  "progress",
  "estimatedWaitSeconds",
  "pollAfterSeconds",
  "opensAt",
  "soldOut",
  "lane",
  "pass",
  "passUntil",
  "why"
);
var PROBLEM_DETAILS = {
  sku: TEXT_OR_NULL,
  units: WHOLE,
  available: WHOLE,
  limit: WHOLE,
  counted: WHOLE,
  shown: MINOR,
  current: MINOR,
  floor: MINOR,
  phase: TEXT,
  reason: TEXT,
  why: TEXT,
  kind: TEXT,
  by: TEXT,
  order: TEXT,
  hold: TEXT,
  code: TEXT,
  offer: TEXT,
  total: MINOR,
  currency: TEXT,
  until: TIME,
  answerBy: TIME,
  retryAfterMillis: WHOLE,
  retryAfterSeconds: WHOLE,
  queue: TEXT,
  allow: listOf(TEXT, 10)
};
var PROBLEM = {
  $id: "Problem",
  ...shape(
    { type: TEXT, title: TEXT, status: WHOLE, detail: TEXT, ...PROBLEM_DETAILS },
    "detail",
    ...Object.keys(PROBLEM_DETAILS)
  )
};
var PROBLEM_RESPONSES = Object.fromEntries(
  ["4xx", "5xx"].map((status) => [
    status,
    {
      description: "A problem as of RFC 9457",
      content: { "application/problem+json": { schema: { $ref: "Problem#" } } }
    }
  ])
);
var NOTHING = { type: "null", description: "Nothing more is said" };

// store/live/http/routes/cart.ts
var SHOPPER_PREFIX = "shopper_";
function cartOf(shopper) {
  return `cart_${shopper.startsWith(SHOPPER_PREFIX) ? shopper.slice(SHOPPER_PREFIX.length) : shopper}`;
}
function cartRoutes(server, desk) {
  const { carts } = desk.store;
  const config = { policy: "shopper", priority: "cart" };
  server.get(
    "/api/cart",
    { config, schema: { summary: "The cart", response: { 200: CART } } },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const cart = cartOf(shopper);
      const read = await desk.ask(carts.read({ shopper, cart }));
      if ("_tag" in read) return reply.send({ cart, currency: null, lines: [], total: 0 });
      return reply.send(cartBody(read));
    }
  );
  server.post(
    "/api/cart/lines",
    {
      config,
      schema: {
        summary: "Put units into the cart",
        description: "Adds to what is in the cart of this item, at its present price.",
        body: shape({ sku: NAME, units: UNITS }),
        response: { 200: CART }
      }
    },
    async (request2, reply) => {
      const { shopper, invited } = identityOf(request2);
      const { sku, units } = request2.body;
      const network = networkOf(request2);
      const add2 = carts.add({ shopper, network, cart: cartOf(shopper), invited, sku, units });
      return tellCart(reply, await desk.change(desk.inside(request2, add2)));
    }
  );
  server.put(
    "/api/cart/lines/:sku",
    {
      config,
      schema: {
        summary: "Set the units of a line",
        description: "0 takes the line out of the cart.",
        params: shape({ sku: NAME }),
        body: shape({ units: UNITS_OR_NONE }),
        response: { 200: CART }
      }
    },
    async (request2, reply) => {
      const { shopper, invited } = identityOf(request2);
      const { sku } = request2.params;
      const { units } = request2.body;
      const network = networkOf(request2);
      const cart = cartOf(shopper);
      const set = carts.setUnits({ shopper, network, cart, invited, sku, units });
      return tellCart(reply, await desk.change(desk.inside(request2, set)));
    }
  );
}
function tellCart(reply, answer) {
  switch (answer._tag) {
    case "CartChanged":
      return reply.send(cartBody(answer.cart));
    case "NotInside":
      return sendProblem(reply, problemOfAnswer(answer, 403));
    default:
      return sendProblem(reply, problemOfAnswer(answer, cartStatusOf(answer)));
  }
}
function cartBody({ cart, currency, lines }) {
  return { cart, currency, lines, total: totalOf(lines) };
}

// store/service/browse.ts
import { Effect as Effect6 } from "effect";
var PAGE_LISTINGS_MAX = 100;
function makeBrowse(ports, settings) {
  const offerOf = Effect6.fnUntraced(function* (listing, phase, invited) {
    const level = yield* ports.stock.level(listing.sku);
    const available = "available" in level ? level.available : 0;
    return {
      _tag: "Offer",
      listing,
      price: unitPrice(listing, phase, invited),
      available
    };
  });
  const phaseNow = Effect6.map(
    Effect6.clock,
    (clock) => phaseAt(settings.sale, clock.unsafeCurrentTimeMillis())
  );
  return {
    offer: Effect6.fnUntraced(function* ({ sku, invited }) {
      const listing = yield* ports.catalog.listing(sku);
      if (listing === null) return { _tag: "UnknownSku", sku };
      return yield* offerOf(listing, yield* phaseNow, invited);
    }),
    page: Effect6.fnUntraced(function* (request2) {
      const { limit, invited } = request2;
      assert(limit >= 1 && limit <= PAGE_LISTINGS_MAX, "a page has a length within its limit");
      const page = yield* ports.catalog.page(request2);
      const phase = yield* phaseNow;
      const offers = [];
      for (const listing of page.listings) offers.push(yield* offerOf(listing, phase, invited));
      return { offers, next: page.next };
    })
  };
}

// store/live/http/catalog-search.ts
var NAMES_MAX = 2e4;
var PAGE = 500;
var CatalogSearch = class {
  #catalog;
  #version = -1;
  #names = [];
  constructor(catalog) {
    this.#catalog = catalog;
  }
  /** Items after a SKU in whose name or seller every word occurs, in catalog order. */
  *find(request2) {
    yield* this.#refresh();
    const { seller, after, limit } = request2;
    const words = plainOf(request2.words).split(" ").filter((word) => word !== "");
    const from = after === null ? 0 : this.#placeAfter(after);
    const listings = [];
    for (let place = from; place < this.#names.length; place += 1) {
      const { listing, plain } = this.#names[place];
      if (seller !== null && listing.seller !== seller) continue;
      if (!words.every((word) => plain.includes(word))) continue;
      if (listings.length === limit) return { listings, next: listings[limit - 1].sku };
      listings.push(listing);
    }
    return { listings, next: null };
  }
  #placeAfter(sku) {
    const place = this.#names.findIndex(({ listing }) => listing.sku === sku);
    return place < 0 ? this.#names.length : place + 1;
  }
  *#refresh() {
    const version = yield* this.#catalog.version;
    if (version === this.#version) return;
    const names = [];
    let after = null;
    while (names.length < NAMES_MAX) {
      const page = yield* this.#catalog.page({ seller: null, after, limit: PAGE });
      for (const listing of page.listings) {
        names.push({ listing, plain: plainOf(`${listing.name} ${listing.seller}`) });
      }
      if (page.next === null) break;
      after = page.next;
    }
    this.#names = names;
    this.#version = version;
  }
};
function plainOf(text2) {
  return text2.normalize("NFKD").toLowerCase().replace(/[^\p{Letter}\p{Number} ]/gu, "");
}

// store/live/http/same-origin.ts
var SAFE_METHODS = /* @__PURE__ */ new Set(["GET", "HEAD"]);
function isMeant(request2) {
  if (SAFE_METHODS.has(request2.method)) return true;
  const { headers } = request2;
  const site = headers["sec-fetch-site"];
  if (site !== void 0) return site === "same-origin" || site === "none";
  const { origin } = headers;
  if (origin !== void 0) return isOwn(origin, request2.host);
  return headers["content-type"]?.startsWith("application/json") === true;
}
function isOwn(origin, host) {
  const cut = origin.indexOf("://");
  return cut > 0 && origin.slice(cut + 3) === host;
}

// store/live/http/guards.ts
function guardsOf(desk, own = {}) {
  return {
    public: [],
    shopper: [shopperGuard(desk)],
    gateway: [],
    admin: [own.admin ?? shut],
    operator: [own.operator ?? shut]
  };
}
var shut = (_request, reply) => {
  sendProblem(reply, problemOf("NotAllowed", 403));
};
function shopperGuard(desk) {
  return (request2, reply, done) => {
    const presented = desk.session.presented(request2);
    if (presented === null) return refuse(reply, "NotIdentified", 401);
    if (presented.by === "cookie" && !isMeant(request2)) return refuse(reply, "CrossOrigin", 403);
    const answer = desk.tokens.identify(presented.token, desk.now());
    if (answer._tag === "Forged") return refuse(reply, "NotIdentified", 401);
    if (answer._tag === "Expired") return refuse(reply, "TokenExpired", 401);
    request2.identity = answer.identity;
    done();
  };
}
function identify(desk, request2) {
  const presented = desk.session.presented(request2);
  if (presented === null) return;
  const answer = desk.tokens.identify(presented.token, desk.now());
  if (answer._tag === "Known") request2.identity = answer.identity;
}
function refuse(reply, tag, status) {
  sendProblem(reply, problemOf(tag, status));
}

// store/live/http/routes/catalog.ts
var ITEM = shape({
  sku: TEXT,
  product: TEXT,
  seller: TEXT,
  name: TEXT,
  currency: TEXT,
  price: { ...MINOR, description: "what a unit costs this shopper now, minor units" },
  listPrice: { ...MINOR, description: "what a unit costs outside the sale, minor units" }
});
var PAGE2 = shape({ items: listOf(ITEM, PAGE_LISTINGS_MAX), next: TEXT_OR_NULL });
var PRODUCT_ITEMS_MAX = 200;
var PRODUCT = shape({
  product: TEXT,
  seller: TEXT,
  name: TEXT,
  items: listOf(ITEM, PRODUCT_ITEMS_MAX)
});
var STOCK_SKUS_MAX = 50;
var STOCK = shape({
  levels: listOf(
    shape({ sku: TEXT, available: { type: "integer" }, soldOut: FLAG }),
    STOCK_SKUS_MAX
  )
});
var PAGE_DEFAULT = 24;
var SHARED = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";
var OWN = "private, no-cache";
function catalogRoutes(server, desk) {
  const config = { policy: "public", priority: "browsing" };
  const { catalog } = desk.store.ports;
  const search = new CatalogSearch(catalog);
  server.get(
    "/api/products",
    {
      config,
      schema: {
        summary: "Items for sale",
        querystring: shape(
          {
            seller: NAME,
            after: NAME,
            limit: { type: "string", pattern: "^\\d{1,3}$" },
            q: text(80)
          },
          "seller",
          "after",
          "limit",
          "q"
        ),
        response: { 200: PAGE2 }
      }
    },
    async (request2, reply) => {
      const { seller = null, after = null, limit: asked, q } = request2.query;
      const limit = Math.max(1, Math.min(PAGE_LISTINGS_MAX, Number(asked ?? PAGE_DEFAULT)));
      const price2 = pricesFor(desk, request2, reply);
      const program = new Program(function* () {
        if (q !== void 0) return yield* search.find({ words: q, seller, after, limit });
        return yield* catalog.page({ seller, after, limit });
      });
      const found = await desk.ask(desk.limited(searchBuckets(desk, request2, q), program));
      if ("_tag" in found) return sendProblem(reply, problemOfAnswer(found, 429));
      return reply.send({ items: found.listings.map(price2), next: found.next });
    }
  );
  server.get(
    "/api/products/:product",
    {
      config,
      schema: {
        summary: "A product and its items",
        params: shape({ product: NAME }),
        response: { 200: PRODUCT }
      }
    },
    async (request2, reply) => {
      const price2 = pricesFor(desk, request2, reply);
      const found = await desk.ask(productOf(desk, request2.params.product));
      if (found === null) return sendProblem(reply, problemOf("UnknownProduct", 404));
      if (request2.identity !== null) desk.views.saw(request2.identity.shopper);
      const { product, seller, name, listings } = found;
      return reply.send({ product, seller, name, items: listings.map(price2) });
    }
  );
  server.get(
    "/api/stock",
    {
      config,
      schema: {
        summary: "What is left of some items",
        description: `Up to ${STOCK_SKUS_MAX} items, their names with commas between.`,
        querystring: shape({ sku: text(4e3) }),
        response: { 200: STOCK }
      }
    },
    async (request2, reply) => {
      const skus = request2.query.sku.split(",");
      if (skus.length > STOCK_SKUS_MAX) {
        const detail = `up to ${STOCK_SKUS_MAX} items can be asked for at once`;
        return sendProblem(reply, problemOf("BadRequest", 400, { detail }));
      }
      return reply.send({ levels: await desk.ask(levelsOf(desk, skus)) });
    }
  );
}
function searchBuckets(desk, request2, words) {
  const limit = desk.limits?.searchesPerNetwork;
  if (words === void 0 || limit === void 0) return [];
  return [{ key: `search ${networkOf(request2)}`, limit, by: "network" }];
}
function pricesFor(desk, request2, reply) {
  identify(desk, request2);
  const invited = request2.identity?.invited === true;
  reply.header("cache-control", invited ? OWN : SHARED);
  reply.header("vary", "authorization, cookie");
  const phase = phaseAt(desk.store.settings.sale, desk.now());
  return (listing) => {
    const { sku, product, seller, name, currency, price: listPrice } = listing;
    const price2 = unitPrice(listing, phase, invited);
    return { sku, product, seller, name, currency, price: price2, listPrice };
  };
}
function productOf({ store: { ports } }, name) {
  return new Program(function* () {
    const product = yield* ports.catalog.product(name);
    if (product === null) return null;
    const listings = [];
    for (const sku of product.skus.slice(0, PRODUCT_ITEMS_MAX)) {
      const listing = yield* ports.catalog.listing(sku);
      if (listing !== null) listings.push(listing);
    }
    return { ...product, listings };
  });
}
function levelsOf({ store: { ports } }, skus) {
  return new Program(function* () {
    const levels = [];
    for (const sku of skus) {
      const level = yield* ports.stock.level(sku);
      if (!("available" in level)) continue;
      const { available, held } = level;
      levels.push({ sku, available, soldOut: available + held === 0 });
    }
    return levels;
  });
}

// store/core/checkout.ts
var STATUS2 = {
  Confirmed: 201,
  CheckoutStarted: 201,
  PaymentInDoubt: 202,
  RefundPending: 202,
  ItemsRefused: 400,
  Declined: 402,
  SaleNotOpen: 403,
  NotYours: 403,
  UnknownSku: 404,
  HoldMismatch: 404,
  CodeUnknown: 404,
  InFlight: 409,
  SoldOut: 409,
  LimitReached: 409,
  PersonLimitReached: 409,
  PriceChanged: 409,
  Refunded: 409,
  CodeSpent: 409,
  BudgetSpent: 409,
  HoldExpired: 410,
  CodeExpired: 410,
  KeyReused: 422,
  BelowFloor: 422,
  NotStackable: 422,
  TooManyTries: 429,
  TooManyHolds: 429,
  TooManyRequests: 429,
  Interrupted: 503,
  PaymentUnavailable: 503
};
function statusOf(answer) {
  return STATUS2[answer._tag];
}
function fingerprintOf(request2) {
  const { items, hold, paymentToken, person = [], codes = [] } = request2;
  const asked = "cart" in items ? `cart ${sized(items.cart)}` : linesText(items.lines);
  const held = hold === void 0 ? "none" : sized(hold);
  const whose = person.length === 0 ? "" : ` person ${person.map(sized).join(" ")}`;
  const named = codes.length === 0 ? "" : ` codes ${codes.length} ${codes.map(sized).join(" ")}`;
  return `${asked} hold ${held} card ${sized(paymentToken)}${whose}${named}`;
}
function sized(text2) {
  return `${text2.length}:${text2}`;
}
function linesText(lines) {
  const each = lines.map(({ sku, units, unitPrice: unitPrice2 }) => `${sized(sku)} ${units} ${unitPrice2}`);
  return `lines ${each.length} ${each.join(" ")}`;
}
function repetitionOf(order, fingerprint) {
  if (order.fingerprint !== fingerprint) return { _tag: "KeyReused" };
  return standingOf(order);
}
function standingOf(order) {
  if (order.answer !== null) return order.answer;
  if (order.state === "inDoubt") return { _tag: "PaymentInDoubt", order: order.id };
  if (order.state === "refunding") return { _tag: "RefundPending", order: order.id };
  return { _tag: "InFlight", order: order.id };
}
function mergedLines(lines, limits) {
  if (lines.length === 0) return { _tag: "ItemsRefused", reason: "there is nothing to buy" };
  if (lines.length > limits.linesMax) {
    return { _tag: "ItemsRefused", reason: `more than ${limits.linesMax} lines` };
  }
  const merged = [];
  for (const line of lines) {
    if (!Number.isSafeInteger(line.units) || line.units < 1) {
      return { _tag: "ItemsRefused", reason: `${line.sku}: units must be a whole number above 0` };
    }
    const position = merged.findIndex((other) => other.sku === line.sku);
    const before2 = position < 0 ? void 0 : merged[position];
    if (before2 !== void 0 && before2.unitPrice !== line.unitPrice) {
      return { _tag: "ItemsRefused", reason: `${line.sku}: named twice at different prices` };
    }
    const units = line.units + (before2?.units ?? 0);
    if (units > limits.unitsPerLineMax) {
      return {
        _tag: "ItemsRefused",
        reason: `${line.sku}: more than ${limits.unitsPerLineMax} units`
      };
    }
    const sum = { sku: line.sku, units, unitPrice: line.unitPrice };
    if (position < 0) merged.push(sum);
    else merged[position] = sum;
  }
  return merged;
}

// store/service/release-hold.ts
var NO_SUCH_HOLD = { _tag: "NoSuchHold" };
function makeHoldRelease({
  stock,
  saleLog
}) {
  return {
    release: ({ hold, shopper }) => new Program(function* (clock) {
      const now = clock.unsafeCurrentTimeMillis();
      const known = yield* stock.find(hold);
      if (known === null || known.shopper !== shopper) return NO_SUCH_HOLD;
      const released = yield* stock.release({ hold, epoch: known.epoch, now });
      if (released._tag !== "Released") return NO_SUCH_HOLD;
      const { lines } = released;
      yield* saleLog.append({ kind: "HoldReleased", at: now, hold, shopper, lines });
      return { _tag: "Released" };
    })
  };
}

// store/live/http/routes/order-answer.ts
function orderProblem(answer) {
  if (answer._tag === "NotYours") return problemOf("CodeUnknown", 404, { code: answer.code });
  return problemOfAnswer(answer, statusOf(answer));
}

// store/live/http/routes/checkout.ts
var HOLD = shape({
  hold: NAME,
  expiresAt: TIME,
  lines: ORDER_LINES,
  total: MINOR,
  discount: MINOR,
  currency: TEXT
});
function itemsOf({ cart, lines }) {
  return cart === void 0 ? { lines: lines ?? [] } : { cart };
}
function checkoutRoutes(server, desk) {
  const { checkout, ports } = desk.store;
  const holds = makeHoldRelease(ports);
  const config = { policy: "shopper", priority: "checkout" };
  server.post(
    "/api/checkout",
    {
      config,
      schema: {
        summary: "Hold the units",
        description: "They are this shopper's until the hold lapses; an order names the hold.",
        body: withItems({ codes: CODES }, "codes"),
        response: { 201: HOLD }
      }
    },
    async (request2, reply) => {
      const { shopper, invited } = identityOf(request2);
      const { body } = request2;
      const network = networkOf(request2);
      const items = itemsOf(body);
      const codes = body.codes === void 0 ? null : { codes: body.codes };
      const start = checkout.startCheckout({ shopper, network, items, invited, ...codes });
      const answer = await desk.change(desk.inside(request2, start));
      if (answer._tag === "NotInside") return sendProblem(reply, problemOfAnswer(answer, 403));
      if (answer._tag !== "CheckoutStarted") return sendProblem(reply, orderProblem(answer));
      return reply.code(statusOf(answer)).send(answer);
    }
  );
  server.delete(
    "/api/holds/:hold",
    {
      config,
      schema: {
        summary: "Give held units back",
        params: shape({ hold: NAME }),
        response: { 204: NOTHING }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const { hold } = request2.params;
      const answer = await desk.change(holds.release({ hold, shopper }));
      if (answer._tag === "Released") return reply.code(204).send();
      return sendProblem(reply, problemOfAnswer({ _tag: "UnknownHold" }, 404));
    }
  );
}

// store/service/survey.ts
var SURVEYS_PER_STEP = 500;
var STEPS_MAX = 200;
function feedbackStatusOf(answer) {
  switch (answer._tag) {
    case "Answered":
      return 200;
    case "AnswerRefused":
      return 400;
    case "NotAsked":
      return 404;
    case "AnsweredBefore":
      return 409;
    case "AnsweredLate":
      return 410;
  }
}
function makeSurveys(ports, policy) {
  const problem = feedbackPolicyProblem(policy);
  assert(problem === null, `the feedback policy can be used: ${problem}`);
  return {
    exitQuestion: (shopper) => new Program((clock) => askExit(ports, policy, shopper, clock.unsafeCurrentTimeMillis())),
    answerExit: (request2) => new Program((clock) => answerExit(ports, request2, clock.unsafeCurrentTimeMillis())),
    scheduleSurvey: (order) => new Program(() => scheduleSurvey(ports, policy, order)),
    surveysDue: new Program((clock) => surveysDue(ports, clock.unsafeCurrentTimeMillis())),
    answerSurvey: (request2) => new Program((clock) => answerSurvey(ports, request2, clock.unsafeCurrentTimeMillis()))
  };
}
function* askExit(ports, policy, shopper, at) {
  const { exitOpenForMillis: openForMillis } = policy;
  const answer = yield* ports.feedback.askExit({ shopper, at, openForMillis });
  if (answer._tag === "ExitAsked") {
    yield* ports.saleLog.append({ kind: "ExitAsked", at, shopper });
  }
  return answer;
}
function* answerExit(ports, request2, at) {
  const problem = exitAnswerProblem(request2);
  if (problem !== null) return problem;
  const { shopper, reason } = request2;
  const answer = yield* ports.feedback.answerExit({ ...request2, at });
  if (answer._tag === "Answered") {
    yield* ports.saleLog.append({ kind: "ExitAnswered", at, shopper, reason });
  }
  return answer;
}
function* scheduleSurvey(ports, policy, name) {
  const order = yield* ports.orders.find(name);
  if (order === null || order.state !== "confirmed") return { _tag: "NoOrder" };
  const { id, shopper, changedAt: confirmedAt } = order;
  const plan = surveyFor(policy, { id, shopper, confirmedAt });
  if (plan === null) return { _tag: "NotSampled" };
  return yield* ports.feedback.schedule(plan);
}
function* surveysDue(ports, now) {
  const due = [];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const { asked, more } = yield* ports.feedback.takeDue({ now, limit: SURVEYS_PER_STEP });
    for (const { order, shopper } of asked) {
      yield* ports.saleLog.append({ kind: "SurveyAsked", at: now, order, shopper });
    }
    due.push(...asked);
    if (!more) break;
  }
  return due;
}
function* answerSurvey(ports, request2, at) {
  const problem = surveyAnswerProblem(request2);
  if (problem !== null) return problem;
  const { order, shopper, satisfaction, recommend } = request2;
  const answer = yield* ports.feedback.answerSurvey({ ...request2, at });
  if (answer._tag === "Answered") {
    const told = { at, order, shopper, satisfaction, recommend };
    yield* ports.saleLog.append({ kind: "SurveyAnswered", ...told });
  }
  return answer;
}

// store/live/http/routes/feedback.ts
var QUESTION = shape(
  { asked: FLAG, answerBy: TIME, reasons: listOf(TEXT, EXIT_REASONS.length) },
  "answerBy",
  "reasons"
);
var TAKEN = shape({ taken: FLAG });
var CONFIG = { policy: "shopper", priority: "browsing" };
function feedbackRoutes(server, desk) {
  exitRoutes(server, desk);
  const { surveys } = desk.store;
  server.post(
    "/api/surveys/:order",
    {
      config: CONFIG,
      schema: {
        summary: "Answer the survey of an order",
        params: shape({ order: NAME }),
        body: shape({
          satisfaction: { ...WHOLE, description: "1 to 5" },
          recommend: { ...WHOLE, description: "0 to 10" }
        }),
        response: { 200: TAKEN }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const { order } = request2.params;
      const { satisfaction, recommend } = request2.body;
      const answer = surveys.answerSurvey({ order, shopper, satisfaction, recommend });
      return tell(reply, await desk.change(desk.limited(buckets(desk, shopper), answer)));
    }
  );
}
function exitRoutes(server, desk) {
  const { surveys } = desk.store;
  server.post(
    "/api/exit-question",
    {
      config: CONFIG,
      schema: {
        summary: "May the shop ask why this shopper leaves?",
        description: "A shopper is asked once.",
        response: { 200: QUESTION }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const ask = desk.limited(buckets(desk, shopper), surveys.exitQuestion(shopper));
      const answer = await desk.change(ask);
      if (answer._tag === "TooManyRequests") return tell(reply, answer);
      if (answer._tag === "AskedBefore") return reply.send({ asked: false });
      const { answerBy } = answer;
      return reply.send({ asked: true, answerBy, reasons: EXIT_REASONS });
    }
  );
  server.post(
    "/api/exit-answer",
    {
      config: CONFIG,
      schema: {
        summary: "Why this shopper leaves",
        body: shape(
          { reason: oneOf(...EXIT_REASONS), note: { ...TEXT, maxLength: NOTE_LENGTH_MAX } },
          "note"
        ),
        response: { 200: TAKEN }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const { reason, note = "" } = request2.body;
      const answer = surveys.answerExit({ shopper, reason, note });
      return tell(reply, await desk.change(desk.limited(buckets(desk, shopper), answer)));
    }
  );
}
function buckets({ limits }, shopper) {
  if (limits === null) return [];
  return [{ key: `question ${shopper}`, limit: limits.questionsPerShopper, by: "shopper" }];
}
function tell(reply, answer) {
  if (answer._tag === "Answered") return reply.send({ taken: true });
  const status = answer._tag === "TooManyRequests" ? 429 : feedbackStatusOf(answer);
  return sendProblem(reply, problemOfAnswer(answer, status));
}

// store/live/http/routes/health.ts
var HEALTH = shape({ status: oneOf("ok") });
var CONFIG2 = { policy: "public", priority: null };
function healthRoutes(server, desk) {
  server.get(
    "/health/live",
    { config: CONFIG2, schema: { summary: "Alive", response: { 200: HEALTH } } },
    (_request, reply) => reply.send({ status: "ok" })
  );
  server.get(
    "/health/ready",
    {
      config: CONFIG2,
      schema: { summary: "Ready for shoppers", response: { 200: HEALTH } }
    },
    async (_request, reply) => {
      if (desk.draining) return sendProblem(reply, problemOf("Draining", 503));
      const why = await desk.store.parts.check();
      if (why === null) return reply.send({ status: "ok" });
      reply.log.warn({ why }, "not ready");
      return sendProblem(reply, problemOf("Unavailable", 503));
    }
  );
}

// store/core/promotion-code.ts
var ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";
var CODE_SYMBOLS = ALPHABET.length;
var LETTERS = Uint8Array.from(ALPHABET, (symbol) => symbol.charCodeAt(0));
var CODE_LENGTH = 15;
var GROUP = 4;
var TYPED_MAX = 64;
var SYMBOLS_PER_DRAW = 5;
var DRAWN_BELOW = CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS;
function drawCode(below) {
  let drawn = 0;
  let weight = 0;
  for (let place = 0; place < CODE_LENGTH; place += 1) {
    if (place % SYMBOLS_PER_DRAW === 0) {
      drawn = below(DRAWN_BELOW);
      assert(drawn >= 0 && drawn < DRAWN_BELOW, "the symbols of a code are of its alphabet");
    }
    const symbol = drawn % CODE_SYMBOLS;
    drawn = (drawn - symbol) / CODE_SYMBOLS;
    weight += (place + 1) * symbol;
    letters[place] = LETTERS[symbol];
  }
  letters[CODE_LENGTH] = LETTERS[2 * (CODE_SYMBOLS - weight % CODE_SYMBOLS) % CODE_SYMBOLS];
  return written(letters);
}
var letters = new Uint8Array(CODE_LENGTH + 1);
var DASH = "-".charCodeAt(0);
function written(of) {
  return String.fromCharCode(
    of[0],
    of[1],
    of[2],
    of[3],
    DASH,
    of[4],
    of[5],
    of[6],
    of[7],
    DASH,
    of[8],
    of[9],
    of[10],
    of[11],
    DASH,
    of[12],
    of[13],
    of[14],
    of[15]
  );
}
function readCode(typed) {
  if (typed.length > TYPED_MAX) return null;
  const symbols = typed.toUpperCase().replace(/[\s-]/g, "");
  if (symbols.length !== CODE_LENGTH + 1) return null;
  let text2 = "";
  let weight = 0;
  for (let place = 0; place <= CODE_LENGTH; place += 1) {
    const symbol = ALPHABET.indexOf(symbols.charAt(place));
    if (symbol < 0) return null;
    weight += (place + 1) * symbol;
    text2 += symbols.charAt(place);
    if (place % GROUP === GROUP - 1 && place < CODE_LENGTH) text2 += "-";
  }
  return weight % CODE_SYMBOLS === 0 ? text2 : null;
}

// store/live/http/routes/offers.ts
var DISCOUNT = shape(
  {
    kind: oneOf("percent", "amount"),
    basisPoints: { ...WHOLE, description: "hundredths of a per cent" },
    minor: { ...WHOLE, description: "minor units" }
  },
  "basisPoints",
  "minor"
);
var OFFER = shape(
  { made: FLAG, offer: TEXT, code: TEXT, discount: DISCOUNT, expiresAt: TIME, again: FLAG },
  "offer",
  "code",
  "discount",
  "expiresAt",
  "again"
);
var CODE = shape({ code: TEXT, offer: TEXT, expiresAt: TIME });
var CONFIG3 = { policy: "shopper", priority: "browsing" };
function offerRoutes(server, desk) {
  server.post(
    "/api/offers",
    {
      config: CONFIG3,
      schema: {
        summary: "Is there an offer for this shopper?",
        description: "A shopper gets one code of an offer for good; leaving again brings no other.",
        body: shape({ trigger: oneOf("exit-intent", "abandoned-cart") }),
        response: { 200: OFFER }
      }
    },
    async (request2, reply) => {
      const { shopper, tier } = identityOf(request2);
      const { trigger } = request2.body;
      const views = desk.views.of(shopper);
      const answer = await desk.change(offerTo(desk, { shopper, tier, views, trigger }));
      if (answer._tag === "NoOffer") return reply.send({ made: false });
      return reply.send({ ...answer, made: true });
    }
  );
  server.post(
    "/api/codes/check",
    {
      config: CONFIG3,
      schema: {
        summary: "Is the code good?",
        body: shape({ code: text(64) }),
        response: { 200: CODE }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const check = checkOf(desk, shopper, request2.body.code);
      const answer = await desk.change(desk.limited(codeBuckets(desk, shopper), check));
      switch (answer._tag) {
        case "CodeValid":
          return reply.send(answer);
        case "TooManyRequests":
          return sendProblem(reply, problemOfAnswer(answer, 429));
        default:
          return sendProblem(reply, orderProblem(answer));
      }
    }
  );
}
function offerTo({ store: { ports, promotions } }, asking) {
  const { shopper, tier, views: productViews, trigger } = asking;
  const cart = cartOf(shopper);
  return new Program(function* (clock) {
    const stored = yield* ports.carts.get(cart);
    const leavesCart = stored !== null && stored.lines.length > 0;
    const facts = { tier, productViews, leavesCart };
    return yield* promotions.offer({ shopper, trigger, facts, cart }).begin(clock);
  });
}
function codeBuckets({ limits }, shopper) {
  if (limits === null) return [];
  return [{ key: `code ${shopper}`, limit: limits.codesPerShopper, by: "shopper" }];
}
function checkOf({ store: { ports } }, shopper, typed) {
  return new Program(function* (clock) {
    const code = readCode(typed);
    if (code === null) return { _tag: "CodeUnknown", code: typed };
    const now = clock.unsafeCurrentTimeMillis();
    return yield* ports.promotions.lookUp({ shopper, code, now });
  });
}

// store/live/http/person-marks.ts
function personMarks(tokens, { email, address }) {
  const marks = [];
  if (email !== void 0) marks.push(tokens.personMark("email", plainEmail(email)));
  if (address !== void 0) marks.push(tokens.personMark("address", plainAddress(address)));
  return marks.length === 0 ? null : { person: marks };
}
function plainEmail(email) {
  const plain = email.normalize("NFKC").trim().toLowerCase();
  const at = plain.lastIndexOf("@");
  const [box = ""] = plain.slice(0, at).split("+", 1);
  return `${box}${plain.slice(at)}`;
}
function plainAddress({ street, city, postcode, country }) {
  return [street, city, postcode, country].map(lettersOf).join("|");
}
function lettersOf(text2) {
  const decomposed = text2.normalize("NFKD").toLowerCase();
  return decomposed.replace(/[^\p{Letter}\p{Number}]/gu, "");
}

// store/live/http/routes/orders.ts
var PLACED = shape(
  { order: NAME, status: TEXT, total: MINOR, currency: TEXT },
  "total",
  "currency"
);
var ORDER = shape({
  order: NAME,
  status: TEXT,
  lines: ORDER_LINES,
  total: MINOR,
  discount: MINOR,
  currency: TEXT,
  placedAt: TIME,
  changedAt: TIME
});
var KEY = "idempotency-key";
var KEY_PATTERN = "^[!-~]{1,128}$";
var ADDRESS = shape({
  street: text(200),
  city: text(100),
  postcode: text(20),
  country: text(60)
});
var ORDER_BODY = withItems(
  {
    hold: NAME,
    paymentToken: text(200),
    codes: CODES,
    email: { ...text(254, 3), pattern: "^[^@\\s]+@[^@\\s]+$" },
    address: ADDRESS
  },
  "hold",
  "codes",
  "email",
  "address"
);
function orderRoutes(server, desk) {
  const { checkout, ports } = desk.store;
  server.post(
    "/api/orders",
    {
      config: { policy: "shopper", priority: "payment" },
      schema: {
        summary: "Place an order and pay it",
        description: "With a hold its units are bought; without one they are held in the same step. The prices are those that the shopper was shown. Email and address tell one buyer from another and are kept as marks only, which cannot be read back.",
        headers: {
          type: "object",
          required: [KEY],
          properties: { [KEY]: { type: "string", pattern: KEY_PATTERN } }
        },
        body: ORDER_BODY,
        response: { 201: PLACED, 202: PLACED }
      }
    },
    async (request2, reply) => {
      const { shopper, invited } = identityOf(request2);
      const { body } = request2;
      const key = request2.headers[KEY];
      const place = checkout.placeOrder({
        shopper,
        network: networkOf(request2),
        items: itemsOf(body),
        invited,
        key,
        paymentToken: body.paymentToken,
        ...personMarks(desk.tokens, body),
        ...body.hold === void 0 ? null : { hold: body.hold },
        ...body.codes === void 0 ? null : { codes: body.codes }
      });
      const allowed = insideOrAgain(desk, { shopper, key }, place, desk.inside(request2, place));
      return tellPlaced(reply, await desk.change(allowed));
    }
  );
  server.get(
    "/api/orders/:order",
    {
      config: { policy: "shopper", priority: "payment" },
      schema: {
        summary: "An order of this shopper's",
        params: shape({ order: NAME }),
        response: { 200: ORDER }
      }
    },
    async (request2, reply) => {
      const { shopper } = identityOf(request2);
      const order = await desk.ask(ports.orders.find(request2.params.order));
      if (order === null || order.shopper !== shopper) {
        return sendProblem(reply, problemOf("UnknownOrder", 404));
      }
      return reply.send(orderBody(order));
    }
  );
}
function insideOrAgain({ store: { admission, ports } }, of, place, guarded) {
  if (admission === null) return guarded;
  return new Program(function* (clock) {
    const answer = yield* guarded.begin(clock);
    if (answer._tag !== "NotInside") return answer;
    const earlier = yield* ports.orders.findByKey(of);
    return earlier === null ? answer : yield* place.begin(clock);
  });
}
function tellPlaced(reply, answer) {
  switch (answer._tag) {
    case "NotInside":
      return sendProblem(reply, problemOfAnswer(answer, 403));
    case "Confirmed":
      reply.header("location", `/api/orders/${answer.order}`);
      return reply.code(201).send({ ...answer, status: "confirmed" });
    case "PaymentInDoubt":
    case "RefundPending":
      reply.header("location", `/api/orders/${answer.order}`);
      return reply.code(statusOf(answer)).send({ ...answer, status: nameOf(answer._tag) });
    default:
      return sendProblem(reply, orderProblem(answer));
  }
}
function orderBody(order) {
  const { id, lines, total, discount, currency, placedAt, changedAt } = order;
  return {
    order: id,
    status: nameOf(standingOf(order)._tag),
    lines,
    total,
    discount: discount?.amount ?? 0,
    currency,
    placedAt,
    changedAt
  };
}

// store/live/secure-random.ts
import { createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { Effect as Effect7 } from "effect";
var NAME_BYTES = 18;
var KEY_BYTES = 32;
var DRAW_LIMIT = 2 ** 48;
var secureIdentifiers = {
  next: (kind) => `${kind}_${randomBytes(NAME_BYTES).toString("base64url")}`
};
var secureCodes = {
  below: (limit) => {
    assert(Number.isSafeInteger(limit) && limit > 0 && limit < DRAW_LIMIT, "a draw has a bound");
    return randomInt(limit);
  }
};
var FORGED = { _tag: "Forged" };
function hmacPassSigner(sale, keys) {
  const [current] = keys;
  assert(current !== void 0, "a signature needs a key");
  for (const key of keys) assert(key.length >= KEY_BYTES, "a key is not shorter than the digest");
  const marked = (text2, key) => createHmac("sha256", key).update(`pass\0${sale}\0${text2}`).digest();
  return {
    sign: (pass) => Effect7.sync(() => {
      const text2 = textOf(pass);
      return `${text2}.${marked(text2, current).toString("base64url")}`;
    }),
    verify: (signed) => Effect7.sync(() => {
      const cut = signed.lastIndexOf(".");
      const text2 = signed.slice(0, Math.max(0, cut));
      const mark = Buffer.from(signed.slice(cut + 1), "base64url");
      const genuine = keys.some((key) => sameBytes(mark, marked(text2, key)));
      const pass = genuine ? passOf(text2) : null;
      return pass === null ? FORGED : { _tag: "Genuine", pass };
    })
  };
}
function sameBytes(given, wanted) {
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
function textOf({ ticket, shopper, until }) {
  return `${ticket}.${until}.${Buffer.from(shopper).toString("base64url")}`;
}
function passOf(text2) {
  const [ticket = "", until = "", shopper = "", ...more] = text2.split(".");
  if (more.length > 0 || shopper === "") return null;
  return {
    ticket: Number(ticket),
    until: Number(until),
    shopper: Buffer.from(shopper, "base64url").toString()
  };
}
function claimedPass(signed) {
  return passOf(signed.slice(0, Math.max(0, signed.lastIndexOf("."))));
}

// store/live/http/routes/queue.ts
var SECOND2 = 1e3;
var POLL_AFTER = { part: 10, min: 2, max: 20 };
var TICKET_PARAMETER = shape({ ticket: { type: "string", pattern: "^\\d{1,12}$" } });
var GUARD = { policy: "shopper", priority: "arriving" };
var NO_ROOM = { status: "inside" };
function queueRoutes(server, desk) {
  joinRoute(server, desk);
  lookRoute(server, desk);
  enterRoute(server, desk);
  leaveRoute(server, desk);
}
function joinRoute(server, desk) {
  const { admission, setup: setup3 } = desk.store;
  server.post(
    "/api/queue",
    {
      config: GUARD,
      schema: {
        summary: "Come to the door",
        description: "In at once where there is room, else to a place; the same one if asked again.",
        response: { 200: PLACE }
      }
    },
    async (request2, reply) => {
      if (admission === null || setup3.room === null) return reply.send(NO_ROOM);
      const { shopper, tier } = identityOf(request2);
      const lane = setup3.room.laneOf[tier];
      const arrive = admission.arrive({ shopper, lane });
      const answer = await desk.change(desk.limited(joinBuckets(desk, request2), arrive));
      if (answer._tag === "TooManyRequests") {
        return sendProblem(reply, problemOfAnswer(answer, 429));
      }
      keepTicket(desk, request2, reply, answer);
      return tellPlace(reply, answer);
    }
  );
}
function joinBuckets(desk, request2) {
  const { limits } = desk;
  if (limits === null) return [];
  const { shopper } = identityOf(request2);
  return [
    { key: `join ${shopper}`, limit: limits.joinsPerShopper, by: "shopper" },
    { key: `join ${networkOf(request2)}`, limit: limits.joinsPerNetwork, by: "network" }
  ];
}
function keepTicket(desk, request2, reply, answer) {
  if (!("ticket" in answer) || desk.session.presented(request2)?.by !== "cookie") return;
  desk.session.keepTicket(reply, answer.ticket);
}
function lookRoute(server, desk) {
  const { admission } = desk.store;
  server.get(
    "/api/queue/:ticket",
    {
      config: GUARD,
      schema: {
        summary: "How far it is",
        params: TICKET_PARAMETER,
        response: { 200: PLACE }
      }
    },
    async (request2, reply) => {
      if (admission === null) return unknownTicket(reply);
      const ticket = Number(request2.params.ticket);
      const { shopper } = identityOf(request2);
      return tellPlace(reply, await desk.change(admission.look({ ticket, shopper })));
    }
  );
}
function enterRoute(server, desk) {
  const { admission } = desk.store;
  server.post(
    "/api/queue/enter",
    {
      config: GUARD,
      schema: {
        summary: "Come in with a pass",
        body: shape({ pass: text(512) }),
        response: { 200: PLACE }
      }
    },
    async (request2, reply) => {
      const { pass } = request2.body;
      const { shopper } = identityOf(request2);
      const own = claimedPass(pass)?.shopper === shopper;
      if (admission === null || !own) return sendProblem(reply, problemOf("PassRefused", 401));
      const answer = await desk.change(admission.enter(pass));
      switch (answer._tag) {
        case "Inside":
          return reply.send({ status: "inside", ticket: answer.ticket });
        case "PassLate":
          return sendProblem(reply, problemOf("PassLate", 410));
        case "NoPlace":
          return unknownTicket(reply);
        case "Forged":
          return sendProblem(reply, problemOf("PassRefused", 401));
      }
    }
  );
}
function leaveRoute(server, desk) {
  const { admission } = desk.store;
  server.delete(
    "/api/queue/:ticket",
    {
      config: GUARD,
      schema: {
        summary: "Give the place up",
        params: TICKET_PARAMETER,
        response: { 204: NOTHING }
      }
    },
    async (request2, reply) => {
      if (admission === null) return unknownTicket(reply);
      const ticket = Number(request2.params.ticket);
      const { shopper } = identityOf(request2);
      const left = await desk.change(admission.leave({ ticket, shopper }));
      return left ? reply.code(204).send() : unknownTicket(reply);
    }
  );
}
function unknownTicket(reply) {
  return sendProblem(reply, problemOf("UnknownTicket", 404));
}
function tellPlace(reply, answer) {
  const place = placeBody(answer);
  return place === null ? unknownTicket(reply) : reply.send(place);
}
function placeBody(answer) {
  switch (answer._tag) {
    case "Waiting": {
      const { ticket, lane, ahead, progress, estimateMillis, opensAt, soldOut } = answer;
      const wait = estimateMillis === null ? null : Math.ceil(estimateMillis / SECOND2);
      return {
        status: "waiting",
        ticket,
        position: ahead === null ? null : ahead + 1,
        ahead,
        progress,
        estimatedWaitSeconds: wait,
        pollAfterSeconds: pollAfterSeconds(wait),
        opensAt,
        soldOut,
        lane
      };
    }
    case "PassGiven": {
      const { ticket, pass, until: passUntil } = answer;
      return { status: "admitted", ticket, pass, passUntil };
    }
    case "Inside":
      return { status: "inside", ticket: answer.ticket };
    case "RoomClosed":
      return { status: "closed", why: answer.why };
    default:
      return null;
  }
}
function pollAfterSeconds(waitSeconds2) {
  const { part, min, max } = POLL_AFTER;
  if (waitSeconds2 === null) return max / 2;
  return Math.max(min, Math.min(max, Math.ceil(waitSeconds2 / part)));
}

// store/live/http/routes/queue-events.ts
import { PassThrough } from "node:stream";
var STREAM_LIMITS = {
  streamsMax: 2e3,
  perShopperMax: 2,
  lookEveryMillis: 2e3,
  quietLooksMax: 4,
  looksMax: 900
};
function queueEventRoutes(server, desk, limits) {
  const streams = new QueueStreams(desk, limits);
  server.addHook("preClose", (done) => {
    streams.endAll();
    done();
  });
  server.get(
    "/api/queue/:ticket/events",
    {
      config: { policy: "shopper", priority: null },
      schema: {
        summary: "The wait as server-sent events",
        description: "Each event is a place as `GET /api/queue/{ticket}` answers it.",
        params: shape({ ticket: { type: "string", pattern: "^\\d{1,12}$" } }),
        response: {
          200: { type: "string", description: "text/event-stream" }
        }
      }
    },
    (request2, reply) => {
      const { shopper } = identityOf(request2);
      const ticket = Number(request2.params.ticket);
      const body = streams.open(ticket, shopper);
      if (body === null) return sendProblem(reply, problemOf("TooManyStreams", 429));
      request2.raw.socket.setTimeout(0);
      reply.raw.on("close", () => body.destroy());
      return reply.type("text/event-stream").send(body);
    }
  );
}
var QueueStreams = class {
  #desk;
  #limits;
  #open = /* @__PURE__ */ new Map();
  #perShopper = /* @__PURE__ */ new Map();
  constructor(desk, limits) {
    this.#desk = desk;
    this.#limits = limits;
  }
  /** A stream of the place, or null where there are too many. */
  open(ticket, shopper) {
    const { streamsMax, perShopperMax, lookEveryMillis } = this.#limits;
    const own = this.#perShopper.get(shopper) ?? 0;
    if (this.#open.size >= streamsMax || own >= perShopperMax) return null;
    const body = new PassThrough();
    const stream = { ticket, shopper, body };
    this.#open.set(body, stream);
    this.#perShopper.set(shopper, own + 1);
    const follow = this.#following(stream);
    const timer = setInterval(follow, lookEveryMillis);
    body.once("close", () => {
      clearInterval(timer);
      this.#forget(stream);
    });
    follow();
    return body;
  }
  endAll() {
    for (const body of this.#open.keys()) body.end();
  }
  /** Looks once and tells what has changed; one look at a time. */
  #following(stream) {
    const { looksMax, quietLooksMax } = this.#limits;
    let said = "";
    let quiet = 0;
    let looks = 0;
    let looking = false;
    return () => {
      if (looking || stream.body.writableEnded) return;
      looking = true;
      looks += 1;
      this.#look(stream).then((place) => {
        const event = place === null ? "event: gone\ndata: {}\n\n" : eventOf(place);
        quiet = event === said ? quiet + 1 : 0;
        if (event !== said) stream.body.write(event);
        else if (quiet % quietLooksMax === 0) stream.body.write(": still here\n\n");
        said = event;
        if (place?.status !== "waiting" || looks >= looksMax) stream.body.end();
      }).catch(() => stream.body.end()).finally(() => {
        looking = false;
      });
    };
  }
  async #look({ ticket, shopper }) {
    const { admission } = this.#desk.store;
    if (admission === null) return null;
    return placeBody(await this.#desk.change(admission.look({ ticket, shopper })));
  }
  #forget({ shopper, body }) {
    if (!this.#open.delete(body)) return;
    const left = (this.#perShopper.get(shopper) ?? 1) - 1;
    if (left > 0) this.#perShopper.set(shopper, left);
    else this.#perShopper.delete(shopper);
  }
};
function eventOf(place) {
  return `event: place
data: ${JSON.stringify(place)}

`;
}

// store/live/http/routes/sale.ts
var SALE = shape({
  name: TEXT,
  currency: TEXT,
  now: TIME,
  phase: oneOf("scheduled", "early-access", "public", "closed"),
  nextPhaseAt: { ...TIME, type: ["integer", "null"] },
  earlyAccessAt: TIME,
  publicAt: TIME,
  closesAt: TIME,
  waitingRoom: FLAG
});
function saleRoutes(server, desk) {
  const { setup: setup3, settings, admission } = desk.store;
  const currency = setup3.catalog.listings[0]?.currency ?? "USD";
  server.get(
    "/api/sale",
    {
      config: { policy: "public", priority: "arriving" },
      schema: { summary: "The sale and its phase", response: { 200: SALE } }
    },
    (_request, reply) => {
      const now = desk.now();
      const { sale } = settings;
      reply.send({
        name: setup3.name,
        currency,
        now,
        phase: phaseAt(sale, now),
        nextPhaseAt: nextPhaseAt(sale, now),
        earlyAccessAt: sale.earlyAccessAt,
        publicAt: sale.publicAt,
        closesAt: sale.closesAt,
        waitingRoom: admission !== null
      });
    }
  );
}

// store/live/http/routes/shoppers.ts
var SHOPPER = shape({
  shopper: NAME,
  token: TEXT,
  until: TIME,
  tier: oneOf("regular", "loyal", "vip"),
  invited: FLAG
});
function shopperRoutes(server, desk) {
  server.post(
    "/api/shoppers",
    {
      config: { policy: "public", priority: "arriving" },
      schema: {
        summary: "Become a shopper",
        description: "The token goes into `Authorization: Bearer` of every other request.",
        body: { ...shape({ invitation: text(512) }, "invitation"), type: ["object", "null"] },
        response: { 201: SHOPPER }
      }
    },
    async (request2, reply) => {
      const made = await newShopper(desk, request2.body?.invitation, networkOf(request2));
      if (made._tag === "TooManyRequests") return sendProblem(reply, problemOfAnswer(made, 429));
      if (made._tag === "InvitationRefused") {
        return sendProblem(reply, problemOf("InvitationRefused", 403));
      }
      const { identity } = made;
      const { token, until } = desk.session.tokenOf(identity, desk.now());
      reply.code(201);
      return { ...identity, token, until };
    }
  );
}
async function newShopper(desk, invitation, network) {
  const limit = desk.limits?.newShoppersPerNetwork;
  if (limit !== void 0) {
    const bucket = { key: `arrival ${network}`, limit, by: "network" };
    const refused2 = await desk.ask(desk.refusal([bucket]));
    if (refused2 !== null) return refused2;
  }
  if (invitation === void 0) {
    const shopper = desk.store.ports.identifiers.next("shopper");
    return { _tag: "Made", identity: { shopper, tier: "regular", invited: false } };
  }
  const read = desk.tokens.readInvitation(invitation, desk.now());
  if (read._tag !== "Invited") return { _tag: "InvitationRefused" };
  return { _tag: "Made", identity: desk.tokens.guestOf(read.invitation) };
}

// store/live/http/routes/webhooks.ts
var DELIVERY_BYTES_MAX = 64 * 1024;
async function webhookRoutes(server, { stripe }) {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    (_request, body, done) => done(null, body)
  );
  server.post(
    "/api/webhooks/stripe",
    {
      bodyLimit: DELIVERY_BYTES_MAX,
      config: { policy: "gateway", priority: "payment" },
      schema: {
        summary: "Deliveries of Stripe",
        response: { 200: shape({ taken: FLAG }) }
      }
    },
    async ({ body, headers }, reply) => {
      const answer = await stripe({ body, headers });
      if (answer._tag === "Refused") return sendProblem(reply, problemOf("BadRequest", 400));
      return reply.send({ taken: true });
    }
  );
}

// store/live/http/api-routes.ts
function apiRoutes(server, desk, streams, stripe) {
  shopperRoutes(server, desk);
  saleRoutes(server, desk);
  catalogRoutes(server, desk);
  queueRoutes(server, desk);
  queueEventRoutes(server, desk, streams);
  cartRoutes(server, desk);
  checkoutRoutes(server, desk);
  orderRoutes(server, desk);
  offerRoutes(server, desk);
  feedbackRoutes(server, desk);
  healthRoutes(server, desk);
  if (stripe !== void 0) server.register(webhookRoutes, { stripe });
}

// store/live/http/failures.ts
import { STATUS_CODES } from "node:http";

// store/ports/port-unavailable.ts
import { Data } from "effect";
var PortUnavailable = class extends Data.TaggedError("PortUnavailable") {
  get message() {
    return `${this.port} cannot answer: ${this.reason}`;
  }
};

// store/live/http/failures.ts
var KINDS = /* @__PURE__ */ new Map([
  [400, "BadRequest"],
  [404, "NotFound"],
  [408, "RequestTimeout"],
  [413, "BodyTooLarge"],
  [415, "UnsupportedMediaType"],
  [431, "HeadersTooLarge"]
]);
function answerProblems(server, declared) {
  server.setErrorHandler((error, request2, reply) => {
    sendProblem(reply, problemOfError(error, request2));
  });
  server.setNotFoundHandler((request2, reply) => {
    const [path = ""] = request2.url.split("?", 1);
    const allow = methodsOf(declared, path);
    if (allow.length === 0) return sendProblem(reply, problemOf("NotFound", 404));
    reply.header("allow", allow.join(", "));
    return sendProblem(reply, problemOf("MethodNotAllowed", 405, { allow }));
  });
}
function problemOfError(error, request2) {
  if (error instanceof PortUnavailable) {
    request2.log.error({ err: error }, "a port cannot answer");
    return problemOf("Unavailable", 503);
  }
  const { statusCode = 500, validation, validationContext } = error;
  if (validation !== void 0) {
    const noKey = validationContext === "headers";
    return problemOf(noKey ? "KeyRequired" : "BadRequest", 400, { detail: error.message });
  }
  if (statusCode >= 400 && statusCode < 500) return problemOfStatus(statusCode);
  request2.log.error({ err: error }, "a request failed");
  return problemOf("ServerError", 500);
}
function problemOfStatus(status) {
  return problemOf(KINDS.get(status) ?? "BadRequest", status);
}
function sendFrameworkProblem(error, reply) {
  sendProblem(reply, problemOfStatus(error.statusCode === 404 ? 404 : 400));
}
function methodsOf(declared, path) {
  const parts = path.split("/");
  const fits = declared.filter(({ url }) => isPathOf(url.split("/"), parts));
  return [...new Set(fits.map(({ method }) => method))].sort();
}
function isPathOf(pattern, parts) {
  if (pattern.length !== parts.length) return false;
  return pattern.every((part, place) => part === parts[place] || isParameter(part, parts[place]));
}
function isParameter(part, value) {
  return part.startsWith(":") && value !== "";
}
var CONNECTION_STATUS = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408
};
function refuseConnection(error, socket, headers) {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CONNECTION_STATUS[error.code ?? ""] ?? 400;
  const body = JSON.stringify(problemOfStatus(status));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close"
  ];
  socket.end(`${lines.join("\r\n")}\r
\r
${body}`);
}

// store/live/http/http-limits.ts
var HTTP_LIMITS = {
  newShoppersPerNetwork: { tokens: 50, everyMillis: 1e3, burst: 1e3 },
  joinsPerShopper: { tokens: 1, everyMillis: 1e3, burst: 20 },
  joinsPerNetwork: { tokens: 100, everyMillis: 1e3, burst: 2e3 },
  codesPerShopper: { tokens: 1, everyMillis: 2e3, burst: 20 },
  searchesPerNetwork: { tokens: 50, everyMillis: 1e3, burst: 500 },
  questionsPerShopper: { tokens: 1, everyMillis: 1e3, burst: 20 }
};
var BODY_BYTES_MAX = 16 * 1024;
var HEADER_BYTES_MAX = 8 * 1024;
var REQUEST_MILLIS_MAX = 1e4;
var CONNECTION_SILENT_MILLIS_MAX = 1e4;
var CONNECTIONS_CHECKED_EVERY_MILLIS = 1e3;
var KEEP_ALIVE_MILLIS = 5e3;
var PARAMETER_LENGTH_MAX = 200;
var CONNECTIONS_MAX = 2e4;

// store/live/http/openapi.ts
import swagger from "@fastify/swagger";
var BEARER = "shopper";
function describeApi(server, version) {
  server.addSchema(PROBLEM);
  server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Store",
        version,
        description: "Money is whole minor units of the currency beside it; times are milliseconds since 1970. What was not done is told as a problem of RFC 9457."
      },
      components: { securitySchemes: { [BEARER]: { type: "http", scheme: "bearer" } } }
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, place) => nameIn(json, place) },
    transform: ({ schema, url, route }) => {
      const secured = route.config?.policy === "shopper" ? { security: [{ [BEARER]: [] }] } : null;
      const response = { ...schema?.response, ...PROBLEM_RESPONSES };
      return { schema: { ...schema, ...secured, response }, url };
    }
  });
  server.register(async (scope) => {
    scope.get(
      "/openapi.json",
      {
        config: { policy: "public", priority: "unknown" },
        schema: { summary: "This description", hide: true }
      },
      (_request, reply) => {
        reply.header("cache-control", "public, max-age=300");
        return reply.type("application/json").send(JSON.stringify(scope.swagger()));
      }
    );
  });
}
function nameIn(json, place) {
  return typeof json.$id === "string" ? json.$id : `Schema${place}`;
}

// store/live/http/route-policy.ts
var ROUTE_POLICIES = ["public", "shopper", "gateway", "admin", "operator"];
function enforcePolicies(server, guards) {
  const declared = [];
  server.addHook("onRoute", (route) => {
    const { method, url, schema, config } = route;
    const policy = config?.policy;
    if (policy === void 0 || !ROUTE_POLICIES.includes(policy)) {
      throw new Error(
        `the route ${method} ${url} declares no policy: set config.policy to one of ` + ROUTE_POLICIES.join(", ")
      );
    }
    route.onRequest = [...guards[policy], ...handlersOf(route.onRequest)];
    for (const each of [method].flat()) declared.push({ method: each, url, policy, schema });
  });
  return declared;
}
function handlersOf(hooks) {
  if (hooks === void 0) return [];
  return [hooks].flat();
}

// store/live/http/security-headers.ts
var CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'"
].join("; ");
function securityHeaders(contentSecurityPolicy = CONTENT_SECURITY_POLICY) {
  return [
    ["strict-transport-security", "max-age=63072000; includeSubDomains"],
    ["content-security-policy", contentSecurityPolicy],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    // With `no-referrer` a browser would name no origin with the shop's own forms either.
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
    ["cache-control", "no-store"]
  ];
}

// store/live/http/shopper-session.ts
import { fastifyCookie } from "@fastify/cookie";
var DAY = 864e5;
var TOKEN_MILLIS = 60 * DAY;
var TICKET_HEADER = "queue-ticket";
var BEARER2 = "Bearer ";
var TICKET_DIGITS_MAX = 12;
var ShopperSession = class {
  #tokens;
  #secure;
  #shopperCookie;
  #ticketCookie;
  /** `secure` where shoppers come over https, as they do in any shop that is open to the world. */
  constructor({ tokens, secure }) {
    this.#tokens = tokens;
    this.#secure = secure;
    const prefix = secure ? "__Host-" : "";
    this.#shopperCookie = `${prefix}shopper`;
    this.#ticketCookie = `${prefix}ticket`;
  }
  /** The token that a request brings, or null. A header goes before a cookie. */
  presented({ headers }) {
    const { authorization, cookie } = headers;
    if (authorization !== void 0) {
      if (!authorization.startsWith(BEARER2)) return null;
      return { token: authorization.slice(BEARER2.length), by: "bearer" };
    }
    if (cookie === void 0) return null;
    const token = fastifyCookie.parse(cookie)[this.#shopperCookie];
    return token === void 0 ? null : { token, by: "cookie" };
  }
  /** The place that a request says its shopper has, or null. */
  ticketOf({ headers }) {
    const named = headers[TICKET_HEADER];
    if (typeof named === "string") return ticketIn(named);
    const { cookie } = headers;
    return cookie === void 0 ? null : ticketIn(fastifyCookie.parse(cookie)[this.#ticketCookie]);
  }
  /** A token of the shopper from now on. */
  tokenOf(identity, now) {
    const until = now + TOKEN_MILLIS;
    return { token: this.#tokens.sign(identity, until), until };
  }
  /** Makes the browser keep the shopper's token, out of reach of any script. */
  keepShopper(reply, token) {
    this.#keep(reply, this.#shopperCookie, token);
  }
  keepTicket(reply, ticket) {
    this.#keep(reply, this.#ticketCookie, String(ticket));
  }
  #keep(reply, name, value) {
    const cookie = fastifyCookie.serialize(name, value, {
      path: "/",
      httpOnly: true,
      secure: this.#secure,
      sameSite: "lax",
      maxAge: TOKEN_MILLIS / 1e3
    });
    reply.header("set-cookie", cookie);
  }
};
function ticketIn(text2) {
  if (text2 === void 0 || text2.length > TICKET_DIGITS_MAX || !/^\d+$/.test(text2)) return null;
  return Number(text2);
}

// store/live/http/shopper-token.ts
import { createHmac as createHmac2, createSecretKey, timingSafeEqual as timingSafeEqual2 } from "node:crypto";

// store/core/tier.ts
var TIERS = ["regular", "loyal", "vip"];

// store/live/http/shopper-token.ts
var FORGED2 = { _tag: "Forged" };
var EXPIRED = { _tag: "Expired" };
var NAME_BYTES2 = 18;
var TOKEN_LENGTH_MAX = 512;
var REMEMBERED_MAX = 1e4;
var ShopperTokens = class {
  #sale;
  #keys;
  #remembered = /* @__PURE__ */ new Map();
  /** `keys` of 32 bytes or more: the first signs, the others are still believed. */
  constructor(sale, keys) {
    assert(keys.length > 0, "a signature needs a key");
    for (const key of keys) assert(key.length >= KEY_BYTES, "a key is as long as the digest");
    this.#sale = sale;
    this.#keys = keys.map((key) => createSecretKey(key));
  }
  /** The shopper of an invitation: the same one however often it is followed. */
  guestOf({ guest, tier, invited }) {
    const name = this.#mark(this.#oldest, "guest", guest).subarray(0, NAME_BYTES2);
    return { shopper: `shopper_${name.toString("base64url")}`, tier, invited };
  }
  /** The token of a shopper until a time, epoch milliseconds. */
  sign({ shopper, tier, invited }, until) {
    return this.#sealed("shopper", { until, tier, invited, name: shopper });
  }
  signInvitation({ guest, tier, invited }, until) {
    return this.#sealed("invitation", { until, tier, invited, name: guest });
  }
  identify(token, now) {
    const remembered = this.#remembered.get(token);
    if (remembered !== void 0) return now < remembered.until ? remembered.known : EXPIRED;
    const opened = this.#opened("shopper", token);
    if (opened === null) return FORGED2;
    const { name: shopper, tier, invited, until } = opened;
    const known = { _tag: "Known", identity: { shopper, tier, invited } };
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered = /* @__PURE__ */ new Map();
    this.#remembered.set(token, { known, until });
    return now < until ? known : EXPIRED;
  }
  readInvitation(token, now) {
    const opened = this.#opened("invitation", token);
    if (opened === null) return FORGED2;
    const { name: guest, tier, invited, until } = opened;
    return now < until ? { _tag: "Invited", invitation: { guest, tier, invited } } : EXPIRED;
  }
  /**
   * A mark by which a person is known again, from a text that nobody can read back out of it. It
   * stays the same while keys are added in front of the last one.
   */
  personMark(of, text2) {
    return `${of}-${this.#mark(this.#oldest, `person ${of}`, text2).toString("base64url")}`;
  }
  /** What has to stay the same when a new key signs. */
  get #oldest() {
    return this.#keys[this.#keys.length - 1];
  }
  #sealed(kind, { until, tier, invited, name }) {
    const rank = `${TIERS.indexOf(tier)}${invited ? 1 : 0}`;
    const text2 = `${until.toString(36)}.${rank}.${Buffer.from(name).toString("base64url")}`;
    return `${text2}.${this.#mark(this.#keys[0], kind, text2).toString("base64url")}`;
  }
  #opened(kind, token) {
    if (token.length > TOKEN_LENGTH_MAX) return null;
    const cut = token.lastIndexOf(".");
    const text2 = token.slice(0, Math.max(0, cut));
    const mark = token.slice(cut + 1);
    const genuine = this.#keys.some((key) => isSame(mark, this.#mark(key, kind, text2)));
    if (!genuine) return null;
    const [until, rank, name] = text2.split(".");
    return {
      until: Number.parseInt(until, 36),
      tier: TIERS[Number(rank[0])],
      invited: rank[1] === "1",
      name: Buffer.from(name, "base64url").toString()
    };
  }
  #mark(key, kind, text2) {
    return createHmac2("sha256", key).update(`${kind}\0${this.#sale}\0${text2}`).digest();
  }
};
function isSame(given, wanted) {
  const text2 = Buffer.from(wanted.toString("base64url"));
  const other = Buffer.from(given);
  return other.length === text2.length && timingSafeEqual2(other, text2);
}

// store/live/http/server.ts
function buildServer(options) {
  const headers = securityHeaders(options.contentSecurityPolicy);
  const server = fastify(serverOptions(options, headers));
  server.server.maxConnections = CONNECTIONS_MAX;
  const desk = deskOf(options);
  server.removeContentTypeParser("text/plain");
  server.decorateRequest("identity", null);
  server.decorate("desk", desk);
  server.decorate("problemPage", options.problemPage ?? null);
  server.decorate("securityHeaders", headers);
  const declared = enforcePolicies(server, guardsOf(desk, options.guards));
  server.decorate("declaredRoutes", declared);
  takeRequests(server, desk, headers);
  answerProblems(server, declared);
  describeApi(server, options.version);
  server.register(async (api) => {
    apiRoutes(api, desk, options.streams ?? STREAM_LIMITS, options.stripeWebhook);
  });
  return server;
}
function serverOptions({ trustProxy, logger }, headers) {
  return {
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MILLIS_MAX,
    connectionTimeout: CONNECTION_SILENT_MILLIS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: CONNECTIONS_CHECKED_EVERY_MILLIS
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    trustProxy: trustProxy === void 0 ? false : [...trustProxy],
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    ...logger === void 0 ? { logger: false } : { loggerInstance: logger },
    ajv: {
      // Nothing is dropped or turned into something else: what is not as declared is refused.
      customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true }
    },
    frameworkErrors: (error, _request, reply) => {
      for (const [name, value] of headers) reply.header(name, value);
      sendFrameworkProblem(error, reply);
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, headers)
  };
}
function deskOf(options) {
  const { store, identityKeys, secure, limits = HTTP_LIMITS } = options;
  const tokens = new ShopperTokens(store.setup.name, identityKeys);
  const session = new ShopperSession({ tokens, secure });
  const overload = new Overload(options.overload ?? OVERLOAD_LIMITS);
  const clock = options.clock ?? Clock.make();
  return new HttpDesk({ store, clock, tokens, session, overload, limits });
}
function takeRequests(server, desk, headers) {
  const { overload } = desk;
  server.addHook("onListen", (done) => {
    overload.start();
    done();
  });
  server.addHook("onClose", (_server, done) => {
    overload.stop();
    done();
  });
  server.addHook("onRequest", (request2, reply, done) => {
    for (const [name, value] of headers) reply.header(name, value);
    const { policy, priority } = request2.routeOptions.config;
    if (priority === null || policy === "admin" || policy === "operator") return done();
    const wait = overload.take(priority ?? "browsing", reply);
    if (wait === null) return done();
    sendProblem(reply, problemOf("Overloaded", 503, { retryAfterSeconds: wait }));
  });
}

// store/live/live-store.ts
import { Effect as Effect13 } from "effect";

// store/service/admit.ts
import { Effect as Effect8 } from "effect";

// store/ports/pass-signer.ts
import { Context } from "effect";
var PassSigner = class extends Context.Tag("store/PassSigner")() {
};

// store/ports/sale-log.ts
import { Context as Context2 } from "effect";
var SaleLog = class extends Context2.Tag("store/SaleLog")() {
};

// store/ports/ticket-queue.ts
import { Context as Context3 } from "effect";
var TicketQueue = class extends Context3.Tag("store/TicketQueue")() {
};

// store/service/admit.ts
var TICKETS_PER_STEP = 1e3;
var STEPS_MAX2 = 1e3;
var admissionPorts = Effect8.all({ tickets: TicketQueue, passes: PassSigner, saleLog: SaleLog });
function makeAdmission(ports) {
  const { tickets } = ports;
  return {
    openDoor: (door) => new Program((clock) => borrowing(ports, door, clock)),
    arrive: (request2) => new Program((clock) => arriving(ports, request2, clock)),
    look: (holder) => new Program(function* (clock) {
      const now = clock.unsafeCurrentTimeMillis();
      return yield* withPass(ports, yield* tickets.look({ ...holder, now }));
    }),
    enter: (pass) => new Program((clock) => entering(ports, pass, clock)),
    renew: ({ ticket, shopper }) => new Program(function* (clock) {
      return yield* tickets.renew({ ticket, shopper, now: clock.unsafeCurrentTimeMillis() });
    }),
    renewAll: (seen) => new Program(function* () {
      yield* tickets.renewAll(seen);
    }),
    leave: (holder) => new Program(function* (clock) {
      const now = clock.unsafeCurrentTimeMillis();
      const ended = yield* tickets.leave({ ...holder, now });
      if (ended?.wasInside === false) yield* logEnd(ports, ended, now);
      return ended !== null;
    }),
    admitDue: (health) => new Program((clock) => admitting(ports, health, clock)),
    expireDue: new Program((clock) => expiring(ports, clock)),
    tell: (left) => new Program(function* () {
      yield* tickets.tell(left);
    })
  };
}
function* borrowing({ tickets, saleLog }, door, clock) {
  const now = clock.unsafeCurrentTimeMillis();
  const { used } = door;
  const places = yield* tickets.lend({ now, used, inside: door.inside(now) });
  door.borrow(places);
  if (used > 0) yield* saleLog.append({ kind: "DoorPassed", at: now, shoppers: used });
}
function* arriving({ tickets, passes, saleLog }, { shopper, lane }, clock) {
  const now = clock.unsafeCurrentTimeMillis();
  const answer = yield* tickets.join({ shopper, lane, now });
  if (answer._tag === "Inside" && answer.entered) {
    yield* saleLog.append({ kind: "WalkedIn", at: now, ticket: answer.ticket, shopper, lane });
    return answer;
  }
  if (answer._tag === "Waiting" && answer.taken) {
    yield* saleLog.append({ kind: "TicketTaken", at: now, ticket: answer.ticket, shopper, lane });
    return answer;
  }
  if (answer._tag !== "Admitted") return answer;
  const { ticket, until } = answer;
  const pass = yield* passes.sign({ ticket, shopper, until });
  return { _tag: "PassGiven", ticket, pass, until };
}
function* withPass({ passes }, answer) {
  if (answer._tag !== "Admitted") return answer;
  const { ticket, shopper, until } = answer;
  const pass = yield* passes.sign({ ticket, shopper, until });
  return { _tag: "PassGiven", ticket, pass, until };
}
function* entering({ tickets, passes }, signed, clock) {
  const verdict = yield* passes.verify(signed);
  if (verdict._tag === "Forged") return verdict;
  const { ticket, shopper } = verdict.pass;
  return yield* tickets.redeem({ ticket, shopper, now: clock.unsafeCurrentTimeMillis() });
}
function* admitting({ tickets, saleLog }, health, clock) {
  const now = clock.unsafeCurrentTimeMillis();
  const admitted = [];
  yield* tickets.report({ now, health });
  for (let step = 0; step < STEPS_MAX2; step += 1) {
    const round = yield* tickets.admit({ now, limit: TICKETS_PER_STEP });
    for (const { lane, tickets: drawn } of round.lots) {
      yield* saleLog.append({ kind: "LotDrawn", at: now, lane, tickets: drawn });
    }
    for (const { ticket, shopper, lane, waitedMillis, estimatedMillis, steady } of round.admitted) {
      const score = { waitedMillis, estimatedMillis, steady };
      yield* saleLog.append({ kind: "TicketAdmitted", at: now, ticket, shopper, lane, ...score });
    }
    admitted.push(...round.admitted);
    if (round.admitted.length < TICKETS_PER_STEP) break;
  }
  return admitted;
}
function* expiring(ports, clock) {
  const now = clock.unsafeCurrentTimeMillis();
  const all = [];
  for (let step = 0; step < STEPS_MAX2; step += 1) {
    const { ended, more } = yield* ports.tickets.expire({ now, limit: TICKETS_PER_STEP });
    for (const place of ended) {
      if (place.wasInside) continue;
      yield* logEnd(ports, place, now);
      all.push(place);
    }
    if (!more) break;
  }
  return all;
}
function* logEnd({ saleLog }, { ticket, shopper, lane, why }, at) {
  yield* saleLog.append({ kind: "TicketEnded", at, ticket, shopper, lane, why });
}

// store/core/circuit-breaker.ts
import { setup } from "xstate";

// store/core/transition-table.ts
function transitionTable(machine) {
  const ways = /* @__PURE__ */ new Map();
  const final = /* @__PURE__ */ new Set();
  const duties = /* @__PURE__ */ new Map();
  for (const [name, node] of Object.entries(machine.states)) {
    const state = name;
    const fromState = /* @__PURE__ */ new Map();
    for (const [event, transitions] of node.transitions) {
      const out = transitions.map((transition) => ({
        guard: transition.guard ?? null,
        target: transition.target?.[0]?.key ?? name
      }));
      fromState.set(event, out);
    }
    ways.set(state, fromState);
    duties.set(state, node.entry.map(String));
    if (node.type === "final") final.add(state);
  }
  return { states: [...ways.keys()], ways, final, duties };
}

// store/core/circuit-breaker.ts
var GUARDS = {
  waitedLong: (event) => event.type === "ask" && event.waitedLong,
  limitReached: (event) => event.type === "fail" && event.limitReached
};
var breakerMachine = setup({
  types: { events: {} },
  guards: {
    waitedLong: ({ event }) => GUARDS.waitedLong(event),
    limitReached: ({ event }) => GUARDS.limitReached(event)
  }
}).createMachine({
  id: "circuitBreaker",
  initial: "closed",
  states: {
    closed: { on: { fail: { guard: "limitReached", target: "open" } } },
    /** Answers that arrive now belong to calls begun before it opened; they change nothing. */
    open: { on: { ask: { guard: "waitedLong", target: "halfOpen" } } },
    halfOpen: {
      on: {
        succeed: "closed",
        fail: "open",
        /** The trial never came back, for example because its process died: somebody else tries. */
        ask: { guard: "waitedLong", target: "halfOpen", reenter: true }
      }
    }
  }
});
var TABLE = transitionTable(breakerMachine);
var BREAKER_STATES = TABLE.states;
function nextBreakerState(state, event) {
  for (const way of TABLE.ways.get(state)?.get(event.type) ?? []) {
    if (way.guard === null || GUARDS[way.guard](event)) return way.target;
  }
  return null;
}
function closedBreaker() {
  return { state: "closed", failuresInARow: 0, since: 0 };
}
function mayCall(breaker, limits, now) {
  if (breaker.state === "closed") return true;
  const waitedLong = now - breaker.since >= limits.openForMillis;
  const next = nextBreakerState(breaker.state, { type: "ask", waitedLong });
  if (next === null) return false;
  assert(next === "halfOpen", "a breaker that is not closed gives nothing but a trial");
  breaker.state = next;
  breaker.since = now;
  return true;
}
function noteAnswer(breaker) {
  if (breaker.state === "open") return;
  breaker.failuresInARow = 0;
  breaker.state = nextBreakerState(breaker.state, { type: "succeed" }) ?? breaker.state;
  assert(breaker.state === "closed", "an answer closes a breaker that let the call pass");
}
function noteFailure(breaker, limits, now) {
  assert(limits.failures >= 1, "a breaker opens after one failure or more");
  if (breaker.state === "open") return;
  breaker.failuresInARow += 1;
  const limitReached = breaker.failuresInARow >= limits.failures;
  const next = nextBreakerState(breaker.state, { type: "fail", limitReached });
  if (next === null) return;
  assert(next === "open", "a failure leads nowhere but to the open state");
  breaker.state = next;
  breaker.since = now;
}

// store/core/order.machine.ts
import { setup as setup2 } from "xstate";
var GUARDS2 = {
  mayAskAgain: (event) => event.type === "findNothing" && event.mayAskAgain && event.holdLive,
  holdLapsed: (event) => event.type === "findNothing" && !event.holdLive,
  unitsSold: (event) => event.type === "settle" && event.unitsSold
};
var doneByTheService = () => {
};
var orderMachine = setup2({
  types: { events: {} },
  guards: {
    mayAskAgain: ({ event }) => GUARDS2.mayAskAgain(event),
    holdLapsed: ({ event }) => GUARDS2.holdLapsed(event),
    unitsSold: ({ event }) => GUARDS2.unitsSold(event)
  },
  actions: {
    takeHold: doneByTheService,
    charge: doneByTheService,
    lookUpCharge: doneByTheService,
    sellHold: doneByTheService,
    returnCharge: doneByTheService,
    releaseHold: doneByTheService
  }
}).createMachine({
  id: "order",
  initial: "placed",
  states: {
    placed: {
      entry: "takeHold",
      on: { ask: "authorising", refuse: "cancelled", lapse: "expired" }
    },
    authorising: {
      entry: "charge",
      on: {
        approve: "authorised",
        decline: "declined",
        loseAnswer: "inDoubt",
        findNothing: [
          { guard: "mayAskAgain", target: "authorising", reenter: true },
          { guard: "holdLapsed", target: "expired" },
          { target: "cancelled" }
        ]
      }
    },
    inDoubt: {
      entry: "lookUpCharge",
      on: {
        approve: "authorised",
        decline: "declined",
        findNothing: [
          { guard: "mayAskAgain", target: "authorising" },
          { guard: "holdLapsed", target: "expired" },
          { target: "cancelled" }
        ]
      }
    },
    /** The charge was captured; what is left is to hand the units over. */
    authorised: {
      entry: "sellHold",
      on: { settle: [{ guard: "unitsSold", target: "confirmed" }, { target: "refunding" }] }
    },
    refunding: { entry: "returnCharge", on: { refund: "refunded" } },
    confirmed: { type: "final" },
    declined: { type: "final", entry: "releaseHold" },
    cancelled: { type: "final", entry: "releaseHold" },
    expired: { type: "final", entry: "releaseHold" },
    refunded: { type: "final", entry: "releaseHold" }
  }
});
var TABLE2 = transitionTable(orderMachine);
var ORDER_STATES = TABLE2.states;
function nextOrderState(state, event) {
  const ways = TABLE2.ways.get(state)?.get(event.type);
  if (ways === void 0) return null;
  for (const way of ways) {
    if (way.guard === null || GUARDS2[way.guard](event)) return way.target;
  }
  return null;
}
function isFinal(state) {
  return TABLE2.final.has(state);
}
function dutyOf(state) {
  return TABLE2.duties.get(state)?.[0] ?? null;
}

// store/core/stock-lines.ts
var HOLD_LINES_MAX = 256;
function summedPerSku(lines) {
  assert(lines.length > 0 && lines.length <= HOLD_LINES_MAX, "a hold has 1 to 256 lines");
  const sums = [];
  for (const line of lines) {
    assertWhole(line.units);
    const sum = sums.find((other) => other.sku === line.sku);
    if (sum === void 0) sums.push({ sku: line.sku, units: line.units });
    else sum.units += line.units;
  }
  return sums;
}
function assertWhole(units) {
  assert(Number.isSafeInteger(units) && units > 0, "units are whole and above zero");
}
function sameUnits(one, other) {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    const line = one[index];
    if (isSame2(line, other[index])) continue;
    if (!other.some((match) => isSame2(line, match))) return false;
  }
  return true;
}
function isSame2(one, other) {
  return one.sku === other.sku && one.units === other.units;
}

// store/core/promotion.ts
var CODES_PER_ORDER_MAX = 4;
var BASIS = 1e4;
function isInSegment(segment, facts, settings) {
  switch (segment) {
    case "everyone":
      return true;
    case "loyal":
      return facts.tier !== "regular";
    case "vip":
      return facts.tier === "vip";
    case "cart-abandoner":
      return facts.leavesCart;
    case "high-intent":
      return facts.productViews >= settings.highIntentViews;
  }
}
function discountOf(discount, total) {
  assert(Number.isSafeInteger(total) && total >= 0, "a total is whole minor units");
  if (discount.kind === "amount") return discount.minor;
  return Number(BigInt(total) * BigInt(discount.basisPoints) / BigInt(BASIS));
}
function discountLines(request2) {
  const { lines, floors, codes } = request2;
  assert(
    codes.length > 0 && floors.length === lines.length,
    "a discount has a code, a line a floor"
  );
  const stacked = stackingProblem(codes);
  if (stacked !== null) return stacked;
  const total = totalOf(lines);
  const taken = [];
  let left = total;
  for (const { code, offer: offer2 } of codes) {
    const amount2 = discountOf(offer2.discount, left);
    const floor = Math.max(offer2.floor, 1);
    if (left - amount2 < floor) return { _tag: "BelowFloor", code, sku: null, floor };
    left -= amount2;
    taken.push({ code, offer: offer2.offer, amount: amount2 });
  }
  for (const { code, offer: offer2 } of codes) {
    if (left < offer2.floor) return { _tag: "BelowFloor", code, sku: null, floor: offer2.floor };
  }
  const amount = total - left;
  const perLine = dividedOver(lines, amount);
  for (const [index, line] of lines.entries()) {
    const least = (floors[index] ?? 0) * line.units;
    if (line.units * line.unitPrice - (perLine[index] ?? 0) < least) {
      return { _tag: "BelowFloor", code: codes[0]?.code ?? "", sku: line.sku, floor: least };
    }
  }
  return { _tag: "OrderDiscount", amount, codes: taken, lines: perLine };
}
function stackingProblem(codes) {
  for (const [index, { code, offer: offer2 }] of codes.entries()) {
    const again = codes.findIndex((other) => other.code === code) < index;
    const alone = codes.length > 1 && !offer2.stacks;
    if (again || alone || index >= CODES_PER_ORDER_MAX) return { _tag: "NotStackable", code };
  }
  return null;
}
function dividedOver(lines, amount) {
  const weights = lines.map(({ units, unitPrice: unitPrice2 }) => units * unitPrice2);
  return allocate({ minor: amount, currency: "XXX" }, weights).map(({ minor }) => minor);
}

// store/service/settlement.ts
import { Effect as Effect9 } from "effect";

// store/service/order-codes.ts
var CLAIMED = { _tag: "Claimed" };
function* claimCodes(ports, order, now) {
  const { id, shopper, discount } = order;
  if (discount === null) return CLAIMED;
  const { codes } = discount;
  const answer = yield* ports.promotions.claim({ order: id, shopper, codes, now });
  if (answer._tag !== "Claimed") return answer;
  const of = { kind: "CodeClaimed", at: now, order: id, shopper };
  for (const code of codes) yield* ports.saleLog.append({ ...of, ...code });
  return answer;
}
function* endCodes(ports, of, now) {
  const { promotions, saleLog } = ports;
  const ended = yield* of.sold ? promotions.redeem(of.order) : promotions.release(of.order);
  if (ended._tag === "NoClaim") return;
  const kind = of.sold ? "CodeRedeemed" : "CodeReleased";
  const { shopper } = ended;
  for (const code of ended.codes) {
    yield* saleLog.append({ kind, at: now, order: of.order, shopper, ...code });
  }
}

// store/service/order-steps.ts
import { Data as Data2 } from "effect";
var OrderMoved = class extends Data2.TaggedError("OrderMoved") {
};
function untilMoved(steps) {
  return failedAsAnswer(steps, isOrderMoved);
}
function isOrderMoved(step) {
  return step instanceof OrderMoved;
}
function changeBy(order, event, details) {
  const to = nextOrderState(order.state, event);
  assert(to !== null, `an order that is ${order.state} knows the event ${event.type}`);
  const change = {
    order: order.id,
    from: order.state,
    to,
    revision: order.revision,
    at: details.at
  };
  if (order.epoch !== null) change.held = { epoch: order.epoch, until: order.holdUntil };
  if (details.gateway !== void 0) change.gateway = details.gateway;
  if (details.charge !== void 0) change.charge = details.charge;
  if (details.payment !== void 0) change.payment = details.payment;
  if (details.answer !== void 0) change.answer = details.answer;
  return change;
}
function* takeStep(ports, order, event, details) {
  const answer = yield* ports.orders.append(changeBy(order, event, details));
  assert(answer._tag !== "UnknownOrder", "an order that was placed stays in the ledger");
  if (answer._tag === "Stale") return yield* new OrderMoved({ order: answer.order });
  for (const told of details.events) yield* ports.saleLog.append(told);
  return answer.order;
}

// store/service/settlement.ts
var UNITS_SOLD = { type: "settle", unitsSold: true };
function nowOf(desk) {
  return desk.clock.unsafeCurrentTimeMillis();
}
function paymentRow(order, kind, row, at) {
  return {
    kind,
    order: order.id,
    gateway: row.gateway,
    key: row.key,
    amount: order.total,
    currency: order.currency,
    reference: row.reference,
    at
  };
}
function* settleCharge(desk, order, charge) {
  const at = nowOf(desk);
  const paid = yield* takeStep(
    desk.ports,
    order,
    { type: "approve" },
    {
      at,
      charge,
      payment: paymentRow(order, "capture", charge, at),
      events: [
        {
          kind: "OrderPaid",
          at,
          order: order.id,
          shopper: order.shopper,
          gateway: charge.gateway,
          reference: charge.reference,
          total: order.total,
          currency: order.currency
        }
      ]
    }
  );
  return yield* sellOrReturn(desk, paid);
}
function* sellOrReturn(desk, order) {
  assert(order.state === "authorised", "only a paid order is sold its units");
  assert(order.epoch !== null, "no order is charged before its units were held");
  const { hold, epoch, id } = order;
  const request2 = { hold, epoch, order: id, honour: true, now: nowOf(desk) };
  const answer = yield* desk.ports.stock.sell(request2);
  if (answer._tag === "Sold") return yield* confirm(desk, order, answer);
  return yield* startRefund(desk, order);
}
function soldEvents(order, sold, at) {
  const { hold, lines, serials } = sold;
  const { shopper, id, total, currency } = order;
  const events = [
    { kind: "HoldSold", at, hold, shopper, order: id, lines, serials },
    { kind: "OrderConfirmed", at, order: id, shopper, total, currency }
  ];
  if (sold.honoured) {
    events.unshift({ kind: "HoldHonoured", at, hold, shopper, order: id, lines });
  }
  return events;
}
function* confirm(desk, order, sold) {
  const at = nowOf(desk);
  const { id, total, currency } = order;
  const answer = { _tag: "Confirmed", order: id, total, currency };
  const events = soldEvents(order, sold, at);
  yield* takeStep(desk.ports, order, UNITS_SOLD, { at, answer, events });
  if (order.discount !== null) yield* endCodes(desk.ports, { order: id, sold: true }, at);
  return answer;
}
function* startRefund(desk, order) {
  const { id, shopper, total, currency } = order;
  const at = nowOf(desk);
  const events = [{ kind: "OrderRefunding", at, order: id, shopper, total, currency }];
  const event = { type: "settle", unitsSold: false };
  const refunding = yield* takeStep(desk.ports, order, event, { at, events });
  return yield* returnCharge(desk, refunding);
}
function* returnCharge(desk, order) {
  const { charge, total: amount, currency } = order;
  assert(order.state === "refunding" && charge !== null, "only a charge that was made goes back");
  const gateway = gatewayNamed(desk, charge.gateway);
  const request2 = { key: refundKey(order.id), reference: charge.reference, amount, currency };
  const { payment: policy } = desk.settings;
  for (let call = 1; call <= policy.refundAttempts; call += 1) {
    const answer = yield* gateway.refund(request2);
    if (answer._tag === "Refunded") return yield* endRefund(desk, order, charge, answer);
    if (answer._tag === "RefundRefused") break;
    if (call < policy.refundAttempts) {
      yield* Effect9.sleep(backoffMillis(policy, call, jitterOf(order.id, call)));
    }
  }
  return { _tag: "RefundPending", order: order.id };
}
function* endRefund(desk, order, charge, refund) {
  const at = nowOf(desk);
  const { id, shopper, total, currency } = order;
  const answer = { _tag: "Refunded", order: id, total, currency };
  const row = { gateway: charge.gateway, key: refundKey(id), reference: refund.reference };
  yield* takeStep(
    desk.ports,
    order,
    { type: "refund" },
    {
      at,
      answer,
      payment: paymentRow(order, "refund", row, at),
      events: [{ kind: "OrderRefunded", at, order: id, shopper, total, currency }]
    }
  );
  yield* giveUpCodes(desk, order);
  return answer;
}
function endDeclined(desk, order, refusal) {
  const { kind, reason } = refusal;
  const answer = { _tag: "Declined", order: order.id, kind, reason };
  return endUnpaid(desk, order, { type: "decline" }, answer, {
    kind: "OrderDeclined",
    at: nowOf(desk),
    order: order.id,
    shopper: order.shopper,
    decline: kind,
    reason
  });
}
function endCancelled(desk, order, event, answer) {
  const { id, shopper } = order;
  const at = nowOf(desk);
  const reason = answer._tag;
  return endUnpaid(desk, order, event, answer, {
    kind: "OrderCancelled",
    at,
    order: id,
    shopper,
    reason
  });
}
function endExpired(desk, order, event) {
  const { id, shopper } = order;
  const answer = { _tag: "HoldExpired", order: id };
  return endUnpaid(desk, order, event, answer, {
    kind: "OrderExpired",
    at: nowOf(desk),
    order: id,
    shopper
  });
}
function* endUnpaid(desk, order, event, answer, told) {
  const details = { at: told.at, answer, events: [told] };
  const ended = yield* takeStep(desk.ports, order, event, details);
  yield* giveUpHold(desk, ended);
  yield* giveUpCodes(desk, ended);
  return answer;
}
function* giveUpHold(desk, order) {
  if (order.epoch === null) return;
  const now = nowOf(desk);
  const answer = yield* desk.ports.stock.release({ hold: order.hold, epoch: order.epoch, now });
  if (answer._tag !== "Released") return;
  const { hold, lines } = answer;
  const { shopper } = order;
  yield* desk.ports.saleLog.append({ kind: "HoldReleased", at: now, hold, shopper, lines });
}
function* giveUpCodes(desk, order) {
  if (order.discount === null) return;
  yield* endCodes(desk.ports, { order: order.id, sold: false }, nowOf(desk));
}
function gatewayNamed(desk, name) {
  const gateway = desk.ports.gateways.find((candidate) => candidate.name === name);
  assert(gateway !== void 0, `the gateway ${name} is configured while orders are open at it`);
  return gateway;
}

// store/service/discount.ts
var TYPED_MAX2 = 64;
function* discountBy(desk, of) {
  const codes = [];
  for (const [index, typed] of of.typed.entries()) {
    const code = readCode(typed) ?? typed.slice(0, TYPED_MAX2);
    if (index >= CODES_PER_ORDER_MAX) return { _tag: "NotStackable", code };
    const found = yield* desk.ports.promotions.lookUp({
      shopper: of.shopper,
      code,
      now: nowOf(desk)
    });
    if (found._tag !== "CodeValid") return found;
    const offer2 = desk.settings.promotions.offers.find(({ offer: offer3 }) => offer3 === found.offer);
    if (offer2 === void 0) return { _tag: "CodeExpired", code };
    codes.push({ code, offer: offer2 });
  }
  const floors = yield* floorsOf(desk, of.lines);
  return discountLines({ lines: of.lines, floors, codes });
}
function* floorsOf(desk, lines) {
  const floors = [];
  for (const { sku } of lines) {
    const listing = yield* desk.ports.catalog.listing(sku);
    floors.push(listing?.floorPrice ?? 0);
  }
  return floors;
}

// store/service/payment.ts
import { Effect as Effect10 } from "effect";
var FIRST_CALL = { type: "ask" };
var NOT_CHARGED = { _tag: "Absent" };
function* payOrder(desk, placed) {
  assert(placed.epoch !== null, "units are held before money is asked for");
  const { payment } = desk.settings;
  const failuresAt = desk.ports.gateways.map(() => 0);
  let order = placed;
  for (let call = 1; call <= PAYMENT_CALLS_MAX; call += 1) {
    const next = choose(desk, failuresAt);
    const holdLive = nowOf(desk) < order.holdUntil;
    if (next === null || !holdLive) return yield* giveUp(desk, order, call === 1, holdLive);
    const gateway = gatewayAt(desk, next);
    order = yield* startCall(desk, order, gateway, call === 1);
    const answer = yield* gateway.charge(chargeRequest(order));
    noteCall(desk, next, answer);
    let outcome;
    if (answer._tag === "TimedOut") {
      order = yield* noteDoubt(desk, order);
      outcome = yield* lookUpCharge(desk, order, gateway, payment.lookUpsPerLostAnswer);
    } else outcome = answer._tag === "NetworkError" ? NOT_CHARGED : answer;
    if (outcome._tag === "Approved") {
      const key = chargeKey(order.id, order.attempts);
      const { reference } = outcome;
      return yield* settleCharge(desk, order, { gateway: gateway.name, key, reference });
    }
    if (outcome._tag === "Declined") return yield* endDeclined(desk, order, outcome);
    if (outcome._tag === "InDoubt") return { _tag: "PaymentInDoubt", order: order.id };
    yield* pauseAfter(desk, order, failuresAt, next);
  }
  assert(false, "the policy ends an order before the bound on calls");
}
function gatewayAt(desk, index) {
  const gateway = desk.ports.gateways[index];
  assert(gateway !== void 0, "a gateway is chosen from those that are configured");
  return gateway;
}
function choose(desk, failuresAt) {
  const { payment } = desk.settings;
  return gatewayToAsk(
    payment,
    failuresAt,
    (gateway) => mayCall(breakerAt(desk, gateway), payment.breaker, nowOf(desk))
  );
}
function breakerAt(desk, index) {
  const breaker = desk.breakers[index];
  assert(breaker !== void 0, "every gateway has a breaker");
  return breaker;
}
function pauseAfter(desk, order, failuresAt, gateway) {
  const { payment } = desk.settings;
  const failures = (failuresAt[gateway] ?? 0) + 1;
  failuresAt[gateway] = failures;
  if (failures >= payment.attemptsPerGateway) return Effect10.void;
  return Effect10.sleep(backoffMillis(payment, failures, jitterOf(order.id, order.attempts)));
}
function startCall(desk, order, gateway, first) {
  const at = nowOf(desk);
  const key = chargeKey(order.id, order.attempts + 1);
  const event = first ? FIRST_CALL : { type: "findNothing", mayAskAgain: true, holdLive: true };
  return takeStep(desk.ports, order, event, {
    at,
    gateway: gateway.name,
    payment: paymentRow(order, "attempt", { gateway: gateway.name, key, reference: "" }, at),
    events: [
      {
        kind: "OrderAuthorising",
        at,
        order: order.id,
        shopper: order.shopper,
        gateway: gateway.name
      }
    ]
  });
}
function chargeRequest(order) {
  const { id, total: amount, currency, paymentToken } = order;
  return { key: chargeKey(id, order.attempts), order: id, amount, currency, paymentToken };
}
function noteCall(desk, gateway, answer) {
  const breaker = breakerAt(desk, gateway);
  const answered = answer._tag === "Approved" || answer._tag === "Declined";
  if (answered) noteAnswer(breaker);
  else noteFailure(breaker, desk.settings.payment.breaker, nowOf(desk));
}
function noteDoubt(desk, order) {
  assert(order.gateway !== null, "only an order that was sent to a gateway can be in doubt");
  const { id, shopper, gateway } = order;
  const at = nowOf(desk);
  return takeStep(
    desk.ports,
    order,
    { type: "loseAnswer" },
    {
      at,
      events: [{ kind: "OrderInDoubt", at, order: id, shopper, gateway }]
    }
  );
}
function* lookUpCharge(desk, order, gateway, times) {
  assert(order.state === "inDoubt", "only a doubt is looked up");
  const key = chargeKey(order.id, order.attempts);
  for (let call = 1; call <= times; call += 1) {
    const answer = yield* gateway.lookUp(key);
    if (answer._tag !== "NetworkError" && answer._tag !== "TimedOut") return answer;
    if (call < times) {
      const jitter = jitterOf(order.id, order.attempts + call);
      yield* Effect10.sleep(backoffMillis(desk.settings.payment, call, jitter));
    }
  }
  return { _tag: "InDoubt" };
}
function giveUp(desk, order, beforeFirstCall, holdLive) {
  if (!holdLive) {
    const lapse = beforeFirstCall ? { type: "lapse" } : { type: "findNothing", mayAskAgain: true, holdLive: false };
    return endExpired(desk, order, lapse);
  }
  const event = beforeFirstCall ? { type: "refuse" } : { type: "findNothing", mayAskAgain: false, holdLive: true };
  return endCancelled(desk, order, event, { _tag: "PaymentUnavailable", order: order.id });
}

// store/service/pricing.ts
var nothingToPay = { _tag: "ItemsRefused", reason: "there is nothing to pay" };
function* price(desk, request2, now) {
  const phase = phaseAt(desk.settings.sale, now);
  if (!mayBuy(phase, request2.invited)) return { _tag: "SaleNotOpen", phase };
  const { items, invited } = request2;
  const cart = "cart" in items ? yield* ownCart(desk, request2.shopper, items.cart) : null;
  if (cart !== null && "_tag" in cart) return cart;
  const shown = "lines" in items ? items.lines : cart?.lines ?? [];
  const lines = mergedLines(shown, desk.settings.cartLimits);
  if ("_tag" in lines) return lines;
  const agreed = cart !== null && request2.hold !== void 0;
  let currency = "";
  let holdForMillis = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const listing = yield* desk.ports.catalog.listing(line.sku);
    if (listing === null) return { _tag: "UnknownSku", sku: line.sku };
    if (currency !== "" && listing.currency !== currency) return otherCurrency(line.sku);
    currency = listing.currency;
    holdForMillis = Math.min(holdForMillis, holdTimeOf(desk, listing.seller));
    const current = unitPrice(listing, phase, invited);
    if (!agreed && line.unitPrice !== current) return priceChanged(line, current);
  }
  const total = totalOf(lines);
  if (total <= 0) return nothingToPay;
  const cartVersion = cart?.version ?? null;
  return { _tag: "Priced", lines, total, currency, holdForMillis, cartVersion };
}
function holdTimeOf({ settings }, seller) {
  return settings.holdForMillisOfSeller?.get(seller) ?? settings.holdForMillis;
}
function otherCurrency(sku) {
  return { _tag: "ItemsRefused", reason: `${sku} is sold in another currency than the rest` };
}
function priceChanged(line, current) {
  return { _tag: "PriceChanged", sku: line.sku, shown: line.unitPrice, current };
}
function* ownCart(desk, shopper, name) {
  const cart = yield* desk.ports.carts.get(name);
  if (cart !== null && cart.shopper === shopper) return cart;
  return { _tag: "ItemsRefused", reason: "this shopper has no such cart" };
}

// store/service/checkout.ts
var NOBODY = [];
function makeCheckout(ports, settings) {
  const problem = policyProblem(settings.payment, ports.gateways.length);
  assert(problem === null, `the payment policy can be used: ${problem}`);
  const holdTimes = [settings.holdForMillis, ...settings.holdForMillisOfSeller?.values() ?? []];
  assert(Math.min(...holdTimes) > 0, "a hold lasts for some time");
  const breakers = ports.gateways.map(closedBreaker);
  const deskAt = (clock) => ({ ports, settings, clock, breakers });
  return {
    startCheckout: (request2) => new Program((clock) => startCheckout(deskAt(clock), request2)),
    placeOrder: (request2) => new Program((clock) => placeOrder(deskAt(clock), request2))
  };
}
function* startCheckout(desk, request2) {
  const now = nowOf(desk);
  const limits = desk.settings.limits;
  const limited = limits === null ? null : yield* limitOf(desk.ports, limits, request2, { step: "checkout", now });
  if (limited !== null) return limited;
  const priced = yield* price(desk, request2, now);
  if (priced._tag !== "Priced") return priced;
  const discount = yield* discountOn(desk, request2, priced);
  if (isRefusal(discount)) return discount;
  const { lines, currency, holdForMillis } = priced;
  const hold = desk.ports.identifiers.next("hold");
  const answer = yield* holdUnits(desk, { hold, asking: request2, lines, now, holdForMillis });
  if (answer._tag !== "Held") return answer;
  const { expiresAt } = answer;
  const started = {
    _tag: "CheckoutStarted",
    hold,
    expiresAt,
    lines,
    total: priced.total - (discount?.amount ?? 0),
    discount: discount?.amount ?? 0,
    currency
  };
  return started;
}
function* placeOrder(desk, request2) {
  const { orders } = desk.ports;
  const now = nowOf(desk);
  const limits = desk.settings.limits;
  const limited = limits === null ? null : yield* limitOf(desk.ports, limits, request2, { step: "order", now });
  if (limited !== null) return limited;
  const fingerprint = fingerprintOf(request2);
  const earlier = yield* repeated(desk, request2, fingerprint);
  if (earlier !== null) return earlier;
  const priced = yield* price(desk, request2, now);
  if (priced._tag !== "Priced") return priced;
  const discount = yield* discountOn(desk, request2, priced);
  if (isRefusal(discount)) return (yield* repeated(desk, request2, fingerprint)) ?? discount;
  const named = request2.hold === void 0 ? null : yield* namedHold(desk, request2, priced.lines);
  if (named?._tag === "HoldMismatch") return named;
  const wanted = { priced, discount, fingerprint, now };
  const placed = yield* orders.place(newOrder(desk, request2, wanted));
  switch (placed._tag) {
    case "KeyReused":
      return placed;
    case "HoldTaken":
      return { _tag: "HoldMismatch", hold: request2.hold ?? "" };
    case "Replay":
    case "InFlight":
      return standingOf(placed.order);
    case "Placed": {
      const holding = { network: request2.network, holdForMillis: priced.holdForMillis };
      const answer = yield* fulfil(desk, placed.order, named, holding);
      if (answer._tag === "Confirmed") yield* emptyCart2(desk, request2.items, priced.cartVersion);
      return answer;
    }
  }
}
function* repeated(desk, { shopper, key }, fingerprint) {
  const earlier = yield* desk.ports.orders.findByKey({ shopper, key });
  return earlier === null ? null : repetitionOf(earlier, fingerprint);
}
function* discountOn(desk, { shopper, codes: typed = [] }, { lines }) {
  if (typed.length === 0) return null;
  return yield* discountBy(desk, { shopper, lines, typed });
}
function isRefusal(discount) {
  return discount !== null && discount._tag !== "OrderDiscount";
}
function* emptyCart2(desk, items, version) {
  if (!("cart" in items) || version === null) return;
  yield* ignoringFailure(desk.ports.carts.remove({ cart: items.cart, version }));
}
function newOrder(desk, request2, wanted) {
  const { identifiers } = desk.ports;
  const { priced, discount, fingerprint, now } = wanted;
  return {
    id: identifiers.next("order"),
    shopper: request2.shopper,
    key: request2.key,
    fingerprint,
    hold: request2.hold ?? identifiers.next("hold"),
    epoch: null,
    holdUntil: 0,
    lines: priced.lines,
    total: priced.total - (discount?.amount ?? 0),
    discount,
    currency: priced.currency,
    paymentToken: request2.paymentToken,
    person: request2.person ?? NOBODY,
    placedAt: now,
    state: "placed",
    revision: 0,
    changedAt: now,
    gateway: null,
    attempts: 0,
    charge: null,
    answer: null
  };
}
function* fulfil(desk, order, named, holding) {
  const { id, shopper, hold, lines, total, currency, placedAt: at } = order;
  const of = { at, order: id, shopper, hold, lines, total, currency };
  const off = order.discount === null ? null : { discount: order.discount.amount };
  const whose = order.person.length === 0 ? null : { person: order.person };
  yield* desk.ports.saleLog.append({ kind: "OrderPlaced", ...of, ...off, ...whose });
  const claimed = yield* claimCodes(desk.ports, order, nowOf(desk));
  if (claimed._tag !== "Claimed") return yield* endWithout(desk, order, claimed);
  const answer = yield* named === null ? takeHold(desk, order, holding) : keepHold(desk, order, named, holding.holdForMillis);
  if (answer._tag === "Held") {
    const held = { ...order, epoch: answer.epoch, holdUntil: answer.expiresAt };
    const refused2 = whose === null ? null : yield* claimFor(desk, held, answer);
    return refused2 ?? (yield* payHeld(desk, held));
  }
  return yield* endWithout(desk, order, answer);
}
function* endWithout(desk, order, answer) {
  const ended = yield* untilMoved(
    answer._tag === "HoldExpired" ? endExpired(desk, order, { type: "lapse" }) : endCancelled(desk, order, { type: "refuse" }, answer)
  );
  return ended._tag === "OrderMoved" ? standingOf(ended.order) : ended;
}
function* claimFor(desk, order, { hold, epoch }) {
  const { person } = order;
  const answer = yield* desk.ports.stock.claim({ hold, epoch, person, now: nowOf(desk) });
  switch (answer._tag) {
    case "Claimed":
      return null;
    case "PersonLimitReached":
      return yield* endWithout(desk, order, answer);
    default:
      return yield* endWithout(desk, order, { _tag: "HoldExpired", order: order.id });
  }
}
function* payHeld(desk, order) {
  const paid = yield* untilMoved(payOrder(desk, order));
  if (paid._tag !== "OrderMoved") return paid;
  const moved = paid.order;
  const mine = isFinal(moved.state) && moved.state !== "confirmed";
  if (mine) {
    yield* giveUpHold(desk, order);
    yield* giveUpCodes(desk, order);
  }
  return standingOf(moved);
}
function* holdUnits(desk, { hold, asking, lines, now, holdForMillis }) {
  const { shopper, network } = asking;
  const from = network === void 0 ? null : { network };
  const expiresAt = now + holdForMillis;
  const answer = yield* desk.ports.stock.hold({ hold, shopper, ...from, lines, now, expiresAt });
  assert(answer._tag !== "HoldExists", "an identifier names one hold");
  if (answer._tag === "Held") yield* logHeld(desk, shopper, answer, now);
  if (answer._tag === "TooManyHolds") {
    const told = { at: now, shopper, by: answer.by, network: network ?? null };
    yield* desk.ports.saleLog.append({ kind: "HoldRefused", ...told });
  }
  return answer;
}
function takeHold(desk, { hold, shopper, lines }, { network, holdForMillis }) {
  const asking = network === void 0 ? { shopper } : { shopper, network };
  return holdUnits(desk, { hold, asking, lines, now: nowOf(desk), holdForMillis });
}
function* namedHold(desk, request2, lines) {
  const hold = request2.hold ?? "";
  const known = yield* desk.ports.stock.find(hold);
  if (known === null || known.shopper !== request2.shopper || !sameUnits(known.lines, lines)) {
    return { _tag: "HoldMismatch", hold };
  }
  return { _tag: "NamedHold", epoch: known.epoch };
}
function* keepHold(desk, order, named, holdForMillis) {
  const now = nowOf(desk);
  const expiresAt = now + holdForMillis;
  const { hold, shopper } = order;
  const { epoch } = named;
  const answer = yield* desk.ports.stock.reacquire({ hold, epoch, shopper, now, expiresAt });
  if (answer._tag !== "Held") return { _tag: "HoldExpired", order: order.id };
  if (answer.epoch !== epoch) yield* logHeld(desk, order.shopper, answer, now);
  return answer;
}
function logHeld(desk, shopper, held, at) {
  const { hold, lines } = held;
  return desk.ports.saleLog.append({ kind: "HoldPlaced", at, hold, shopper, lines });
}

// store/service/expire-holds.ts
import { Effect as Effect11 } from "effect";
var HOLDS_PER_STEP = 1e3;
var STEPS_MAX3 = 1e3;
function makeHoldSweep(ports) {
  const sweep = new Program(function* (clock) {
    let count = 0;
    for (let step = 0; step < STEPS_MAX3; step += 1) {
      const now = clock.unsafeCurrentTimeMillis();
      const { expired, more } = yield* ports.stock.expireDue({ now, limit: HOLDS_PER_STEP });
      for (const { hold, shopper, lines } of expired) {
        yield* ports.saleLog.append({ kind: "HoldExpired", at: now, hold, shopper, lines });
      }
      count += expired.length;
      if (!more) break;
    }
    return count;
  });
  return {
    sweep,
    sweepEvery: (everyMillis) => {
      assert(everyMillis > 0, "sweeps are some time apart");
      return Effect11.forever(Effect11.zipRight(sweep, Effect11.sleep(everyMillis)));
    }
  };
}

// store/service/promote.ts
var DRAWS_MAX = 3;
var NO_OFFER = { _tag: "NoOffer" };
function makePromotions(ports, settings) {
  return {
    offer: (request2) => new Program((clock) => offer({ ports, settings, clock }, request2))
  };
}
function* offer(desk, request2) {
  const { promotions } = desk.settings;
  for (const candidate of promotions.offers) {
    if (candidate.trigger !== request2.trigger) continue;
    if (!isInSegment(candidate.segment, request2.facts, promotions)) continue;
    const { cart, shopper } = request2;
    if (cart !== null && !(yield* isBorne(desk, candidate, { cart, shopper }))) continue;
    const made = yield* give(desk, candidate, request2.shopper);
    if (made !== null) return made;
  }
  return NO_OFFER;
}
function* isBorne(desk, candidate, { shopper, cart: name }) {
  const cart = yield* desk.ports.carts.get(name);
  if (cart === null || cart.shopper !== shopper || cart.lines.length === 0) return true;
  const floors = yield* floorsOf(desk, cart.lines);
  const codes = [{ code: "", offer: candidate }];
  const answer = discountLines({ lines: cart.lines, floors, codes });
  return answer._tag === "OrderDiscount" && answer.amount > 0;
}
function* give(desk, { offer: name, discount }, shopper) {
  const { promotions, saleLog, codes } = desk.ports;
  const now = desk.clock.unsafeCurrentTimeMillis();
  for (let draw = 1; draw <= DRAWS_MAX; draw += 1) {
    const code = drawCode(codes.below);
    const answer = yield* promotions.issue({ offer: name, shopper, code, now });
    if (answer._tag === "CodeTaken") continue;
    if (answer._tag === "BudgetSpent") return null;
    const { code: given, expiresAt } = answer;
    const again = answer._tag === "AlreadyIssued";
    if (again && (answer.state !== "given" || now >= expiresAt)) return null;
    if (!again) {
      const at = now;
      yield* saleLog.append({
        kind: "OfferMade",
        at,
        code: given,
        offer: name,
        shopper,
        expiresAt
      });
    }
    return { _tag: "OfferMade", offer: name, code: given, discount, expiresAt, again };
  }
  assert(false, "codes are drawn from a source that does not repeat itself");
}

// store/service/reconcile.ts
import { Effect as Effect12 } from "effect";
var ORDERS_PER_ROUND = 1e3;
function makeReconciliation(ports, settings) {
  return {
    reconcile: (quietForMillis) => new Program((clock) => reconcile({ ports, settings, clock }, quietForMillis))
  };
}
function* reconcile(desk, quietForMillis) {
  const changedBefore = nowOf(desk) - quietForMillis + 1;
  const { orders: ledger } = desk.ports;
  const orders = yield* ledger.unfinished({ changedBefore, limit: ORDERS_PER_ROUND });
  const silent = /* @__PURE__ */ new Set();
  let ended = 0;
  for (const order of orders) {
    if (order.gateway !== null && silent.has(order.gateway)) continue;
    const answer = yield* untilMoved(dischargeDuty(desk, order));
    if (answer._tag === "OrderMoved" || isFinalAnswer(answer)) ended += 1;
    else if (order.gateway !== null) silent.add(order.gateway);
  }
  yield* endOldClaims(desk, changedBefore);
  return { found: orders.length, ended, left: orders.length - ended };
}
function* endOldClaims(desk, claimedBefore) {
  const { promotions, orders } = desk.ports;
  const claims = yield* promotions.claimsBefore({ claimedBefore, limit: ORDERS_PER_ROUND });
  for (const { order: name } of claims) {
    const order = yield* orders.find(name);
    if (order !== null && !isFinal(order.state)) continue;
    const sold = order?.state === "confirmed";
    yield* endCodes(desk.ports, { order: name, sold }, nowOf(desk));
  }
}
function isFinalAnswer(answer) {
  const { _tag } = answer;
  return _tag !== "InFlight" && _tag !== "PaymentInDoubt" && _tag !== "RefundPending";
}
function* dischargeDuty(desk, order) {
  const duty = dutyOf(order.state);
  switch (duty) {
    case "takeHold":
      return yield* withdraw(desk, order);
    case "charge":
      return yield* settleDoubt(desk, yield* noteDoubt(desk, order));
    case "lookUpCharge":
      return yield* settleDoubt(desk, order);
    case "sellHold":
      return yield* sellOrReturn(desk, order);
    case "returnCharge":
      return yield* returnCharge(desk, order);
    default:
      return yield* Effect12.dieMessage(`an order that is ${order.state} has ended`);
  }
}
function* withdraw(desk, order) {
  const hold = yield* desk.ports.stock.find(order.hold);
  const known = hold?.state === "live" && hold.shopper === order.shopper ? hold : null;
  const held = known === null ? order : { ...order, epoch: known.epoch, holdUntil: known.expiresAt };
  return yield* endCancelled(
    desk,
    held,
    { type: "refuse" },
    {
      _tag: "Interrupted",
      order: order.id
    }
  );
}
function* settleDoubt(desk, order) {
  const gateway = gatewayNamed(desk, order.gateway ?? "");
  const outcome = yield* lookUpCharge(desk, order, gateway, 1);
  switch (outcome._tag) {
    case "Approved": {
      const key = chargeKey(order.id, order.attempts);
      const charge = { gateway: gateway.name, key, reference: outcome.reference };
      return yield* settleCharge(desk, order, charge);
    }
    case "Declined":
      return yield* endDeclined(desk, order, outcome);
    case "Absent":
      return yield* giveUp(desk, order, false, nowOf(desk) < order.holdUntil);
    case "InDoubt":
      return { _tag: "PaymentInDoubt", order: order.id };
  }
}

// store/live/live-store.ts
function makeLiveStore({ setup: setup3, parts, gateways, keys }) {
  const { settings } = setup3;
  const { saleLog, orders, feedback, tickets } = parts;
  const ports = {
    catalog: parts.catalog,
    stock: parts.stock,
    carts: parts.carts,
    orders,
    gateways: gateways.map((gateway) => afterDurable(gateway, parts)),
    saleLog,
    rateLimiter: parts.rateLimiter,
    identifiers: secureIdentifiers,
    promotions: parts.promotions,
    codes: secureCodes
  };
  const passes = hmacPassSigner(setup3.name, keys);
  return {
    setup: setup3,
    settings,
    parts,
    ports,
    browse: makeBrowse(ports, settings),
    carts: makeCarts(ports, settings),
    checkout: makeCheckout(ports, settings),
    promotions: makePromotions(ports, settings),
    surveys: makeSurveys({ orders, saleLog, feedback }, setup3.feedback),
    admission: tickets === null ? null : makeAdmission({ tickets, passes, saleLog }),
    holdSweep: makeHoldSweep(ports),
    reconciliation: makeReconciliation(ports, settings)
  };
}
function afterDurable(gateway, { durable }) {
  const settled = Effect13.promise(durable);
  return {
    name: gateway.name,
    charge: (request2) => Effect13.zipRight(settled, gateway.charge(request2)),
    lookUp: (key) => gateway.lookUp(key),
    refund: (request2) => Effect13.zipRight(settled, gateway.refund(request2))
  };
}

// store/memory/cart-store.ts
import { Layer } from "effect";

// store/ports/at-once.ts
import { Effect as Effect14, Effectable as Effectable2, Utils as Utils3 } from "effect";
var Refused = class {
  reason;
  constructor(reason) {
    this.reason = reason;
  }
};
var AtOnce = class extends Effectable2.Class {
  #step;
  #request;
  constructor(step, request2) {
    super();
    this.#step = step;
    this.#request = request2;
  }
  /** How a fiber does the step. */
  commit() {
    const answer = this.#step(this.#request);
    return answer instanceof Refused ? Effect14.fail(answer.reason) : Effect14.succeed(answer);
  }
  /** How a generator does it: an iterator without state, which ends at once with the answer. */
  [Symbol.iterator]() {
    return this;
  }
  next() {
    const answer = this.#step(this.#request);
    if (answer instanceof Refused) {
      return { done: false, value: new Utils3.YieldWrap(Effect14.fail(answer.reason)) };
    }
    return { done: true, value: answer };
  }
};
function atOnce(step) {
  return (request2) => new AtOnce(step, request2);
}
function readAtOnce(read) {
  return new AtOnce(read, void 0);
}
var InSteps = class extends Effectable2.Class {
  #begin;
  constructor(begin) {
    super();
    this.#begin = begin;
  }
  commit() {
    return Effect14.gen(this.#begin);
  }
  [Symbol.iterator]() {
    return this.#begin();
  }
};

// store/ports/cart-store.ts
import { Context as Context4 } from "effect";
var CartStore = class extends Context4.Tag("store/CartStore")() {
};

// store/memory/cart-store.ts
var CARTS_MAX = 4e6;
var FULL = new Refused(
  new PortUnavailable({ port: "store/CartStore", reason: "too many carts" })
);
var Carts = class {
  #rows = /* @__PURE__ */ new Map();
  /** The row touched longest ago, and the one touched last. */
  #oldest = null;
  #newest = null;
  get size() {
    return this.#rows.size;
  }
  get(cart) {
    return this.#rows.get(cart)?.cart ?? null;
  }
  put(cart) {
    const row = this.#rows.get(cart.cart);
    const version = row?.cart.version ?? 0;
    if (version !== cart.version) return { _tag: "VersionConflict", version };
    const { cart: name, shopper, currency, lines, updatedAt } = cart;
    const stored = { cart: name, shopper, currency, version: version + 1, lines, updatedAt };
    if (row === void 0)
      this.#rows.set(name, this.#append({ cart: stored, before: null, after: null }));
    else this.#touch(row, stored);
    return { _tag: "CartStored", cart: stored };
  }
  remove({ cart, version: expected }) {
    const row = this.#rows.get(cart);
    const version = row?.cart.version ?? 0;
    if (version !== expected) return { _tag: "VersionConflict", version };
    if (row !== void 0) this.#drop(row);
    return { _tag: "CartRemoved" };
  }
  forget({ before: before2, limit }) {
    assert(limit > 0, "a sweep may forget at least one cart");
    let forgotten = 0;
    while (forgotten < limit && this.#oldest !== null && this.#oldest.cart.updatedAt < before2) {
      this.#drop(this.#oldest);
      forgotten++;
    }
    return forgotten;
  }
  #touch(row, cart) {
    row.cart = cart;
    if (row === this.#newest) return;
    this.#unlink(row);
    this.#append(row);
  }
  #drop(row) {
    this.#rows.delete(row.cart.cart);
    this.#unlink(row);
  }
  #append(row) {
    row.before = this.#newest;
    row.after = null;
    if (this.#newest === null) this.#oldest = row;
    else this.#newest.after = row;
    this.#newest = row;
    return row;
  }
  #unlink({ before: before2, after }) {
    if (before2 === null) this.#oldest = after;
    else before2.after = after;
    if (after === null) this.#newest = before2;
    else after.before = before2;
  }
};
function make2(options = {}) {
  const carts = new Carts();
  const cartsMax = options.cartsMax ?? CARTS_MAX;
  assert(cartsMax > 0, "a cart store has room for a cart");
  return {
    get: atOnce((cart) => carts.get(cart)),
    put: atOnce(
      (cart) => cart.version === 0 && carts.size >= cartsMax ? FULL : carts.put(cart)
    ),
    remove: atOnce((request2) => carts.remove(request2)),
    forget: atOnce((request2) => carts.forget(request2))
  };
}
var MemoryCartStore = {
  make: make2,
  layer: (options = {}) => Layer.sync(CartStore, () => make2(options))
};

// store/memory/catalog-store.ts
import { Effect as Effect15, Layer as Layer2 } from "effect";

// store/ports/catalog-store.ts
import { Context as Context5 } from "effect";
var CatalogStore = class extends Context5.Tag("store/CatalogStore")() {
};

// store/memory/catalog-store.ts
function make3(content) {
  const catalog = new Catalog(content);
  return {
    sellers: Effect15.succeed(catalog.sellers),
    product: atOnce((product) => catalog.product(product)),
    listing: atOnce((sku) => catalog.listing(sku)),
    page: atOnce((request2) => catalog.page(request2)),
    reprice: atOnce((request2) => catalog.reprice(request2)),
    version: readAtOnce(() => catalog.version)
  };
}
var MemoryCatalogStore = {
  make: make3,
  layer: (content) => Layer2.sync(CatalogStore, () => make3(content))
};

// store/memory/feedback-ledger.ts
import { Layer as Layer3 } from "effect";

// store/core/expiry-queue.ts
var STALE_ENTRIES_KEPT = 1024;
var ExpiryQueue = class {
  #entries = [];
  #live = 0;
  #isLive;
  /** `isLive` says whether a row still waits for its end at its present epoch. */
  constructor(isLive) {
    this.#isLive = isLive;
  }
  /** Entries in memory, stale ones included. */
  get size() {
    return this.#entries.length;
  }
  add(row) {
    assert(Number.isFinite(row.expiresAt), "a hold ends at a finite time");
    this.#entries.push({ at: row.expiresAt, epoch: row.epoch, row });
    this.#live++;
    this.#rise(this.#entries.length - 1);
  }
  /** Tells that one row, which was added, has ended. */
  ended() {
    this.#live--;
    assert(this.#live >= 0, "no more holds end than were added");
    if (this.#entries.length > 2 * this.#live + STALE_ENTRIES_KEPT) this.#dropStale();
  }
  /** The live row with the earliest end, or null; it stays in the queue. */
  first() {
    while (this.#entries.length > 0) {
      const top = this.#entries[0];
      if (this.#current(top)) return top.row;
      this.#removeFirst();
    }
    return null;
  }
  #current(entry) {
    return entry.row.epoch === entry.epoch && this.#isLive(entry.row);
  }
  #dropStale() {
    this.#entries = this.#entries.filter((entry) => this.#current(entry));
    assert(this.#entries.length === this.#live, "every live hold has one entry");
    for (let index = (this.#entries.length >> 1) - 1; index >= 0; index--) this.#sink(index);
  }
  #removeFirst() {
    const last = this.#entries.pop();
    if (last === void 0 || this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#sink(0);
  }
  #rise(from) {
    const entries = this.#entries;
    const moving = entries[from];
    let index = from;
    while (index > 0) {
      const parent = index - 1 >> 1;
      if (!before(moving, entries[parent])) break;
      entries[index] = entries[parent];
      index = parent;
    }
    entries[index] = moving;
  }
  #sink(from) {
    const entries = this.#entries;
    const moving = entries[from];
    let index = from;
    for (; ; ) {
      let child = 2 * index + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && before(entries[child + 1], entries[child])) child++;
      if (!before(entries[child], moving)) break;
      entries[index] = entries[child];
      index = child;
    }
    entries[index] = moving;
  }
};
function before(one, other) {
  return one.at < other.at || one.at === other.at && one.epoch < other.epoch;
}

// store/core/feedback-book.ts
var FeedbackBook = class {
  #questions = /* @__PURE__ */ new Map();
  #surveys = /* @__PURE__ */ new Map();
  #due = new ExpiryQueue((row) => row.askedAt === null);
  #count = new FeedbackCount();
  get questions() {
    return this.#questions.size;
  }
  get surveys() {
    return this.#surveys.size;
  }
  wasAsked(shopper) {
    return this.#questions.has(shopper);
  }
  hasSurvey(order) {
    return this.#surveys.has(order);
  }
  askExit({ shopper, at, openForMillis }) {
    if (this.#questions.has(shopper)) return { _tag: "AskedBefore" };
    assert(openForMillis > 0, "a question can be answered for some time");
    const answerBy = at + openForMillis;
    this.#questions.set(shopper, { askedAt: at, answerBy, answer: null, answeredAt: null });
    this.#count.exitAsked += 1;
    return { _tag: "ExitAsked", answerBy };
  }
  answerExit({ shopper, at, reason, note }) {
    const question = this.#questions.get(shopper);
    if (question === void 0 || at < question.askedAt) return { _tag: "NotAsked" };
    if (question.answer !== null) return { _tag: "AnsweredBefore" };
    const { answerBy } = question;
    if (at > answerBy) return { _tag: "AnsweredLate", answerBy };
    question.answer = { reason, note };
    question.answeredAt = at;
    this.#count.addReason(reason);
    return { _tag: "Answered" };
  }
  schedule(plan) {
    if (this.#surveys.has(plan.order)) return { _tag: "ScheduledBefore" };
    const { dueAt } = plan;
    assert(dueAt >= plan.orderedAt, "a survey follows its order");
    assert(plan.openForMillis > 0, "a survey can be answered for some time");
    const row = {
      plan,
      epoch: this.#surveys.size,
      expiresAt: dueAt,
      askedAt: null,
      answer: null,
      answeredAt: null
    };
    this.#surveys.set(plan.order, row);
    this.#due.add(row);
    this.#count.surveysScheduled += 1;
    return { _tag: "SurveyScheduled", dueAt };
  }
  /** When the next survey is due, or null where none waits. */
  nextDue() {
    return this.#due.first()?.expiresAt ?? null;
  }
  /** Takes the survey that is due longest and marks it as asked; null where none is due. */
  takeDue(now) {
    const row = this.#due.first();
    if (row === null || row.expiresAt > now) return null;
    row.askedAt = now;
    this.#due.ended();
    this.#count.surveysAsked += 1;
    return surveyOf(row);
  }
  answerSurvey(request2) {
    const { order, shopper, at, satisfaction, recommend } = request2;
    const row = this.#surveys.get(order);
    if (row === void 0 || row.askedAt === null) return { _tag: "NotAsked" };
    if (row.plan.shopper !== shopper || at < row.askedAt) return { _tag: "NotAsked" };
    if (row.answer !== null) return { _tag: "AnsweredBefore" };
    const answerBy = row.askedAt + row.plan.openForMillis;
    if (at > answerBy) return { _tag: "AnsweredLate", answerBy };
    row.answer = { satisfaction, recommend };
    row.answeredAt = at;
    this.#count.addSurvey(row.answer);
    return { _tag: "Answered" };
  }
  figures() {
    return this.#count.copy();
  }
  snapshot() {
    const questions = [];
    for (const [shopper, question] of this.#questions) questions.push({ shopper, ...question });
    const surveys = [...this.#surveys.values()].map(surveyOf);
    return { questions, surveys, figures: this.figures() };
  }
};
function surveyOf(row) {
  const { plan, askedAt, answer, answeredAt } = row;
  const { order, shopper, orderedAt, dueAt, openForMillis } = plan;
  const answerBy = askedAt === null ? null : askedAt + openForMillis;
  return { order, shopper, orderedAt, dueAt, askedAt, answerBy, answer, answeredAt };
}

// store/ports/feedback-ledger.ts
import { Context as Context6 } from "effect";
var FeedbackLedger = class extends Context6.Tag("store/FeedbackLedger")() {
};

// store/memory/feedback-ledger.ts
var ROWS_MAX = 8e6;
var FULL2 = new Refused(
  new PortUnavailable({ port: "store/FeedbackLedger", reason: "the ledger is full" })
);
function make4(options = {}) {
  const book = new FeedbackBook();
  const rowsMax = options.rowsMax ?? ROWS_MAX;
  assert(rowsMax > 0, "a feedback ledger has room for a question");
  const isFull = () => book.questions + book.surveys >= rowsMax;
  return {
    book,
    askExit: atOnce(
      (request2) => isFull() && !book.wasAsked(request2.shopper) ? FULL2 : book.askExit(request2)
    ),
    answerExit: atOnce((request2) => book.answerExit(request2)),
    schedule: atOnce(
      (plan) => isFull() && !book.hasSurvey(plan.order) ? FULL2 : book.schedule(plan)
    ),
    takeDue: atOnce((request2) => takeDue(book, request2)),
    nextDue: readAtOnce(() => book.nextDue()),
    answerSurvey: atOnce((request2) => book.answerSurvey(request2)),
    figures: readAtOnce(() => book.figures()),
    snapshot: readAtOnce(() => book.snapshot())
  };
}
function takeDue(book, { now, limit }) {
  assert(limit > 0, "a step may ask at least one shopper");
  const asked = [];
  while (asked.length < limit) {
    const survey = book.takeDue(now);
    if (survey === null) return { asked, more: false };
    asked.push(survey);
  }
  const next = book.nextDue();
  return { asked, more: next !== null && next <= now };
}
var MemoryFeedbackLedger = {
  make: make4,
  layer: (options = {}) => Layer3.sync(FeedbackLedger, () => make4(options))
};

// store/memory/order-ledger.ts
import { Layer as Layer4 } from "effect";

// store/core/journal.ts
function journalEntry(row) {
  assert(
    Number.isSafeInteger(row.amount) && row.amount > 0,
    "a payment row has a whole amount above zero"
  );
  if (row.kind === "attempt") return null;
  const amount = row.kind === "capture" ? row.amount : -row.amount;
  return {
    kind: row.kind,
    order: row.order,
    gateway: row.gateway,
    key: row.key,
    reference: row.reference,
    currency: row.currency,
    at: row.at,
    postings: [
      { account: `gateway:${row.gateway}`, amount },
      { account: "sales", amount: -amount }
    ]
  };
}

// store/core/order.ts
function changed(order, change) {
  return {
    id: order.id,
    shopper: order.shopper,
    key: order.key,
    fingerprint: order.fingerprint,
    hold: order.hold,
    epoch: change.held?.epoch ?? order.epoch,
    holdUntil: change.held?.until ?? order.holdUntil,
    lines: order.lines,
    total: order.total,
    discount: order.discount,
    currency: order.currency,
    paymentToken: order.paymentToken,
    person: order.person,
    placedAt: order.placedAt,
    state: change.to,
    revision: order.revision + 1,
    changedAt: change.at,
    gateway: change.gateway ?? order.gateway,
    attempts: order.attempts + (change.payment?.kind === "attempt" ? 1 : 0),
    charge: change.charge ?? order.charge,
    answer: change.answer ?? order.answer
  };
}

// store/core/order-book.ts
var PAYMENT_ROWS_MAX = 1e3;
var OrderBook = class {
  #entries = /* @__PURE__ */ new Map();
  #orderOfKey = /* @__PURE__ */ new Map();
  #orderOfHold = /* @__PURE__ */ new Map();
  /** Orders without an answer, the one changed longest ago first. */
  #unfinished = /* @__PURE__ */ new Set();
  #balances = /* @__PURE__ */ new Map();
  get size() {
    return this.#entries.size;
  }
  get unfinishedSize() {
    return this.#unfinished.size;
  }
  /** Claims the key and places the order, both or neither. */
  place(order) {
    const key = scopedKey(order.shopper, order.key);
    const known = this.#orderOfKey.get(key);
    if (known !== void 0) return this.#placeAgain(this.#entry(known).order, order);
    const taken = this.#orderOfHold.get(order.hold);
    if (taken !== void 0) return { _tag: "HoldTaken", order: taken };
    assert(!this.#entries.has(order.id), "an order's identifier is new");
    assert(order.revision === 0 && order.answer === null, "a new order is unchanged and open");
    const entry = {
      order,
      payments: [],
      states: [order.state],
      times: [order.placedAt]
    };
    this.#orderOfKey.set(key, order.id);
    this.#orderOfHold.set(order.hold, order.id);
    this.#entries.set(order.id, entry);
    this.#unfinished.add(entry);
    return { _tag: "Placed", order };
  }
  append(change) {
    const entry = this.#entries.get(change.order);
    if (entry === void 0) return { _tag: "UnknownOrder" };
    const { order } = entry;
    if (order.answer !== null || order.state !== change.from || order.revision !== change.revision) {
      return { _tag: "Stale", order };
    }
    assert(
      isFinal(change.to) === (change.answer !== void 0),
      "an order is answered in the step that ends it, and in no other"
    );
    if (change.payment !== void 0) this.#pay(entry, change.payment);
    entry.order = changed(order, change);
    assert(entry.order.revision === order.revision + 1, "every change is counted");
    entry.states.push(change.to);
    entry.times.push(change.at);
    this.#unfinished.delete(entry);
    if (entry.order.answer === null) this.#unfinished.add(entry);
    else trim(entry);
    return { _tag: "Appended", order: entry.order };
  }
  find(order) {
    return this.#entries.get(order)?.order ?? null;
  }
  findByKey(shopper, key) {
    const order = this.#orderOfKey.get(scopedKey(shopper, key));
    return order === void 0 ? null : this.#entry(order).order;
  }
  unfinished(changedBefore, limit) {
    assert(limit > 0, "a search may find at least one order");
    const found = [];
    for (const { order } of this.#unfinished) {
      if (found.length === limit) break;
      if (order.changedAt < changedBefore) found.push(order);
    }
    return found;
  }
  payments(order) {
    return this.#entries.get(order)?.payments.slice() ?? [];
  }
  snapshot() {
    const orders = [];
    const payments = [];
    const steps = [];
    const journal = [];
    for (const entry of this.#entries.values()) {
      orders.push(entry.order);
      for (const row of entry.payments) {
        payments.push(row);
        const written2 = journalEntry(row);
        if (written2 !== null) journal.push(written2);
      }
      addSteps(entry, steps);
    }
    return { orders, payments, steps, journal, balances: new Map(this.#balances) };
  }
  #placeAgain(order, again) {
    if (order.fingerprint !== again.fingerprint) return { _tag: "KeyReused" };
    return order.answer === null ? { _tag: "InFlight", order } : { _tag: "Replay", order };
  }
  #pay(entry, row) {
    assert(row.order === entry.order.id, "a payment row stands with its own order");
    assert(entry.payments.length < PAYMENT_ROWS_MAX, "an order has few payment rows");
    entry.payments.push(row);
    const written2 = journalEntry(row);
    if (written2 === null) return;
    for (const posting of written2.postings) {
      const account = `${written2.currency} ${posting.account}`;
      this.#balances.set(account, (this.#balances.get(account) ?? 0) + posting.amount);
    }
  }
  #entry(order) {
    const entry = this.#entries.get(order);
    assert(entry !== void 0, "a claimed key names an order");
    return entry;
  }
};
function trim(entry) {
  entry.payments = entry.payments.slice();
  entry.states = entry.states.slice();
  entry.times = entry.times.slice();
}
function scopedKey(shopper, key) {
  return `${shopper.length}:${shopper}${key}`;
}
function addSteps({ order: { id: order }, states, times }, steps) {
  let from = null;
  for (let index = 0; index < states.length; index += 1) {
    const to = states[index];
    steps.push({ order, from, to, at: times[index] });
    from = to;
  }
}

// store/ports/order-ledger.ts
import { Context as Context7 } from "effect";
var OrderLedger = class extends Context7.Tag("store/OrderLedger")() {
};

// store/memory/order-ledger.ts
var ORDERS_MAX = 2e6;
var FULL3 = new Refused(
  new PortUnavailable({ port: "store/OrderLedger", reason: "the ledger is full" })
);
function make5(options = {}) {
  const book = new OrderBook();
  const ordersMax = options.ordersMax ?? ORDERS_MAX;
  assert(ordersMax > 0, "an order ledger has room for an order");
  return {
    book,
    place: atOnce((order) => {
      const full2 = book.size >= ordersMax && book.findByKey(order.shopper, order.key) === null;
      return full2 ? FULL3 : book.place(order);
    }),
    append: atOnce((change) => book.append(change)),
    find: atOnce((order) => book.find(order)),
    findByKey: atOnce((request2) => book.findByKey(request2.shopper, request2.key)),
    unfinished: atOnce((request2) => book.unfinished(request2.changedBefore, request2.limit)),
    payments: atOnce((order) => book.payments(order)),
    snapshot: readAtOnce(() => book.snapshot())
  };
}
var MemoryOrderLedger = {
  make: make5,
  layer: (options = {}) => Layer4.sync(OrderLedger, () => make5(options))
};

// store/memory/promotion-ledger.ts
import { Layer as Layer5 } from "effect";

// store/core/promotion-book.ts
var TRIES_LIMIT = { max: 10, windowMillis: 36e5 };
var TRIERS_MAX = 1e6;
var PromotionBook = class {
  #standings = /* @__PURE__ */ new Map();
  #codes = /* @__PURE__ */ new Map();
  /** Open claims by order, the oldest first. */
  #claims = /* @__PURE__ */ new Map();
  /** Per shopper when the window of their wrong tries began, and how many there were. */
  #tries = /* @__PURE__ */ new Map();
  #limit;
  constructor(offers, limit = TRIES_LIMIT) {
    assert(limit.max > 0 && limit.windowMillis > 0, "some wrong tries are allowed for some time");
    this.#limit = limit;
    for (const offer2 of offers) {
      const { codes, redemptions, money: money2 } = offer2.budget;
      assert(!this.#standings.has(offer2.offer), `${offer2.offer} is in the ledger once`);
      assert(
        [codes, redemptions, money2].every((count) => Number.isSafeInteger(count) && count >= 0),
        "a budget is whole"
      );
      const zero = { issued: 0, claimed: 0, spent: 0, moneyClaimed: 0, moneySpent: 0 };
      this.#standings.set(offer2.offer, { offer: offer2, ...zero, byShopper: /* @__PURE__ */ new Map() });
    }
  }
  get size() {
    return this.#codes.size;
  }
  get openClaims() {
    return this.#claims.size;
  }
  issue({ offer: offer2, shopper, code, now }) {
    const standing = this.#standing(offer2);
    const mine = standing.byShopper.get(shopper);
    if (mine !== void 0) {
      const { code: text2, expiresAt: expiresAt2, state } = mine;
      return { _tag: "AlreadyIssued", code: text2, expiresAt: expiresAt2, state };
    }
    if (standing.issued >= standing.offer.budget.codes || !hasRoom(standing, 1)) {
      return { _tag: "BudgetSpent", offer: offer2 };
    }
    if (this.#codes.has(code)) return { _tag: "CodeTaken" };
    const expiresAt = now + standing.offer.validForMillis;
    const given = {
      code,
      standing,
      shopper,
      expiresAt,
      state: "given",
      order: null,
      amount: 0
    };
    this.#codes.set(code, given);
    standing.byShopper.set(shopper, given);
    standing.issued += 1;
    return { _tag: "Issued", code, expiresAt };
  }
  /** Whether the shopper could use the code now; a wrong one counts against them. */
  lookUp(request2) {
    const judged = this.#judge(request2);
    if ("_tag" in judged) return judged;
    const { code, expiresAt, standing } = judged;
    if (!hasRoom(standing, 1)) return { _tag: "BudgetSpent", offer: standing.offer.offer };
    return { _tag: "CodeValid", code, offer: standing.offer.offer, expiresAt };
  }
  /** Takes every code for the order, or none. */
  claim({ order, shopper, codes: wanted, now }) {
    assert(wanted.length > 0, "a claim names a code");
    if (this.#claims.has(order)) return { _tag: "Claimed" };
    const codes = [];
    for (const { code: text2, amount } of wanted) {
      assert(Number.isSafeInteger(amount) && amount >= 0, "a discount is whole minor units");
      const judged = this.#judge({ shopper, code: text2, now });
      if ("_tag" in judged) return this.#unclaimed(codes, judged);
      if (!hasRoom(judged.standing, amount)) {
        const spent = { _tag: "BudgetSpent", offer: judged.standing.offer.offer };
        return this.#unclaimed(codes, spent);
      }
      take(judged, order, amount);
      codes.push(judged);
    }
    this.#claims.set(order, { order, shopper, claimedAt: now, codes });
    return { _tag: "Claimed" };
  }
  /** The order was sold: its codes are spent for good. */
  redeem(order) {
    return this.#end(order, (code) => {
      const { standing, amount } = code;
      code.state = "spent";
      standing.claimed -= 1;
      standing.moneyClaimed -= amount;
      standing.spent += 1;
      standing.moneySpent += amount;
    });
  }
  /** The order ended without a sale: its codes can be used again while their time lasts. */
  release(order) {
    return this.#end(order, giveBack);
  }
  /** Claims made before a time, the oldest first. */
  claimsBefore(claimedBefore, limit) {
    assert(limit > 0, "a search may find at least one claim");
    const found = [];
    for (const { order, claimedAt } of this.#claims.values()) {
      if (found.length === limit || claimedAt >= claimedBefore) break;
      found.push({ order, claimedAt });
    }
    return found;
  }
  snapshot() {
    const codes = [];
    for (const row of this.#codes.values()) {
      const { code, shopper, expiresAt, state, order, amount } = row;
      const { offer: offer2 } = row.standing.offer;
      codes.push({ code, offer: offer2, shopper, expiresAt, state, order, amount });
    }
    const offers = [...this.#standings.values()].map(({ byShopper: _, ...standing }) => standing);
    return { offers, codes };
  }
  #unclaimed(codes, refusal) {
    for (const code of codes) giveBack(code);
    return refusal;
  }
  #end(order, change) {
    const claim = this.#claims.get(order);
    if (claim === void 0) return { _tag: "NoClaim" };
    this.#claims.delete(order);
    const codes = claim.codes.map(({ code, standing, amount }) => {
      return { code, offer: standing.offer.offer, amount };
    });
    for (const code of claim.codes) {
      assert(code.state === "claimed" && code.order === order, "a claim ends once");
      change(code);
    }
    return { _tag: "ClaimEnded", shopper: claim.shopper, codes };
  }
  /** The code where the shopper may use it now, budgets left out; else why not. */
  #judge({ shopper, code: text2, now }) {
    const tries = this.#triesOf(shopper, now);
    if (tries !== null && tries.count >= this.#limit.max) {
      return { _tag: "TooManyTries", until: tries.since + this.#limit.windowMillis };
    }
    const code = this.#codes.get(text2);
    if (code === void 0 || code.shopper !== shopper) {
      this.#countTry(shopper, now);
      return { _tag: code === void 0 ? "CodeUnknown" : "NotYours", code: text2 };
    }
    if (code.state !== "given") return { _tag: "CodeSpent", code: text2 };
    if (now >= code.expiresAt) return { _tag: "CodeExpired", code: text2 };
    return code;
  }
  /** The shopper's wrong tries of the window that is open, or null. */
  #triesOf(shopper, now) {
    const tries = this.#tries.get(shopper);
    if (tries === void 0) return null;
    if (now < tries.since + this.#limit.windowMillis) return tries;
    this.#tries.delete(shopper);
    return null;
  }
  #countTry(shopper, now) {
    const tries = this.#triesOf(shopper, now);
    if (tries !== null) {
      tries.count += 1;
      return;
    }
    if (this.#tries.size >= TRIERS_MAX) {
      for (const oldest of this.#tries.keys()) {
        this.#tries.delete(oldest);
        break;
      }
    }
    this.#tries.set(shopper, { since: now, count: 1 });
  }
  #standing(offer2) {
    const standing = this.#standings.get(offer2);
    assert(standing !== void 0, `the ledger knows the offer ${offer2}`);
    return standing;
  }
};
function hasRoom(standing, amount) {
  const { budget } = standing.offer;
  const { claimed, spent, moneyClaimed, moneySpent } = standing;
  return claimed + spent < budget.redemptions && moneyClaimed + moneySpent + amount <= budget.money;
}
function take(code, order, amount) {
  code.state = "claimed";
  code.order = order;
  code.amount = amount;
  code.standing.claimed += 1;
  code.standing.moneyClaimed += amount;
}
function giveBack(code) {
  code.standing.claimed -= 1;
  code.standing.moneyClaimed -= code.amount;
  code.state = "given";
  code.order = null;
  code.amount = 0;
}

// store/ports/promotion-ledger.ts
import { Context as Context8 } from "effect";
var PromotionLedger = class extends Context8.Tag("store/PromotionLedger")() {
};

// store/memory/promotion-ledger.ts
var CODES_MAX2 = 4e6;
var FULL4 = new Refused(
  new PortUnavailable({ port: "store/PromotionLedger", reason: "the ledger is full" })
);
function make6(options) {
  const book = new PromotionBook(options.offers, options.tries);
  const codesMax = options.codesMax ?? CODES_MAX2;
  assert(codesMax > 0, "a ledger of codes has room for a code");
  return {
    book,
    issue: atOnce((request2) => book.size >= codesMax ? FULL4 : book.issue(request2)),
    lookUp: atOnce((request2) => book.lookUp(request2)),
    claim: atOnce((request2) => book.claim(request2)),
    redeem: atOnce((order) => book.redeem(order)),
    release: atOnce((order) => book.release(order)),
    claimsBefore: atOnce((search) => book.claimsBefore(search.claimedBefore, search.limit)),
    snapshot: readAtOnce(() => book.snapshot())
  };
}
var MemoryPromotionLedger = {
  make: make6,
  layer: (options) => Layer5.sync(PromotionLedger, () => make6(options))
};

// store/memory/rate-limiter.ts
import { Layer as Layer6 } from "effect";

// store/core/rate-limit.ts
var BUCKETS_MAX = 1e6;
var LOOKED_AT = 4;
var ALLOWED2 = { _tag: "Allowed" };
var RateLimiter = class {
  #levels = /* @__PURE__ */ new Map();
  #bucketsMax;
  #forgotten = 0;
  constructor(options = {}) {
    this.#bucketsMax = options.bucketsMax ?? BUCKETS_MAX;
    assert(this.#bucketsMax > 0, "a rate limiter has room for a bucket");
  }
  /** Buckets in memory. */
  get size() {
    return this.#levels.size;
  }
  /** Buckets that had to go before they were full: each may have given tokens twice. */
  get forgotten() {
    return this.#forgotten;
  }
  take({ buckets: buckets2, cost, now }) {
    let limited = null;
    for (const { key, limit } of buckets2) {
      const wait = this.#waitOf(key, limit, cost, now);
      if (wait > (limited?.retryAfterMillis ?? 0)) {
        limited = { _tag: "Limited", key, retryAfterMillis: wait, first: false };
      }
    }
    if (limited !== null) return this.#refuse(limited);
    for (const { key, limit } of buckets2) this.#spend(key, limit, cost * limit.everyMillis, now);
    return ALLOWED2;
  }
  /** How long until the bucket has the tokens, milliseconds; 0 where it has them. */
  #waitOf(key, limit, cost, now) {
    assert(Number.isSafeInteger(cost) && cost > 0 && cost <= limit.burst, "a burst pays a step");
    const level = this.#levels.get(key);
    if (level === void 0) return 0;
    assert(
      level.limit.tokens === limit.tokens && level.limit.everyMillis === limit.everyMillis,
      "a key has one limit"
    );
    const lacks = debtAt(level, now) + (cost - limit.burst) * limit.everyMillis;
    return lacks <= 0 ? 0 : Math.ceil(lacks / limit.tokens);
  }
  #refuse(limited) {
    const level = this.#levels.get(limited.key);
    assert(level !== void 0, "only a bucket that gave tokens lacks some");
    const first = !level.dry;
    level.dry = true;
    return { ...limited, first };
  }
  #spend(key, limit, price2, now) {
    const level = this.#levels.get(key);
    if (level === void 0) {
      this.#makeRoom(now);
      this.#levels.set(key, { limit, debt: price2, at: now, dry: false });
      return;
    }
    level.debt = debtAt(level, now) + price2;
    level.at = Math.max(level.at, now);
    level.dry = false;
    assert(level.debt <= limit.burst * limit.everyMillis, "a bucket never owes more than a burst");
    this.#levels.delete(key);
    this.#levels.set(key, level);
  }
  /** Drops full buckets among those asked the longest ago, and one that is not where it must. */
  #makeRoom(now) {
    let looked = 0;
    for (const [key, level] of this.#levels) {
      if (looked === LOOKED_AT) break;
      looked += 1;
      const full2 = debtAt(level, now) === 0;
      if (full2 || this.#levels.size >= this.#bucketsMax) {
        this.#levels.delete(key);
        if (!full2) this.#forgotten += 1;
      }
    }
  }
};
function debtAt({ limit, debt, at }, now) {
  const elapsed = Math.max(0, now - at);
  if (elapsed >= debt) return 0;
  return Math.max(0, debt - elapsed * limit.tokens);
}

// store/ports/rate-limiter.ts
import { Context as Context9 } from "effect";
var RateLimiter2 = class extends Context9.Tag("store/RateLimiter")() {
};

// store/memory/rate-limiter.ts
function make7(options = {}) {
  const rules = new RateLimiter(options);
  return { rules, take: atOnce((request2) => rules.take(request2)) };
}
var MemoryRateLimiter = {
  make: make7,
  layer: (options = {}) => Layer6.sync(RateLimiter2, () => make7(options))
};

// store/memory/sale-log.ts
import { Layer as Layer7 } from "effect";
var KEPT_MAX = 1e6;
function make8(options = {}) {
  const keptMax = options.keptMax ?? KEPT_MAX;
  assert(Number.isSafeInteger(keptMax) && keptMax >= 0, "a log keeps a whole number of events");
  const observe = options.observe;
  const kept = [];
  let length = 0;
  const append = (event) => {
    if (keptMax > 0) kept[length % keptMax] = event;
    length++;
    observe?.(event, length);
    return length;
  };
  const read = ({ after, limit }) => {
    assert(limit > 0, "a reader takes at least one event");
    const first = Math.max(after, length - kept.length);
    const end = Math.min(length, first + limit);
    const events = [];
    for (let index = first; index < end; index++) {
      events.push({ sequence: index + 1, event: kept[index % keptMax] });
    }
    return events;
  };
  return {
    append: atOnce(append),
    read: atOnce(read),
    length: readAtOnce(() => length)
  };
}
var MemorySaleLog = {
  make: make8,
  layer: (options = {}) => Layer7.sync(SaleLog, () => make8(options))
};

// store/memory/stock-ledger.ts
import { Layer as Layer8 } from "effect";

// store/core/hold-watch.ts
var LAPSED_MAX = 1e6;
var HoldWatch = class {
  #limits;
  #ofShopper = /* @__PURE__ */ new Map();
  #ofNetwork = /* @__PURE__ */ new Map();
  #lapsed = /* @__PURE__ */ new Map();
  constructor(limits) {
    const { perShopper, perNetwork, afterLapse } = limits;
    assert((perShopper ?? 1) > 0 && (perNetwork ?? 1) > 0, "a limit lets one hold through");
    assert(
      afterLapse === null || afterLapse.firstMillis > 0 && afterLapse.firstMillis <= afterLapse.maxMillis,
      "the first wait is the shortest"
    );
    this.#limits = limits;
  }
  /** Why this shopper takes no hold now, or null. */
  refusal(shopper, network, now) {
    const { perShopper, perNetwork, afterLapse, spares } = this.#limits;
    if (spares?.(shopper) === true) return null;
    if (afterLapse !== null) {
      const until = this.#lapsed.get(shopper)?.until ?? now;
      if (until > now) return tooMany("lapses", until - now);
    }
    const own = perShopper === null ? null : full(this.#ofShopper.get(shopper), perShopper, now);
    if (own !== null) return tooMany("shopper", own);
    if (perNetwork === null || network === null) return null;
    const all = full(this.#ofNetwork.get(network), perNetwork, now);
    return all === null ? null : tooMany("network", all);
  }
  taken(hold) {
    if (this.#limits.perShopper !== null) put(this.#ofShopper, hold.shopper, hold);
    if (this.#limits.perNetwork !== null && hold.network !== null) {
      put(this.#ofNetwork, hold.network, hold);
    }
  }
  ended(hold, end, now) {
    drop(this.#ofShopper, hold.shopper, hold);
    if (hold.network !== null) drop(this.#ofNetwork, hold.network, hold);
    if (end === "sold") this.#lapsed.delete(hold.shopper);
    else if (end === "expired") this.#lapse(hold.shopper, now);
  }
  /** Whoever kept quiet for the longest wait after the last one begins anew. */
  #lapse(shopper, now) {
    const { afterLapse } = this.#limits;
    if (afterLapse === null) return;
    const { firstMillis, maxMillis } = afterLapse;
    const before2 = this.#lapsed.get(shopper);
    const again = before2 !== void 0 && now < before2.until + maxMillis;
    const wait = again ? Math.min(maxMillis, before2.wait * 2) : firstMillis;
    this.#lapsed.delete(shopper);
    if (this.#lapsed.size >= LAPSED_MAX) this.#forgetOldest();
    this.#lapsed.set(shopper, { wait, until: now + wait });
  }
  #forgetOldest() {
    for (const shopper of this.#lapsed.keys()) {
      this.#lapsed.delete(shopper);
      return;
    }
  }
};
function tooMany(by, retryAfterMillis) {
  return { _tag: "TooManyHolds", by, retryAfterMillis };
}
function full(holds, most, now) {
  if (holds === void 0 || holds.size < most) return null;
  let due = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of holds) {
    due = expiresAt;
    break;
  }
  assert(Number.isFinite(due), "as many as there may be are more than none");
  return Math.max(1, due - now);
}
function put(of, key, hold) {
  const known = of.get(key);
  if (known === void 0) of.set(key, /* @__PURE__ */ new Set([hold]));
  else known.add(hold);
}
function drop(of, key, hold) {
  const known = of.get(key);
  if (known?.delete(hold) === true && known.size === 0) of.delete(key);
}

// store/core/stock-item.ts
var ItemStock = class {
  sku;
  initial;
  limitPerShopper;
  limitPerPerson;
  available;
  held = 0;
  sold = 0;
  quarantined = 0;
  restocked = 0;
  writtenOff = 0;
  /** Units held and bought per shopper; kept only where there is a limit. */
  #counted = /* @__PURE__ */ new Map();
  /** The same per name that a person is known by. */
  #countedOfPerson = /* @__PURE__ */ new Map();
  #nextSerial = 1;
  constructor(item) {
    assert(Number.isSafeInteger(item.units) && item.units >= 0, "initial units are whole");
    assert(
      item.limitPerShopper === null || item.limitPerShopper > 0,
      "a limit per shopper is above zero"
    );
    const limitPerPerson = item.limitPerPerson ?? null;
    assert(limitPerPerson === null || limitPerPerson > 0, "a limit per person is above zero");
    this.sku = item.sku;
    this.initial = item.units;
    this.available = item.units;
    this.limitPerShopper = item.limitPerShopper;
    this.limitPerPerson = limitPerPerson;
  }
  /** Why these units cannot be held for this shopper, or null where they can. */
  refusal(shopper, units) {
    if (this.available < units) {
      return { _tag: "SoldOut", sku: this.sku, available: this.available };
    }
    if (this.limitPerShopper === null) return null;
    const counted = this.counted(shopper);
    if (counted + units <= this.limitPerShopper) return null;
    return { _tag: "LimitReached", sku: this.sku, limit: this.limitPerShopper, counted };
  }
  /** Units that a shopper holds or has bought; 0 where no limit makes the stock count them. */
  counted(shopper) {
    return this.#counted.get(shopper) ?? 0;
  }
  take(shopper, units) {
    this.available -= units;
    this.held += units;
    if (this.limitPerShopper !== null) {
      this.#counted.set(shopper, this.counted(shopper) + units);
    }
    this.#assertSound();
  }
  giveBack(shopper, units) {
    this.held -= units;
    this.available += units;
    if (this.limitPerShopper !== null) {
      const counted = this.counted(shopper) - units;
      assert(counted >= 0, "no shopper gives back more than was counted");
      if (counted === 0) this.#counted.delete(shopper);
      else this.#counted.set(shopper, counted);
    }
    this.#assertSound();
  }
  /** Why these units cannot be a person's, or null where they can. */
  personRefusal(person, units) {
    const limit = this.limitPerPerson;
    if (limit === null) return null;
    for (const name of person) {
      const counted = this.#countedOfPerson.get(name) ?? 0;
      if (counted + units > limit) {
        return { _tag: "PersonLimitReached", sku: this.sku, limit, counted };
      }
    }
    return null;
  }
  /** Counts units for a person, or takes them off again where they are below zero. */
  countForPerson(person, units) {
    if (this.limitPerPerson === null) return;
    for (const name of person) {
      const counted = (this.#countedOfPerson.get(name) ?? 0) + units;
      assert(counted >= 0, "no person gives back more than was counted");
      if (counted === 0) this.#countedOfPerson.delete(name);
      else this.#countedOfPerson.set(name, counted);
    }
  }
  /** Sells held units and answers with the serial number of the first of them. */
  sell(units) {
    this.held -= units;
    this.sold += units;
    const first = this.#nextSerial;
    this.#nextSerial += units;
    this.#assertSound();
    return first;
  }
  restock(units) {
    assertWhole(units);
    this.restocked += units;
    this.available += units;
    this.#assertSound();
  }
  /** Moves units between the shelf and quarantine; false where too few are there. */
  move(from, units) {
    assertWhole(units);
    if (this[from] < units) return false;
    this[from] -= units;
    this[from === "available" ? "quarantined" : "available"] += units;
    this.#assertSound();
    return true;
  }
  writeOff(from, units) {
    assertWhole(units);
    if (this[from] < units) return false;
    this[from] -= units;
    this.writtenOff += units;
    this.#assertSound();
    return true;
  }
  level() {
    return {
      sku: this.sku,
      initial: this.initial,
      restocked: this.restocked,
      writtenOff: this.writtenOff,
      available: this.available,
      held: this.held,
      sold: this.sold,
      quarantined: this.quarantined,
      limitPerShopper: this.limitPerShopper,
      limitPerPerson: this.limitPerPerson
    };
  }
  #assertSound() {
    assert(
      this.available >= 0 && this.held >= 0 && this.sold >= 0 && this.quarantined >= 0,
      "no place holds fewer than zero units"
    );
    assert(
      this.available + this.held + this.sold + this.quarantined === this.initial + this.restocked - this.writtenOff,
      "units neither appear nor vanish"
    );
  }
};

// store/core/stock.ts
var ENDED_HOLDS_MAX = 1e6;
var NO_SERIALS = [];
var NOBODY2 = [];
var UNKNOWN_HOLD = { _tag: "UnknownHold" };
var Stock = class {
  #items = /* @__PURE__ */ new Map();
  #holds = /* @__PURE__ */ new Map();
  #due = new ExpiryQueue((row) => row.state === "live");
  #lapsed = [];
  #lapsedFirst = 0;
  #endedHoldsMax;
  #watch;
  #epoch = 0;
  #ended = { released: 0, expired: 0, sold: 0, forgotten: 0 };
  constructor(options) {
    this.#endedHoldsMax = options.endedHoldsMax ?? ENDED_HOLDS_MAX;
    assert(this.#endedHoldsMax >= 0, "the number of remembered holds is not negative");
    const limits = options.holdLimits ?? null;
    this.#watch = limits === null ? null : new HoldWatch(limits);
    for (const item of options.items) {
      assert(!this.#items.has(item.sku), `the SKU ${item.sku} is in the stock once`);
      this.#items.set(item.sku, new ItemStock(item));
    }
  }
  /** Holds every line or nothing. */
  hold(request2) {
    assert(request2.expiresAt > request2.now, "a hold ends after it begins");
    const lines = summedPerSku(request2.lines);
    const known = this.#holds.get(request2.hold);
    if (known !== void 0) return this.#holdAgain(known, request2, lines);
    const network = request2.network ?? null;
    const tooMany2 = this.#watch?.refusal(request2.shopper, network, request2.now) ?? null;
    if (tooMany2 !== null) return tooMany2;
    for (const line of lines) {
      const item = this.#items.get(line.sku);
      if (item === void 0) return { _tag: "UnknownSku", sku: line.sku };
      const refusal = item.refusal(request2.shopper, line.units);
      if (refusal !== null) return refusal;
    }
    const row = {
      hold: request2.hold,
      shopper: request2.shopper,
      network,
      lines,
      person: NOBODY2,
      epoch: 0,
      takenAt: 0,
      expiresAt: 0,
      state: "released",
      endedAt: null,
      order: null,
      serials: NO_SERIALS,
      honoured: false
    };
    this.#holds.set(row.hold, row);
    this.#take(row, request2.now, request2.expiresAt);
    return heldAnswer(row);
  }
  release(request2) {
    const row = this.#holds.get(request2.hold);
    if (row === void 0) return UNKNOWN_HOLD;
    if (row.epoch !== request2.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live") return alreadyEnded(row.state);
    this.#giveBack(row, "released", request2.now);
    const { hold, epoch, shopper, lines } = row;
    return { _tag: "Released", hold, epoch, shopper, lines };
  }
  /** Takes a hold that lapsed (or is due) again, if its units are still to be had. */
  reacquire(request2) {
    assert(request2.expiresAt > request2.now, "a hold ends after it begins");
    const row = this.#holds.get(request2.hold);
    if (row === void 0 || row.shopper !== request2.shopper) return UNKNOWN_HOLD;
    if (row.epoch !== request2.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state === "released" || row.state === "sold") return alreadyEnded(row.state);
    if (row.state === "live" && request2.now < row.expiresAt) return heldAnswer(row);
    const refusal = this.#takeAgain(row, request2.now, request2.expiresAt);
    return refusal ?? heldAnswer(row);
  }
  /** Counts a live hold for the person whose order it serves, if that person may have its units. */
  claim(request2) {
    const row = this.#holds.get(request2.hold);
    if (row === void 0) return UNKNOWN_HOLD;
    if (row.epoch !== request2.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live") return alreadyEnded(row.state);
    if (request2.now >= row.expiresAt) return holdLapsed("expired", null);
    const before2 = row.person;
    this.#countPerson(row, -1);
    row.person = request2.person;
    const refusal = this.#personRefusal(row);
    if (refusal !== null) row.person = before2;
    this.#countPerson(row, 1);
    return refusal ?? { _tag: "Claimed" };
  }
  sell(request2) {
    const row = this.#holds.get(request2.hold);
    if (row === void 0) return UNKNOWN_HOLD;
    if (row.state === "sold") {
      if (row.order === request2.order) return soldAnswer(row, true);
      return { _tag: "SoldToOther", order: row.order ?? "" };
    }
    if (row.epoch !== request2.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live" || request2.now >= row.expiresAt) {
      const end = row.state === "released" ? "released" : "expired";
      if (!request2.honour) return holdLapsed(end, null);
      const refusal = this.#takeAgain(row, request2.now, request2.now + 1);
      if (refusal !== null) return holdLapsed(end, refusal.sku);
      row.honoured = true;
    }
    this.#convert(row, request2.order, request2.now);
    return soldAnswer(row, false);
  }
  /** Ends the hold that is due first, if one is due: one step of a sweep. */
  expireNext(now) {
    const row = this.#due.first();
    if (row === null || row.expiresAt > now) return null;
    this.#giveBack(row, "expired", now);
    const { hold, epoch, shopper, lines } = row;
    return { hold, epoch, shopper, lines };
  }
  /** When the next hold is due, or null where none is live. */
  nextExpiry() {
    return this.#due.first()?.expiresAt ?? null;
  }
  restock(line) {
    const item = this.#items.get(line.sku);
    if (item === void 0) return { _tag: "UnknownSku", sku: line.sku };
    item.restock(line.units);
    return stockMoved(item);
  }
  quarantine(line) {
    const item = this.#items.get(line.sku);
    if (item === void 0) return { _tag: "UnknownSku", sku: line.sku };
    if (!item.move("available", line.units)) return { _tag: "TooFew", there: item.available };
    return stockMoved(item);
  }
  readmit(line) {
    const item = this.#items.get(line.sku);
    if (item === void 0) return { _tag: "UnknownSku", sku: line.sku };
    if (!item.move("quarantined", line.units)) return { _tag: "TooFew", there: item.quarantined };
    return stockMoved(item);
  }
  writeOff(request2) {
    const item = this.#items.get(request2.sku);
    if (item === void 0) return { _tag: "UnknownSku", sku: request2.sku };
    if (!item.writeOff(request2.from, request2.units)) {
      return { _tag: "TooFew", there: item[request2.from] };
    }
    return stockMoved(item);
  }
  /** Units on sale now; 0 for a SKU that the stock does not know. */
  available(sku) {
    return this.#items.get(sku)?.available ?? 0;
  }
  level(sku) {
    return this.#items.get(sku)?.level() ?? { _tag: "UnknownSku", sku };
  }
  find(hold) {
    const row = this.#holds.get(hold);
    return row === void 0 ? null : holdRecord(row);
  }
  get liveHolds() {
    return this.#epoch - this.#ended.released - this.#ended.expired - this.#ended.sold;
  }
  totals() {
    assert(this.liveHolds >= 0, "no more holds end than were taken");
    return { taken: this.#epoch, ...this.#ended, live: this.liveHolds };
  }
  snapshot() {
    return {
      levels: Array.from(this.#items.values(), (item) => item.level()),
      holds: Array.from(this.#holds.values(), holdRecord),
      totals: this.totals()
    };
  }
  #holdAgain(row, request2, lines) {
    const same = row.shopper === request2.shopper && sameUnits(row.lines, lines);
    if (row.state === "live" && same) return heldAnswer(row);
    return { _tag: "HoldExists", hold: row.hold };
  }
  /** Starts a life of the hold; the caller has seen that every line can be had. */
  #take(row, now, expiresAt) {
    assert(row.state !== "live" && row.state !== "sold", "only a hold that lapsed is taken again");
    for (const line of row.lines) this.#item(line.sku).take(row.shopper, line.units);
    this.#countPerson(row, 1);
    row.epoch = ++this.#epoch;
    row.state = "live";
    row.takenAt = now;
    row.expiresAt = expiresAt;
    row.endedAt = null;
    this.#due.add(row);
    this.#watch?.taken(row);
  }
  /** Ends the life of a due hold if it has not ended, and starts the next one if it can. */
  #takeAgain(row, now, expiresAt) {
    if (row.state === "live") this.#giveBack(row, "expired", now);
    for (const line of row.lines) {
      const refusal2 = this.#item(line.sku).refusal(row.shopper, line.units);
      if (refusal2 !== null) return refusal2;
    }
    const refusal = this.#personRefusal(row);
    if (refusal !== null) return refusal;
    this.#take(row, now, expiresAt);
    return null;
  }
  #personRefusal({ lines, person }) {
    if (person.length === 0) return null;
    for (const line of lines) {
      const refusal = this.#item(line.sku).personRefusal(person, line.units);
      if (refusal !== null) return refusal;
    }
    return null;
  }
  #countPerson({ lines, person }, sign) {
    if (person.length === 0) return;
    for (const line of lines) this.#item(line.sku).countForPerson(person, sign * line.units);
  }
  #giveBack(row, end, now) {
    this.#end(row, end, now);
    for (const line of row.lines) this.#item(line.sku).giveBack(row.shopper, line.units);
    this.#countPerson(row, -1);
    this.#lapsed.push({ row, epoch: row.epoch });
    if (this.#lapsed.length - this.#lapsedFirst > this.#endedHoldsMax) this.#forgetOldest();
  }
  #convert(row, order, now) {
    assert(row.order === null, "a hold is sold to one order");
    this.#end(row, "sold", now);
    row.order = order;
    row.serials = row.lines.map((line) => ({
      sku: line.sku,
      first: this.#item(line.sku).sell(line.units),
      units: line.units
    }));
  }
  /** The only way out of a life, so that each has exactly one end. */
  #end(row, end, now) {
    assert(row.state === "live", "a hold ends once");
    row.state = end;
    row.endedAt = Math.max(now, row.takenAt);
    this.#ended[end]++;
    this.#due.ended();
    this.#watch?.ended(row, end, row.endedAt);
  }
  #forgetOldest() {
    const { row, epoch } = this.#lapsed[this.#lapsedFirst++];
    if (row.epoch === epoch) this.#holds.delete(row.hold);
    this.#ended.forgotten++;
    if (this.#lapsedFirst > this.#endedHoldsMax) {
      this.#lapsed.splice(0, this.#lapsedFirst);
      this.#lapsedFirst = 0;
    }
  }
  #item(sku) {
    const item = this.#items.get(sku);
    assert(item !== void 0, "a hold names only SKUs of the stock");
    return item;
  }
};
function heldAnswer(row) {
  const { hold, epoch, expiresAt, lines } = row;
  return { _tag: "Held", hold, epoch, expiresAt, lines };
}
function soldAnswer(row, repeated2) {
  const { hold, epoch, lines, serials, honoured, order } = row;
  assert(order !== null, "a sold hold names its order");
  return { _tag: "Sold", hold, epoch, order, lines, serials, honoured, repeated: repeated2 };
}
function alreadyEnded(end) {
  return { _tag: "AlreadyEnded", end };
}
function holdLapsed(end, sku) {
  return { _tag: "HoldLapsed", end, sku };
}
function stockMoved(item) {
  return { _tag: "StockMoved", available: item.available, quarantined: item.quarantined };
}
function holdRecord(row) {
  const { hold, epoch, shopper, person, lines, state, takenAt, expiresAt, endedAt } = row;
  const { order, serials } = row;
  const of = { hold, epoch, shopper, person, lines };
  return { ...of, state, takenAt, expiresAt, endedAt, order, serials };
}

// store/ports/stock-ledger.ts
import { Context as Context10 } from "effect";
var StockLedger = class extends Context10.Tag("store/StockLedger")() {
};

// store/memory/stock-ledger.ts
var LIVE_HOLDS_MAX = 2e6;
var FULL5 = new Refused(
  new PortUnavailable({ port: "store/StockLedger", reason: "too many live holds" })
);
function make9(options) {
  const stock = new Stock(options);
  const liveHoldsMax = options.liveHoldsMax ?? LIVE_HOLDS_MAX;
  assert(liveHoldsMax > 0, "a stock ledger has room for a hold");
  return {
    stock,
    hold: atOnce(
      (request2) => stock.liveHolds >= liveHoldsMax ? FULL5 : stock.hold(request2)
    ),
    release: atOnce((request2) => stock.release(request2)),
    reacquire: atOnce((request2) => stock.reacquire(request2)),
    claim: atOnce((request2) => stock.claim(request2)),
    sell: atOnce((request2) => stock.sell(request2)),
    expireDue: atOnce((request2) => expireDue(stock, request2)),
    nextExpiry: readAtOnce(() => stock.nextExpiry()),
    restock: atOnce((line) => stock.restock(line)),
    quarantine: atOnce((line) => stock.quarantine(line)),
    readmit: atOnce((line) => stock.readmit(line)),
    writeOff: atOnce((request2) => stock.writeOff(request2)),
    find: atOnce((hold) => stock.find(hold)),
    level: atOnce((sku) => stock.level(sku)),
    snapshot: readAtOnce(() => stock.snapshot())
  };
}
function expireDue(stock, request2) {
  assert(request2.limit > 0, "a sweep may expire at least one hold");
  const expired = [];
  while (expired.length < request2.limit) {
    const ended = stock.expireNext(request2.now);
    if (ended === null) return { expired, more: false };
    expired.push(ended);
  }
  const next = stock.nextExpiry();
  return { expired, more: next !== null && next <= request2.now };
}
var MemoryStockLedger = {
  make: make9,
  layer: (options) => Layer8.sync(StockLedger, () => make9(options))
};

// store/memory/ticket-queue.ts
import { Layer as Layer9 } from "effect";

// store/core/admission-pace.ts
var BURST_MILLIS = 5e3;
var MINUTE_MILLIS = 6e4;
var GROWTH_SHARE = 0.01;
var LENT_SHARE = 0.5;
var LENT_MAX = 65536;
var AdmissionPace = class {
  #limits;
  #gradientLimits;
  #gradient;
  #codel = startCodel();
  /** Admissions that the rate allows now, with a fraction. */
  #allowance;
  #allowanceMax;
  /** Of the admissions that the rate allowed, those lent out. */
  #lent = 0;
  /** NaN before the first look at the time. */
  #at = Number.NaN;
  constructor(limits) {
    const { active, perMinute, adaptive } = limits;
    assert(active === null || active >= 1, "a room has a place");
    assert(perMinute === null || perMinute > 0, "a room lets somebody in");
    this.#limits = limits;
    this.#allowanceMax = perMinute === null ? Number.POSITIVE_INFINITY : Math.max(1, perMinute * BURST_MILLIS / MINUTE_MILLIS);
    this.#allowance = this.#allowanceMax;
    this.#gradientLimits = adaptive === null || active === null ? null : gradientOf(active, adaptive.activeMin);
    this.#gradient = this.#gradientLimits === null ? null : startGradient2(this.#gradientLimits);
  }
  /** Shoppers that may be inside at once; null is no limit. */
  get activeLimit() {
    return this.#gradient === null ? this.#limits.active : admitsAtOnce(this.#gradient);
  }
  get overloaded() {
    return this.#codel.overloaded;
  }
  /** Whether one more may be let in beside `active` others. */
  allows(active, now) {
    this.#refill(now);
    if (this.#codel.overloaded || this.#allowance < 1) return false;
    const limit = this.activeLimit;
    return limit === null || active < limit;
  }
  /** One was let in. */
  take() {
    this.#allowance = Math.max(0, this.#allowance - 1);
  }
  /**
   * Answers how many may be let in elsewhere beside `active` others; until that is settled, no
   * more is saved up beside them.
   */
  lend(active, now) {
    assert(this.#lent === 0, "a loan is settled before the next");
    if (!this.allows(active, now)) return 0;
    const limit = this.activeLimit;
    const free = limit === null ? this.#allowance : Math.min(this.#allowance, limit - active);
    this.#lent = Math.min(LENT_MAX, Math.floor(free * LENT_SHARE));
    this.#allowance -= this.#lent;
    return this.#lent;
  }
  /** Of those lent so many were let in. */
  settle(used, now) {
    this.#allowance += Math.max(0, this.#lent - used);
    this.#lent = 0;
    this.#refill(now);
  }
  /** Takes in how the store answered since the last time; without an answer it is not overloaded. */
  note(health, active, now) {
    const { adaptive } = this.#limits;
    if (adaptive === null) return;
    const { intervalMillis: interval, targetMillis: target } = adaptive;
    refuses(this.#codel, { interval, target }, health?.quickestMillis ?? 0, now);
    if (health === null || this.#gradient === null || this.#gradientLimits === null) return;
    noteLatency(this.#gradient, this.#gradientLimits, Math.max(1, health.meanMillis), active);
  }
  #refill(now) {
    const { perMinute } = this.#limits;
    if (perMinute === null || this.#at === now) return;
    const since = Number.isNaN(this.#at) ? 0 : now - this.#at;
    this.#at = now;
    if (since <= 0) return;
    const more = perMinute * since / MINUTE_MILLIS;
    this.#allowance = Math.min(this.#allowanceMax - this.#lent, this.#allowance + more);
  }
};
function gradientOf(active, activeMin) {
  return {
    ...GRADIENT2_LIMITS,
    initial: active,
    min: Math.max(1, Math.min(active, activeMin)),
    max: active,
    queueSize: Math.max(GRADIENT2_LIMITS.queueSize, active * GROWTH_SHARE)
  };
}

// store/core/deadline-wheel.ts
var BUCKET_MILLIS = 1e3;
var BUCKETS = 1024;
var NONE = -1;
var DeadlineWheel = class {
  #heads = new Int32Array(BUCKETS).fill(NONE);
  #next = new Int32Array(0);
  #before = new Int32Array(0);
  /** The bucket a row stands in, or -1. */
  #bucket = new Int32Array(0);
  #deadline = new Float64Array(0);
  /** The bucket-second that is worked off next; NaN until the wheel is first used. */
  #cursor = Number.NaN;
  /** Makes room for rows below `rows`. */
  grow(rows) {
    const grown = (to, from) => {
      to.set(from);
      return to;
    };
    const before2 = this.#next.length;
    this.#next = grown(new Int32Array(rows), this.#next);
    this.#before = grown(new Int32Array(rows), this.#before);
    this.#bucket = grown(new Int32Array(rows), this.#bucket).fill(NONE, before2);
    this.#deadline = grown(new Float64Array(rows), this.#deadline);
  }
  deadlineOf(row) {
    return this.#deadline[row];
  }
  /** The row's time is over at `deadline`, not sooner or later than that as it was before. */
  set(row, deadline, now) {
    if (Number.isNaN(this.#cursor)) this.#cursor = Math.floor(now / BUCKET_MILLIS);
    const before2 = this.#deadline[row];
    this.#deadline[row] = deadline;
    if (this.#bucket[row] !== NONE) {
      if (deadline >= before2) return;
      this.#unlink(row);
    }
    this.#link(row, deadline);
  }
  clear(row) {
    if (this.#bucket[row] !== NONE) this.#unlink(row);
  }
  /** A row whose deadline is not after `now`, taken off the wheel, or -1 where there is none. */
  takeDue(now) {
    const last = Math.floor(now / BUCKET_MILLIS);
    if (last - this.#cursor > BUCKETS) this.#cursor = last - BUCKETS;
    while (this.#cursor <= last) {
      const row = this.#heads[this.#cursor % BUCKETS];
      if (row === NONE) {
        this.#cursor += 1;
        continue;
      }
      this.#unlink(row);
      const deadline = this.#deadline[row];
      if (deadline <= now) return row;
      this.#link(row, deadline);
    }
    return NONE;
  }
  /** In the bucket that begins at the deadline or after it, or in the farthest there is. */
  #link(row, deadline) {
    const due = Math.ceil(deadline / BUCKET_MILLIS);
    const second = Math.min(this.#cursor + BUCKETS - 1, Math.max(this.#cursor + 1, due));
    const bucket = second % BUCKETS;
    const head = this.#heads[bucket];
    this.#bucket[row] = bucket;
    this.#next[row] = head;
    this.#before[row] = NONE;
    if (head !== NONE) this.#before[head] = row;
    this.#heads[bucket] = row;
  }
  #unlink(row) {
    const bucket = this.#bucket[row];
    assert(bucket !== NONE, "a row that is taken off the wheel stands on it");
    const next = this.#next[row];
    const before2 = this.#before[row];
    if (before2 === NONE) this.#heads[bucket] = next;
    else this.#next[before2] = next;
    if (next !== NONE) this.#before[next] = before2;
    this.#bucket[row] = NONE;
  }
};

// store/core/delayed-count.ts
var PARTS = 32;
var DelayedCount = class {
  #partMillis;
  #counts = new Float64Array(PARTS);
  /** Whose turn to be written it is, so the oldest. */
  #next = 0;
  #last = 0;
  #nextAt = Number.NaN;
  constructor(delayMillis) {
    assert(delayMillis > 0, "a delay takes time");
    this.#partMillis = delayMillis / PARTS;
  }
  /** The count of that time ago, as of the last note. */
  get earlier() {
    return this.#counts[this.#next];
  }
  note(now, count) {
    if (Number.isNaN(this.#nextAt)) this.#nextAt = now;
    const due = Math.floor((now - this.#nextAt) / this.#partMillis) + 1;
    for (let part = Math.min(due, PARTS + 1); part > 0; part -= 1) {
      this.#counts[this.#next] = part === 1 ? count : this.#last;
      this.#next = (this.#next + 1) % PARTS;
    }
    if (due > 0) this.#nextAt += due * this.#partMillis;
    this.#last = count;
  }
};

// store/core/ticket-line.ts
var EMPTY = -1;
var SLOTS_AT_START = 256;
var TicketLine = class {
  /** The row that stands in a slot, or -1. */
  #rows = new Int32Array(SLOTS_AT_START);
  /** `#counts[i]` counts the slots from `i - lowest bit of i` to `i - 1` in which a row stands. */
  #counts = new Int32Array(SLOTS_AT_START + 1);
  #used = 0;
  #head = 0;
  #length = 0;
  #moved;
  /** `moved` is told when a row stands in another slot than `join` said. */
  constructor(moved) {
    this.#moved = moved;
  }
  get length() {
    return this.#length;
  }
  /** Slots in memory, those that were left included. */
  get size() {
    return this.#rows.length;
  }
  /** Puts the row at the end and answers in which slot. */
  join(row) {
    if (this.#used === this.#rows.length) this.#makeRoom();
    const slot = this.#used++;
    this.#rows[slot] = row;
    this.#length += 1;
    const last = slot + 1;
    const first = last - (last & -last);
    let count = 1;
    for (let index = slot; index > first; index -= index & -index) {
      count += this.#counts[index];
    }
    this.#counts[last] = count;
    return slot;
  }
  leave(slot) {
    assert(slot < this.#used && this.#rows[slot] !== EMPTY, "who leaves a line stands in it");
    this.#rows[slot] = EMPTY;
    this.#length -= 1;
    for (let index = slot + 1; index <= this.#used; index += index & -index) {
      this.#counts[index] = this.#counts[index] - 1;
    }
  }
  /** How many stand before the slot. */
  aheadOf(slot) {
    let count = 0;
    for (let index = slot; index > 0; index -= index & -index) {
      count += this.#counts[index];
    }
    return count;
  }
  /** The row whose turn is next, or -1. */
  first() {
    if (this.#length === 0) return EMPTY;
    while (this.#rows[this.#head] === EMPTY) this.#head += 1;
    assert(this.#head < this.#used, "a line that is not empty has a head");
    return this.#rows[this.#head];
  }
  /** Every row that stands, in order. */
  *rows() {
    for (let slot = this.#head; slot < this.#used; slot += 1) {
      const row = this.#rows[slot];
      if (row !== EMPTY) yield row;
    }
  }
  /** Closes the line up; doubles its slots where more than half would still be taken. */
  #makeRoom() {
    const before2 = this.#rows;
    const slots = this.#length * 2 > before2.length ? before2.length * 2 : before2.length;
    const rows = new Int32Array(slots);
    let used = 0;
    for (let slot = 0; slot < before2.length; slot += 1) {
      const row = before2[slot];
      if (row === EMPTY) continue;
      rows[used] = row;
      this.#moved(row, used);
      used += 1;
    }
    assert(used === this.#length, "a line closed up holds who stood in it");
    this.#rows = rows;
    this.#counts = new Int32Array(slots + 1);
    for (let index = 1; index <= used; index += 1) this.#counts[index] = index & -index;
    this.#used = used;
    this.#head = 0;
  }
};

// store/core/wait-estimate.ts
var MEMORY_MILLIS = 6e4;
var MEMORY_ADMITTED = 100;
var LONG_MEMORY_MILLIS = 6e5;
var PAST_MIN_MILLIS = 3e4;
function newPace() {
  return {
    perMilli: 0,
    gonePerMilli: 0,
    waiting: 0,
    leftPerMilli: 0,
    standing: 0,
    seenMillis: 0
  };
}
function notePace(pace, span) {
  assert(span.millis > 0, "a pace is seen over time");
  pace.seenMillis = Math.min(LONG_MEMORY_MILLIS, pace.seenMillis + span.millis);
  const weight = weightOf(pace, span, memoryOf(pace));
  pace.perMilli += weight * (span.admitted / span.millis - pace.perMilli);
  const slow = weightOf(pace, span, LONG_MEMORY_MILLIS);
  pace.gonePerMilli += slow * (span.gone / span.millis - pace.gonePerMilli);
  pace.waiting += slow * (span.waiting - pace.waiting);
  pace.leftPerMilli += slow * (span.left / span.millis - pace.leftPerMilli);
  pace.standing += slow * (span.standing - pace.standing);
}
function weightOf(pace, span, memoryMillis) {
  return Math.min(1, span.millis / Math.max(Math.min(memoryMillis, pace.seenMillis), span.millis));
}
function memoryOf(pace) {
  if (pace.perMilli <= 0) return MEMORY_MILLIS;
  const enough = MEMORY_ADMITTED / pace.perMilli;
  return Math.min(LONG_MEMORY_MILLIS, Math.max(MEMORY_MILLIS, enough));
}
function leavingOf(pace) {
  const silent = pace.waiting > 0 ? pace.gonePerMilli / pace.waiting : 0;
  return silent + (pace.standing > 0 ? pace.leftPerMilli / pace.standing : 0);
}
function isPaceKnown(pace) {
  return pace.seenMillis >= PAST_MIN_MILLIS && pace.perMilli > 0;
}
function isLeavingKnown(pace, keptMillis) {
  const enough = Math.min(LONG_MEMORY_MILLIS, keptMillis + PAST_MIN_MILLIS);
  return isPaceKnown(pace) && pace.seenMillis >= enough;
}
function estimateOf(pace, ahead, perMilli) {
  const known = isPaceKnown(pace);
  const admitted = known ? pace.perMilli : perMilli;
  if (admitted === null || admitted <= 0) return null;
  const places = ahead + 1;
  const leaving = known ? leavingOf(pace) : 0;
  const plain = places / admitted;
  if (leaving === 0) return Math.round(plain);
  return Math.round(logOf(1 + plain * leaving) / leaving);
}
function logOf(value) {
  assert(value >= 1 && Number.isFinite(value), "the logarithm is taken of a number from 1 on");
  let rest = value;
  let halvings = 0;
  while (rest > 2) {
    rest /= 2;
    halvings += 1;
  }
  const ratio = (rest - 1) / (rest + 1);
  const square = ratio * ratio;
  let term = ratio;
  let sum = 0;
  for (let odd = 1; odd < 40; odd += 2) {
    sum += term / odd;
    term *= square;
  }
  return 2 * sum + halvings * Math.LN2;
}

// store/core/lane.ts
var STEADY_WITHIN = 0.1;
var MINUTE_MILLIS2 = 6e4;
var Lane = class {
  name;
  share;
  opensAt;
  /** False until the lot among those who came early is drawn. */
  isOpen;
  line;
  /** Tickets that came before it opened, those that have ended since included. */
  lobby = [];
  /** Living tickets in the lobby. */
  inLobby = 0;
  /** Admitted so far; gone unadmitted, found so by their silence; and gone who said so. */
  admitted = 0;
  gone = 0;
  left = 0;
  #pace = newPace();
  #notedAt = Number.NaN;
  #admittedBefore = 0;
  #goneBefore = 0;
  #leftBefore = 0;
  /** How many stood here when those fell silent whose places end now. */
  #stood;
  #keptMillis;
  /** A place that nobody asks for is kept for `keptMillis`. */
  constructor(limits, keptMillis, moved) {
    this.name = limits.name;
    this.share = limits.share;
    this.opensAt = limits.opensAt;
    this.isOpen = limits.opensAt === null;
    this.line = new TicketLine(moved);
    this.#keptMillis = keptMillis;
    this.#stood = new DelayedCount(keptMillis);
  }
  get waiting() {
    return this.line.length + this.inLobby;
  }
  /** The row of somebody who waits, or -1; `rowOf` finds the row of a ticket that lives. */
  anyWaiting(rowOf) {
    if (this.line.length > 0) return this.line.first();
    while (this.inLobby > 0) {
      const row = rowOf(this.lobby.pop() ?? -1);
      if (row !== -1) return row;
    }
    return -1;
  }
  /**
   * Admissions per millisecond lately; `known` where it has no past to go by. Without a rate it is
   * none yet, so not steady, before the lane has seen how many leave it.
   */
  paceOr(known) {
    if (known !== null && !isPaceKnown(this.#pace)) return known;
    const isKnown = known !== null || isLeavingKnown(this.#pace, this.#keptMillis);
    return isKnown ? this.#pace.perMilli : 0;
  }
  estimate(ahead, perMilli) {
    return estimateOf(this.#pace, ahead, perMilli);
  }
  /** Whether it went on as it did when it had admitted `admittedThen`, some `millis` ago. */
  keptPace(then, admittedThen, millis) {
    if (millis <= 0 || then <= 0) return false;
    return Math.abs((this.admitted - admittedThen) / millis - then) <= STEADY_WITHIN * then;
  }
  /** Takes in what happened since the last time; a line that ran empty shows no pace of the room's. */
  note(now, waitingBefore) {
    const millis = now - this.#notedAt;
    const admitted = this.admitted - this.#admittedBefore;
    const gone = this.gone - this.#goneBefore;
    const left = this.left - this.#leftBefore;
    const isFirst = Number.isNaN(this.#notedAt);
    if (!isFirst && millis <= 0) return;
    this.#notedAt = now;
    this.#admittedBefore = this.admitted;
    this.#goneBefore = this.gone;
    this.#leftBefore = this.left;
    this.#stood.note(now, waitingBefore);
    const isBusy = waitingBefore > 0 && this.line.length > 0;
    if (!isBusy) this.#pace = newPace();
    else if (!isFirst) {
      const [waiting, standing] = [this.#stood.earlier, waitingBefore];
      notePace(this.#pace, { millis, admitted, gone, waiting, left, standing });
    }
  }
};
function rateOf(lane, all, perMinute) {
  if (perMinute === null) return null;
  let shares = 0;
  for (const other of all) if (other === lane || other.line.length > 0) shares += other.share;
  return perMinute / MINUTE_MILLIS2 * (lane.share / shares);
}

// store/core/lane-turns.ts
var LaneTurns = class {
  #shares;
  #credit;
  constructor(shares) {
    assert(shares.length > 0 && shares.every((share) => share > 0), "every lane gets a share");
    this.#shares = shares;
    this.#credit = new Float64Array(shares.length);
  }
  /** The lane to admit from, or -1 where nobody waits. A lane that does not wait saves nothing up. */
  next(waits) {
    let chosen = -1;
    let all = 0;
    for (let lane = 0; lane < this.#shares.length; lane += 1) {
      if (!waits(lane)) {
        this.#credit[lane] = 0;
        continue;
      }
      const share = this.#shares[lane];
      all += share;
      this.#credit[lane] = this.#credit[lane] + share;
      const isMore = chosen === -1 || this.#credit[lane] > this.#credit[chosen];
      if (isMore) chosen = lane;
    }
    if (chosen !== -1) this.#credit[chosen] = this.#credit[chosen] - all;
    return chosen;
  }
};

// store/core/lot.ts
var OTHER_BASIS = 2538058380;
var TWO_TO_21 = 2097152;
function lotOf(seed, shopper) {
  const high = finished(absorb(absorb(FNV_BASIS, seed), shopper));
  const low = finished(absorb(absorb(OTHER_BASIS, seed), shopper));
  return high * TWO_TO_21 + (low >>> 11);
}
function absorb(hash, text2) {
  return fnv1a(`${text2}\uFFFF`, hash);
}
function byLot(seed, all) {
  const lots = all.map((drawn) => ({ drawn, lot: lotOf(seed, drawn.shopper) }));
  lots.sort((one, other) => {
    if (one.lot !== other.lot) return one.lot - other.lot;
    return one.drawn.shopper < other.drawn.shopper ? -1 : 1;
  });
  return lots.map(({ drawn }) => drawn);
}

// store/core/name-index.ts
var NONE2 = -1;
var SLOTS_PER_ROW = 2;
var NameIndex = class {
  #names;
  #slots = new Int32Array(0);
  /** The hash of each row's name, so that a slot can move without its name being read. */
  #hashes = new Int32Array(0);
  #mask = 0;
  #size = 0;
  /** `names` is the owner's column of names by row. */
  constructor(names) {
    this.#names = names;
  }
  get size() {
    return this.#size;
  }
  /** Makes room for rows below `rows`, a power of two. */
  grow(rows) {
    const slots = rows * SLOTS_PER_ROW;
    assert((slots & slots - 1) === 0, "an index has a power of two of slots");
    const before2 = this.#slots;
    const hashes = new Int32Array(rows);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(slots).fill(NONE2);
    this.#mask = slots - 1;
    for (const row of before2) if (row !== NONE2) this.#put(row);
  }
  /** The row of the name, or -1. */
  of(name) {
    const hash = hashOf(name);
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = slot + 1 & mask) {
      const row = this.#slots[slot];
      if (row === NONE2 || this.#hashes[row] === hash && this.#names[row] === name) return row;
    }
  }
  /** The row's name, which no other row has, is found from here on. */
  add(row) {
    this.#hashes[row] = hashOf(this.#names[row]);
    this.#put(row);
    this.#size += 1;
  }
  /** Takes the row out, and moves those up that had to make way for it. */
  remove(row) {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = this.#hashes[row] & mask;
    while (slots[hole] !== row) {
      assert(slots[hole] !== NONE2, "a name that is taken out is in the index");
      hole = hole + 1 & mask;
    }
    for (let slot = hole + 1 & mask; slots[slot] !== NONE2; slot = slot + 1 & mask) {
      const home = this.#hashes[slots[slot]] & mask;
      if ((slot - home & mask) < (slot - hole & mask)) continue;
      slots[hole] = slots[slot];
      hole = slot;
    }
    slots[hole] = NONE2;
    this.#size -= 1;
  }
  #put(row) {
    const mask = this.#mask;
    let slot = this.#hashes[row] & mask;
    while (this.#slots[slot] !== NONE2) slot = slot + 1 & mask;
    this.#slots[slot] = row;
  }
};
function hashOf(name) {
  const hash = fnv1a(name);
  return hash ^ hash >>> 15;
}

// store/core/ticket-rows.ts
var FREE = 0;
var LOBBY = 1;
var WAITING = 2;
var ADMITTED = 3;
var INSIDE = 4;
var ROWS_MAX2 = 4194304;
var ROWS_AT_START = 1024;
function lapsedAs(state) {
  if (state === INSIDE) return "idle";
  return state === ADMITTED ? "noShow" : "abandoned";
}
var TicketRows = class {
  state = new Uint8Array(ROWS_AT_START);
  lane = new Uint8Array(ROWS_AT_START);
  /** The ticket whose row it is now. */
  ticket = new Float64Array(ROWS_AT_START);
  /** The place in the order of the whole room. */
  number = new Float64Array(ROWS_AT_START);
  /** When it began to wait, epoch milliseconds. */
  since = new Float64Array(ROWS_AT_START);
  /** What its shopper was told at first, milliseconds; negative where nothing. */
  estimate = new Float64Array(ROWS_AT_START);
  /** The pace of its lane then, and how many the lane had admitted. */
  paceThen = new Float64Array(ROWS_AT_START);
  admittedThen = new Float64Array(ROWS_AT_START);
  aheadThen = new Int32Array(ROWS_AT_START);
  slot = new Int32Array(ROWS_AT_START);
  shopper = [];
  #byShopper = new NameIndex(this.shopper);
  #free = [];
  #used = 0;
  #taken = 0;
  #grown;
  /** `grown` is told how many rows there may be. */
  constructor(grown) {
    this.#grown = grown;
    this.#byShopper.grow(ROWS_AT_START);
    grown(ROWS_AT_START);
  }
  /** Tickets taken so far. */
  get taken() {
    return this.#taken;
  }
  /** Tickets that live. */
  get living() {
    return this.#byShopper.size;
  }
  take(shopper, lane) {
    const row = this.#free.pop() ?? this.#append();
    this.#taken += 1;
    this.ticket[row] = this.#taken * ROWS_MAX2 + row;
    this.shopper[row] = shopper;
    this.lane[row] = lane;
    this.#byShopper.add(row);
    return row;
  }
  giveBack(row) {
    assert(this.state[row] !== FREE, "a ticket ends once");
    this.state[row] = FREE;
    this.#byShopper.remove(row);
    this.#free.push(row);
  }
  /** The row of a shopper's living ticket, or -1. */
  of(shopper) {
    return this.#byShopper.of(shopper);
  }
  /** The row of a living ticket of this shopper, or -1. */
  find(ticket, shopper) {
    const row = this.rowOf(ticket);
    return row !== -1 && this.shopper[row] === shopper ? row : -1;
  }
  /** The row of a living ticket, or -1. */
  rowOf(ticket) {
    const row = ticket % ROWS_MAX2;
    return this.ticket[row] === ticket && this.state[row] !== FREE ? row : -1;
  }
  #append() {
    if (this.#used === this.state.length) this.#grow();
    return this.#used++;
  }
  #grow() {
    const rows = this.state.length * 2;
    assert(rows <= ROWS_MAX2, `at most ${ROWS_MAX2} tickets live at once`);
    const bytes = (from) => copied(new Uint8Array(rows), from);
    const words = (from) => copied(new Int32Array(rows), from);
    const doubles = (from) => copied(new Float64Array(rows), from);
    this.state = bytes(this.state);
    this.lane = bytes(this.lane);
    this.ticket = doubles(this.ticket);
    this.number = doubles(this.number);
    this.since = doubles(this.since);
    this.estimate = doubles(this.estimate);
    this.paceThen = doubles(this.paceThen);
    this.admittedThen = doubles(this.admittedThen);
    this.aheadThen = words(this.aheadThen);
    this.slot = words(this.slot);
    this.#byShopper.grow(rows);
    this.#grown(rows);
  }
};
function copied(to, from) {
  to.set(from);
  return to;
}

// store/core/ticket-view.ts
function waitingOf(rows, row, lane, now) {
  const inLobby = rows.state[row] === LOBBY;
  const ahead = inLobby ? null : lane.line.aheadOf(rows.slot[row]);
  const then = rows.aheadThen[row];
  return {
    _tag: "Waiting",
    ticket: rows.ticket[row],
    taken: now.taken,
    lane: lane.name,
    ahead,
    progress: ahead === null || then === 0 ? 0 : 1 - ahead / then,
    estimateMillis: ahead === null ? null : lane.estimate(ahead, now.rate),
    opensAt: inLobby ? lane.opensAt : null,
    soldOut: now.soldOut
  };
}
function admittedOf(rows, row, lane, { now, until }) {
  const waitedMillis = now - rows.since[row];
  const estimate = rows.estimate[row];
  const [paceThen, admittedThen] = [rows.paceThen[row], rows.admittedThen[row]];
  return {
    ticket: rows.ticket[row],
    shopper: rows.shopper[row],
    lane: lane.name,
    number: rows.number[row],
    until,
    waitedMillis,
    estimatedMillis: estimate < 0 ? null : estimate,
    steady: lane.keptPace(paceThen, admittedThen, waitedMillis)
  };
}
function endedOf(rows, row, lane, why) {
  return {
    ticket: rows.ticket[row],
    shopper: rows.shopper[row],
    lane: lane.name,
    why,
    wasInside: rows.state[row] === INSIDE
  };
}

// store/core/waiting-room.ts
var NONE3 = -1;
var NO_PLACE = { _tag: "NoPlace" };
var PASS_LATE = { _tag: "PassLate" };
var WaitingRoom = class {
  #limits;
  #lanes;
  #turns;
  #pace;
  #wheel = new DeadlineWheel();
  #rows = new TicketRows((rows) => this.#wheel.grow(rows));
  #waits = (lane) => this.#laneAt(lane).line.length > 0;
  /** Ends that a join found out about, to be told by the next sweep. */
  #untold = [];
  #lots = [];
  #left = "some";
  #waiting = 0;
  #passes = 0;
  #inside = 0;
  #ended = 0;
  #numbers = 0;
  /** Of the open door: who is inside by it, and the places that it may fill. */
  #byDoor = 0;
  #lent = 0;
  constructor(limits) {
    assert(limits.lanes.length > 0 && limits.lanes.length < 256, "a room has a few lanes");
    this.#limits = limits;
    const moved = (row, slot) => {
      this.#rows.slot[row] = slot;
    };
    this.#lanes = limits.lanes.map((lane) => new Lane(lane, limits.keptMillis, moved));
    this.#turns = new LaneTurns(limits.lanes.map(({ share }) => share));
    this.#pace = new AdmissionPace(limits);
  }
  /** Shoppers who wait, those included whose lane has not opened. */
  get waiting() {
    return this.#waiting;
  }
  /**
   * Settles an open door's last loan and answers how many more it may let in without asking: none
   * while anybody waits, for then everybody has to come to the line.
   */
  lend({ now, used, inside }) {
    assert(used <= this.#lent && inside <= this.#byDoor + used, "a door uses what it was lent");
    this.#pace.settle(used, now);
    this.#byDoor = inside;
    this.#lent = 0;
    const { from, above } = this.#limits.engages;
    if (this.#waiting > 0 || this.#left !== "some") return 0;
    if (from !== null && now < from) this.#lent = LENT_MAX;
    else if (this.#lanes.some((lane) => !lane.isOpen)) this.#lent = 0;
    else if (this.#holdsBack()) this.#lent = this.#pace.lend(this.#active, now);
    else this.#lent = Math.min(LENT_MAX, above - this.#active);
    return this.#lent;
  }
  /** Whether the shopper has a place. */
  knows(shopper) {
    return this.#rows.of(shopper) !== NONE3;
  }
  /** Asked again, it answers for the place that the shopper has. */
  join({ shopper, lane: name, now }) {
    const known = this.#rows.of(shopper);
    if (known !== NONE3) {
      const answer = this.#answer(known, now);
      if (answer._tag !== "NoPlace") return answer;
      this.#untold.push(this.#end(known, lapsedAs(this.#rows.state[known])));
    }
    const lane = this.#lanes.findIndex((one) => one.name === name);
    if (lane === NONE3) return { _tag: "UnknownLane", lane: name };
    const closed = this.#closed();
    if (closed !== null) return closed;
    const { from } = this.#limits.engages;
    const isFree = from !== null && now < from;
    const inLobby = !isFree && !this.#laneAt(lane).isOpen;
    const isHeld = !isFree && !inLobby && this.#holdsBack();
    const walksIn = isFree || !inLobby && (!isHeld || this.#mayWalkIn(now));
    const row = this.#rows.take(shopper, lane);
    if (inLobby) return this.#enterLobby(row, now);
    if (isHeld && walksIn) this.#pace.take();
    if (walksIn) {
      this.#numbers += 1;
      return this.#comeIn(row, now);
    }
    this.#lineUp(row, now);
    return this.#place(row, true);
  }
  /** What became of the ticket; who asks shows that they still wait. */
  look({ ticket, shopper, now }) {
    const row = this.#rows.find(ticket, shopper);
    return row === NONE3 ? NO_PLACE : this.#answer(row, now);
  }
  /** Comes in with a pass; asked again, it says so again. */
  redeem({ ticket, shopper, now }) {
    const row = this.#rows.find(ticket, shopper);
    if (row === NONE3) return NO_PLACE;
    const state = this.#rows.state[row];
    if (this.#wheel.deadlineOf(row) <= now) return state === ADMITTED ? PASS_LATE : NO_PLACE;
    if (state === INSIDE) return { _tag: "Inside", ticket, entered: false };
    if (state !== ADMITTED) return NO_PLACE;
    this.#passes -= 1;
    return this.#comeIn(row, now);
  }
  /** A request from inside: the shopper counts as inside from here on for a whole session again. */
  renew({ ticket, shopper, now }) {
    const row = this.#rows.find(ticket, shopper);
    if (row === NONE3 || this.#rows.state[row] !== INSIDE) return NO_PLACE;
    if (this.#wheel.deadlineOf(row) <= now) return NO_PLACE;
    this.#wheel.set(row, now + this.#limits.sessionMillis, now);
    return { _tag: "Inside", ticket, entered: false };
  }
  /** The same of many at a time; who was seen in time keeps a place that no sweep has ended. */
  renewAll({ count, tickets, at }) {
    assert(count <= tickets.length && count <= at.length, "who was seen stands in the columns");
    const { sessionMillis } = this.#limits;
    for (let index = 0; index < count; index += 1) {
      const row = this.#rows.rowOf(tickets[index]);
      if (row === NONE3 || this.#rows.state[row] !== INSIDE) continue;
      const seen = at[index];
      const deadline = this.#wheel.deadlineOf(row);
      if (seen < deadline && deadline < seen + sessionMillis)
        this.#wheel.set(row, seen + sessionMillis, seen);
    }
  }
  /** Gives the place up; null where there is none. */
  leave({ ticket, shopper }) {
    const row = this.#rows.find(ticket, shopper);
    return row === NONE3 ? null : this.#end(row, "left");
  }
  /** Takes in how the store answered lately. */
  report({ now, health }) {
    this.#pace.note(health, this.#active, now);
  }
  /** Draws the lots that are due and gives passes to those whose turn it is. */
  admit({ now, limit }) {
    assert(limit > 0, "a step may admit somebody");
    this.#openLanes(now);
    const before2 = this.#lanes.map((lane) => lane.line.length);
    const admitted = [];
    while (admitted.length < limit) {
      const ticket = this.#admitNext(now);
      if (ticket === null) break;
      admitted.push(ticket);
    }
    this.#lanes.forEach((lane, index) => {
      lane.note(now, before2[index] ?? 0);
    });
    const lots = this.#lots;
    this.#lots = [];
    return { lots, admitted };
  }
  /** Ends one place whose time is over, or one that waits for nothing; null where there is none. */
  endNext(now) {
    const untold = this.#untold.pop();
    if (untold !== void 0) return untold;
    const closed = this.#closed();
    const waits = closed === null ? NONE3 : this.#anyWaiting();
    if (closed !== null && waits !== NONE3) return this.#end(waits, closed.why);
    const row = this.#wheel.takeDue(now);
    return row === NONE3 ? null : this.#end(row, lapsedAs(this.#rows.state[row]));
  }
  /** What there is left to come in for: nothing but `some` admits, and `none` and `over` end all waits. */
  tell(left) {
    this.#left = left;
  }
  snapshot() {
    return {
      taken: this.#rows.taken,
      waiting: this.#waiting,
      passes: this.#passes,
      inside: this.#inside,
      ended: this.#ended,
      lent: this.#byDoor + this.#lent,
      activeLimit: this.#pace.activeLimit,
      lanes: this.#lanes.map((lane) => lane.waiting)
    };
  }
  /** Everybody who takes up a place: inside, about to be, or by the places that are lent. */
  get #active() {
    return this.#passes + this.#inside + this.#byDoor + this.#lent;
  }
  #laneAt(lane) {
    const found = this.#lanes[lane];
    assert(found !== void 0, "a ticket is of a lane of the room");
    return found;
  }
  #laneOf(row) {
    return this.#laneAt(this.#rows.lane[row]);
  }
  #closed() {
    if (this.#left === "none") return { _tag: "RoomClosed", why: "soldOut" };
    return this.#left === "over" ? { _tag: "RoomClosed", why: "over" } : null;
  }
  /** Above its load; once somebody waits it goes on until nobody does. */
  #holdsBack() {
    return this.#waiting > 0 || this.#active >= this.#limits.engages.above;
  }
  #mayWalkIn(now) {
    if (this.#left !== "some" || this.#lanes.some((lane) => lane.line.length > 0)) return false;
    if (this.#pace.allows(this.#active, now)) return true;
    for (let row = this.#wheel.takeDue(now); row !== NONE3; row = this.#wheel.takeDue(now)) {
      this.#untold.push(this.#end(row, lapsedAs(this.#rows.state[row])));
    }
    return this.#pace.allows(this.#active, now);
  }
  #comeIn(row, now) {
    this.#rows.state[row] = INSIDE;
    this.#inside += 1;
    this.#wheel.set(row, now + this.#limits.sessionMillis, now);
    return { _tag: "Inside", ticket: this.#rows.ticket[row], entered: true };
  }
  #enterLobby(row, now) {
    const lane = this.#laneOf(row);
    this.#rows.state[row] = LOBBY;
    this.#rows.since[row] = now;
    this.#waiting += 1;
    lane.inLobby += 1;
    lane.lobby.push(this.#rows.ticket[row]);
    this.#wheel.set(row, now + this.#limits.keptMillis, now);
    return this.#place(row, true);
  }
  #openLanes(now) {
    for (const lane of this.#lanes) {
      if (!lane.isOpen && lane.opensAt !== null && now >= lane.opensAt) this.#drawLot(lane, now);
    }
  }
  /** Those who came before the lane opened stand in the order of their lots. */
  #drawLot(lane, now) {
    const rows = this.#rows;
    const lobby = lane.lobby.map((ticket) => rows.rowOf(ticket)).filter((row) => row !== NONE3).map((row) => ({ row, shopper: rows.shopper[row] }));
    const drawn = byLot(this.#limits.drawSeed, lobby);
    assert(drawn.length === lane.inLobby, "a lot is drawn among all who wait for it");
    lane.isOpen = true;
    lane.lobby = [];
    lane.inLobby = 0;
    this.#waiting -= drawn.length;
    this.#lots.push({ lane: lane.name, tickets: drawn.length, first: this.#numbers + 1 });
    for (const { row } of drawn) this.#lineUp(row, now);
  }
  #lineUp(row, now) {
    const rows = this.#rows;
    const lane = this.#laneOf(row);
    const wasInLobby = rows.state[row] === LOBBY;
    const ahead = lane.line.length;
    this.#numbers += 1;
    this.#waiting += 1;
    rows.state[row] = WAITING;
    rows.number[row] = this.#numbers;
    rows.since[row] = now;
    rows.aheadThen[row] = ahead;
    rows.admittedThen[row] = lane.admitted;
    rows.slot[row] = lane.line.join(row);
    const rate = this.#rateOf(lane);
    rows.estimate[row] = lane.estimate(ahead, rate) ?? -1;
    rows.paceThen[row] = lane.paceOr(rate);
    if (!wasInLobby) this.#wheel.set(row, now + this.#limits.keptMillis, now);
  }
  #rateOf(lane) {
    return rateOf(lane, this.#lanes, this.#limits.perMinute);
  }
  #admitNext(now) {
    if (this.#left !== "some") return null;
    if (!this.#pace.allows(this.#active, now)) return null;
    const turn = this.#turns.next(this.#waits);
    if (turn === NONE3) return null;
    const lane = this.#laneAt(turn);
    const row = lane.line.first();
    const rows = this.#rows;
    this.#pace.take();
    lane.line.leave(rows.slot[row]);
    lane.admitted += 1;
    this.#waiting -= 1;
    this.#passes += 1;
    rows.state[row] = ADMITTED;
    this.#wheel.set(row, now + this.#limits.passMillis, now);
    return admittedOf(rows, row, lane, { now, until: this.#wheel.deadlineOf(row) });
  }
  /** What to tell about a living ticket; a waiting one's time begins again. */
  #answer(row, now) {
    const rows = this.#rows;
    const state = rows.state[row];
    const ticket = rows.ticket[row];
    if (state === WAITING || state === LOBBY) {
      const closed = this.#closed();
      if (closed !== null) return closed;
      this.#wheel.set(row, now + this.#limits.keptMillis, now);
      return this.#place(row, false);
    }
    const until = this.#wheel.deadlineOf(row);
    if (until <= now) return NO_PLACE;
    if (state === INSIDE) return { _tag: "Inside", ticket, entered: false };
    return { _tag: "Admitted", ticket, shopper: rows.shopper[row], until };
  }
  #place(row, taken) {
    const lane = this.#laneOf(row);
    const now = { taken, rate: this.#rateOf(lane), soldOut: this.#left !== "some" };
    return waitingOf(this.#rows, row, lane, now);
  }
  #anyWaiting() {
    for (const lane of this.#lanes) {
      const row = lane.anyWaiting((ticket) => this.#rows.rowOf(ticket));
      if (row !== NONE3) return row;
    }
    return NONE3;
  }
  #end(row, why) {
    const rows = this.#rows;
    const lane = this.#laneOf(row);
    const state = rows.state[row];
    const place = endedOf(rows, row, lane, why);
    if (state === INSIDE) this.#inside -= 1;
    else if (state === ADMITTED) this.#passes -= 1;
    else {
      this.#waiting -= 1;
      lane[why === "left" ? "left" : "gone"] += 1;
      if (state === WAITING) lane.line.leave(rows.slot[row]);
      else lane.inLobby -= 1;
    }
    this.#ended += 1;
    this.#wheel.clear(row);
    rows.giveBack(row);
    const somewhere = this.#waiting + this.#passes + this.#inside;
    assert(rows.living === somewhere, "every ticket is somewhere");
    return place;
  }
};

// store/memory/ticket-queue.ts
var WAITING_MAX = 3e6;
var FULL6 = new Refused(
  new PortUnavailable({ port: "store/TicketQueue", reason: "too many wait" })
);
function make10(options) {
  const room = new WaitingRoom(options.limits);
  const waitingMax = options.waitingMax ?? WAITING_MAX;
  assert(waitingMax > 0, "somebody may wait");
  return {
    room,
    lend: atOnce((request2) => room.lend(request2)),
    join: atOnce(
      (request2) => room.waiting >= waitingMax && !room.knows(request2.shopper) ? FULL6 : room.join(request2)
    ),
    look: atOnce((request2) => room.look(request2)),
    redeem: atOnce((request2) => room.redeem(request2)),
    renew: atOnce((request2) => room.renew(request2)),
    renewAll: atOnce((seen) => room.renewAll(seen)),
    leave: atOnce((request2) => room.leave(request2)),
    report: atOnce((report) => room.report(report)),
    admit: atOnce((request2) => room.admit(request2)),
    expire: atOnce((request2) => expire(room, request2)),
    tell: atOnce((left) => room.tell(left)),
    snapshot: readAtOnce(() => room.snapshot())
  };
}
function expire(room, { now, limit }) {
  assert(limit > 0, "a sweep may end at least one place");
  const ended = [];
  while (ended.length < limit) {
    const one = room.endNext(now);
    if (one === null) return { ended, more: false };
    ended.push(one);
  }
  return { ended, more: true };
}
var MemoryTicketQueue = {
  make: make10,
  layer: (options) => Layer9.sync(TicketQueue, () => make10(options))
};

// store/live/memory-parts.ts
function memoryParts(setup3) {
  const { catalog, stock: items, holdLimits, settings, room, tries } = setup3;
  const { offers } = settings.promotions;
  return {
    catalog: MemoryCatalogStore.make(catalog),
    stock: MemoryStockLedger.make({ items, holdLimits }),
    carts: MemoryCartStore.make(),
    orders: MemoryOrderLedger.make(),
    saleLog: MemorySaleLog.make(),
    rateLimiter: MemoryRateLimiter.make(),
    promotions: MemoryPromotionLedger.make(tries === void 0 ? { offers } : { offers, tries }),
    feedback: MemoryFeedbackLedger.make(),
    tickets: room === null ? null : MemoryTicketQueue.make({ limits: room.limits }),
    durable: () => Promise.resolve(),
    check: () => Promise.resolve(null),
    close: () => Promise.resolve()
  };
}

// store/live/testing/trial-server.ts
var TRIAL_KEY = Buffer.alloc(32, 7);
var DAY2 = 864e5;
var PRICE = 2500;
var LIST_PRICE = 4e3;
var UNHURRIED = {
  ...OVERLOAD_LIMITS,
  shedding: { ...OVERLOAD_LIMITS.shedding, codel: null }
};
function trialSetup(options = {}) {
  const { units = 10, limitPerShopper = null, limitPerPerson = null, offers = [] } = options;
  const now = Date.now();
  const sale = { earlyAccessAt: now - DAY2, publicAt: now - DAY2, closesAt: now + DAY2 };
  const of = { seller: "hearth", currency: "USD", price: LIST_PRICE, salePrice: PRICE };
  return {
    name: "Trial",
    catalog: {
      sellers: [{ seller: "hearth", name: "Hearth" }],
      products: [
        { product: "toasting", seller: "hearth", name: "Toasting", skus: ["TOASTER"] },
        { product: "boiling", seller: "hearth", name: "Boiling", skus: ["KETTLE"] }
      ],
      listings: [
        { ...of, sku: "TOASTER", product: "toasting", name: "Toaster" },
        { ...of, sku: "KETTLE", product: "boiling", name: "Kettle \xC9lan" }
      ]
    },
    stock: ["TOASTER", "KETTLE"].map((sku) => ({ sku, units, limitPerShopper, limitPerPerson })),
    holdLimits: options.holdLimits ?? null,
    settings: {
      sale: options.sale ?? sale,
      holdForMillis: 6e5,
      cartLimits: CART_LIMITS,
      payment: PAYMENT_POLICY,
      promotions: { offers, highIntentViews: 3 },
      limits: options.limits ?? null
    },
    room: options.room ?? null,
    feedback: FEEDBACK_POLICY
  };
}
async function trialServer(options = {}) {
  const { setup: setup3 = trialSetup(), gateways: scripts = [{ name: "first" }], ...rest } = options;
  const gateways = scripts.map((script) => ScriptedGateway.make(script));
  const parts = (options.parts ?? memoryParts)(setup3);
  const store = makeLiveStore({ setup: setup3, parts, gateways, keys: [TRIAL_KEY] });
  const server = buildServer({
    store,
    identityKeys: [TRIAL_KEY],
    secure: false,
    version: "0.0.0",
    limits: null,
    overload: UNHURRIED,
    ...rest
  });
  if (options.extend !== void 0) server.register(options.extend);
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port: port2 } = server.server.address();
  const close = async () => {
    await server.close();
    await parts.close();
  };
  return { server, store, gateways, origin: `http://127.0.0.1:${port2}`, port: port2, close };
}
var AGENT = new Agent({ keepAlive: true, maxSockets: 1024 });

// ../../hb/server.ts
import fastify2 from "fastify";
var bare = process.argv[2] === "bare";
var port;
if (bare) {
  const app = fastify2();
  app.post("/api/orders", { schema: { body: { type: "object", required: ["paymentToken", "lines"], properties: { paymentToken: { type: "string" }, lines: { type: "array", items: { type: "object", properties: { sku: { type: "string" }, units: { type: "integer" }, unitPrice: { type: "integer" } } } } } }, response: { 201: { type: "object", properties: { order: { type: "string" } } } } } }, async (req, reply) => {
    reply.code(201);
    return { order: "x" };
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = app.server.address().port;
} else {
  const limits = process.argv[2] === "limits" ? { perShopper: { tokens: 1e3, everyMillis: 1, burst: 1e6 }, perNetwork: { tokens: 1e3, everyMillis: 1, burst: 1e6 } } : null;
  const t = await trialServer({ setup: trialSetup({ units: 1e9, limits }), overload: OVERLOAD_LIMITS });
  port = t.port;
}
process.send({ port });
process.on("message", (m) => {
  if (m === "cpu") process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss });
  if (m === "end") process.exit(0);
});
