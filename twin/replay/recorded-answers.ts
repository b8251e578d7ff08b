/**
 * How a web server answered who asked for pages: how long it took and how many it failed, in bounded
 * memory, to a hundredth of each time.
 */
import { exp, log } from "../../engine/elementary.ts";
import type { RecordedFact } from "../recordings/recorded-fact.ts";
import { asksForPage } from "../recordings/told-page.ts";

export interface AnswersFound {
  /** Answers of 500 and above over pages. */
  readonly failedShare: number;
  /** Milliseconds below which a share of the answers took; null where the log does not tell. */
  readonly tookBelow: ((share: number) => number) | null;
}

/** Classes of times in each factor of e. */
const CLASSES = 100;

export class RecordedAnswers {
  readonly #times = new Map<number, number>();
  #timed = 0;
  #pages = 0;
  #failed = 0;

  take(fact: RecordedFact): void {
    if (!asksForPage(fact)) return;
    const { status, millis } = fact;
    this.#pages += 1;
    if (status !== null && status >= 500) this.#failed += 1;
    if (millis === null || millis < 0) return;
    const place = Math.round(CLASSES * log(millis + 1));
    this.#times.set(place, (this.#times.get(place) ?? 0) + 1);
    this.#timed += 1;
  }

  /** Null where no page was asked for. */
  found(): AnswersFound | null {
    if (this.#pages === 0) return null;
    const failedShare = this.#failed / this.#pages;
    if (this.#timed === 0) return { failedShare, tookBelow: null };
    const classes = [...this.#times].sort(([one], [other]) => one - other);
    const tookBelow = (share: number) => {
      let below = 0;
      for (const [place, count] of classes) {
        below += count;
        if (below >= share * this.#timed) return exp(place / CLASSES) - 1;
      }
      return Number.NaN;
    };
    return { failedShare, tookBelow };
  }
}
