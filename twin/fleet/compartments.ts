/**
 * Bulkheads inside the instances: the store's own rule decides which seller's request a core takes
 * up, and each seller has a line of their own for what waits. One rule and a few words of memory an
 * instance; a fleet without bulkheads has none of this.
 */
import { assert } from "../../engine/assert.ts";
import {
  Bulkhead,
  type BulkheadSpec,
  type EnterAnswer,
  NOBODY,
} from "../../store/core/bulkhead.ts";
import type { FleetSpec, SideBySideSpec } from "../scenario/scenario.ts";
import { JOB_WORD_SHIFT, type Jobs, NEXT, NONE } from "./jobs.ts";
import { lengthened } from "./rows.ts";

const LINES_AT_FIRST = 64;

export class Compartments {
  readonly #spec: BulkheadSpec;
  readonly #jobs: Jobs;
  readonly #sellers: number;
  /** By instance. */
  readonly #rules: Bulkhead[] = [];
  /** By instance and seller: the first and the last job that waits, or NONE. */
  #heads = new Int32Array(LINES_AT_FIRST).fill(NONE);
  #tails = new Int32Array(LINES_AT_FIRST).fill(NONE);

  constructor(spec: BulkheadSpec, jobs: Jobs) {
    this.#spec = spec;
    this.#jobs = jobs;
    this.#sellers = spec.sellers.length;
  }

  /** A request of the seller comes to an instance. One that waits is put in line by {@link append}. */
  enter(instance: number, seller: number): EnterAnswer {
    return this.#ruleOf(instance).enter(seller);
  }

  /** Requests of the seller inside an instance. */
  inside(instance: number, seller: number): number {
    const rule = this.#ruleOf(instance);
    return rule.inWork(seller) + rule.waiting(seller);
  }

  append(instance: number, seller: number, job: number): void {
    const line = instance * this.#sellers + seller;
    const last = this.#tails[line];
    if (last === NONE) this.#heads[line] = job;
    else this.#jobs.words[(last << JOB_WORD_SHIFT) + NEXT] = job;
    this.#tails[line] = job;
  }

  /** A request of the seller has left its core. */
  leave(instance: number, seller: number): void {
    this.#ruleOf(instance).leave(seller);
  }

  /** The job that a core takes up now, out of its line; NONE where nobody may begin. */
  next(instance: number): number {
    const seller = this.#ruleOf(instance).next();
    if (seller === NOBODY) return NONE;
    const line = instance * this.#sellers + seller;
    const job = this.#heads[line];
    assert(job !== NONE, "who may begin has waited in line");
    const second = this.#jobs.words[(job << JOB_WORD_SHIFT) + NEXT];
    this.#heads[line] = second;
    if (second === NONE) this.#tails[line] = NONE;
    return job;
  }

  /** Everything inside an instance is lost. */
  empty(instance: number): void {
    this.#ruleOf(instance).empty();
    const first = instance * this.#sellers;
    this.#heads.fill(NONE, first, first + this.#sellers);
    this.#tails.fill(NONE, first, first + this.#sellers);
  }

  #ruleOf(instance: number): Bulkhead {
    const known = this.#rules[instance];
    if (known !== undefined) return known;
    while (this.#rules.length <= instance) this.#rules.push(new Bulkhead(this.#spec));
    while (this.#heads.length < this.#rules.length * this.#sellers) this.#grow();
    return this.#rules[instance];
  }

  #grow(): void {
    const before = this.#heads.length;
    this.#heads = lengthened(this.#heads, before * 2).fill(NONE, before);
    this.#tails = lengthened(this.#tails, before * 2).fill(NONE, before);
  }
}

/** Null without bulkheads. The sale has what the shares of the others leave. */
export function compartmentsOf(
  spec: FleetSpec,
  sideBySide: SideBySideSpec | null,
  jobs: Jobs,
): Compartments | null {
  if (sideBySide === null || sideBySide.bulkheads === null) return null;
  const { neighbours, bulkheads } = sideBySide;
  const others = neighbours.map(({ share }) => share);
  const shares = [1 - others.reduce((sum, share) => sum + share, 0), ...others];
  const sellers = shares.map((share) => ({ share, waitingMax: Math.floor(spec.backlog * share) }));
  return new Compartments({ places: spec.cores, sellers, kept: bulkheads.kept }, jobs);
}
