import { expect, it } from "vitest";
import { InProcess } from "../worker/testing/in-process.ts";
import { experimentOf, isRefusal, type Opponents, scenarioOf } from "./opponents.ts";
import { PairedRehearsals } from "./paired-rehearsals.ts";
import { turns } from "./testing/driven-screens.ts";

const path = "scenarios/small-drop.yaml";
const sets = ["traffic.rate=0.05/s", "audience.recipients=100"];
const plan = "batched";
const SEEDS = 6;

function asked(opponents: Pick<Opponents, "whatIf" | "first" | "second">) {
  const question = { path, sets, carried: "", seed: null, ...opponents };
  const scenario = scenarioOf(question, 1);
  if (isRefusal(scenario)) throw new Error(scenario.lines[0]);
  const experiment = experimentOf(question, scenario, { seeds: SEEDS, scale: 1 });
  if (isRefusal(experiment)) throw new Error(experiment.lines[0]);
  return experiment;
}

async function done(pairs: PairedRehearsals): Promise<void> {
  for (let turn = 0; turn < 10_000 && pairs.state === "running"; turn += 1) await turns(1);
  expect(pairs.state).toBe("done");
}

it("sets means over the same seeds side by side, though one plan was rehearsed before", async () => {
  const background = new InProcess();
  const seen: (readonly [number, readonly number[]])[] = [];
  const pairs: PairedRehearsals = new PairedRehearsals({
    background,
    onChange: () => {
      const plans = Object.values(pairs.result?.plans ?? {});
      seen.push([pairs.pairs, plans.map(({ seeds }) => seeds.length)]);
    },
  });
  pairs.start(asked({ whatIf: null, first: plan, second: plan }));
  await done(pairs);
  expect(seen.at(-1)).toEqual([SEEDS, [SEEDS]]);
  seen.length = 0;
  const whatIf = { plan, changes: ["launch.batches=3"] };
  pairs.start(asked({ whatIf, first: "what-if", second: plan }));
  await done(pairs);
  expect(seen.map(([count]) => count)).toContain(2);
  for (const [count, seeds] of seen) expect(seeds).toEqual([count, count]);
  expect(pairs.firstAnswer).toMatchObject({ pairs: 4 });
  await background.close();
});
