/** `replay` of published figures: the scenario that is named is rehearsed, and set beside them. */
import { Effect, Option } from "effect";
import { resultOf } from "../../twin/experiments/experiment.ts";
import { jobsOf, seedsFrom } from "../../twin/experiments/jobs.ts";
import {
  type PublishedTarget,
  targetFigures,
  unknownTargets,
} from "../../twin/replay/published-targets.ts";
import { publishedResult, type ReplayResult } from "../../twin/replay/replay-result.ts";
import { VERSION } from "../version.ts";
import { chosenPlan } from "./experiment.ts";
import { scaleFlag, seedFlag, seedsFlag } from "./options.ts";
import { rehearseJobs } from "./rehearsals.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { replayCommandLine } from "./replay-repeat.ts";
import { scenarioFile } from "./scenario-file.ts";
import { EXIT_INTERRUPTED, Shell, VerbFailure } from "./shell.ts";

const NO_SCENARIO =
  "of a sale that only figures are known of, a scenario says who comes: name it with --scenario FILE (--scale 5% for a quick look).";
const NO_CHANGE =
  "--change of a sale that only figures are known of is `rehearse compare FILE --what-if PATH=VALUE`.";

export const replayedTargets = (
  path: string,
  targets: readonly PublishedTarget[],
  flags: ReplayFlags,
): Effect.Effect<ReplayResult, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const named = Option.getOrNull(flags.scenario);
    if (named === null) return yield* Effect.fail(new VerbFailure(`${path}: ${NO_SCENARIO}`));
    if (flags.change.length > 0) return yield* Effect.fail(new VerbFailure(NO_CHANGE));
    const scale = yield* scaleFlag(flags.scale);
    const file = yield* scenarioFile({ path: named, sets: flags.set, scale });
    const { scenario } = file;
    const plan = yield* chosenPlan(scenario, flags.plan);
    const base = (yield* seedFlag(flags.seed)) ?? scenario.seed;
    const count = (yield* seedsFlag(flags.seeds)) ?? scenario.seeds;
    const seeds = seedsFrom(base, count);
    const jobs = jobsOf([plan.name], seeds).map((job) => ({ ...job, file }));
    const { rehearsals } = yield* rehearseJobs(jobs, { workers: null, events: null });
    const repeat = replayCommandLine(path, flags, { seed: base, seeds: count });
    const result = resultOf(
      { verb: "run", scenario, plans: [plan], seeds, scale, version: VERSION, repeat },
      rehearsals,
    );
    if (result.partial) {
      const said = "rehearse: interrupted; nothing is printed of a part.";
      return yield* Effect.fail(new VerbFailure(said, EXIT_INTERRUPTED));
    }
    const { metrics = {}, digest = [] } = result.plans[plan.name] ?? {};
    const unknown = unknownTargets(targets, metrics);
    if (unknown.length > 0) {
      const shell = yield* Shell;
      yield* shell.say(`rehearse: no metric of a rehearsal: ${unknown.join(", ")}.`);
    }
    const { currency } = plan.world;
    return publishedResult({
      recording: path,
      version: VERSION,
      plan,
      seeds,
      digest,
      figures: targetFigures(targets, { metrics, currency, scale }),
      share: scale,
      broken: result.broken,
      events: result.events,
      repeat,
    });
  });
