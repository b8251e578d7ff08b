/** What a ledger file is for: processes that are killed, and processes that share it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { Effect } from "effect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditOrders } from "../../core/order-audit.ts";
import { auditPayments } from "../../core/payment-audit.ts";
import { auditStock } from "../../core/stock-audit.ts";
import { buildChildProgram, type ChildProgram } from "../../testing/child-program.ts";
import { demoSale } from "../demo-sale.ts";
import { openSqlite } from "./sqlite-parts.ts";
import { buyingSale, SKU } from "./testing/buying-sale.ts";
import { removeFolder, temporaryFolder } from "./testing/temporary-ledger.ts";

/** Longer than any of these takes on a machine that does something else beside. */
const PATIENCE = 120_000;

let program: ChildProgram;
beforeAll(async () => {
  program = await buildChildProgram("store/live/sqlite/testing/buying-program.ts");
}, PATIENCE);
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

interface Told {
  readonly shopper: string;
  readonly answer: { readonly _tag: string };
}

interface Buying {
  readonly folder: string;
  readonly name: string;
  readonly units: number;
  readonly buyers: number;
  readonly atATime: number;
}

/** A process that buys; `told` grows with every line that it writes. */
class Buyer {
  readonly told: Told[] = [];
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor({ folder, name, units, buyers, atATime }: Buying) {
    const sizes = [units, buyers, atATime].map(String);
    this.#child = spawn(process.execPath, [program.file, folder, name, ...sizes], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the output is read");
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    expect((await this.#lines.next()).value).toBe("ready");
  }

  begin(): void {
    this.#child.stdin?.write("go\n");
  }

  /** Reads until so many were told, or to the end. */
  async read(count = Number.POSITIVE_INFINITY): Promise<void> {
    while (this.told.length < count) {
      const { done, value } = await this.#lines.next();
      if (done === true) return;
      this.told.push(JSON.parse(value));
    }
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    // What it wrote before is still in the pipe and was told as well.
    await Promise.all([ended, this.read()]);
  }
}

/** Everything that does not hold in the folder's ledger, and what it says of the buyers. */
async function ledgerOf(folder: string, units: number, told: readonly Told[]) {
  const parts = openSqlite({ folder, setup: buyingSale(demoSale(0), units) });
  try {
    const stock = await Effect.runPromise(parts.stock.snapshot);
    const orders = await Effect.runPromise(parts.orders.snapshot);
    const { levels, holds } = stock;
    const acknowledged = told.map(({ shopper, answer }) => {
      return { shopper, key: "a click", answer: answer as never };
    });
    return {
      level: levels.find(({ sku }) => sku === SKU),
      orders,
      findings: [
        ...auditStock(stock),
        ...auditOrders({ orders, holds, levels, acknowledged, quiescent: false }),
        ...auditPayments({ orders }),
      ],
    };
  } finally {
    await parts.close();
  }
}

describe("a ledger file", () => {
  it(
    "has every order that was told of after its process was killed, at whatever moment",
    async () => {
      const folder = temporaryFolder();
      const units = 1_000_000;
      const told: Told[] = [];
      try {
        for (const [round, count] of [1, 40, 333].entries()) {
          const name = `round-${round}`;
          const buyer = new Buyer({ folder, name, units, buyers: 1_000_000, atATime: 16 });
          await buyer.ready();
          buyer.begin();
          await buyer.read(count);
          await buyer.kill();
          told.push(...buyer.told);
          expect(buyer.told.length).toBeGreaterThanOrEqual(count);
          const { findings, orders } = await ledgerOf(folder, units, told);
          expect(findings).toEqual([]);
          const answers = new Map(orders.orders.map(({ shopper, answer }) => [shopper, answer]));
          for (const { shopper, answer } of told) expect(answers.get(shopper)).toEqual(answer);
        }
      } finally {
        removeFolder(folder);
      }
    },
    PATIENCE,
  );

  it(
    "sells exactly its 20 units where two processes rush for them with 80 buyers",
    async () => {
      const folder = temporaryFolder();
      const of = { folder, units: 20, buyers: 40, atATime: 16 };
      try {
        const first = new Buyer({ ...of, name: "first" });
        const second = new Buyer({ ...of, name: "second" });
        await Promise.all([first.ready(), second.ready()]);
        first.begin();
        second.begin();
        await Promise.all([first.read(), second.read()]);
        const told = [...first.told, ...second.told];
        expect(told).toHaveLength(80);
        const tags = told.map(({ answer }) => answer._tag);
        expect(tags.filter((tag) => tag === "Confirmed")).toHaveLength(20);
        expect(tags.filter((tag) => tag === "SoldOut")).toHaveLength(60);
        const { findings, level } = await ledgerOf(folder, 20, told);
        expect(findings).toEqual([]);
        expect(level).toMatchObject({ available: 0, held: 0, sold: 20 });
      } finally {
        removeFolder(folder);
      }
    },
    PATIENCE,
  );
});
