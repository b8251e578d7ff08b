/**
 * What a shopper does about a page that did not come: refused or lost on the way, or later than
 * they would wait. Some try again, a few times; the rest leave.
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { REFUSED } from "../fleet/fleet.ts";
import type { ShoppersSpec } from "../scenario/scenario.ts";
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
}

export class Retries {
  private readonly spec: ShoppersSpec;
  private readonly sessions: SessionTable;
  private readonly tally: ShopperTally;
  private readonly moves: VisitMoves;
  private readonly patience: Patience;
  private readonly retryDelay: Distribution;
  private readonly retryDraws: RandomStream;

  constructor(options: RetriesOptions) {
    this.spec = options.spec;
    this.sessions = options.sessions;
    this.tally = options.tally;
    this.moves = options.moves;
    this.patience = options.patience;
    this.retryDelay = distributionOf(options.spec.retry.delay);
    this.retryDraws = options.simulation.random("shoppers.retry");
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
    this.moves.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], elapsed);
  }

  leavesTired(row: number): void {
    this.tally.impatient += 1;
    this.moves.leave(row, "wait");
  }

  /** Refused or lost on the way: some try again, a few times, the rest go elsewhere. */
  afterError(row: number, outcome: number, elapsed: Ticks): void {
    const { sessions, spec } = this;
    if (outcome === REFUSED) this.tally.refused += 1;
    else this.tally.failed += 1;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    const key = sessions.words[(row << WORD_SHIFT) + PAGES] * PURPOSES_PER_PAGE + failures;
    const random = this.retryDraws.at(sessions.words[(row << WORD_SHIFT) + ENTITY], key);
    if (failures <= spec.retry.limit && random.chance(spec.retry.share)) {
      this.tally.retries += 1;
      const delay = elapsed + this.retryDelay.whole(random);
      this.moves.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], delay);
    } else {
      this.tally.gaveUp += 1;
      this.moves.leave(row, "error");
    }
  }
}
