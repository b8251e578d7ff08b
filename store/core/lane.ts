/** One lane of the waiting room: its line, its lobby before it opens, and the pace it goes at. */
import { assert } from "./assert.ts";
import { isLeavingKnown, isPaceKnown, type LanePace, newPace, notePace } from "./lane-pace.ts";
import { byLot } from "./lot.ts";
import type { LaneLimits } from "./ticket.ts";
import { TicketLine } from "./ticket-line.ts";
import type { TicketRows } from "./ticket-rows.ts";
import { WaitForecast } from "./wait-forecast.ts";

/** A pace is steady where it stays within this share of what it was. */
const STEADY_WITHIN = 0.1;

const MINUTE_MILLIS = 60_000;
const NONE = -1;

export class Lane {
  readonly name: string;
  readonly share: number;
  readonly opensAt: number | null;
  /** False until the lot among those who came early is drawn. */
  isOpen: boolean;
  readonly line: TicketLine;
  /** Tickets that came before it opened, those that have ended since included. */
  lobby: number[] = [];
  /** Living tickets in the lobby. */
  inLobby = 0;
  /** When the turn comes of who stands in its line. */
  readonly forecast: WaitForecast;
  /** Admitted so far. */
  admitted = 0;
  #pace: LanePace = newPace();
  #notedAt = Number.NaN;
  #admittedBefore = 0;
  readonly #keptMillis: number;

  /** A place that nobody asks for is kept for `keptMillis`. */
  constructor(limits: LaneLimits, keptMillis: number, moved: (row: number, slot: number) => void) {
    this.name = limits.name;
    this.share = limits.share;
    this.opensAt = limits.opensAt;
    this.isOpen = limits.opensAt === null;
    this.line = new TicketLine(moved);
    this.#keptMillis = keptMillis;
    this.forecast = new WaitForecast(keptMillis);
  }

  get waiting(): number {
    return this.line.length + this.inLobby;
  }

  enterLobby(ticket: number): void {
    this.inLobby += 1;
    this.lobby.push(ticket);
  }

  /** Opens, and answers with the rows of those who came before it, in the order of their lots. */
  open(drawSeed: string, rows: TicketRows): readonly number[] {
    const lobby = this.lobby
      .map((ticket) => rows.rowOf(ticket))
      .filter((row) => row !== NONE)
      .map((row) => ({ row, shopper: rows.shopper[row] as string }));
    const drawn = byLot(drawSeed, lobby);
    assert(drawn.length === this.inLobby, "a lot is drawn among all who wait for it");
    this.isOpen = true;
    this.lobby = [];
    this.inLobby = 0;
    return drawn.map(({ row }) => row);
  }

  /** The row of somebody who waits, or -1; `rowOf` finds the row of a ticket that lives. */
  anyWaiting(rowOf: (ticket: number) => number): number {
    if (this.line.length > 0) return this.line.first();
    while (this.inLobby > 0) {
      const row = rowOf(this.lobby.pop() ?? -1);
      if (row !== NONE) return row;
    }
    return NONE;
  }

  /**
   * Admissions per millisecond lately; `known` where it has no past to go by. Without a rate it is
   * none yet, so not steady, before the lane has seen how many leave it.
   */
  paceOr(known: number | null): number {
    if (known !== null && !isPaceKnown(this.#pace)) return known;
    const isKnown = known !== null || isLeavingKnown(this.#pace, this.#keptMillis);
    return isKnown ? this.#pace.perMilli : 0;
  }

  /**
   * Whole milliseconds until the turn of who has `ahead` others before them. `perMilli` is used
   * where the lane has no past yet; null where that is not known either.
   */
  estimate(ahead: number, perMilli: number | null, now: number): number | null {
    const pace = isPaceKnown(this.#pace) ? this.#pace.perMilli : perMilli;
    if (pace === null || pace <= 0) return null;
    return Math.round(this.forecast.millisOf(ahead, pace, now));
  }

  /** Whether it went on as it did when it had admitted `admittedThen`, some `millis` ago. */
  keptPace(then: number, admittedThen: number, millis: number): boolean {
    if (millis <= 0 || then <= 0) return false;
    return Math.abs((this.admitted - admittedThen) / millis - then) <= STEADY_WITHIN * then;
  }

  /** Takes in what happened since the last time; a line that ran empty shows no pace of the room's. */
  note(now: number, waitingBefore: number): void {
    const millis = now - this.#notedAt;
    const admitted = this.admitted - this.#admittedBefore;
    const isFirst = Number.isNaN(this.#notedAt);
    if (!isFirst && millis <= 0) return;
    this.#notedAt = now;
    this.#admittedBefore = this.admitted;
    this.forecast.note(now);
    const isBusy = waitingBefore > 0 && this.line.length > 0;
    if (!isBusy) this.#pace = newPace();
    else if (!isFirst) notePace(this.#pace, millis, admitted);
  }
}

/** What the rate alone would give a lane per millisecond; null where there is no rate. */
export function rateOf(lane: Lane, all: readonly Lane[], perMinute: number | null): number | null {
  if (perMinute === null) return null;
  let shares = 0;
  for (const other of all) if (other === lane || other.line.length > 0) shares += other.share;
  return (perMinute / MINUTE_MILLIS) * (lane.share / shares);
}
