import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenDoor, SHUT } from "./open-door.ts";

const SESSION = 300_000;
/** Ends are rounded up to a 256th of a session. */
const ROUNDED = Math.ceil(SESSION / 256) * 2;

describe("an open door", () => {
  it("lets in as many as were lent, and not one more", () => {
    const door = new OpenDoor(SESSION);
    expect(door.letIn(0)).toBe(SHUT);
    door.borrow(2);
    expect([door.letIn(1), door.letIn(2)].every((stamp) => stamp !== SHUT)).toBe(true);
    expect(door.letIn(3)).toBe(SHUT);
    expect([door.used, door.inside(3)]).toEqual([2, 2]);
    door.borrow(1);
    expect([door.used, door.letIn(4) !== SHUT, door.inside(4)]).toEqual([0, true, 3]);
  });

  it("counts as inside who asked within a session, whatever comes when", () => {
    const step = fc.record({ passes: fc.nat(120_000), sees: fc.option(fc.nat(30)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const door = new OpenDoor(SESSION);
        door.borrow(1_000);
        let now = 1_000_000_000;
        const shoppers: { stamp: number; seen: number }[] = [];
        for (const { passes, sees } of steps) {
          now += passes;
          const known = sees === null ? undefined : shoppers[sees];
          if (known === undefined) shoppers.push({ stamp: door.letIn(now), seen: now });
          else {
            const stamp = door.sees(known.stamp, now);
            if (now < known.seen + SESSION) expect(stamp).not.toBe(SHUT);
            if (now >= known.seen + SESSION + ROUNDED) expect(stamp).toBe(SHUT);
            if (stamp !== SHUT) Object.assign(known, { stamp, seen: now });
          }
          const since = (millis: number) =>
            shoppers.filter(({ seen }) => now < seen + millis).length;
          expect(door.inside(now)).toBeGreaterThanOrEqual(since(SESSION));
          expect(door.inside(now)).toBeLessThanOrEqual(since(SESSION + ROUNDED));
        }
      }),
      { numRuns: 200 },
    );
  });
});
