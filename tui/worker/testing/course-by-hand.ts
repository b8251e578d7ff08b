/**
 * A rehearsal for a screen on the thread that asks for it, which plays only as far as its clock is
 * put forward: for tests of what is drawn meanwhile.
 */
import type { Ticks } from "../../../engine/time.ts";
import type { Change } from "../../../twin/stepped/intervention.ts";
import type { Speed, SteppedClient, SteppedInput, SteppedListener } from "../stepped-client.ts";
import { type CourseReport, SteppedCourse } from "../stepped-course.ts";

export class CourseByHand implements SteppedClient {
  readonly #listener: SteppedListener;
  #course: SteppedCourse | null = null;
  #millis = 0;

  constructor(listener: SteppedListener) {
    this.#listener = listener;
  }

  /** Plays as much as it does in so many milliseconds of the wall clock. */
  putForward(millis: number): void {
    this.#millis += millis;
    // What it waits for comes with the next time that the clock is put forward.
    while (this.#course?.work() === 0);
  }

  open(input: SteppedInput): void {
    const clock = () => this.#millis;
    this.#course = new SteppedCourse({ input, report: (report) => this.#hear(report), clock });
  }

  play(speed: Speed): void {
    this.#course?.command({ kind: "play", speed });
  }

  playOrPause(): void {
    this.#course?.command({ kind: "play-or-pause" });
  }

  pace(speed: Speed): void {
    this.#course?.command({ kind: "pace", speed });
  }

  pause(): void {
    this.#course?.command({ kind: "pause" });
  }

  step(of: "event" | "minute"): void {
    this.#course?.command({ kind: "step", of });
  }

  seek(to: Ticks): void {
    this.#course?.command({ kind: "seek", to });
  }

  intervene(change: Change): void {
    this.#course?.command({ kind: "intervene", change });
  }

  undo(): void {
    this.#course?.command({ kind: "undo" });
  }

  redo(): void {
    this.#course?.command({ kind: "redo" });
  }

  async close(): Promise<void> {
    this.#course = null;
  }

  #hear(report: CourseReport): void {
    if (report.kind === "update") this.#listener.onUpdate(report.update);
    else if (report.kind === "seeking") this.#listener.onSeeking?.(report.seek);
    else if (report.kind === "refused") this.#listener.onRefused(report.why);
    else this.#listener.onFailed(report.why);
  }
}
