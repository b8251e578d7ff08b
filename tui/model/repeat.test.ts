import { Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import { type Intervention, interventionOf } from "../../twin/stepped/intervention.ts";
import { refusedBefore } from "../../twin/stepped/refused-before.ts";
import { changesOf } from "../cli/changes.ts";
import { repeatCommand } from "../cli/repeat.ts";
import { opponentsOf } from "../screens/opponents.ts";
import { readScenario } from "../state/scenario-files.ts";
import { carriedChanges, carriedText } from "./carried-changes.ts";
import { changeWords } from "./change-words.ts";
import { changeTo, controlsOf, readValue, steppedValue } from "./controls.ts";
import { UNSEEN } from "./course.ts";
import { faultChoices } from "./fault-menu.ts";
import { choicesOf } from "./repeat-choice.ts";
import { clockText, tickOf } from "./sale-clock.ts";

function planAt(path: string, scale: number, name?: string) {
  const [whole, sized] = [readScenario(path), readScenario(path, { scale })];
  if (whole.kind === "broken" || sized.kind === "broken") throw new Error("a broken scenario");
  const of = (plans: typeof whole.scenario.plans) =>
    plans.find((plan) => plan.name === name) ?? plans[0];
  const [full, plan] = [of(whole.scenario.plans), of(sized.scenario.plans)];
  if (full === undefined || plan === undefined) throw new Error("no plan");
  return { full, plan, scale, file: { path, sets: [], scale, scenario: sized.scenario } };
}

describe("a command that repeats a result", () => {
  it("is read back as what it asks for", () => {
    const asked = {
      path: "my sales/it's.yaml",
      plan: "batched",
      seed: "-x 1",
      sets: ["audience.visits=12%", "name='a'"],
      changes: ["+27min launch.every=12min", "+1h fault={ kind: cdn-outage, for: 5min }"],
    };
    const repeat = repeatCommand({ verb: "run", ...asked, seeds: 1, scale: "2%" });
    expect(choicesOf(repeat)).toEqual([{ ...asked, scale: 0.02 }]);
  });

  it("is two choices for a comparison, and none for another verb", () => {
    const repeat = repeatCommand({
      verb: "compare",
      path: "a.yaml",
      plans: ["a", "b"],
      seed: "s",
      seeds: 3,
      sets: [],
      scale: null,
    });
    expect(choicesOf(repeat)).toMatchObject([{ plan: "a", scale: 1 }, { plan: "b" }]);
    expect(choicesOf("rehearse check")).toBeNull();
    expect(choicesOf("rm -rf x")).toBeNull();
  });
});

describe("a comparison of a plan with itself changed", () => {
  const asked = { path: "a.yaml", seed: "s", seeds: 2, sets: ["x=1"], scale: "2%" };
  const whatIfs = ["launch.batches=4", "launch.every=5min"];
  const same = { path: "a.yaml", plan: "batched", seed: "s", sets: ["x=1"], scale: 0.02 };

  it("is read back as the plan with its changes and the plan as it is", () => {
    const of = { verb: "compare", ...asked, plan: "batched", whatIfs };
    const repeat = repeatCommand({ ...of, plans: ["what-if", "batched"] });
    expect(choicesOf(repeat)).toEqual([{ ...same, whatIfs }, same]);
  });

  it("is told from a plan of the file that has such a name", () => {
    const of = { verb: "compare", ...asked, plan: "what-if", whatIfs };
    const repeat = repeatCommand({ ...of, plans: ["what-if", "what-if-2"] });
    const plan = { ...same, plan: "what-if" };
    expect(choicesOf(repeat)).toEqual([plan, { ...plan, whatIfs }]);
  });
});

describe("what was changed on the way", () => {
  const choice = {
    path: "scenarios/small-drop.yaml",
    plan: "batched",
    sets: [],
    changes: [
      "+9min platform.fleet.min=4",
      "+2min launch.every=5min",
      "+4min fault={ kind: cdn-outage, for: 5min }",
      "+3min platform.fleet.min=3",
    ],
  };

  it("is carried to another screen as it stood last, but for what broke at a time", () => {
    const carried = carriedChanges(choice);
    expect(carried.planned).toEqual(["launch.every=5min", "platform.fleet.min=4"]);
    expect(carriedText(choice, carried)).toBe(
      "changed from the start on: launch.every=5min, platform.fleet.min=4 · " +
        "not carried over: cdn-outage, which breaks at a moment of the sale",
    );
    expect(carriedText({ ...choice, changes: [] }, { planned: [], left: [] })).toBe("");
  });

  it("is set against another plan of the file, which is as it was", () => {
    const { path } = choice;
    const other = { path, plan: "simultaneous", sets: [] };
    expect(opponentsOf([choice, other])).toMatchObject({
      whatIf: { plan: "batched", changes: ["launch.every=5min", "platform.fleet.min=4"] },
      first: "what-if",
      second: "simultaneous",
      carried: expect.stringContaining("not carried over: cdn-outage"),
    });
  });
});

describe("a change as the command line takes it", () => {
  const cases = [
    planAt("scenarios/small-drop.yaml", 1),
    planAt("scenarios/webstore-black-friday.yaml", 0.01),
    planAt("scenarios/autoscaler-too-late.yaml", 0.02, "waiting-room"),
    planAt("scenarios/zone-lost-at-peak.yaml", 0.3),
  ];

  it.each(cases)("is read back as the same intervention at scale $scale", (sized) => {
    const { plan, file } = sized;
    const at = MINUTE + 123_457;
    const steps = controlsOf(sized, UNSEEN).flatMap((control) =>
      [1, -1, 10].flatMap(
        (count) => changeTo(control, steppedValue(control, count, sized), sized) ?? [],
      ),
    );
    const faults = faultChoices(plan.world, at).map(({ change }) => change);
    const all: readonly Intervention[] = [...steps, ...faults].map((one) =>
      interventionOf(one, at),
    );
    expect(all.length).toBeGreaterThan(5);
    for (const one of all) {
      const words = changeWords(one, sized);
      const read = Effect.runSync(Effect.either(changesOf([words], { file, plan })));
      const refused = refusedBefore([one], plan);
      if (refused === null) expect([words, read]).toEqual([words, Either.right([one])]);
      else expect(Either.getLeft(read)).toMatchObject({ value: { lines: [expect.any(String)] } });
    }
  });

  it("takes values as a scenario file writes them, and says what is wrong with others", () => {
    const [gap, least] = controlsOf(planAt("scenarios/small-drop.yaml", 1), UNSEEN);
    if (gap === undefined || least === undefined) throw new Error("no control");
    expect(readValue(gap, "4min")).toBe(4 * MINUTE);
    expect(readValue(gap, "4")).toContain("a duration needs a unit");
    expect(readValue(least, "3")).toBe(3);
    expect(readValue(least, "0")).toContain("no whole number from 1 on");
  });
});

describe("the clock of a sale", () => {
  const drop = planAt("scenarios/small-drop.yaml", 1).plan.world;
  const friday = planAt("scenarios/webstore-black-friday.yaml", 0.01).plan.world;

  it("is the local time, with the day where the sale goes on for days", () => {
    expect(clockText(drop, 12.5 * MINUTE)).toBe("18:12:30");
    expect(clockText(friday, 60 * MINUTE, "minute")).toBe("Fri 07:00");
  });

  it("is read back, and refuses what is no time of the sale", () => {
    expect(tickOf(drop, "18:12:30")).toBe(12.5 * MINUTE);
    expect(tickOf(drop, "+10min")).toBe(10 * MINUTE);
    expect(tickOf(friday, "Sat 06:00")).toBe(24 * 60 * MINUTE);
    for (const wrong of ["17:00", "19:00", "+31", "noon", ""])
      expect(tickOf(drop, wrong)).toBeNull();
  });
});
