import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Held, HoldRequest } from "./hold.ts";
import { Stock } from "./stock.ts";
import { auditStock } from "./stock-audit.ts";

const ITEMS = [
  { sku: "a", units: 6, limitPerShopper: 3 },
  { sku: "b", units: 4, limitPerShopper: null },
];

/** One step of a random history; names are small numbers so that steps meet. */
const step = fc.record({
  does: fc.constantFrom(
    "hold",
    "hold",
    "hold",
    "release",
    "sell",
    "honour",
    "reacquire",
    "sweep",
    "restock",
    "quarantine",
    "readmit",
    "writeOff",
  ),
  hold: fc.nat({ max: 7 }),
  shopper: fc.nat({ max: 2 }),
  a: fc.nat({ max: 2 }),
  b: fc.nat({ max: 2 }),
  wait: fc.nat({ max: 8 }),
  /** Epochs behind the newest that the step believes in. */
  behind: fc.constantFrom(0, 0, 0, 1),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays steps against a stock and keeps what it was told about each hold. */
class Player {
  readonly stock = new Stock({ items: ITEMS, endedHoldsMax: 5 });
  readonly epochs = new Map<string, number>();
  /** The ends that each (hold, epoch) was told to have come to. */
  readonly ends = new Map<string, number>();
  now = 0;

  play(does: Step): void {
    this.now += does.wait;
    const { stock } = this;
    const hold = `h${does.hold}`;
    const epoch = (this.epochs.get(hold) ?? 0) - does.behind;
    const line = { sku: does.a > does.b ? "a" : "b", units: 1 };
    if (does.does === "hold") this.#hold(hold, does);
    if (does.does === "release") this.#release(hold, epoch);
    if (does.does === "sell") this.#sell(hold, epoch, false);
    if (does.does === "honour") this.#sell(hold, epoch, true);
    if (does.does === "reacquire") this.#reacquire(hold, epoch, does.shopper);
    if (does.does === "sweep") this.#sweep();
    if (does.does === "restock") stock.restock(line);
    if (does.does === "quarantine") stock.quarantine(line);
    if (does.does === "readmit") stock.readmit(line);
    if (does.does === "writeOff") stock.writeOff({ ...line, from: "available" });
  }

  #release(hold: string, epoch: number): void {
    const answer = this.stock.release({ hold, epoch, now: this.now });
    if (answer._tag === "Released") this.#ended(hold, answer.epoch);
  }

  #reacquire(hold: string, epoch: number, shopper: number): void {
    const again = { hold, epoch, shopper: `s${shopper}`, now: this.now, expiresAt: this.now + 20 };
    const answer = this.stock.reacquire(again);
    if (answer._tag === "Held") this.epochs.set(hold, answer.epoch);
  }

  #sweep(): void {
    for (let n = 0; n < 3; n++) {
      const ended = this.stock.expireNext(this.now);
      if (ended !== null) this.#ended(ended.hold, ended.epoch);
    }
  }

  #hold(hold: string, does: Step): void {
    const lines = [
      { sku: "a", units: does.a },
      { sku: "b", units: does.b },
      { sku: "a", units: 1 },
    ].filter((line) => line.units > 0);
    const shopper = `s${does.shopper}`;
    const answer = this.stock.hold({
      hold,
      shopper,
      lines,
      now: this.now,
      expiresAt: this.now + 20,
    });
    if (answer._tag === "Held") this.epochs.set(hold, answer.epoch);
  }

  #sell(hold: string, epoch: number, honour: boolean): void {
    const order = `order of ${hold}`;
    const answer = this.stock.sell({ hold, epoch, order, now: this.now, honour });
    if (answer._tag !== "Sold") return;
    this.epochs.set(hold, answer.epoch);
    if (!answer.repeated) this.#ended(hold, answer.epoch);
  }

  #ended(hold: string, epoch: number): void {
    const life = `${hold} ${epoch}`;
    this.ends.set(life, (this.ends.get(life) ?? 0) + 1);
  }
}

describe("the stock", () => {
  it("passes its audit after every step of any history, and every life of a hold ends once", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const player = new Player();
        let lastTaken = 0;
        for (const does of steps) {
          player.play(does);
          const snapshot = player.stock.snapshot();
          expect(auditStock(snapshot)).toEqual([]);
          expect(snapshot.totals.taken).toBeGreaterThanOrEqual(lastTaken);
          lastTaken = snapshot.totals.taken;
          for (const hold of snapshot.holds) reached.add(hold.state);
        }
        for (const times of player.ends.values()) expect(times).toBe(1);
      }),
      { seed: 7, numRuns: 150 },
    );
    expect([...reached].sort()).toEqual(["expired", "live", "released", "sold"]);
  });

  it("gives epochs that only grow, over all holds", () => {
    const stock = new Stock({ items: ITEMS });
    const epochs = ["x", "y", "z"].map((hold) => take(stock, request(hold)).epoch);
    expect(epochs).toEqual([1, 2, 3]);
    stock.release({ hold: "y", epoch: 2, now: 1 });
    expect(take(stock, request("w")).epoch).toBe(4);
  });

  it("remembers the newest ended holds and every sold one", () => {
    const stock = new Stock({
      items: [{ sku: "b", units: 9, limitPerShopper: null }],
      endedHoldsMax: 2,
    });
    const { epoch } = take(stock, request("sold"));
    stock.sell({ hold: "sold", epoch, order: "o", now: 1, honour: false });
    for (const hold of ["one", "two", "three", "four"]) {
      stock.release({ hold, epoch: take(stock, request(hold)).epoch, now: 1 });
    }
    const names = stock.snapshot().holds.map((hold) => hold.hold);
    expect(names).toEqual(["sold", "three", "four"]);
    expect(stock.totals()).toEqual({
      taken: 5,
      released: 4,
      expired: 0,
      sold: 1,
      forgotten: 2,
      live: 0,
    });
    expect(stock.release({ hold: "one", epoch: 2, now: 2 })).toEqual({ _tag: "UnknownHold" });
    expect(stock.available("b")).toBe(8);
  });

  it("does not forget the new life of a hold when it forgets the old one", () => {
    const stock = new Stock({ items: ITEMS, endedHoldsMax: 1 });
    const { epoch } = take(stock, request("x"));
    stock.expireNext(100);
    const again = { hold: "x", epoch, shopper: "ann", now: 100, expiresAt: 200 };
    expect(stock.reacquire(again)._tag).toBe("Held");
    for (const hold of ["y", "z"]) {
      stock.release({ hold, epoch: take(stock, request(hold)).epoch, now: 101 });
    }
    expect(stock.find("x")).toMatchObject({ state: "live", epoch: 2 });
    expect(stock.totals().forgotten).toBe(2);
  });

  it("crashes on a request that no honest caller makes", () => {
    const stock = new Stock({ items: ITEMS });
    const lines = (units: number) => ({ ...request("x"), lines: [{ sku: "b", units }] });
    expect(() => stock.hold(lines(0))).toThrow("units are whole and above zero");
    expect(() => stock.hold(lines(1.5))).toThrow("units are whole and above zero");
    expect(() => stock.hold(lines(-1))).toThrow("units are whole and above zero");
    expect(() => stock.hold({ ...request("x"), lines: [] })).toThrow("a hold has 1 to 256 lines");
    expect(() => stock.hold({ ...request("x"), expiresAt: 0 })).toThrow("ends after it begins");
    expect(() => new Stock({ items: [...ITEMS, ITEMS[0]] })).toThrow("in the stock once");
    expect(auditStock(stock.snapshot())).toEqual([]);
  });
});

function request(hold: string): HoldRequest {
  return { hold, shopper: "ann", lines: [{ sku: "b", units: 1 }], now: 0, expiresAt: 50 };
}

function take(stock: Stock, of: HoldRequest): Held {
  const answer = stock.hold(of);
  expect(answer._tag).toBe("Held");
  return answer as Held;
}
