import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";
import type { WorldSpec } from "./scenario.ts";
import { starterScenario } from "./starter.ts";

function world(scale: number, sets: readonly string[] = []): WorldSpec {
  const scenario = decodeScenario({ text: starterScenario(), path: "starter", sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const plan = scenario.plans[0];
  if (plan === undefined) throw new Error("no plan");
  return plan.world;
}

function units(of: WorldSpec): number {
  return of.sellers.flatMap((seller) => seller.items).reduce((sum, item) => sum + item.units, 0);
}

describe("a smaller world", () => {
  it("has proportionally fewer shoppers, on proportionally less stock, mail and traffic", () => {
    const full = world(1);
    const tenth = world(0.1);
    expect(tenth.audience.recipients).toBe(full.audience.recipients / 10);
    expect(tenth.audience.senderRate).toBeCloseTo(full.audience.senderRate / 10, 9);
    expect(tenth.traffic.rate).toBeCloseTo(full.traffic.rate / 10, 9);
    expect(units(tenth)).toBe(units(full) / 10);
  });

  it("sends its mailing in the same time", () => {
    const duration = ({ audience }: WorldSpec) => audience.recipients / audience.senderRate;
    expect(duration(world(0.02))).toBeCloseTo(duration(world(1)), 6);
  });

  it("leaves shares, delays and prices as they are", () => {
    const full = world(1);
    const tenth = world(0.1);
    const { whereabouts: _, ...whatTheyDo } = full.shoppers;
    expect(tenth.shoppers).toMatchObject(whatTheyDo);
    expect(tenth.payments).toEqual(full.payments);
    expect(tenth.audience.clickDelay).toEqual(full.audience.clickDelay);
    expect(tenth.audience.visitRate).toBe(full.audience.visitRate);
    expect(tenth.fleet.demands).toEqual(full.fleet.demands);
    expect(tenth.sellers[0]?.items[3]?.salePrice).toBe(full.sellers[0]?.items[3]?.salePrice);
  });

  it("cuts cores before instances, and keeps the cores in all", () => {
    const sets = ["platform.fleet={initial: 12, min: 8, max: 60, cores: 4, backlog: 512}"];
    const cores = ({ fleet }: WorldSpec) => fleet.initial * fleet.cores;
    expect(world(0.5, sets).fleet).toMatchObject({ cores: 2, initial: 12, min: 8, max: 60 });
    expect(world(0.25, sets).fleet).toMatchObject({ cores: 1, initial: 12, backlog: 128 });
    expect(world(0.125, sets).fleet).toMatchObject({ cores: 1, initial: 6, min: 4, max: 30 });
    expect(cores(world(0.125, sets))).toBe(cores(world(1, sets)) / 8);
  });

  it("gives each core the same memory for requests", () => {
    const room = ({ fleet }: WorldSpec) => (fleet.memory.total - fleet.memory.base) / fleet.cores;
    expect(room(world(0.5))).toBe(room(world(1)));
  });

  it("never loses its last shopper, instance or core", () => {
    const tiny = world(0.000001);
    expect(tiny.audience.recipients).toBe(1);
    expect(tiny.fleet).toMatchObject({ cores: 1, initial: 1, min: 1, max: 1 });
  });

  it("says its scale", () => {
    const scenario = decodeScenario({ text: starterScenario(), path: "starter", scale: 0.05 });
    expect(Array.isArray(scenario) ? null : scenario.scale).toBe(0.05);
  });
});
