/**
 * The rules of the ledger of codes: a code is given to one shopper, taken by one order at a time
 * and spent once; what is given away stays within the offer's budget whatever happens at once; and
 * whoever names codes that are not theirs may not go on for long. One owner mutates it in place.
 *
 * A code lives as given -> claimed (by an order) -> spent, and back to given where the order ends
 * without a sale. Claims count against the budget from the moment they are made.
 */
import { assert } from "./assert.ts";
import type { CodeDiscount, Offer } from "./promotion.ts";

export type CodeState = "given" | "claimed" | "spent";

/** How often a shopper may name a code that is unknown or another's, within how long. */
export interface TriesLimit {
  readonly max: number;
  readonly windowMillis: number;
}

/** Assumed: a shopper mistypes a few times; a bot that cracks codes needs some 2^70 tries. */
export const TRIES_LIMIT: TriesLimit = { max: 10, windowMillis: 3_600_000 };

export interface IssueRequest {
  readonly offer: string;
  readonly shopper: string;
  /** The text of the code to be; the shopper's earlier code of this offer stands instead. */
  readonly code: string;
  readonly now: number;
}

export interface Issued {
  readonly _tag: "Issued";
  readonly code: string;
  readonly expiresAt: number;
}
/** The shopper has a code of this offer: one is all that a shopper gets of it, used or not. */
export interface AlreadyIssued {
  readonly _tag: "AlreadyIssued";
  readonly code: string;
  readonly expiresAt: number;
  readonly state: CodeState;
}
/** All codes of the offer are given out, or its redemptions or its money are spent. */
export interface BudgetSpent {
  readonly _tag: "BudgetSpent";
  readonly offer: string;
}
/** The text names another code already; draw again. */
export interface CodeTaken {
  readonly _tag: "CodeTaken";
}
export type IssueAnswer = Issued | AlreadyIssued | BudgetSpent | CodeTaken;

/** There is no such code. */
export interface CodeUnknown {
  readonly _tag: "CodeUnknown";
  readonly code: string;
}
/** The code belongs to another shopper. */
export interface NotYours {
  readonly _tag: "NotYours";
  readonly code: string;
}
/** The code is spent, or taken by another order that is under way. */
export interface CodeSpent {
  readonly _tag: "CodeSpent";
  readonly code: string;
}
export interface CodeExpired {
  readonly _tag: "CodeExpired";
  readonly code: string;
}
/** The shopper named too many wrong codes; no code of theirs is looked at before `until`. */
export interface TooManyTries {
  readonly _tag: "TooManyTries";
  readonly until: number;
}
export type CodeRefusal =
  | CodeUnknown
  | NotYours
  | CodeSpent
  | CodeExpired
  | BudgetSpent
  | TooManyTries;

export interface CodeValid {
  readonly _tag: "CodeValid";
  readonly code: string;
  readonly offer: string;
  readonly expiresAt: number;
}
export type LookUpAnswer = CodeValid | CodeRefusal;

export interface LookUpRequest {
  readonly shopper: string;
  readonly code: string;
  readonly now: number;
}

export interface ClaimRequest {
  readonly order: string;
  readonly shopper: string;
  /** Every code of the order and what it takes off; all are claimed or none. */
  readonly codes: readonly CodeDiscount[];
  readonly now: number;
}
/** The order has its codes; asked again it has them still. */
export interface Claimed {
  readonly _tag: "Claimed";
}
export type ClaimAnswer = Claimed | CodeRefusal;

/** The claim has ended by this very step. */
export interface ClaimEnded {
  readonly _tag: "ClaimEnded";
  readonly shopper: string;
  readonly codes: readonly CodeDiscount[];
}
/** The order has no open claim: it never had one, or it was ended before. */
export interface NoClaim {
  readonly _tag: "NoClaim";
}
export type EndAnswer = ClaimEnded | NoClaim;

export interface OpenClaim {
  readonly order: string;
  readonly claimedAt: number;
}

export interface CodeRecord {
  readonly code: string;
  readonly offer: string;
  readonly shopper: string;
  readonly expiresAt: number;
  readonly state: CodeState;
  /** The order that has claimed or spent it. */
  readonly order: string | null;
  /** What that order costs less by it, minor units. */
  readonly amount: number;
}

/** What an offer stands at, kept code by code as it changed. */
export interface OfferStanding {
  readonly offer: Offer;
  readonly issued: number;
  readonly claimed: number;
  readonly spent: number;
  /** Minor units of claimed and of spent codes. */
  readonly moneyClaimed: number;
  readonly moneySpent: number;
}

export interface PromotionSnapshot {
  readonly offers: readonly OfferStanding[];
  readonly codes: readonly CodeRecord[];
}

interface Code {
  readonly code: string;
  readonly standing: Standing;
  readonly shopper: string;
  readonly expiresAt: number;
  state: CodeState;
  order: string | null;
  amount: number;
}
type Standing = { -readonly [Key in keyof OfferStanding]: OfferStanding[Key] } & {
  readonly byShopper: Map<string, Code>;
};

interface Claim {
  readonly order: string;
  readonly shopper: string;
  readonly claimedAt: number;
  readonly codes: readonly Code[];
}

/** Shoppers whose wrong tries are remembered; the ones who tried longest ago are let go first. */
const TRIERS_MAX = 1_000_000;

export class PromotionBook {
  readonly #standings = new Map<string, Standing>();
  readonly #codes = new Map<string, Code>();
  /** Open claims by order, the oldest first. */
  readonly #claims = new Map<string, Claim>();
  /** Per shopper when the window of their wrong tries began, and how many there were. */
  readonly #tries = new Map<string, { since: number; count: number }>();
  readonly #limit: TriesLimit;

  constructor(offers: readonly Offer[], limit: TriesLimit = TRIES_LIMIT) {
    assert(limit.max > 0 && limit.windowMillis > 0, "some wrong tries are allowed for some time");
    this.#limit = limit;
    for (const offer of offers) {
      const { codes, redemptions, money } = offer.budget;
      assert(!this.#standings.has(offer.offer), `${offer.offer} is in the ledger once`);
      assert(
        [codes, redemptions, money].every((count) => Number.isSafeInteger(count) && count >= 0),
        "a budget is whole",
      );
      const zero = { issued: 0, claimed: 0, spent: 0, moneyClaimed: 0, moneySpent: 0 };
      this.#standings.set(offer.offer, { offer, ...zero, byShopper: new Map() });
    }
  }

  get size(): number {
    return this.#codes.size;
  }

  get openClaims(): number {
    return this.#claims.size;
  }

  issue({ offer, shopper, code, now }: IssueRequest): IssueAnswer {
    const standing = this.#standing(offer);
    const mine = standing.byShopper.get(shopper);
    if (mine !== undefined) {
      const { code: text, expiresAt, state } = mine;
      return { _tag: "AlreadyIssued", code: text, expiresAt, state };
    }
    if (standing.issued >= standing.offer.budget.codes || !hasRoom(standing, 1)) {
      return { _tag: "BudgetSpent", offer };
    }
    if (this.#codes.has(code)) return { _tag: "CodeTaken" };
    const expiresAt = now + standing.offer.validForMillis;
    const given: Code = {
      code,
      standing,
      shopper,
      expiresAt,
      state: "given",
      order: null,
      amount: 0,
    };
    this.#codes.set(code, given);
    standing.byShopper.set(shopper, given);
    standing.issued += 1;
    return { _tag: "Issued", code, expiresAt };
  }

  /** Whether the shopper could use the code now; a wrong one counts against them. */
  lookUp(request: LookUpRequest): LookUpAnswer {
    const judged = this.#judge(request);
    if ("_tag" in judged) return judged;
    const { code, expiresAt, standing } = judged;
    if (!hasRoom(standing, 1)) return { _tag: "BudgetSpent", offer: standing.offer.offer };
    return { _tag: "CodeValid", code, offer: standing.offer.offer, expiresAt };
  }

  /** Takes every code for the order, or none. */
  claim({ order, shopper, codes: wanted, now }: ClaimRequest): ClaimAnswer {
    assert(wanted.length > 0, "a claim names a code");
    if (this.#claims.has(order)) return { _tag: "Claimed" };
    const codes: Code[] = [];
    for (const { code: text, amount } of wanted) {
      assert(Number.isSafeInteger(amount) && amount >= 0, "a discount is whole minor units");
      const judged = this.#judge({ shopper, code: text, now });
      if ("_tag" in judged) return this.#unclaimed(codes, judged);
      if (!hasRoom(judged.standing, amount)) {
        const spent: BudgetSpent = { _tag: "BudgetSpent", offer: judged.standing.offer.offer };
        return this.#unclaimed(codes, spent);
      }
      take(judged, order, amount);
      codes.push(judged);
    }
    this.#claims.set(order, { order, shopper, claimedAt: now, codes });
    return { _tag: "Claimed" };
  }

  /** The order was sold: its codes are spent for good. */
  redeem(order: string): EndAnswer {
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
  release(order: string): EndAnswer {
    return this.#end(order, giveBack);
  }

  /** Claims made before a time, the oldest first. */
  claimsBefore(claimedBefore: number, limit: number): readonly OpenClaim[] {
    assert(limit > 0, "a search may find at least one claim");
    const found: OpenClaim[] = [];
    for (const { order, claimedAt } of this.#claims.values()) {
      if (found.length === limit || claimedAt >= claimedBefore) break;
      found.push({ order, claimedAt });
    }
    return found;
  }

  snapshot(): PromotionSnapshot {
    const codes: CodeRecord[] = [];
    for (const row of this.#codes.values()) {
      const { code, shopper, expiresAt, state, order, amount } = row;
      const { offer } = row.standing.offer;
      codes.push({ code, offer, shopper, expiresAt, state, order, amount });
    }
    const offers = [...this.#standings.values()].map(({ byShopper: _, ...standing }) => standing);
    return { offers, codes };
  }

  #unclaimed(codes: readonly Code[], refusal: CodeRefusal): CodeRefusal {
    for (const code of codes) giveBack(code);
    return refusal;
  }

  #end(order: string, change: (code: Code) => void): EndAnswer {
    const claim = this.#claims.get(order);
    if (claim === undefined) return { _tag: "NoClaim" };
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
  #judge({ shopper, code: text, now }: LookUpRequest): Code | CodeRefusal {
    const tries = this.#triesOf(shopper, now);
    if (tries !== null && tries.count >= this.#limit.max) {
      return { _tag: "TooManyTries", until: tries.since + this.#limit.windowMillis };
    }
    const code = this.#codes.get(text);
    if (code === undefined || code.shopper !== shopper) {
      this.#countTry(shopper, now);
      return { _tag: code === undefined ? "CodeUnknown" : "NotYours", code: text };
    }
    if (code.state !== "given") return { _tag: "CodeSpent", code: text };
    if (now >= code.expiresAt) return { _tag: "CodeExpired", code: text };
    return code;
  }

  /** The shopper's wrong tries of the window that is open, or null. */
  #triesOf(shopper: string, now: number): { since: number; count: number } | null {
    const tries = this.#tries.get(shopper);
    if (tries === undefined) return null;
    if (now < tries.since + this.#limit.windowMillis) return tries;
    this.#tries.delete(shopper);
    return null;
  }

  #countTry(shopper: string, now: number): void {
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

  #standing(offer: string): Standing {
    const standing = this.#standings.get(offer);
    assert(standing !== undefined, `the ledger knows the offer ${offer}`);
    return standing;
  }
}

/** Whether one more order may be made cheaper by this much. */
function hasRoom(standing: Standing, amount: number): boolean {
  const { budget } = standing.offer;
  const { claimed, spent, moneyClaimed, moneySpent } = standing;
  return claimed + spent < budget.redemptions && moneyClaimed + moneySpent + amount <= budget.money;
}

function take(code: Code, order: string, amount: number): void {
  code.state = "claimed";
  code.order = order;
  code.amount = amount;
  code.standing.claimed += 1;
  code.standing.moneyClaimed += amount;
}

function giveBack(code: Code): void {
  code.standing.claimed -= 1;
  code.standing.moneyClaimed -= code.amount;
  code.state = "given";
  code.order = null;
  code.amount = 0;
}
