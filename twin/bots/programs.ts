/** The programs of one raid, one row each: who they come as now, and how far they have come. */
import type { RaidSpec } from "../scenario/scenario.ts";

/** Where a program stands with its present identity. */
const TO_CART = 0;
export const TO_CHECKOUT = 1;
export const TO_ORDER = 2;

export class Programs {
  readonly spec: RaidSpec;
  /** The row of the first program among those of all raids. */
  readonly first: number;
  readonly step: Uint8Array;
  readonly identity: Int32Array;
  /** The item that the present identity wants. */
  readonly item: Int32Array;
  /** Times that the present step was refused because nothing was left. */
  readonly polls: Uint8Array;
  /** By identity: not to be used again before this tick. */
  readonly #restUntil: Float64Array;
  /** Person and item where the store has found that the person has all that one may have. */
  readonly #found = new Set<string>();
  #next = 0;

  constructor(spec: RaidSpec, first: number) {
    this.spec = spec;
    this.first = first;
    this.step = new Uint8Array(spec.programs);
    this.item = new Int32Array(spec.programs);
    this.identity = new Int32Array(spec.programs).fill(-1);
    this.polls = new Uint8Array(spec.programs);
    this.#restUntil = new Float64Array(spec.identities);
  }

  personOf(identity: number): number {
    return identity % this.spec.people;
  }

  networkOf(identity: number): number {
    return identity % this.spec.networks;
  }

  /** The identity is of no use before this tick; for good where that is infinite. */
  rest(identity: number, until: number): void {
    this.#restUntil[identity] = Math.max(this.#restUntil[identity], until);
  }

  /** The store knows the person behind the identity: none of theirs gets this item any more. */
  find(identity: number, item: number): void {
    this.#found.add(`${this.personOf(identity)} ${item}`);
  }

  isFound(identity: number, item: number): boolean {
    return this.#found.has(`${this.personOf(identity)} ${item}`);
  }

  /** Takes the next identity in turn that is of use now; false where there is none. */
  takeIdentity(program: number, now: number): boolean {
    const { identities } = this.spec;
    this.step[program] = TO_CART;
    this.polls[program] = 0;
    for (let looked = 0; looked < Math.min(identities, LOOKED_AT_MAX); looked += 1) {
      const identity = this.#next;
      this.#next = (this.#next + 1) % identities;
      if (this.#restUntil[identity] > now) continue;
      this.identity[program] = identity;
      return true;
    }
    this.identity[program] = -1;
    return false;
  }
}

/** Identities looked at for one request; more are looked at by the next. */
const LOOKED_AT_MAX = 64;
