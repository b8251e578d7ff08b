/** The zones of a fleet: which of them are up, and which is next when instances go round them in turn. */
import { assert } from "../../engine/assert.ts";
import { NONE } from "./jobs.ts";

export class Zones {
  /** One byte a zone: 1 while it is up. */
  readonly #up: Uint8Array;
  #next = 0;

  constructor(count: number) {
    assert(Number.isSafeInteger(count) && count >= 1, "a fleet stands in a zone");
    this.#up = new Uint8Array(count).fill(1);
  }

  /** Where the next instance goes: the next zone that is up, or NONE where none is. */
  take(): number {
    const { length } = this.#up;
    for (let tried = 0; tried < length; tried += 1) {
      const zone = (this.#next + tried) % length;
      if (this.#up[zone] === 0) continue;
      this.#next = (zone + 1) % length;
      return zone;
    }
    return NONE;
  }

  setUp(zone: number, up: boolean): void {
    assert(zone >= 0 && zone < this.#up.length, "a fleet has the zones that it was given");
    this.#up[zone] = up ? 1 : 0;
  }
}
