import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { saleLogLine } from "../../store/core/sale-log-line.ts";
import { LiveSaleLog } from "../model/live-sale-log.ts";
import { SaleLogTail } from "./sale-log-tail.ts";

const folder = mkdtempSync(join(tmpdir(), "sale-log-tail-"));
afterAll(() => rmSync(folder, { recursive: true }));

function tailOf(name: string, beginBytesMax?: number) {
  const path = join(folder, name);
  const lines: string[] = [];
  let anew = 0;
  const tail = new SaleLogTail({
    path,
    onLine: (line) => lines.push(line),
    onAnew: () => {
      anew += 1;
    },
    ...(beginBytesMax !== undefined && { beginBytesMax }),
  });
  return { path, tail, lines, anew: () => anew };
}

describe("following a sale log", () => {
  it("gives each line once, also where it comes in pieces and is long", async () => {
    const { path, tail, lines } = tailOf("pieces");
    expect(await tail.read()).toBe("there is no such file yet");
    writeFileSync(path, "one\ntw");
    expect(await tail.read()).toBeNull();
    expect(lines).toEqual(["one"]);
    const long = "€".repeat(40_000);
    appendFileSync(path, `o\n\n${long}\nhal`);
    await tail.read();
    await tail.read();
    expect(lines).toEqual(["one", "two", long]);
  });

  it("begins near the end of a large file, with a whole line", async () => {
    const { path, tail, lines } = tailOf("large", 12);
    writeFileSync(path, "first\nsecond\nthird\nfourth\n");
    await tail.read();
    expect(lines).toEqual(["fourth"]);
  });

  it("begins anew where the file was replaced or cut", async () => {
    const { path, tail, lines, anew } = tailOf("replaced");
    writeFileSync(path, "one\ntwo\n");
    await tail.read();
    truncateSync(path, 4);
    await tail.read();
    expect([lines.splice(0), anew()]).toEqual([["one", "two", "one"], 1]);
    writeFileSync(`${path}.new`, "other\nlines, and more of them\n");
    renameSync(`${path}.new`, path);
    await tail.read();
    expect([lines, anew()]).toEqual([["other", "lines, and more of them"], 2]);
  });

  it("skips a line that no sale log has", async () => {
    const { path, tail, lines } = tailOf("long");
    writeFileSync(path, `${"x".repeat(600_000)}\nshort\n`);
    await tail.read();
    expect(lines).toEqual(["short"]);
  });

  it("says why it cannot", async () => {
    const { path, tail } = tailOf(".");
    expect(path).toBe(folder);
    expect(await tail.read()).toBe("it is a folder and no file");
    symlinkSync("/dev/null", join(folder, "device"));
    expect(await tailOf("device").tail.read()).toBe("it is no file");
  });
});

describe("the lines of a sale log", () => {
  const at = Date.UTC(2026, 10, 27, 20, 0, 30);
  const sold = (order: string, after: number, total: number) =>
    saleLogLine({
      kind: "OrderConfirmed",
      at: at + after,
      order,
      shopper: "s",
      total,
      currency: "EUR",
    });

  it("count orders and money by the minute of their events", () => {
    const log = new LiveSaleLog();
    log.heed(sold("a", 0, 1_000));
    log.heed(sold("b", 59_000, 2_000));
    log.heed(sold("c", 61_000, 4_000));
    expect(log.minuteUntil(at + 59_999, "EUR")).toEqual({ orders: 2, revenue: 3_000 });
    expect(log.minuteUntil(at + 61_000, "EUR")).toEqual({ orders: 2, revenue: 6_000 });
    expect(log.minuteUntil(at + 61_000, "USD")).toEqual({ orders: 2, revenue: 0 });
    expect(log.events.map(({ text }) => text)[0]).toBe("€10 · order a");
  });

  it("are left out where they are none, and steer no terminal", () => {
    const log = new LiveSaleLog();
    for (const line of ["", "null", "[]", "{", '{"at":"never","kind":"x"}', '{"at":"x"}'])
      log.heed(line);
    log.heed('{"at":"+099999-01-01T00:00:00.000Z","kind":"OrderConfirmed"}');
    expect([log.lines, log.wrong]).toEqual([0, 7]);
    log.heed(saleLogLine({ kind: "StockAdded", at, sku: "\u001b]0;x\u0007\u202eevil", units: 1 }));
    expect(log.events[0]?.text).toBe("1 unit of �]0;x��evil added");
  });
});
