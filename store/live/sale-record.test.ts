import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterAll, describe, expect, it } from "vitest";
import { saleLogLine } from "../core/sale-log-line.ts";
import { MemorySaleLog } from "../memory/sale-log.ts";
import type { SaleLogService } from "../ports/sale-log.ts";
import { restockOf } from "../testing/sale-log.contract.ts";
import { FolderProblem } from "./data-folder.ts";
import { SaleRecord } from "./sale-record.ts";

const folder = mkdtempSync(join(tmpdir(), "sale-record-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A log, and the file that it is recorded in; a disk that fails keeps nothing. */
function recorded() {
  const path = join(folder, `${files++}.ndjson`);
  let log = MemorySaleLog.make();
  const saleLog: SaleLogService = {
    append: (event) => log.append(event),
    read: (request) => log.read(request),
    length: Effect.suspend(() => log.length),
  };
  const disk = { fails: false };
  const durable = () => (disk.fails ? Promise.reject(new Error("lost")) : Promise.resolve());
  return {
    path,
    disk,
    open: () => SaleRecord.open({ path, parts: { saleLog, durable } }),
    add: async (...units: readonly number[]) => {
      for (const each of units) await Effect.runPromise(log.append(restockOf(each)));
    },
    /** The database comes back as it was at some moment before. */
    comeBackWith: async (...units: readonly number[]) => {
      log = MemorySaleLog.make();
      for (const each of units) await Effect.runPromise(log.append(restockOf(each)));
    },
    text: () => readFileSync(path, "utf8"),
  };
}

const nowhere = { saleLog: MemorySaleLog.make(), durable: () => Promise.resolve() };
const linesOf = (...units: readonly number[]) =>
  units.map((each) => saleLogLine(restockOf(each))).join("");
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("the recorded sale log", () => {
  it("has every event of the log as the line that a rehearsal writes, in order", async () => {
    const sale = recorded();
    const record = await sale.open();
    await sale.add(...upTo(700));
    await record.write();
    await sale.add(701);
    await record.stop();
    expect(sale.text()).toBe(linesOf(...upTo(701)));
  });

  it("goes on after a kill at any byte of its last line", async () => {
    const sale = recorded();
    await sale.add(1, 2, 3);
    const whole = linesOf(1, 2, 3);
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(sale.path, whole.slice(0, cut));
      await (await sale.open()).stop();
      expect(sale.text()).toBe(whole);
    }
  });

  it("has no line of what the ledger has lost", async () => {
    const sale = recorded();
    // The ledger of before the crash had two events more, and has others in their places now.
    writeFileSync(sale.path, linesOf(1, 2, 8, 9));
    await sale.add(1, 2, 3);
    const record = await sale.open();
    expect(sale.text()).toBe(linesOf(1, 2));
    await record.stop();
    expect(sale.text()).toBe(linesOf(1, 2, 3));
  });

  it("heals where a database comes back without its newest events while it writes", async () => {
    const sale = recorded();
    await sale.add(1, 2, 8, 9);
    const record = await sale.open();
    await record.write();
    await sale.comeBackWith(1, 2);
    await sale.add(3);
    await record.write();
    expect(sale.text()).toBe(linesOf(1, 2, 3));
    await sale.comeBackWith(1, 2, 4, 5, 6);
    await record.stop();
    expect(sale.text()).toBe(linesOf(1, 2, 4, 5, 6));
  });

  it("writes nothing that would not survive a crash, and all of it later", async () => {
    const sale = recorded();
    const record = await sale.open();
    await sale.add(1, 2);
    sale.disk.fails = true;
    await expect(record.write()).rejects.toThrow("lost");
    expect(sale.text()).toBe("");
    sale.disk.fails = false;
    await record.stop();
    expect(sale.text()).toBe(linesOf(1, 2));
  });

  it("is one log where a process takes over from another that still writes", async () => {
    const sale = recorded();
    const first = await sale.open();
    await sale.add(1, 2);
    await first.write();
    const second = await sale.open();
    await sale.add(3, 4);
    await Promise.all([first.write(), second.write()]);
    await sale.add(5);
    await second.write();
    await Promise.all([first.stop(), second.stop()]);
    expect(sale.text()).toBe(linesOf(1, 2, 3, 4, 5));
  });

  it("is never written over a file of somebody else's", async () => {
    const sale = recorded();
    await sale.add(1);
    for (const text of ["to do: order handbags\n", linesOf(7, 8), "no line end"]) {
      writeFileSync(sale.path, text);
      await expect(sale.open()).rejects.toThrow(FolderProblem);
      expect(sale.text()).toBe(text);
    }
    await expect(SaleRecord.open({ path: folder, parts: nowhere })).rejects.toThrow(
      /cannot be written/,
    );
    await expect(
      SaleRecord.open({ path: join(folder, "no", "x"), parts: nowhere }),
    ).rejects.toThrow(/cannot be written/);
  });
});
