/**
 * A payment network with a ledger of its own: how long it takes to answer, whom it declines and
 * why, and how a call gets lost, on the way there (nothing is charged) or on the way back (the
 * money is taken, and nobody is told). The ledger is by idempotency key: the same key gets the
 * same answer and is never captured twice, which is what makes the store's recovery possible.
 *
 * The network decides when a call reaches it; `latency` is the time until the caller knows. How
 * long the caller waits is the caller's own business.
 *
 * Three levers make it worse for a time. In an outage no call reaches the ledger, look-ups and
 * refunds as little as charges. A brownout multiplies latencies and adds to the shares of lost
 * charges. A rate limit refuses the charges above it.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { Brownout, GatewaySpec } from "../scenario/scenario.ts";
import {
  type GatewayEvent,
  type GatewayState,
  isOut,
  nextGatewayState,
} from "./gateway.machine.ts";
import { RateLimit } from "./rate-limit.ts";

/** Keys one network remembers; a rehearsal with more orders than this is wrong, not big. */
const CHARGES_MAX = 10_000_000;

/** Until a call that is turned away at once is known to be: a round trip; assumed. */
const TURNED_AWAY_AFTER: Ticks = 50 * MILLISECOND;

/** How calls end that an outage keeps from the network. */
export type Outage = "error" | "silence";

/**
 * Why issuers decline, physical goods (Ethoca, in parameters.md section 5). Fraud suspicions are
 * always hard, missing funds always soft; the rest makes up the configured soft share.
 */
const SHARE_FUNDS = 0.444;
const SHARE_FRAUD = 0.094;

type DeclineKind = "soft" | "hard";
type DeclineReason =
  | "insufficient-funds"
  | "suspected-fraud"
  | "do-not-honour"
  | "card-not-accepted";

/** What became of a charge, as the network knows it. */
export type ChargeState =
  | { readonly kind: "approved"; readonly reference: string }
  | { readonly kind: "declined"; readonly decline: DeclineKind; readonly reason: DeclineReason };

/** `error`: the call failed at once. `silence`: no answer ever comes, whatever happened. */
export type ChargeAnswer = (
  | ChargeState
  | { readonly kind: "error" }
  | { readonly kind: "silence" }
) & {
  /** Ticks until the caller has this answer; the caller of a silence must give up by itself. */
  readonly latency: Ticks;
};

export interface ChargeCall {
  readonly key: string;
  /** Minor units. */
  readonly amount: number;
  /** The order's number; with `attempt` it decides the draws. */
  readonly order: number;
  /** Which call for this order this is; another card is another attempt as well. */
  readonly attempt: number;
}

/** One row of the network's ledger. */
interface Charge {
  readonly state: ChargeState;
  readonly amount: number;
  refunded: number;
}

/** Purposes of the draws of one call, so that each decision has a number of its own. */
const DRAWS_PER_CALL = 4;
const DRAW_FATE = 0;
const DRAW_DECLINE = 1;
const DRAW_REASON = 2;
const DRAW_LATENCY = 3;

export class PaymentNetwork {
  readonly name: string;
  /** Counters over all calls. */
  calls = 0;
  approvals = 0;
  declines = 0;
  errors = 0;
  silences = 0;
  /** Of the errors, charges that were above the rate limit. */
  rateLimited = 0;
  /** Minor units captured and given back so far. */
  captured = 0;
  refunded = 0;
  readonly #simulation: Simulation;
  readonly #spec: GatewaySpec;
  #state: GatewayState = "working";
  /** How calls end in an outage, and how bad a brownout is; null where the state has none. */
  #outage: Outage | null = null;
  #brownout: Brownout | null = null;
  #rateLimit: RateLimit | null = null;
  readonly #draws: RandomStream;
  readonly #latency: Distribution;
  readonly #ledger = new Map<string, Charge>();
  readonly #byReference = new Map<string, Charge>();
  /** Keys that a look-up found unknown: a charge that arrives later is refused. */
  readonly #closed = new Set<string>();
  readonly #refunds = new Set<string>();

  constructor(simulation: Simulation, name: string, spec: GatewaySpec) {
    const lost = spec.error + spec.timeoutBeforeCapture + spec.timeoutAfterCapture;
    assert(lost <= 1, "shares of lost calls sum to 1 at most");
    this.name = name;
    this.#simulation = simulation;
    this.#spec = spec;
    this.#draws = simulation.random(`payments.${name}`);
    this.#latency = distributionOf(spec.latency);
  }

  /** Authorises and captures in one step. */
  charge(call: ChargeCall): ChargeAnswer {
    assert(Number.isSafeInteger(call.amount) && call.amount >= 0, "money is whole minor units");
    assert(this.#ledger.size < CHARGES_MAX, "a network's ledger stays below its limit");
    this.calls += 1;
    if (this.#outage !== null) return this.#fail(this.#outage, TURNED_AWAY_AFTER);
    if (this.#rateLimit !== null && !this.#rateLimit.admits(this.#simulation.now)) {
      this.rateLimited += 1;
      return this.#fail("error", TURNED_AWAY_AFTER);
    }
    const latency = this.#drawLatency(call);
    const fate = this.#draw(call, DRAW_FATE).next();
    const { error, timeoutBeforeCapture, timeoutAfterCapture } = this.#lostShares();
    if (fate < error) return this.#fail("error", latency);
    if (fate < error + timeoutBeforeCapture) return this.#fail("silence", latency);
    const state = this.#settle(call);
    const lost = fate < error + timeoutBeforeCapture + timeoutAfterCapture;
    return lost ? this.#fail("silence", latency) : { ...state, latency };
  }

  /** How calls end that do not reach the network now, or null while it can be reached. */
  get outage(): Outage | null {
    return this.#outage;
  }

  /** Begins an outage, or ends it with null. A call that was made before has its answer. */
  setOutage(outage: Outage | null): void {
    this.#move(outage === null ? "recover" : "fail");
    this.#outage = outage;
  }

  /** Begins a brownout, or ends it with null. */
  setBrownout(brownout: Brownout | null): void {
    this.#move(brownout === null ? "clear" : "degrade");
    this.#brownout = brownout;
  }

  /** Refuses the charges above a rate per second from now on; none with null. */
  setRateLimit(perSecond: number | null): void {
    this.#rateLimit =
      perSecond === null ? null : new RateLimit({ perSecond, now: this.#simulation.now });
  }

  /**
   * What became of a key; asked only while there is no outage. `null` means that nothing was charged and, from now on, nothing will be:
   * the key is closed, so an order may be given up on this answer.
   */
  lookUp(key: string): ChargeState | null {
    assert(!isOut(this.#state), "nobody reaches a network during its outage");
    const charge = this.#ledger.get(key);
    if (charge !== undefined) return charge.state;
    this.#closed.add(key);
    return null;
  }

  /** Gives money back, once per key; false where the charge is unknown or would go below zero. */
  refund(call: { key: string; reference: string; amount: number }): boolean {
    assert(Number.isSafeInteger(call.amount) && call.amount >= 0, "money is whole minor units");
    assert(!isOut(this.#state), "nobody reaches a network during its outage");
    if (this.#refunds.has(call.key)) return true;
    const charge = this.#byReference.get(call.reference);
    if (charge === undefined || charge.refunded + call.amount > charge.amount) return false;
    charge.refunded += call.amount;
    this.refunded += call.amount;
    this.#refunds.add(call.key);
    assert(this.refunded <= this.captured, "no more is given back than was taken");
    return true;
  }

  /** Every capture with what was given back of it, in the order in which they were made. */
  *charges(): Generator<{
    readonly key: string;
    readonly captured: number;
    readonly refunded: number;
  }> {
    for (const [key, { state, amount: captured, refunded }] of this.#ledger) {
      if (state.kind === "approved") yield { key, captured, refunded };
    }
  }

  /** Net minor units taken for a key: the witness that is independent of the store's ledgers. */
  takenFor(key: string): number {
    const charge = this.#ledger.get(key);
    if (charge === undefined || charge.state.kind !== "approved") return 0;
    return charge.amount - charge.refunded;
  }

  #move(event: GatewayEvent): void {
    this.#state = nextGatewayState(this.#state, event);
  }

  #fail(kind: "error" | "silence", latency: Ticks): ChargeAnswer {
    if (kind === "error") this.errors += 1;
    else this.silences += 1;
    return { kind, latency };
  }

  /** The answer to a call that arrived: the one already given for its key, or a new one. */
  #settle(call: ChargeCall): ChargeState {
    const known = this.#ledger.get(call.key);
    if (known !== undefined) return known.state;
    const state = this.#closed.has(call.key) ? CLOSED : this.#decide(call);
    const charge: Charge = { state, amount: call.amount, refunded: 0 };
    this.#ledger.set(call.key, charge);
    if (state.kind === "approved") {
      this.approvals += 1;
      this.captured += call.amount;
      assert(!this.#byReference.has(state.reference), "a charge is captured once");
      this.#byReference.set(state.reference, charge);
    } else this.declines += 1;
    return state;
  }

  #decide(call: ChargeCall): ChargeState {
    if (!this.#draw(call, DRAW_DECLINE).chance(this.#spec.decline))
      return { kind: "approved", reference: `${this.name}-${this.approvals + 1}` };
    return declineFor(this.#draw(call, DRAW_REASON).next(), this.#spec.softShare);
  }

  /** The shares of calls that are lost now. */
  #lostShares(): Pick<GatewaySpec, "error" | "timeoutBeforeCapture" | "timeoutAfterCapture"> {
    const brownout = this.#brownout;
    const spec = this.#spec;
    if (brownout === null) return spec;
    return {
      error: spec.error + brownout.error,
      timeoutBeforeCapture: spec.timeoutBeforeCapture + brownout.timeoutBeforeCapture,
      timeoutAfterCapture: spec.timeoutAfterCapture + brownout.timeoutAfterCapture,
    };
  }

  #drawLatency(call: ChargeCall): Ticks {
    const purpose = call.attempt * DRAWS_PER_CALL + DRAW_LATENCY;
    const latency = this.#latency.at(this.#draws, call.order, purpose);
    return Math.round(latency * (this.#brownout?.latency ?? 1));
  }

  #draw(call: ChargeCall, purpose: number): RandomStream {
    return this.#draws.at(call.order, call.attempt * DRAWS_PER_CALL + purpose);
  }
}

const CLOSED: ChargeState = { kind: "declined", decline: "hard", reason: "card-not-accepted" };

/** A decline for a uniform draw: soft ones first (missing funds among them), then hard ones. */
function declineFor(draw: number, softShare: number): ChargeState {
  const funds = Math.min(SHARE_FUNDS, softShare);
  if (draw < funds) return { kind: "declined", decline: "soft", reason: "insufficient-funds" };
  if (draw < softShare) return { kind: "declined", decline: "soft", reason: "do-not-honour" };
  const fraud = Math.min(SHARE_FRAUD, 1 - softShare);
  if (draw < softShare + fraud)
    return { kind: "declined", decline: "hard", reason: "suspected-fraud" };
  return { kind: "declined", decline: "hard", reason: "card-not-accepted" };
}
