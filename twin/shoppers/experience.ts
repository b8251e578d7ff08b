/**
 * What each session has met so far, in points of satisfaction lost: slow pages, pages that did not
 * come, units that were gone, payments that failed. It stands beside the session table, row by
 * row, and only where shoppers are asked.
 */
import { SECOND, type Ticks } from "../../engine/time.ts";
import type { SatisfactionSpec } from "../scenario/scenario.ts";
import { DECLINED, HOLD_EXPIRED, IN_DOUBT, type SaleAnswer, SOLD_OUT } from "./sale-desk.ts";

const ROWS_AT_START = 1_024;

export class Experience {
  private readonly spec: SatisfactionSpec;
  private lost = new Float64Array(ROWS_AT_START);
  /** Pages that the shopper has seen; whoever saw none cannot have been asked anything on one. */
  private seen = new Uint32Array(ROWS_AT_START);

  constructor(spec: SatisfactionSpec) {
    this.spec = spec;
  }

  /** A visit begins in a row that another may have had. */
  begin(row: number): void {
    while (row >= this.lost.length) this.grow();
    this.lost[row] = 0;
    this.seen[row] = 0;
  }

  /** A page came after `latency`. */
  page(row: number, latency: Ticks): void {
    this.seen[row] += 1;
    this.waited(row, latency);
  }

  /** The shopper waited, whether a page came of it or not. */
  waited(row: number, latency: Ticks): void {
    const beyond = latency - this.spec.slowAfter;
    if (beyond > 0) this.lost[row] += (beyond / SECOND) * this.spec.slowSecond;
  }

  failedPage(row: number): void {
    this.lost[row] += this.spec.failedPage;
  }

  /** The store did not give the shopper what they asked for; what is nobody's fault costs nothing. */
  refused(row: number, answer: SaleAnswer): void {
    if (answer === SOLD_OUT || answer === HOLD_EXPIRED) this.lost[row] += this.spec.soldOut;
    if (answer === DECLINED || answer === IN_DOUBT) this.lost[row] += this.spec.declined;
  }

  hasSeenPage(row: number): boolean {
    return this.seen[row] > 0;
  }

  /** Points lost so far. */
  lostBy(row: number): number {
    return this.lost[row];
  }

  private grow(): void {
    const lost = new Float64Array(this.lost.length * 2);
    lost.set(this.lost);
    this.lost = lost;
    const seen = new Uint32Array(this.seen.length * 2);
    seen.set(this.seen);
    this.seen = seen;
  }
}
