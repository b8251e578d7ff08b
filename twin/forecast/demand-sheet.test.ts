import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";
import { type DemandSheet, demandSheetOf } from "./demand-sheet.ts";

interface Asked {
  readonly seeds?: readonly string[];
  readonly sets?: readonly string[];
  readonly scale?: number;
  readonly change?: (rehearsal: Rehearsal) => Rehearsal | null;
}

/** The sheet of a scenario's first plan beside real rehearsals of it. */
function sheetOf(name: string, asked: Asked = {}): DemandSheet {
  const { seeds = [], sets = [], scale = 1, change = (one) => one } = asked;
  const path = `scenarios/${name}.yaml`;
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const rehearsals = seeds.map((seed) => change(rehearse({ plan, seed })));
  return demandSheetOf({ scenario, plan, scale, version: "1", repeat: "rehearse", rehearsals });
}

const rowOf = (sheet: DemandSheet, name: string) => {
  const row = sheet.figures.find((one) => one.name === name);
  if (row === undefined) throw new Error(`the sheet has ${name}`);
  return row;
};

/** Enough for everybody, on shelves and servers. */
const PLENTY = ["sellers.0.stock.units=60k", "platform.fleet.initial=8", "platform.fleet.max=8"];

describe("closed form and simulation of a small drop", () => {
  const seeds = ["f", "f#2", "f#3", "f#4", "f#5", "f#6"];

  it("agree in every figure where shelves are full, and narrowly over six seeds", () => {
    const sheet = sheetOf("small-drop", { seeds, sets: PLENTY });
    expect(sheet.exit).toEqual({
      code: 0,
      reason: "closed form and simulation agree within the tolerance",
    });
    // Three standard deviations of six seeds' counts are within these.
    const narrow = {
      sessions: 0.025,
      "shoppers.concurrent.peak": 0.03,
      pages: 0.03,
      orders: 0.045,
    };
    for (const [name, most] of Object.entries(narrow)) {
      expect(Math.abs(rowOf(sheet, name).difference ?? 1), name).toBeLessThan(most);
    }
  }, 120_000);

  it("differ where articles sell out, which is said, and agree on what the stock fills", () => {
    const sheet = sheetOf("small-drop", { seeds: ["small-drop/1"] });
    expect(rowOf(sheet, "orders")).toMatchObject({
      within: false,
      why: expect.stringContaining("12 articles sold out"),
    });
    const inStock = rowOf(sheet, "orders.inStock");
    expect(inStock).toMatchObject({ within: true });
    expect(inStock.forecast).toBeLessThanOrEqual(240);
    expect(inStock.forecast).toBeGreaterThan(225);
    expect(sheet.exit.code).toBe(0);
  });

  it("differ without a reason where one of them is wrong, and the exit code is 4", () => {
    const doubled = (one: Rehearsal) => ({
      ...one,
      metrics: { ...one.metrics, "shoppers.concurrent.peak": 2_600 },
    });
    const sheet = sheetOf("small-drop", { seeds: ["f"], sets: PLENTY, change: doubled });
    expect(sheet.exit).toMatchObject({ code: 4 });
    expect(sheet.exit.reason).toContain("shoppers.concurrent.peak");
  });

  it("name the servers where these refuse", () => {
    const weak = [
      "sellers.0.stock.units=60k",
      "platform.fleet={initial: 1, min: 1, max: 1, cores: 1, backlog: 0}",
    ];
    const sheet = sheetOf("small-drop", { seeds: ["f"], sets: weak });
    expect(rowOf(sheet, "orders").why).toContain("servers refused");
    expect(sheet.given).toMatchObject({ servers: 1, serversMax: 1, cores: 1 });
  });
});

describe("closed form and simulation of Black Friday at 5 %", () => {
  it("agree within what chance allows", () => {
    const sheet = sheetOf("webstore-black-friday", { seeds: ["f"], scale: 0.05 });
    expect(sheet.exit.code).toBe(0);
    const narrow = {
      sessions: 0.01,
      "shoppers.concurrent.peak": 0.045,
      pages: 0.015,
      orders: 0.06,
    };
    for (const [name, most] of Object.entries(narrow)) {
      expect(Math.abs(rowOf(sheet, name).difference ?? 1), name).toBeLessThan(most);
    }
    const at = rowOf(sheet, "shoppers.concurrent.peak.at");
    expect(Math.abs((at.simulated?.mean ?? 0) - (at.forecast ?? 0))).toBeLessThan(15 * 60_000);
  }, 240_000);
});

describe("a sheet without rehearsals", () => {
  it("is the closed form alone, the same every time, and ends with 0", () => {
    const sheet = sheetOf("small-drop");
    expect(sheetOf("small-drop")).toEqual(sheet);
    expect(sheet).toMatchObject({ seeds: [], events: 0, partial: false, exit: { code: 0 } });
    expect(sheet.figures.every(({ simulated }) => simulated === null)).toBe(true);
  });

  it("is partial with code 130 where the rehearsal was interrupted", () => {
    const sheet = sheetOf("small-drop", { seeds: ["f"], change: () => null });
    expect(sheet).toMatchObject({ partial: true, exit: { code: 130 } });
    expect(rowOf(sheet, "orders").forecast).toBeGreaterThan(0);
  });
});
