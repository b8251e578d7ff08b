/** What the waiting room comes to: how many waited and how long, and how good their estimates were. */
import { Histogram } from "../../engine/statistics/histogram.ts";
import { LittlesLaw } from "../../engine/statistics/littles-law.ts";
import { TimeWeighted } from "../../engine/statistics/time-weighted.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { type Metric, metricOfPart } from "../metric.ts";
import type { Call } from "./room-desk.ts";

/** An estimate of a shorter wait says no more than "soon", and is not scored. */
const SCORED_FROM_MILLIS = 30_000;
/** An estimate holds where the wait was no further from it than this share of the wait. */
const HOLDS_WITHIN = 0.2;

export const ROOM_METRICS: readonly Metric[] = [
  metricOfPart("queue.tickets", "count", null, "Shoppers who had to wait in the waiting room"),
  metricOfPart("queue.length", "count", "less", "Shoppers waiting, mean over the scenario"),
  metricOfPart("queue.length.peak", "count", "less", "Most shoppers waiting at once"),
  metricOfPart("queue.wait", "ms", "less", "Mean wait of those who waited and came in"),
  metricOfPart("queue.wait.p50", "ms", "less", "Half of those who waited came in within this"),
  metricOfPart("queue.wait.p95", "ms", "less", "95 % of those who waited came in within this"),
  metricOfPart("queue.abandoned", "count", "less", "Shoppers who went away before they came in"),
  metricOfPart("queue.noShows", "count", "less", "Passes that nobody came in with"),
  metricOfPart(
    "queue.eta.within20",
    "share",
    "more",
    "Waits of half a minute or more that were within 20 % of what was told when the ticket was taken",
  ),
  metricOfPart(
    "queue.eta.within20{steady}",
    "share",
    "more",
    "The same of those during whose wait their lane kept the pace it had; without a rate, after it could see who leaves",
  ),
  metricOfPart(
    "queue.inversions",
    "count",
    "less",
    "Shoppers let in while an earlier ticket of their lane waited; anything but 0 is a defect",
  ),
];

export class RoomFigures {
  readonly law = new LittlesLaw("the waiting room", 0);
  readonly length = new TimeWeighted(0);
  private readonly waits = new Histogram();
  private tickets = 0;
  private abandoned = 0;
  private scored = 0;
  private held = 0;
  private scoredSteady = 0;
  private heldSteady = 0;
  private lengthMean = Number.NaN;

  lineUp(now: Ticks): void {
    this.tickets += 1;
    this.law.arrive(now);
    this.length.add(now, 1);
  }

  comesIn(now: Ticks, since: Ticks): void {
    this.ends(now, since);
    this.waits.record(now - since);
  }

  goesAway(now: Ticks, since: Ticks): void {
    this.ends(now, since);
    this.abandoned += 1;
  }

  /** Scores what the shopper was told against how long it took to be called. */
  score({ waitedMillis, estimatedMillis, steady }: Call): void {
    if (estimatedMillis === null || waitedMillis < SCORED_FROM_MILLIS) return;
    const holds = Math.abs(estimatedMillis - waitedMillis) <= HOLDS_WITHIN * waitedMillis;
    this.scored += 1;
    if (holds) this.held += 1;
    if (!steady) return;
    this.scoredSteady += 1;
    if (holds) this.heldSteady += 1;
  }

  /** The scenario is over: what is a mean over it is one now. */
  close(now: Ticks): void {
    this.lengthMean = this.length.mean(now);
  }

  figures(of: { readonly noShows: number; readonly inversions: number }): Record<string, number> {
    const quantile = (share: number) =>
      this.waits.count === 0 ? Number.NaN : Math.round(this.waits.quantile(share)) / MILLISECOND;
    return {
      "queue.tickets": this.tickets,
      "queue.length": this.lengthMean,
      "queue.length.peak": this.length.peak,
      "queue.wait": this.waits.count === 0 ? Number.NaN : Math.round(this.waits.mean) / MILLISECOND,
      "queue.wait.p50": quantile(0.5),
      "queue.wait.p95": quantile(0.95),
      "queue.abandoned": this.abandoned,
      "queue.noShows": of.noShows,
      "queue.eta.within20": this.held / this.scored,
      "queue.eta.within20{steady}": this.heldSteady / this.scoredSteady,
      "queue.inversions": of.inversions,
    };
  }

  private ends(now: Ticks, since: Ticks): void {
    this.law.depart(now, since);
    this.length.add(now, -1);
  }
}
