import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import { Sender } from "./sender.ts";

const unlimited = 1e9;

describe("a sender", () => {
  it("spreads each batch evenly over its window", () => {
    const sender = new Sender({
      recipients: 1_000,
      launch: { at: HOUR, batches: 4, every: 15 * MINUTE, eachOver: 10 * MINUTE },
      senderRate: unlimited,
    });
    expect(sender.sentAt(0)).toBe(HOUR);
    expect(sender.sentAt(125)).toBeCloseTo(HOUR + 5 * MINUTE, 0);
    expect(sender.sentAt(250)).toBe(HOUR + 15 * MINUTE);
    expect(sender.sentAt(999)).toBeCloseTo(HOUR + 45 * MINUTE + (10 * MINUTE * 249) / 250, 0);
  });

  it("takes as long as the throughput limit says when everything is due at once", () => {
    const sender = new Sender({
      recipients: 10_001,
      launch: { at: 0, batches: 1, every: 0, eachOver: 0 },
      senderRate: 100,
    });
    expect(sender.lastAt).toBeCloseTo(100 * SECOND, 3);
    expect(sender.sentAt(5_000)).toBeCloseTo(50 * SECOND, 3);
  });

  it("lets a batch wait behind the one before and catch up when there is time", () => {
    // Each batch of 600 needs 10 minutes at one a second, and is due every 6 minutes over 6.
    const sender = new Sender({
      recipients: 1_800,
      launch: { at: 0, batches: 3, every: 6 * MINUTE, eachOver: 6 * MINUTE },
      senderRate: 1,
    });
    expect(sender.sentAt(600)).toBeCloseTo(10 * MINUTE, 3);
    expect(sender.sentAt(1_200)).toBeCloseTo(20 * MINUTE, 3);
    expect(sender.lastAt).toBeCloseTo(30 * MINUTE - SECOND, 3);
  });

  it("forwards in list order, never before a mail is due and never faster than its limit", () => {
    const plans = fc.record({
      recipients: fc.integer({ min: 1, max: 500 }),
      batches: fc.integer({ min: 1, max: 9 }),
      every: fc.integer({ min: 0, max: 600 }),
      eachOver: fc.integer({ min: 0, max: 600 }),
      senderRate: fc.double({ min: 0.1, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(plans, ({ recipients, batches, every, eachOver, senderRate }) => {
        const launch = { at: 7, batches, every: every * SECOND, eachOver: eachOver * SECOND };
        const sender = new Sender({ recipients, launch, senderRate });
        let before = Number.NEGATIVE_INFINITY;
        const wrong: number[] = [];
        for (let recipient = 0; recipient < recipients; recipient += 1) {
          const sent = sender.sentAt(recipient);
          const batch = sender.batchOf(recipient);
          const place = recipient - sender.firstOf(batch);
          const due =
            launch.at + batch * launch.every + (launch.eachOver * place) / sender.sizeOf(batch);
          const early = sent < due || sent - before < SECOND / senderRate - 0.01;
          if (early) wrong.push(recipient);
          before = sent;
        }
        expect(wrong).toEqual([]);
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it("puts every recipient into exactly one batch, parts equal to one mail", () => {
    const sender = new Sender({
      recipients: 10,
      launch: { at: 0, batches: 4, every: 0, eachOver: 0 },
      senderRate: unlimited,
    });
    const sizes = [0, 1, 2, 3].map((batch) => sender.sizeOf(batch));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(10);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    const batches = Array.from({ length: 10 }, (_none, row) => sender.batchOf(row));
    expect(batches).toEqual([...batches].sort((a, b) => a - b));
    for (const batch of [0, 1, 2, 3])
      expect(batches.filter((own) => own === batch)).toHaveLength(sizes[batch]);
  });
});
