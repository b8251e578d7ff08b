/**
 * How long shoppers wait for a page, and what becomes of a wait that is too long. As a rule it is
 * found out when the page comes, which costs no event; such a shopper leaves. Where shoppers reload
 * (`shoppers.retry.reload`), each wait for the servers has an event at which it is given up, for
 * the second request then comes while the servers still work on the first.
 */
import type { Distribution } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";
import type { RandomStream } from "../../engine/random.ts";
import { type EventKind, NO_EVENT, type Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf, quantileOf } from "../distributions.ts";
import type { Servers } from "../fleet/servers.ts";
import type { ShoppersSpec } from "../scenario/scenario.ts";
import {
  DOUBLE_SHIFT,
  ENTITY,
  JOB,
  PAGES,
  type SessionTable,
  WAIT_ENDS,
  WORD_SHIFT,
} from "./session-table.ts";

/** Patience is drawn only where an answer took longer than this share of shoppers would wait. */
const DRAWN_ABOVE_SHARE = 3e-6;
/** Second keys of the draws that one page can need besides its own. */
export const PURPOSES_PER_PAGE = 8;

export interface PatienceOptions {
  readonly simulation: Simulation;
  readonly spec: ShoppersSpec;
  readonly sessions: SessionTable;
  readonly fleet: Servers;
  /** A shopper has waited for the servers as long as they would; the job is no longer theirs. */
  readonly onGivenUp: (row: number) => void;
}

export class Patience {
  private readonly simulation: Simulation;
  private readonly sessions: SessionTable;
  private readonly fleet: Servers;
  private readonly patience: Distribution;
  private readonly floor: Ticks;
  private readonly draws: RandomStream;
  private readonly reload: number;
  private readonly reloadDraws: RandomStream;
  /** Only where shoppers reload: an event that never comes would still count among the kinds. */
  private readonly giveUpEvent: EventKind | null;

  constructor(options: PatienceOptions) {
    const { simulation, spec } = options;
    this.simulation = simulation;
    this.sessions = options.sessions;
    this.fleet = options.fleet;
    this.patience = distributionOf(spec.patience);
    this.floor = quantileOf(this.patience, DRAWN_ABOVE_SHARE);
    this.draws = simulation.random("shoppers.patience");
    this.reload = spec.retry.reload;
    this.reloadDraws = simulation.random("shoppers.reload");
    const giveUp = (row: number): void => this.giveUp(row, options.onGivenUp);
    this.giveUpEvent = this.reload > 0 ? simulation.defineEvent("shopper.give-up", giveUp) : null;
  }

  /** Whether the shopper would have gone before an answer that took `latency`. */
  isLostAfter(row: number, latency: Ticks): boolean {
    return latency > this.floor && latency > this.of(row);
  }

  /** A job of the fleet is what the shopper waits for now. */
  begin(row: number, job: number): void {
    if (this.giveUpEvent === null) return;
    const at = this.simulation.now + nearestWhole(this.of(row));
    const { sessions } = this;
    sessions.words[(row << WORD_SHIFT) + JOB] = job;
    sessions.doubles[(row << DOUBLE_SHIFT) + WAIT_ENDS] = this.simulation.schedule(
      at,
      this.giveUpEvent,
      row,
    );
  }

  /** The servers have answered, so there is nothing to give up. */
  end(row: number): void {
    if (this.giveUpEvent === null) return;
    const wait = (row << DOUBLE_SHIFT) + WAIT_ENDS;
    this.simulation.cancel(this.sessions.doubles[wait]);
    this.sessions.doubles[wait] = NO_EVENT;
  }

  /** Whether a shopper whose patience has ended loads the page again. */
  reloads(row: number): boolean {
    if (this.reload === 0) return false;
    const { words } = this.sessions;
    const first = row << WORD_SHIFT;
    return this.reloadDraws.at(words[first + ENTITY], words[first + PAGES]).chance(this.reload);
  }

  private giveUp(row: number, onGivenUp: (row: number) => void): void {
    this.sessions.doubles[(row << DOUBLE_SHIFT) + WAIT_ENDS] = NO_EVENT;
    this.fleet.abandon(this.sessions.words[(row << WORD_SHIFT) + JOB]);
    onGivenUp(row);
  }

  /** How long the shopper waits for their present page. */
  private of(row: number): Ticks {
    const { words } = this.sessions;
    const first = row << WORD_SHIFT;
    const page = words[first + PAGES] * PURPOSES_PER_PAGE;
    return this.patience.at(this.draws, words[first + ENTITY], page);
  }
}
