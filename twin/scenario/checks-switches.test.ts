/** Keys of a part that is off: told at their place, unless the command line has turned it off. */
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";

interface Told {
  readonly path: string;
  readonly message: string;
  readonly suggestion: string;
  readonly line: number;
  readonly column: number;
}

const SALE = `
name: sale
seed: sale/1
starts: 2026-11-27T10:00+01:00
lasts: 1h
sellers: [{ name: shop, items: [{ sku: A-1, sale-price: $20, units: 9, weight: 1 }] }]
audience: { recipients: 100 }
plans:
  batched: { launch: { batches: 2, every: 9min, each-over: 1min } }
  simultaneous: { launch: { each-over: 1min } }
`;

/** What is told of the sale with these lines at its end and these settings. */
function told(lines: string, ...sets: string[]): readonly Told[] {
  const text = `${SALE}${lines}\n`;
  const found = decodeScenario({ text, path: "sale.yaml", sets });
  return Array.isArray(found) ? found : [];
}

/** A part that is filled in and never turned on; how it is turned on; how the command line turns it off. */
const PARTS: readonly {
  readonly part: string;
  readonly filled: string;
  readonly why: string;
  readonly on: string;
  readonly off: string;
}[] = [
  {
    part: "payments.three-d-secure",
    filled: "payments: { three-d-secure: { fail: 20% } }",
    why: "no share is given",
    on: "payments.three-d-secure.share=40%",
    off: "payments.three-d-secure.share=0%",
  },
  {
    part: "platform.autoscaler.predictive",
    filled: "platform: { autoscaler: { predictive: { target: 30% } } }",
    why: "no also is given",
    on: "platform.autoscaler.also=[predictive]",
    off: "platform.autoscaler.also=[]",
  },
  {
    part: "platform.bulkheads",
    filled:
      "platform: { bulkheads: { kind: none, kept: 20% } }\nneighbours: [{ name: books, rate: 1/s }]",
    why: 'kind is "none"',
    on: "platform.bulkheads.kind=guaranteed",
    off: "plans.batched.platform.bulkheads.kind=none",
  },
  {
    part: "feedback.exit",
    filled: "feedback: { exit: { asked: 0%, answered: 80% } }",
    why: 'asked is "0%"',
    on: "feedback.exit.asked=10%",
    off: "feedback.exit.asked=0.0%",
  },
  {
    part: "feedback.survey",
    filled: "feedback: { survey: { open-for: 1d } }",
    why: "no asked is given",
    on: "feedback.survey.asked=10%",
    off: "feedback.survey.asked=0%",
  },
  {
    part: "feedback.satisfaction",
    filled: "feedback: { satisfaction: { base: 4 } }",
    why: "no asked is given",
    on: "feedback.survey.asked=10%",
    off: "feedback.survey.asked=0%",
  },
  {
    part: "platform.cdn.serve-stale",
    filled: "platform: { cdn: { serve-stale: 100%, pages: [] } }",
    why: "pages is []",
    on: "platform.cdn.pages=[landing]",
    off: "plans.batched.platform.cdn.pages=[]",
  },
];

describe.each(PARTS)("$part", ({ part, filled, why, on, off }) => {
  it("is told to have no effect where it is filled in and not on", () => {
    const [problem, ...others] = told(filled);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: part, message: `has no effect: ${why}` });
    expect(problem?.suggestion).not.toBe("");
    expect(problem?.line).toBeGreaterThan(1);
    expect(problem?.column).toBeGreaterThan(0);
  });

  it("is not where it is on, or was turned off by the command line", () => {
    expect(told(filled, on)).toEqual([]);
    expect(told(filled, off)).toEqual([]);
  });
});

describe("a part that is on in some plans", () => {
  const room = "waiting-room: { rate: 20/s }";

  it("may be filled in once for all of them", () => {
    expect(told(room, "plans.batched.waiting-room.mode=on")).toEqual([]);
  });

  it("cannot be filled in by another plan, where it is off", () => {
    const [problem, ...others] = told(
      "",
      "plans.batched.waiting-room={ mode: on, rate: 9/s }",
      "plans.simultaneous.waiting-room.rate=5/s",
    );
    expect(others).toEqual([]);
    expect(problem?.path).toBe("plans.simultaneous.waiting-room");
  });

  it("cannot be filled in for all where every plan turns it off itself", () => {
    const text = SALE.replaceAll("launch:", "waiting-room: { mode: off }, launch:");
    const room = "waiting-room: { mode: on, rate: 20/s }";
    const found = decodeScenario({ text: `${text}${room}`, path: "sale.yaml" });
    expect(JSON.stringify(found)).toContain("has no effect");
  });
});

it("a switch whose value cannot be read is told as that, and once", () => {
  const found = told("feedback: { exit: { asked: often, answered: 80% } }");
  expect(found.map(({ path }) => path)).toEqual(["feedback.exit.asked"]);
});
