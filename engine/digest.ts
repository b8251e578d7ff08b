/**
 * The digest of a run: two 32-bit lanes over (time, kind, subject) of every event, in order.
 * Two runs with the same digest did the same; where two differ, their checkpoints give the block
 * of events in which they part. It is always on, and is no defence against a forger.
 */
import { assert } from "./assert.ts";
import type { Ticks } from "./time.ts";

/** Events between two checkpoints. */
export const CHECKPOINT_EVENTS = 65_536;
const TWO_TO_MINUS_32 = 1 / 4_294_967_296;

interface Checkpoint {
  /** Events so far, a multiple of {@link CHECKPOINT_EVENTS}. */
  readonly events: number;
  readonly hex: string;
}

export class Digest {
  private first = 0x243f6a88;
  private second = 0x05a308d3;
  private counted = 0;
  private readonly list: Checkpoint[] = [];

  /** Events that were added. */
  get events(): number {
    return this.counted;
  }

  /**
   * Takes the event into the digest. For a given event the step is a permutation of the 64 bits,
   * so two runs that once differ stay apart until another difference happens to make up for it.
   */
  add(at: Ticks, kind: number, subject: number): void {
    const a = Math.imul(this.first ^ at, 0x85ebca6b);
    const b = Math.imul(this.second ^ subject, 0xc2b2ae35);
    const first = (((a << 13) | (a >>> 19)) + b + kind) | 0;
    this.first = first;
    this.second = ((((b << 17) | (b >>> 15)) ^ first) + ((at * TWO_TO_MINUS_32) | 0)) | 0;
    if ((++this.counted & (CHECKPOINT_EVENTS - 1)) === 0) this.checkpoint();
  }

  /** 16 hex digits. */
  hex(): string {
    return hex32(this.first) + hex32(this.second);
  }

  checkpoints(): readonly Checkpoint[] {
    return this.list;
  }

  private checkpoint(): void {
    assert(this.counted % CHECKPOINT_EVENTS === 0, "a checkpoint closes a whole block");
    this.list.push({ events: this.counted, hex: this.hex() });
  }
}

function hex32(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}

/** Events that two runs do not share, counted from 1. */
interface Block {
  readonly first: number;
  readonly last: number;
}

/** The block of events in which two runs part; null when every checkpoint that both have agrees. */
export function firstDifference(
  left: readonly Checkpoint[],
  right: readonly Checkpoint[],
): Block | null {
  const both = Math.min(left.length, right.length);
  for (let index = 0; index < both; index++) {
    const { events, hex } = left[index];
    assert(events === right[index].events, "checkpoints of two runs lie at the same events");
    if (hex !== right[index].hex) return { first: events - CHECKPOINT_EVENTS + 1, last: events };
  }
  return null;
}
