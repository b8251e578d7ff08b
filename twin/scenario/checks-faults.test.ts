import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { FaultSpec } from "./scenario.ts";

const FILE = `name: faulty
seed: faulty/1
starts: 2011-11-25T06:00-05:00
lasts: 3h
sellers: [ { name: bags, items: [ { sku: A, sale-price: $5, units: 10, weight: 1 } ] } ]
audience: { recipients: 1k }
sale: { closes: +2h }
platform: { fleet: { zones: 2 } }
plans:
  only: { launch: { each-over: 5min } }
faults:
  - { at: +20min, kind: gateway-outage, for: 5min }
`;

function decode(text: string, sets: readonly string[] = []) {
  return decodeScenario({ text, path: "sale.yaml", sets });
}

function faultsOf(list: string, sets: readonly string[] = []): readonly FaultSpec[] {
  const scenario = decode(FILE, [`faults=${list}`, ...sets]);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario.plans[0]?.world.faults ?? [];
}

describe("a fault", () => {
  it("has its time, its kind and the defaults of its kind", () => {
    expect(faultsOf("[{ at: +20min, kind: gateway-outage, for: 5min }]")).toEqual([
      {
        at: 20 * MINUTE,
        ends: 25 * MINUTE,
        kind: "gateway-outage",
        network: "primary",
        answer: "error",
      },
    ]);
    const date = "2011-11-25T06:30-05:00";
    expect(faultsOf(`[{ at: ${date}, kind: instances-lost }]`)).toEqual([
      { at: 30 * MINUTE, ends: 30 * MINUTE, kind: "instances-lost", share: 0.5 },
    ]);
    expect(faultsOf(`[{ at: +1h, kind: instances-lost, instances: 3 }]`)[0]).toMatchObject({
      instances: 3,
    });
  });

  it("is of every kind that the defaults know", () => {
    const kinds = ["gateway-brownout", "gateway-rate-limit", "cdn-cold", "cdn-outage"];
    const others = ["zone-lost", "database-slow", "fleet-slow"];
    for (const kind of [...kinds, ...others]) {
      expect(faultsOf(`[{ at: +1h, kind: ${kind}, for: 5min }]`)[0]?.kind).toBe(kind);
    }
  });

  it("may be another in a plan, and be set from the command line", () => {
    const own = FILE.replace(
      "each-over: 5min } }",
      "each-over: 5min }, faults: [ { at: +1h, kind: cdn-outage, for: 1min } ] }",
    );
    const scenario = decode(`${own}`);
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    expect(scenario.plans[0]?.world.faults).toMatchObject([{ kind: "cdn-outage" }]);
    const longer = decode(FILE, ["faults.0.for=10min"]);
    if (Array.isArray(longer)) throw new Error(JSON.stringify(longer));
    expect(longer.plans[0]?.world.faults[0]?.ends).toBe(30 * MINUTE);
  });

  it("of one kind may be on two networks, or in two zones, at once", () => {
    const both = (more: string) => `[{ at: +1h, kind: ${more}: 1 }, { at: +1h, kind: ${more}: 2 }]`;
    expect(faultsOf(both("zone-lost, for: 9min, zone"))).toHaveLength(2);
    const networks = `[{ at: +1h, kind: gateway-outage, for: 9min },
      { at: +1h, kind: gateway-outage, for: 9min, network: fallback }]`;
    expect(faultsOf(networks, ["payments.fallback={ decline: 8% }"])).toHaveLength(2);
  });
});

describe("a fault that cannot be", () => {
  it.each([
    ["at: +20min, kind: gateway-outage", "for", "say how long"],
    ["kind: gateway-outage, for: 5min", "at", "say when"],
    ["at: +20min, for: 5min", "kind", "say what fails"],
    ["at: +20min, kind: gateway-outrage, for: 5min", "kind", "did you mean gateway-outage?"],
    ["at: +20min, kind: gateway-outage, for: 5min, netwrk: primary", "netwrk", "network?"],
    [
      "at: +20min, kind: gateway-outage, for: 5min, network: primarry",
      "network",
      "did you mean primary?",
    ],
    [
      "at: +20min, kind: gateway-outage, for: 5min, network: fallback",
      "network",
      "open payments.fallback",
    ],
    ["at: +20min, kind: gateway-outage, for: 5min, zone: 1", "zone", "takes for, network, answer"],
    ["at: +20min, kind: instances-lost, for: 5min", "for", "takes share, instances"],
    ["at: +20min, kind: instances-lost, share: 120%", "share", "the greatest share is 100%"],
    ["at: +20min, kind: instances-lost, share: 0%", "share", "such as 50%"],
    ["at: +20min, kind: instances-lost, share: 1%, instances: 1", "share", "one of the two"],
    ["at: +20min, kind: instances-lost, instances: 99", "instances", "at most 40"],
    ["at: +20min, kind: gateway-brownout, for: 5min, error: 95%", "", "at most 100%"],
    ["at: +20min, kind: gateway-brownout, for: 5min, latency: 999", "latency", "such as 4"],
    ["at: +20min, kind: gateway-rate-limit, for: 5min, rate: 0/s", "rate", "gateway-outage"],
    ["at: +20min, kind: cdn-cold, for: 5min, hit-ratio: 99%", "hit-ratio", "below platform.cdn"],
    ["at: +20min, kind: zone-lost, for: 5min, zone: 3", "zone", "platform.fleet.zones, 2"],
    ["at: +20min, kind: fleet-slow, for: 5min, times: 1000", "times", "such as 5"],
    ["at: +130min, kind: cdn-outage, for: 5min", "at", "the sale closes 2h after the start"],
    ["at: 2011-11-25T05:00-05:00, kind: cdn-outage, for: 5min", "at", "starts is the earliest"],
    ["at: +110min, kind: cdn-outage, for: 2h", "for", "at most 70min"],
  ])("%s", (fault, key, suggestion) => {
    const text = FILE.replace("at: +20min, kind: gateway-outage, for: 5min", fault);
    const found = decode(text);
    expect(found).toHaveLength(1);
    expect(found).toMatchObject([
      { file: "sale.yaml", line: 12, path: key === "" ? "faults.0" : `faults.0.${key}` },
    ]);
    expect(found).toHaveProperty("0.suggestion", expect.stringContaining(suggestion));
  });

  it("is told at the later of two of one kind on one part that overlap", () => {
    const text = `${FILE}  - { at: +24min, kind: gateway-outage, for: 5min, answer: silence }\n`;
    expect(decode(text)).toMatchObject([
      {
        line: 13,
        column: 11,
        path: "faults.1.at",
        message: "overlaps the gateway-outage from +20min to +25min",
        suggestion: "let one end before the next begins, or make one of the two",
      },
    ]);
    expect(Array.isArray(decode(text.replace("+24min", "+25min")))).toBe(false);
  });

  it("is told with the plan whose own network is missing", () => {
    const text = FILE.replace("for: 5min }", "for: 5min, network: fallback }")
      .replace(
        "\nfaults:",
        "\n  other: { launch: { each-over: 5min }, payments: { fallback: none } }\nfaults:",
      )
      .replace("sale:", "payments: { fallback: { decline: 8% } }\nsale:");
    expect(decode(text)).toMatchObject([
      { path: "faults.0.network", message: "in plan other: there is no fallback network" },
    ]);
  });

  it("is a zone that would be empty", () => {
    expect(decode(FILE.replace("zones: 2", "zones: 9"))).toMatchObject([
      { path: "platform.fleet.zones", suggestion: "at most initial, 4" },
    ]);
  });
});
