import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";
import { starterScenario } from "./starter.ts";

const decode = (...sets: string[]) =>
  decodeScenario({ text: starterScenario(), path: "starter.yaml", sets });

describe("a crowd that no rehearsal has room for", () => {
  it.each([
    [["traffic.rate=90k/s"], "traffic.rate"],
    [["traffic.rate=0/s", "traffic.steps=[{ at: +0s, rate: 90k/s }]"], "traffic.steps.0.rate"],
    [["traffic.rate=100/s", "shoppers.idle-timeout=30d"], "traffic.rate"],
  ])("is refused where %s says it", (sets, path) => {
    const found = decode(...sets);
    expect(JSON.stringify(found)).toContain(path);
    expect(JSON.stringify(found)).toContain("shoppers at once, and there is room for 8388608");
  });

  it("is none where a step is over before its visitors add up", () => {
    const steps =
      "traffic.steps=[{ at: +0s, rate: 90k/s }, { at: +10s, rate: 1/s }, { at: +20s, rate: 0/s }]";
    expect(Array.isArray(decode("traffic.rate=0/s", steps))).toBe(false);
  });
});

describe("a fraction of a core", () => {
  it.each(["0.0001", "0.4", "0"])("of %s is refused with a number that can be written", (cores) => {
    const found = JSON.stringify(decode(`platform.fleet.cores=${cores}`));
    expect(found).toMatch(/rite 1\b/u);
    expect(found).not.toMatch(/rite 0/u);
  });
});
