/**
 * Faults planted into the memory stock ledger, each as real stores have had them. A contract and
 * an audit that let one pass would be worth nothing.
 */
import { Effect, Layer } from "effect";
import { describe, expect, it } from "vitest";
import type { HoldRequest, StockLevel, StockSnapshot } from "../core/hold.ts";
import { auditStock } from "../core/stock-audit.ts";
import { MemoryStockLedger } from "../memory/stock-ledger.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";
import { runCase } from "./contract.ts";
import { CONTRACT_ITEMS, stockLedgerCases } from "./stock-ledger.contract.ts";
import { stockRushCases } from "./stock-rush.contract.ts";

const ALL_CASES = [...stockLedgerCases, ...stockRushCases];

/** The sentences of the cases that the ledger does not pass. */
async function failed(make: () => StockLedgerService): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const contractCase of ALL_CASES) {
    const run = runCase(contractCase, Layer.sync(StockLedger, make));
    await run.catch(() => sentences.push(contractCase.sentence));
  }
  return sentences;
}

function auditIds(ledger: StockLedgerService): ReadonlySet<string> {
  const findings = auditStock(Effect.runSync(ledger.snapshot));
  return new Set(findings.map((finding) => finding.id));
}

function request(hold: string, sku: string, shopper: string): HoldRequest {
  return { hold, shopper, lines: [{ sku, units: 1 }], now: 0, expiresAt: 1_000 };
}

/** What the ledger would show if it knew nothing of the stock that the fault lets it give away. */
function withLevels(
  ledger: StockLedgerService,
  level: (real: StockLevel) => StockLevel,
): Pick<StockLedgerService, "level" | "snapshot"> {
  const shown = (snapshot: StockSnapshot) => ({ ...snapshot, levels: snapshot.levels.map(level) });
  return {
    level: (sku) =>
      Effect.map(ledger.level(sku), (answer) =>
        "sku" in answer && "held" in answer ? level(answer) : answer,
      ),
    snapshot: Effect.map(ledger.snapshot, shown),
  };
}

/** Reads the units left, gives way to others, and writes what it then believes: a lost update. */
function checksThenTakes(): StockLedgerService {
  const ledger = MemoryStockLedger.make({
    items: CONTRACT_ITEMS.map((item) => ({ ...item, units: item.units * 100 })),
  });
  const left = new Map(CONTRACT_ITEMS.map((item) => [item.sku, item.units]));
  const initial = new Map(left);
  return {
    ...ledger,
    ...withLevels(ledger, (level) => ({
      ...level,
      initial: initial.get(level.sku) ?? 0,
      available: left.get(level.sku) ?? 0,
    })),
    hold: (asked) =>
      Effect.gen(function* () {
        const seen = asked.lines.map((line) => left.get(line.sku) ?? 0);
        yield* Effect.yieldNow();
        for (const [index, line] of asked.lines.entries()) {
          if (seen[index] < line.units) {
            return { _tag: "SoldOut" as const, sku: line.sku, available: seen[index] };
          }
        }
        asked.lines.forEach((line, index) => {
          left.set(line.sku, seen[index] - line.units);
        });
        return yield* ledger.hold(asked);
      }),
  };
}

/** Gives the units back as often as it is asked to release them. */
function releasesTwice(): StockLedgerService {
  const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
  return {
    ...ledger,
    ...withLevels(ledger, (level) => ({ ...level, restocked: 0 })),
    release: (asked) =>
      Effect.gen(function* () {
        const answer = yield* ledger.release(asked);
        const row = yield* ledger.find(asked.hold);
        if (answer._tag !== "AlreadyEnded" || row === null) return answer;
        for (const line of row.lines) yield* ledger.restock(line);
        return { _tag: "Released" as const, ...row };
      }),
  };
}

/** Counts a limit per session: the shopper of every hold is another one to it. */
function limitsPerSession(): StockLedgerService {
  const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
  const shoppers = new Map<string, string>();
  const snapshot = Effect.map(ledger.snapshot, (real) => ({
    ...real,
    holds: real.holds.map((hold) => ({
      ...hold,
      shopper: shoppers.get(hold.hold) ?? hold.shopper,
    })),
  }));
  return {
    ...ledger,
    snapshot,
    hold: (asked) => {
      shoppers.set(asked.hold, asked.shopper);
      return ledger.hold({ ...asked, shopper: `${asked.shopper} in ${asked.hold}` });
    },
  };
}

/** Never looks at the clock: whoever comes back after the end of a hold gets its units. */
function sellsExpired(): StockLedgerService {
  const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
  const soldAt = new Map<string, number>();
  const snapshot = Effect.map(ledger.snapshot, (real) => ({
    ...real,
    holds: real.holds.map((hold) => ({
      ...hold,
      endedAt: soldAt.get(hold.hold) ?? hold.endedAt,
    })),
  }));
  return {
    ...ledger,
    snapshot,
    sell: (asked) => {
      soldAt.set(asked.hold, asked.now);
      return ledger.sell({ ...asked, now: 0 });
    },
  };
}

/** Numbers the units of every sale from one. */
function numbersFromOne(): StockLedgerService {
  const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
  const snapshot = Effect.map(ledger.snapshot, (real) => ({
    ...real,
    holds: real.holds.map((hold) => ({
      ...hold,
      serials: hold.serials.map((range) => ({ ...range, first: 1 })),
    })),
  }));
  return { ...ledger, snapshot };
}

describe("the contract and the audit of the stock ledger", () => {
  it("pass a sound ledger", async () => {
    expect(await failed(() => MemoryStockLedger.make({ items: CONTRACT_ITEMS }))).toEqual([]);
  });

  it("catch an oversell: the rush sells too many, and the units are not conserved", async () => {
    const sentences = await failed(checksThenTakes);
    expect(sentences).toContain("of 80 buyers, 16 at a time, exactly 20 get the 20 units");
    expect(sentences).toContain("of 200 buyers at once, exactly 100 get the 100 units");
    const ledger = checksThenTakes();
    const buyers = Array.from({ length: 80 }, (_, buyer) =>
      ledger.hold(request(`hold-${buyer}`, "lamp", `shopper-${buyer}`)),
    );
    await Effect.runPromise(Effect.all(buyers, { concurrency: 16 }));
    expect(auditIds(ledger)).toContain("I01");
  });

  it("catch stock that is minted by a second release", async () => {
    expect(await failed(releasesTwice)).toContain("a hold is released once");
    const ledger = releasesTwice();
    Effect.runSync(ledger.hold(request("h", "lamp", "ann")));
    Effect.runSync(ledger.release({ hold: "h", epoch: 1, now: 1 }));
    expect(auditIds(ledger)).toEqual(new Set());
    Effect.runSync(ledger.release({ hold: "h", epoch: 1, now: 1 }));
    expect(auditIds(ledger)).toEqual(new Set(["I01"]));
  });

  it("catch a limit that a second session gets around", async () => {
    const sentences = await failed(limitsPerSession);
    expect(sentences).toContain(
      "the limit counts what a shopper holds and has bought, over all sessions",
    );
    expect(sentences).toContain("one shopper in ten sessions at once gets no more than the limit");
    const ledger = limitsPerSession();
    for (const hold of ["a", "b", "c"]) Effect.runSync(ledger.hold(request(hold, "rug", "ann")));
    expect(auditIds(ledger)).toEqual(new Set(["I13"]));
  });

  it("catch a hold that is sold after its end", async () => {
    expect(await failed(sellsExpired)).toContain(
      "a hold that lapsed is not sold unless it is honoured",
    );
    const ledger = sellsExpired();
    Effect.runSync(ledger.hold(request("h", "lamp", "ann")));
    Effect.runSync(ledger.sell({ hold: "h", epoch: 1, order: "o", now: 2_000, honour: false }));
    expect(auditIds(ledger)).toEqual(new Set(["I10"]));
  });

  it("catch a serial number that is given twice", () => {
    const ledger = numbersFromOne();
    for (const [index, hold] of ["a", "b"].entries()) {
      Effect.runSync(ledger.hold(request(hold, "lamp", "ann")));
      const sale = { hold, epoch: index + 1, order: `order of ${hold}`, now: 1, honour: false };
      Effect.runSync(ledger.sell(sale));
    }
    expect(auditIds(ledger)).toEqual(new Set(["I04"]));
  });

  it("catch a hold that outlives its time and a sweep", () => {
    const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
    Effect.runSync(ledger.hold(request("h", "lamp", "ann")));
    const audit = (now: number) => auditStock(ledger.stock.snapshot(), { now, sweepEvery: 500 });
    expect(audit(1_500)).toEqual([]);
    expect(audit(1_501).map((finding) => finding.id)).toEqual(["I10"]);
  });
});
