import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bulkhead, type BulkheadSpec, NOBODY } from "./bulkhead.ts";

/** A random bulkhead of one to four sellers. */
const SPECS = fc
  .record({
    places: fc.integer({ min: 1, max: 12 }),
    weights: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    spare: fc.integer({ min: 0, max: 3 }),
    kept: fc.constantFrom(0, 0.25, 0.5, 1),
    waitingMax: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ places, weights, spare, kept, waitingMax }): BulkheadSpec => {
    const all = weights.reduce((sum, weight) => sum + weight, spare);
    return {
      places,
      kept,
      sellers: weights.map((weight) => ({ share: weight / all, waitingMax })),
    };
  });

/** What happens at a server: somebody comes, is done, or goes away from the line; by seller. */
const STEPS = fc.array(
  fc.record({
    kind: fc.constantFrom("enter" as const, "enter" as const, "leave" as const, "go" as const),
    who: fc.nat({ max: 3 }),
  }),
  { maxLength: 300 },
);

/** A server in front of the bulkhead: who waits begins as soon as the bulkhead says so. */
class Server {
  readonly bulkhead: Bulkhead;
  readonly spec: BulkheadSpec;
  readonly begun: number[] = [];

  constructor(spec: BulkheadSpec) {
    this.spec = spec;
    this.bulkhead = new Bulkhead(spec);
  }

  get sellers(): number[] {
    return this.spec.sellers.map((_seller, index) => index);
  }

  /** Places of the seller that are never lent. */
  keptFor(seller: number): number {
    return Math.floor(this.bulkhead.guaranteed(seller) * this.spec.kept);
  }

  get inWork(): number {
    return this.sellers.reduce((sum, seller) => sum + this.bulkhead.inWork(seller), 0);
  }

  /** Those in work, and the idle places that are kept. */
  get taken(): number {
    return this.sellers.reduce(
      (sum, seller) => sum + Math.max(this.bulkhead.inWork(seller), this.keptFor(seller)),
      0,
    );
  }

  claims(seller: number): boolean {
    const { bulkhead } = this;
    return bulkhead.waiting(seller) > 0 && bulkhead.inWork(seller) < bulkhead.guaranteed(seller);
  }

  /** Lets begin who may; nobody above their guarantee while somebody below theirs waits. */
  settle(): void {
    for (;;) {
      const before = this.sellers.map((seller) => this.bulkhead.inWork(seller));
      const claimed = this.sellers.filter((seller) => this.claims(seller));
      const seller = this.bulkhead.next();
      if (seller === NOBODY) return;
      this.begun.push(seller);
      if (claimed.length === 0) continue;
      expect(before[seller] as number).toBeLessThan(this.bulkhead.guaranteed(seller));
    }
  }

  step(kind: "enter" | "leave" | "go", seller: number): string {
    const { bulkhead } = this;
    let answer = "";
    if (kind === "enter") answer = bulkhead.enter(seller)._tag;
    else if (kind === "leave" && bulkhead.inWork(seller) > 0) bulkhead.leave(seller);
    else if (kind === "go" && bulkhead.waiting(seller) > 0) bulkhead.withdraw(seller);
    this.settle();
    return answer;
  }
}

function holdsThroughout(check: (server: Server, answer: string, who: number) => void): void {
  fc.assert(
    fc.property(SPECS, STEPS, (spec, steps) => {
      const server = new Server(spec);
      for (const { kind, who } of steps) {
        const seller = who % spec.sellers.length;
        check(server, server.step(kind, seller), seller);
      }
    }),
    { seed: 7, numRuns: 400 },
  );
}

describe("a bulkhead between sellers", () => {
  it("never has more in work than places, nor more waiting than the line holds", () => {
    holdsThroughout((server) => {
      expect(server.inWork).toBeLessThanOrEqual(server.spec.places);
      for (const seller of server.sellers) {
        const { waitingMax } = server.spec.sellers[seller] as { waitingMax: number };
        expect(server.bulkhead.waiting(seller)).toBeLessThanOrEqual(waitingMax);
      }
    });
  });

  it("lets a seller begin at once below what is kept for them, whatever the others do", () => {
    fc.assert(
      fc.property(SPECS, STEPS, (spec, steps) => {
        const server = new Server(spec);
        for (const { kind, who } of steps) {
          const seller = who % spec.sellers.length;
          const own = server.bulkhead.inWork(seller) < server.keptFor(seller);
          const answer = server.step(kind, seller);
          if (kind === "enter" && own) expect(answer).toBe("Begins");
        }
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it("gives a place that comes free to one below their guarantee before any other", () => {
    fc.assert(
      fc.property(SPECS, STEPS, (spec, steps) => {
        const server = new Server(spec);
        for (const { kind, who } of steps) {
          const seller = who % spec.sellers.length;
          const claimed = server.sellers.filter((one) => server.claims(one));
          const frees = kind === "leave" && server.bulkhead.inWork(seller) > 0;
          const lent = server.bulkhead.inWork(seller) > server.bulkhead.guaranteed(seller);
          const before = server.begun.length;
          server.step(kind, seller);
          if (!frees || !lent || claimed.length === 0) continue;
          expect(claimed).toContain(server.begun[before]);
        }
      }),
      { seed: 13, numRuns: 400 },
    );
  });

  it("goes by the guarantee before it goes by who has least", () => {
    const seller = (share: number) => ({ share, waitingMax: 10 });
    const sellers = [seller(0.8), seller(0.1), seller(0.1)];
    const bulkhead = new Bulkhead({ places: 5, sellers, kept: 0 });
    for (let count = 0; count < 5; count += 1) bulkhead.enter(2);
    for (let count = 0; count < 4; count += 1) bulkhead.enter(0);
    const begun: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      // The second seller has nothing in work, and no whole place is guaranteed to them.
      if (count === 3) bulkhead.enter(1);
      bulkhead.leave(2);
      begun.push(bulkhead.next());
    }
    expect(begun).toEqual([0, 0, 0, 0]);
    expect(bulkhead.waiting(1)).toBe(1);
  });

  it("lets nobody wait for a place that is idle and not kept for another", () => {
    holdsThroughout((server) => {
      if (server.taken === server.spec.places) return;
      for (const seller of server.sellers) expect(server.bulkhead.waiting(seller)).toBe(0);
    });
  });

  it("loses no place: when all have left it is as good as new", () => {
    fc.assert(
      fc.property(SPECS, STEPS, (spec, steps) => {
        const server = new Server(spec);
        for (const { kind, who } of steps) server.step(kind, who % spec.sellers.length);
        for (const seller of server.sellers) {
          while (server.bulkhead.waiting(seller) > 0) server.bulkhead.withdraw(seller);
        }
        for (const seller of server.sellers) {
          while (server.bulkhead.inWork(seller) > 0) server.bulkhead.leave(seller);
        }
        expect(server.inWork).toBe(0);
        const fresh = new Server(spec);
        for (let seller = 0; seller < spec.sellers.length; seller += 1) {
          for (let count = 0; count < spec.places; count += 1)
            expect(server.step("enter", seller)).toBe(fresh.step("enter", seller));
        }
      }),
      { seed: 17, numRuns: 200 },
    );
  });

  it("lends what is idle, down to what is kept", () => {
    const sellers = [
      { share: 0.5, waitingMax: 0 },
      { share: 0.5, waitingMax: 0 },
    ];
    const begins = (kept: number) => {
      const bulkhead = new Bulkhead({ places: 8, sellers, kept });
      let count = 0;
      while (bulkhead.enter(0)._tag === "Begins") count += 1;
      return count;
    };
    expect([begins(0), begins(0.5), begins(1)]).toEqual([8, 6, 4]);
  });

  it("takes turns by the shares where there are fewer places than sellers", () => {
    const sellers = [
      { share: 0.75, waitingMax: 4_000 },
      { share: 0.25, waitingMax: 4_000 },
    ];
    const bulkhead = new Bulkhead({ places: 1, sellers, kept: 1 });
    for (let count = 0; count < 1_000; count += 1) {
      bulkhead.enter(0);
      bulkhead.enter(1);
    }
    const begun = [0, 0];
    let inWork = 0;
    for (let turn = 0; turn < 800; turn += 1) {
      bulkhead.leave(inWork);
      inWork = bulkhead.next();
      begun[inWork] = (begun[inWork] as number) + 1;
    }
    expect(Math.abs((begun[0] as number) - 600)).toBeLessThanOrEqual(1);
  });
});
