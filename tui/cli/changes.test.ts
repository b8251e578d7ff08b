import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import type { RunResult } from "../../twin/result.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import { SteppedRehearsal } from "../../twin/stepped/stepped-rehearsal.ts";
import { changesOf } from "./changes.ts";
import { shellWords } from "./explained-result.ts";
import { scenarioFile } from "./scenario-file.ts";

const path = "scenarios/small-drop.yaml";

interface Asked {
  readonly sets?: readonly string[];
  readonly scale?: number;
}

const fileWith = ({ sets = [], scale = 1 }: Asked = {}) =>
  Effect.runSync(scenarioFile({ path, sets, scale }));

/** The interventions, or the line that says what is wrong. */
function read(written: readonly string[], asked: Asked = {}): readonly Intervention[] | string {
  const file = fileWith(asked);
  const changes = changesOf(written, { file, plan: file.scenario.plans[0] ?? null });
  return Either.match(Effect.runSync(Effect.either(changes)), {
    onLeft: ({ lines, code }) => `${code}: ${lines.join("\n")}`,
    onRight: (found) => found,
  });
}

const ROOM = ["waiting-room={ mode: on, capacity: 400 }"];

describe("a change on the way", () => {
  it("is read in the units of the scenario file, at a smaller scale as well", () => {
    expect(
      read(["+2min launch.every=90s", "+1min platform.fleet.min=4", "+1min platform.fleet.max=6"]),
    ).toEqual([
      { kind: "batch-gap", at: 2 * MINUTE, every: 1.5 * MINUTE },
      { kind: "instances", at: MINUTE, min: 4, max: null },
      { kind: "instances", at: MINUTE, min: null, max: 6 },
    ]);
    const room = ["+3min waiting-room.capacity=200"];
    expect(read(room, { sets: ROOM })).toEqual([
      { kind: "room-capacity", at: 3 * MINUTE, capacity: 200 },
    ]);
    expect(read(room, { sets: ROOM, scale: 0.1 })).toMatchObject([{ capacity: 20 }]);
    // One core is left of two, so a tenth of the fleet is a fifth of its instances.
    const fleet = { sets: ["platform.fleet.cores=2"], scale: 0.1 };
    expect(read(["+1min platform.fleet.max=40"], fleet)).toMatchObject([{ max: 8 }]);
  });

  it("takes a fault as a line of the file, with the defaults of its kind", () => {
    const fault = "+4min fault={ kind: gateway-rate-limit, for: 5min, rate: 10/s }";
    const given = { kind: "gateway-rate-limit", network: "primary", rate: 10 };
    const times = { at: 4 * MINUTE, ends: 9 * MINUTE };
    const at = 4 * MINUTE;
    expect(read([fault])).toEqual([{ kind: "fault", at, fault: { ...given, ...times } }]);
    expect(read([fault], { scale: 0.1 })).toMatchObject([{ fault: { rate: 1 } }]);
  });

  it.each([
    ["launch", /^2: --change launch: is not a time and what changes then/],
    ["2min launch.every=3min", /2min: not a time/],
    ["+40min launch.every=3min", /\+40min is not a time of the sale/],
    ["+2min launch.evry=5min", /cannot be changed on the way. Did you mean launch.every\?/],
    ["+2min launch.every=5", /5: a duration needs a unit/],
    ["+1min launch.every=10h", /a gap is no longer than the sale, 30min \(got 10h\)/],
    ["+20min launch.every=3min", /no batch is left then: the last begins at \+3min/],
    ["+2min platform.fleet.min=0", /platform.fleet.min is at least 1 \(got 0\)/],
    ["+2min waiting-room.capacity=5", /plan batched has no waiting room/],
    ["+2min fault=outage", /outage is not a fault. Write it like fault=\{/],
    ["+2min fault={ at: +3min, kind: cdn-outage }", /fault.at: stands before the change/],
    ["+2min fault={ kind: cdn-outage }", /fault.for: is missing. Say how long/],
    ["+2min fault={ kind: cdn-outag, for: 1min }", /fault.kind: .* Did you mean cdn-outage\?/],
    ["+2min fault={ kind: cdn-outage, for: 40min }", /fault.for: outlasts the scenario/],
  ])("is refused with what would be right: %s", (written, line) => {
    expect(read([written])).toMatch(line);
  });

  it.each([
    [
      ["+2min launch.every=5min", "+29min launch.every=6min"],
      "29min",
      "no batch is left then: the last begins at .5min",
    ],
    [
      ["+29min launch.every=6min", "+2min launch.every=5min"],
      "29min",
      "no batch is left then: the last begins at .5min",
    ],
    [
      [
        "+2min fault={ kind: cdn-outage, for: 5min }",
        "+4min fault={ kind: cdn-outage, for: 1min }",
      ],
      "4min",
      "there is a cdn-outage at that time already",
    ],
  ])("is refused where one before makes it impossible: %j", (written, at, why) => {
    expect(read(written)).toMatch(new RegExp(`^2: --change \\+${at} .*: ${why}\\.$`));
  });

  it("moves a batch that one before has put off", () => {
    const both = ["+2min launch.every=20min", "+15min launch.every=14min"];
    expect(read(both)).toHaveLength(2);
    expect(read(both.toReversed())).toHaveLength(2);
  });

  it("is made by the command as it is made on the way, and the command repeats it", () => {
    const page = readFileSync("docs/changes.md", "utf8");
    const examples = page.match(/^ {4}rehearse run .*$/gmu) ?? [];
    expect(examples).toHaveLength(3);
    const words = shellWords((examples[1] ?? "").trim()).slice(1);
    const bundle = resolve("dist/rehearse.js");
    const ran = spawnSync(process.execPath, [bundle, ...words, "--seeds", "1", "--json"]);
    const result: RunResult = JSON.parse(ran.stdout.toString());
    const file = fileWith();
    const [plan] = file.scenario.plans;
    if (plan === undefined) throw new Error("the scenario has a plan");
    const stepped = new SteppedRehearsal({ plan, seed: file.scenario.seed });
    const written = words.filter((_, place) => words[place - 1] === "--change");
    for (const change of read(written) as readonly Intervention[]) {
      stepped.advance({ until: change.at });
      expect(stepped.intervene(change)).toBeNull();
    }
    stepped.advance({});
    expect(result.plans.batched?.digest).toEqual([stepped.result().digest]);
    expect(shellWords(result.repeat).filter((word) => written.includes(word))).toEqual(written);
    for (const example of examples) {
      const [, , , ...rest] = shellWords(example.trim());
      const changes = rest.filter((_, place) => rest[place - 1] === "--change");
      expect(typeof read(changes)).toBe("object");
    }
  });
});
