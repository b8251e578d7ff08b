/**
 * When a frame is drawn: after a key at once, once for all keys that came together; for data at
 * most ten times a second, or once where motion is to be reduced. Nothing is drawn that nobody
 * asked for.
 */
/// <reference types="node" />

/** Between two frames that data alone asks for. */
const FRAME_MILLIS = 100;
const REDUCED_FRAME_MILLIS = 1_000;

export interface PacingOptions {
  readonly draw: () => void;
  readonly reducedMotion: () => boolean;
}

export class Pacing {
  readonly #options: PacingOptions;
  #timer: NodeJS.Timeout | null = null;
  #atOnce = false;
  #stopped = false;

  constructor(options: PacingOptions) {
    this.#options = options;
  }

  want(when: "at-once" | "soon"): void {
    if (this.#stopped || this.#atOnce) return;
    if (when === "at-once") {
      this.#atOnce = true;
      // Still before any timer or message: no data frame comes between a key and its frame.
      queueMicrotask(() => this.#draw());
      return;
    }
    const millis = this.#options.reducedMotion() ? REDUCED_FRAME_MILLIS : FRAME_MILLIS;
    this.#timer ??= setTimeout(() => this.#draw(), millis);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #draw(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#atOnce = false;
    if (!this.#stopped) this.#options.draw();
  }
}
