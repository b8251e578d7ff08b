/**
 * What a shopper does about a page that did not come: refused or lost on the way, or later than
 * they would wait. Some try again, a few times; the rest leave. Who was refused with a time to stay
 * away (Retry-After) may obey it, which is how the servers get rid of a crowd.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { retryAfterSeconds } from "../../store/core/load-shedding.ts";
import { distributionOf } from "../distributions.ts";
import { OVERTAXED, REFUSED, SHED } from "../fleet/servers.ts";
import type { SheddingSpec, ShoppersSpec } from "../scenario/scenario.ts";
import { PAGE_CLASS_OF_STEP } from "./journey.ts";
import { type Patience, PURPOSES_PER_PAGE } from "./patience.ts";
import {
  BYTE_SHIFT,
  ENTITY,
  FAILURES,
  PAGES,
  type SessionTable,
  STEP,
  WORD_SHIFT,
} from "./session-table.ts";
import type { ShopperTally } from "./tally.ts";
import type { VisitMoves } from "./visit-moves.ts";

export interface RetriesOptions {
  readonly simulation: Simulation;
  readonly spec: ShoppersSpec;
  readonly sessions: SessionTable;
  readonly tally: ShopperTally;
  readonly moves: VisitMoves;
  readonly patience: Patience;
  /** What servers tell whom they refuse early; null where they do not. */
  readonly retryAfter: SheddingSpec["retryAfter"] | null;
}

export class Retries {
  private readonly spec: ShoppersSpec;
  private readonly sessions: SessionTable;
  private readonly tally: ShopperTally;
  private readonly moves: VisitMoves;
  private readonly patience: Patience;
  private readonly retryDelay: Distribution;
  private readonly retryDraws: RandomStream;
  private readonly retryAfter: SheddingSpec["retryAfter"] | null;

  constructor(options: RetriesOptions) {
    this.spec = options.spec;
    this.sessions = options.sessions;
    this.tally = options.tally;
    this.moves = options.moves;
    this.patience = options.patience;
    this.retryDelay = distributionOf(options.spec.retry.delay);
    this.retryDraws = options.simulation.random("shoppers.retry");
    this.retryAfter = options.retryAfter;
  }

  /** A page took longer than the shopper would wait: some load it again at once, the rest leave. */
  givesUp(row: number, elapsed: Ticks): void {
    const { sessions, spec, tally } = this;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    if (failures > spec.retry.limit || !this.patience.reloads(row)) {
      this.leavesTired(row);
      return;
    }
    tally.impatient += 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    tally.retries += 1;
    tally.outcomes?.failed(sessions.words[(row << WORD_SHIFT) + ENTITY], "wait");
    this.moves.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], elapsed);
  }

  leavesTired(row: number): void {
    this.tally.impatient += 1;
    this.moves.leave(row, "wait");
  }

  /** The store said when to come back: those who try again do then, if they are still there. */
  afterLimit(row: number, retryAfter: Ticks): void {
    const { sessions, spec } = this;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    const key = sessions.words[(row << WORD_SHIFT) + PAGES] * PURPOSES_PER_PAGE + failures;
    const random = this.retryDraws.at(sessions.words[(row << WORD_SHIFT) + ENTITY], key);
    const waits = failures <= spec.retry.limit && retryAfter <= spec.idleTimeout;
    if (waits && random.chance(spec.retry.share)) {
      this.tally.retries += 1;
      const delay = this.moves.waited(row) + retryAfter + this.retryDelay.whole(random);
      this.moves.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], delay);
    } else {
      this.moves.leave(row, "limited");
    }
  }

  /** Refused or lost on the way: some try again, a few times, the rest go elsewhere. */
  afterError(row: number, outcome: number, elapsed: Ticks): void {
    const { sessions, spec } = this;
    if (outcome === REFUSED) this.tally.refused += 1;
    else if (outcome === SHED) this.tally.shed[this.pageOf(row)] += 1;
    else if (outcome === OVERTAXED) this.tally.overtaxed += 1;
    else this.tally.failed += 1;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    const key = sessions.words[(row << WORD_SHIFT) + PAGES] * PURPOSES_PER_PAGE + failures;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    this.tally.outcomes?.failed(entity, "error");
    const random = this.retryDraws.at(entity, key);
    if (failures <= spec.retry.limit && random.chance(spec.retry.share)) {
      this.tally.retries += 1;
      const own = this.retryDelay.whole(random);
      const delay = elapsed + (outcome === SHED ? this.delayAfterShed(own, random) : own);
      this.moves.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], delay);
    } else {
      this.tally.gaveUp += 1;
      this.moves.leave(row, "error");
    }
  }

  /** As long as the servers asked for, where the shopper obeys; `own` is when they would come back. */
  private delayAfterShed(own: Ticks, random: RandomStream): Ticks {
    assert(this.retryAfter !== null, "who is refused early is told when to come back");
    if (!random.chance(this.spec.retry.obeys)) return own;
    return retryAfterSeconds(this.retryAfter, random.next()) * SECOND;
  }

  private pageOf(row: number): number {
    return PAGE_CLASS_OF_STEP[this.sessions.bytes[(row << BYTE_SHIFT) + STEP]];
  }
}
