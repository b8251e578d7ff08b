/**
 * Watches who holds units without paying. A hold costs nothing, so whoever takes holds and lets
 * them lapse keeps a sale from everybody else. Two rules stand against it: a shopper, and a
 * network, has a limited number of live holds at once; and a shopper whose hold lapsed unpaid
 * waits before the next one, twice as long each time. A hold that is sold makes both good.
 *
 * Owned by the stock, which tells it of every hold, so that a check and the taking are one step.
 */
import { assert } from "./assert.ts";
import type { HoldEnd, TooManyHolds } from "./hold.ts";

export interface HoldLimits {
  /** Live holds at once; null is no limit. */
  readonly perShopper: number | null;
  readonly perNetwork: number | null;
  /** The wait after the first hold that lapsed unpaid, and the longest; null is no wait. */
  readonly afterLapse: { readonly firstMillis: number; readonly maxMillis: number } | null;
  /** Shoppers who are never refused a hold by these; nobody where left out. */
  readonly spares?: (shopper: string) => boolean;
}

/** A hold as the watch knows it. */
export interface WatchedHold {
  readonly shopper: string;
  readonly network: string | null;
  readonly expiresAt: number;
}

interface Lapses {
  /** How long the wait after the last of them was. */
  readonly wait: number;
  /** Before this no hold is taken. */
  readonly until: number;
}

/** Assumed: shoppers whose hold lapsed within the longest wait; one more forgets the oldest. */
const LAPSED_MAX = 1_000_000;

export class HoldWatch<Hold extends WatchedHold> {
  readonly #limits: HoldLimits;
  readonly #ofShopper = new Map<string, Set<Hold>>();
  readonly #ofNetwork = new Map<string, Set<Hold>>();
  readonly #lapsed = new Map<string, Lapses>();

  constructor(limits: HoldLimits) {
    const { perShopper, perNetwork, afterLapse } = limits;
    assert((perShopper ?? 1) > 0 && (perNetwork ?? 1) > 0, "a limit lets one hold through");
    assert(
      afterLapse === null ||
        (afterLapse.firstMillis > 0 && afterLapse.firstMillis <= afterLapse.maxMillis),
      "the first wait is the shortest",
    );
    this.#limits = limits;
  }

  /** Why this shopper takes no hold now, or null. */
  refusal(shopper: string, network: string | null, now: number): TooManyHolds | null {
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

  taken(hold: Hold): void {
    if (this.#limits.perShopper !== null) put(this.#ofShopper, hold.shopper, hold);
    if (this.#limits.perNetwork !== null && hold.network !== null) {
      put(this.#ofNetwork, hold.network, hold);
    }
  }

  ended(hold: Hold, end: HoldEnd, now: number): void {
    drop(this.#ofShopper, hold.shopper, hold);
    if (hold.network !== null) drop(this.#ofNetwork, hold.network, hold);
    if (end === "sold") this.#lapsed.delete(hold.shopper);
    else if (end === "expired") this.#lapse(hold.shopper, now);
  }

  /** Whoever kept quiet for the longest wait after the last one begins anew. */
  #lapse(shopper: string, now: number): void {
    const { afterLapse } = this.#limits;
    if (afterLapse === null) return;
    const { firstMillis, maxMillis } = afterLapse;
    const before = this.#lapsed.get(shopper);
    const again = before !== undefined && now < before.until + maxMillis;
    const wait = again ? Math.min(maxMillis, before.wait * 2) : firstMillis;
    this.#lapsed.delete(shopper);
    if (this.#lapsed.size >= LAPSED_MAX) this.#forgetOldest();
    this.#lapsed.set(shopper, { wait, until: now + wait });
  }

  #forgetOldest(): void {
    for (const shopper of this.#lapsed.keys()) {
      this.#lapsed.delete(shopper);
      return;
    }
  }
}

function tooMany(by: TooManyHolds["by"], retryAfterMillis: number): TooManyHolds {
  return { _tag: "TooManyHolds", by, retryAfterMillis };
}

/** How long until the hold that was taken first is due, where there are as many as there may be. */
function full<Hold extends WatchedHold>(
  holds: ReadonlySet<Hold> | undefined,
  most: number,
  now: number,
): number | null {
  if (holds === undefined || holds.size < most) return null;
  let due = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of holds) {
    due = expiresAt;
    break;
  }
  assert(Number.isFinite(due), "as many as there may be are more than none");
  return Math.max(1, due - now);
}

function put<Hold>(of: Map<string, Set<Hold>>, key: string, hold: Hold): void {
  const known = of.get(key);
  if (known === undefined) of.set(key, new Set([hold]));
  else known.add(hold);
}

function drop<Hold>(of: Map<string, Set<Hold>>, key: string, hold: Hold): void {
  const known = of.get(key);
  if (known?.delete(hold) === true && known.size === 0) of.delete(key);
}
