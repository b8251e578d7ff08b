import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHECKPOINT_EVENTS, Digest, firstDifference } from "./digest.ts";

type Event = readonly [at: number, kind: number, subject: number];

const event = fc.tuple(
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 4_095 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);
const events = fc.array(event, { minLength: 1, maxLength: 50 });

function digestOf(list: readonly Event[]): string {
  const digest = new Digest();
  for (const [at, kind, subject] of list) digest.add(at, kind, subject);
  return digest.hex();
}

describe("the digest", () => {
  it("is 16 hex digits, and the same for the same events", () => {
    expect(new Digest().hex()).toBe("243f6a8805a308d3");
    fc.assert(
      fc.property(events, (list) => {
        expect(digestOf(list)).toMatch(/^[0-9a-f]{16}$/);
        expect(digestOf(list)).toBe(digestOf(list));
      }),
      { seed: 11 },
    );
  });

  it("changes when one field of one event changes", () => {
    fc.assert(
      fc.property(events, event, fc.nat(), fc.nat({ max: 2 }), (list, other, place, field) => {
        const index = place % list.length;
        const changed = list.map((one, at): Event => {
          if (at !== index) return one;
          return [
            field === 0 ? other[0] : one[0],
            field === 1 ? other[1] : one[1],
            field === 2 ? other[2] : one[2],
          ];
        });
        fc.pre(changed[index]?.join() !== list[index]?.join());
        expect(digestOf(changed)).not.toBe(digestOf(list));
      }),
      { seed: 12, numRuns: 2_000 },
    );
  });

  it("changes when two events change places, when one is missing, when one comes twice", () => {
    fc.assert(
      fc.property(event, event, events, (first, second, rest) => {
        fc.pre(first.join() !== second.join());
        const whole = digestOf([first, second, ...rest]);
        expect(digestOf([second, first, ...rest])).not.toBe(whole);
        expect(digestOf([first, ...rest])).not.toBe(whole);
        expect(digestOf([first, second, second, ...rest])).not.toBe(whole);
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });

  it("has no collision among 50,000 runs that differ in one subject", () => {
    const seen = new Set<string>();
    for (let subject = 0; subject < 50_000; subject++) seen.add(digestOf([[7, 1, subject]]));
    expect(seen.size).toBe(50_000);
  });
});

describe("checkpoints", () => {
  const blocks = 3;
  function checkpointed(changedEvent: number | null) {
    const digest = new Digest();
    for (let index = 1; index <= blocks * CHECKPOINT_EVENTS; index++) {
      digest.add(index * 1_000, index === changedEvent ? 1 : 0, index);
    }
    return digest;
  }

  it("come every 65,536 events, the last one with the digest itself", () => {
    const digest = checkpointed(null);
    expect(digest.checkpoints().map((one) => one.events)).toEqual([65_536, 131_072, 196_608]);
    expect(digest.checkpoints().at(-1)?.hex).toBe(digest.hex());
    expect(digest.events).toBe(196_608);
  });

  it("tell the block in which two runs part", () => {
    const whole = checkpointed(null).checkpoints();
    const difference = (event: number) => firstDifference(whole, checkpointed(event).checkpoints());
    expect(difference(1)).toEqual({ first: 1, last: 65_536 });
    expect(difference(65_536)).toEqual({ first: 1, last: 65_536 });
    expect(difference(65_537)).toEqual({ first: 65_537, last: 131_072 });
    expect(difference(196_608)).toEqual({ first: 131_073, last: 196_608 });
    expect(firstDifference(whole, checkpointed(null).checkpoints())).toBeNull();
    expect(firstDifference(whole, whole.slice(0, 1))).toBeNull();
  });
});
