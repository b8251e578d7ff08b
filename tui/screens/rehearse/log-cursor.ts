/** Where a planner stands in the log of events: following its end, or looking at one line of it. */
import type { Host } from "../screen.ts";

export class LogCursor {
  follow = true;
  filter = "";
  selected = 0;
  readonly #host: Host;
  readonly #count: () => number;

  /** `count` gives the lines that the filter leaves. */
  constructor(host: Host, count: () => number) {
    this.#host = host;
    this.#count = count;
  }

  /** Whoever moves in the log does not want it to run away. */
  move(by: number): void {
    const last = Math.max(0, this.#count() - 1);
    const from = this.follow ? last : this.selected;
    this.follow = false;
    this.selected = Math.max(0, Math.min(last, from + by));
    this.#host.redraw();
  }

  toggleFollow(): void {
    this.follow = !this.follow;
    if (!this.follow) this.selected = Math.max(0, this.#count() - 1);
    this.#host.redraw();
  }

  setFilter(filter: string): void {
    this.filter = filter.trim();
    this.#host.redraw();
  }

  async askFilter(): Promise<void> {
    const answer = await this.#host.ask({ label: "Filter the events", value: this.filter });
    if (answer !== null) this.setFilter(answer);
  }
}
