/** Signs of life on their way to the waiting room. */
import { expect, it } from "vitest";
import { TicketSigns } from "./ticket-signs.ts";

const told = (signs: TicketSigns) => {
  const seen = signs.take();
  return seen === null ? null : [[...seen.tickets], [...seen.at]];
};

it("a ticket that is seen often is told of once in a while, others meanwhile", () => {
  const signs = new TicketSigns(1_000);
  for (const now of [0, 100, 200]) signs.note(7, now);
  signs.note(8, 300);
  expect(told(signs)).toEqual([
    [7, 8],
    [0, 300],
  ]);
  signs.note(7, 900);
  expect(told(signs)).toBeNull();
  signs.note(7, 1_000);
  expect(told(signs)).toEqual([[7], [1_000]]);
});

it("nobody who goes on looking is silent for longer than that and a look", () => {
  const signs = new TicketSigns(1_000);
  const times: number[] = [];
  for (let now = 0; now <= 30_000; now += 130) {
    signs.note(7, now);
    const seen = signs.take();
    if (seen !== null) times.push(seen.at[0] as number);
  }
  const silences = times.slice(1).map((time, at) => time - (times[at] as number));
  expect(times.length).toBeGreaterThan(20);
  expect(Math.max(...silences)).toBeLessThanOrEqual(1_130);
});

it("signs that nobody tells are due after a second, and again where telling failed", () => {
  const signs = new TicketSigns(0);
  signs.note(7, 500);
  expect(signs.isDue(1_499)).toBe(false);
  expect(signs.isDue(1_500)).toBe(true);
  const seen = signs.take();
  expect(signs.isDue(9_000)).toBe(false);
  signs.note(7, 1_600);
  if (seen !== null) signs.giveBack(seen);
  expect(signs.isDue(1_600)).toBe(true);
  expect(told(signs)).toEqual([[7], [1_600]]);
});
