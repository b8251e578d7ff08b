import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { saleLogLine } from "../../store/core/sale-log-line.ts";
import { joinSaleLogs, SaleLogFile } from "./sale-log-file.ts";

const folder = mkdtempSync(join(tmpdir(), "sale-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const added: SaleEvent = { kind: "StockAdded", at: 1_322_218_800_000, sku: "HB-0001", units: 5 };

describe("a line of the sale log", () => {
  it("begins with the time as UTC and the kind, as the live store writes it", () => {
    expect(saleLogLine(added)).toBe(
      '{"at":"2011-11-25T11:00:00.000Z","kind":"StockAdded","sku":"HB-0001","units":5}\n',
    );
  });
});

describe("sale logs of several rehearsals", () => {
  it("are joined in the order of the rehearsals, each line saying which it is of", () => {
    const parts = ["a", "b", "never-began"].map((name) => join(folder, name));
    for (const [index, path] of parts.slice(0, 2).entries()) {
      const log = new SaleLogFile({ path, plan: "batched", seed: `s#${index}` });
      for (let units = 1; units <= 20_000; units += 1) log.append({ ...added, units });
      log.close();
    }
    const whole = join(folder, "whole.ndjson");
    joinSaleLogs(whole, parts);
    const lines = readFileSync(whole, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(40_000);
    expect(lines[0]).toEqual({
      ...added,
      at: "2011-11-25T11:00:00.000Z",
      units: 1,
      plan: "batched",
      seed: "s#0",
    });
    expect(lines[39_999]).toMatchObject({ units: 20_000, seed: "s#1" });
    expect(parts.map((path) => existsSync(path))).toEqual([false, false, false]);
  });
});
