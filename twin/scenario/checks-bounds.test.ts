/** Numbers that are well written and absurd: refused at their key before a rehearsal begins. */
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";
import { starterScenario } from "./starter.ts";

function told(...sets: string[]): readonly string[] {
  const found = decodeScenario({ text: starterScenario(), path: "starter.yaml", sets });
  if (!Array.isArray(found)) return [];
  return found.map(({ path, message, suggestion }) => `${path} ${message}; ${suggestion}`);
}

const AUTOSCALER = "platform.autoscaler";
const STEP = `${AUTOSCALER}.kind=step`;
const SIMPLE = `${AUTOSCALER}.kind=simple`;
const HPA = `${AUTOSCALER}.kind=hpa`;

interface Bound {
  readonly path: string;
  /** Its largest value. */
  readonly most: number;
  /** What must be set for the key to mean anything. */
  readonly sets: readonly string[];
}

const BOUNDS: readonly Bound[] = [
  { path: "sellers.0.catalog.popularity", most: 10, sets: [] },
  { path: `${AUTOSCALER}.step.out.0.by`, most: 10_000, sets: [STEP] },
  {
    path: `${AUTOSCALER}.step.in.0.by`,
    most: 100_000,
    sets: [STEP, `${AUTOSCALER}.step.adjustment=percent`],
  },
  { path: `${AUTOSCALER}.simple.out`, most: 10_000, sets: [SIMPLE] },
  {
    path: `${AUTOSCALER}.simple.in`,
    most: 100_000,
    sets: [SIMPLE, `${AUTOSCALER}.simple.adjustment=percent`],
  },
  { path: `${AUTOSCALER}.hpa.up.policies.0.by`, most: 10_000, sets: [HPA] },
  { path: `${AUTOSCALER}.hpa.down.policies.0.by`, most: 100_000, sets: [HPA] },
  { path: "platform.nodes.pods", most: 10_000, sets: [HPA] },
  { path: "platform.nodes.spare", most: 10_000, sets: [HPA] },
];

describe.each(BOUNDS)("$path", ({ path, most, sets }) => {
  it(`may be ${most} and no more`, () => {
    expect(told(...sets, `${path}=${most}`)).toEqual([]);
    const [problem = "", ...others] = told(...sets, `${path}=${most + 1}`);
    expect(others).toEqual([]);
    expect(problem).toContain(`${path} `);
    expect(problem).toContain(`more than ${most}`);
  });
});

describe("an autoscaler", () => {
  it("that would look at its metric for a year of an empty shop is refused", () => {
    const year = ["lasts=366d", "traffic.rate=0/s"];
    const [problem = "", ...others] = told(HPA, ...year);
    expect(others).toEqual([]);
    expect(problem).toContain(`${AUTOSCALER}.hpa.sync is looked at 2108160 times in 366d`);
    expect(told(HPA, ...year, `${AUTOSCALER}.hpa={ sync: 1min, window: 1min }`)).toEqual([]);
    expect(told(HPA, ...year, `${AUTOSCALER}.hpa.sync=1min`).join()).toContain("hpa.window is");
    expect(told(...year)).toEqual([]);
    expect(told(...year, `${AUTOSCALER}.period=1s`).join()).toContain(`${AUTOSCALER}.period is`);
  });

  it("of steps that do not meet is told the number to write, as a person writes it", () => {
    const [problem = ""] = told(STEP, `${AUTOSCALER}.step.out.0.to=0.0001%`);
    expect(problem).toContain("step.out.1.from is not where the step before ends; write 0.0001%");
  });
});

describe("visits", () => {
  it("that no rehearsal comes to the end of are refused by how many are expected", () => {
    const rare = ["traffic.rate=0/s", "shoppers.idle-timeout=1s"];
    const even = "traffic.steps=[{ at: +0s, rate: 900/s }]";
    expect(told(...rare, even).join()).toContain("traffic.steps 156M visits in 2d are beyond");
    expect(told("traffic.rate=1k/s", "traffic.decay=0/d").join()).toContain("traffic.rate 1");
  });

  it("of several steps add up, and stay for their pages as well as their idle time-out", () => {
    const steps = [0, 5, 10].map((minute) => `{ at: +${minute}min, rate: 8k/s }`);
    const quiet = "{ at: +15min, rate: 0/s }";
    const found = told("traffic.rate=0/s", `traffic.steps=[${steps.join(", ")}, ${quiet}]`);
    expect(found.filter((one) => one.includes("shoppers at once"))).toEqual([]);
    const more = told(
      "traffic.rate=0/s",
      `traffic.steps=[${[...steps, "{ at: +15min, rate: 8k/s }", "{ at: +20min, rate: 0/s }"].join(", ")}]`,
    );
    expect(more.join()).toContain("traffic.steps.3.rate brings 9.6");
  });

  it("of pages that take for ever have that told, and nothing else falls over", () => {
    const think = "shoppers.think-time={ lognormal: { median: 1h, sigma: 40 } }";
    expect(told(think).join()).toContain("shoppers.think-time");
    expect(told("shoppers.journey.list.list=76.56%").join()).toContain("shoppers.journey");
  });
});
