import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HoldWatch } from "./hold-watch.ts";
import { Stock } from "./stock.ts";
import { auditStock } from "./stock-audit.ts";

const MINUTE = 60_000;

function stockWith(limits: ConstructorParameters<typeof HoldWatch>[0]) {
  const stock = new Stock({
    items: [{ sku: "lamp", units: 1_000, limitPerShopper: null }],
    holdLimits: limits,
  });
  let named = 0;
  const hold = (shopper: string, now: number, network?: string, lasts = MINUTE) => {
    named += 1;
    const from = network === undefined ? {} : { network };
    const lines = [{ sku: "lamp", units: 1 }];
    const request = { hold: `h${named}`, shopper, ...from, lines, now, expiresAt: now + lasts };
    return stock.hold(request);
  };
  const expireAll = (now: number) => {
    let ended = 0;
    while (stock.expireNext(now) !== null) ended += 1;
    return ended;
  };
  return { stock, hold, expireAll };
}

const none = { perShopper: null, perNetwork: null, afterLapse: null };

describe("live holds", () => {
  it("of a shopper are no more than the limit, and the wait is until the first is due", () => {
    const { hold, expireAll } = stockWith({ ...none, perShopper: 2 });
    hold("ann", 0);
    hold("ann", 20_000);
    const third = { _tag: "TooManyHolds", by: "shopper", retryAfterMillis: 30_000 };
    expect(hold("ann", 30_000)).toEqual(third);
    expect(hold("ben", 30_000)._tag).toBe("Held");
    expireAll(MINUTE);
    expect(hold("ann", MINUTE)._tag).toBe("Held");
  });

  it("of a network are no more than the limit, whatever the number of shoppers", () => {
    const { hold } = stockWith({ ...none, perNetwork: 3 });
    for (const shopper of ["a", "b", "c"]) expect(hold(shopper, 0, "block")._tag).toBe("Held");
    expect(hold("d", 1, "block")).toMatchObject({ _tag: "TooManyHolds", by: "network" });
    expect(hold("d", 1, "elsewhere")._tag).toBe("Held");
    // A network that is not known has no limit: it is no one network.
    for (let index = 0; index < 9; index += 1) expect(hold(`n${index}`, 1)._tag).toBe("Held");
  });

  it("never exceed the limits, in whatever order holds are taken, sold and lapse", () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 2 }), fc.nat({ max: 3 })), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(steps, (taken) => {
        const { stock, hold, expireAll } = stockWith({ ...none, perShopper: 2, perNetwork: 4 });
        let now = 0;
        const network = new Map<string, string>();
        for (const [who, where, what] of taken) {
          now += 7_000;
          const answer = hold(`s${who}`, now, `n${where}`);
          if (answer._tag === "Held") {
            network.set(answer.hold, `n${where}`);
            if (what === 0) stock.sell({ ...answer, order: answer.hold, now, honour: false });
            if (what === 1) stock.release({ ...answer, now });
          }
          expireAll(now);
          const live = stock.snapshot().holds.filter(({ state }) => state === "live");
          for (let index = 0; index < 6; index += 1) {
            const own = live.filter(({ shopper }) => shopper === `s${index}`);
            const there = live.filter((row) => network.get(row.hold) === `n${index}`);
            expect(own.length).toBeLessThanOrEqual(2);
            expect(there.length).toBeLessThanOrEqual(4);
          }
        }
        expect(auditStock(stock.snapshot())).toEqual([]);
      }),
    );
  });
});

describe("the wait after holds that lapsed unpaid", () => {
  const afterLapse = { firstMillis: MINUTE, maxMillis: 5 * MINUTE };

  it("doubles with each of them up to the longest", () => {
    const { hold, expireAll } = stockWith({ ...none, afterLapse });
    let now = 0;
    const waits: number[] = [];
    for (let lapse = 0; lapse < 5; lapse += 1) {
      expect(hold("ann", now)._tag).toBe("Held");
      now += MINUTE;
      expect(expireAll(now)).toBe(1);
      const answer = hold("ann", now);
      expect(answer).toMatchObject({ _tag: "TooManyHolds", by: "lapses" });
      const wait = answer._tag === "TooManyHolds" ? answer.retryAfterMillis : 0;
      expect(hold("ann", now + wait - 1)._tag).toBe("TooManyHolds");
      waits.push(wait / MINUTE);
      now += wait;
    }
    expect(waits).toEqual([1, 2, 4, 5, 5]);
    expect(hold("ben", now)._tag).toBe("Held");
  });

  it("is over for whoever pays, and for whoever keeps quiet long enough", () => {
    const { stock, hold, expireAll } = stockWith({ ...none, afterLapse });
    hold("ann", 0);
    expireAll(MINUTE);
    const paid = hold("ann", 2 * MINUTE);
    if (paid._tag === "Held") stock.sell({ ...paid, order: "o", now: 2 * MINUTE, honour: false });
    hold("ann", 3 * MINUTE);
    expireAll(4 * MINUTE);
    // The lapse before the payment is forgotten: this one is the first again.
    expect(hold("ann", 4 * MINUTE)).toMatchObject({ retryAfterMillis: MINUTE });
    hold("ann", 20 * MINUTE);
    expireAll(21 * MINUTE);
    expect(hold("ann", 21 * MINUTE)).toMatchObject({ retryAfterMillis: MINUTE });
  });

  it("does not follow a hold that the store itself gave back", () => {
    const { stock, hold } = stockWith({ ...none, afterLapse });
    const first = hold("ann", 0);
    if (first._tag === "Held") stock.release({ ...first, now: 1 });
    expect(hold("ann", 2)._tag).toBe("Held");
  });
});
