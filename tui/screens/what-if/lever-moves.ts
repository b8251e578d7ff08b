/**
 * Which lever would move a figure most: while nothing else is to be rehearsed, each is turned one
 * step from where it stands, one after the other, and set against what there is now.
 */
import type { Experiment } from "../../../twin/experiments/experiment.ts";
import type { PlanSpec, Scenario } from "../../../twin/scenario/scenario.ts";
import type { LeverChanges } from "../../model/lever-changes.ts";
import { type Lever, moved } from "../../model/levers.ts";
import { type LeverMove, largestMoves, leverMove } from "../../model/what-if-effect.ts";
import type { Background } from "../../worker/background-rehearsals.ts";
import { isRefusal, type Refusal } from "../opponents.ts";
import { type KeptRehearsals, PairedRehearsals } from "../paired-rehearsals.ts";

/** Pairs of rehearsals of each lever; a look, not a measurement. */
export const MOVE_PAIRS = 4;

export interface MovesInput {
  readonly changes: LeverChanges;
  /** The result that stands now, without its plans. */
  readonly experiment: Experiment;
  readonly now: PlanSpec;
  /** The scenario with these changes, the changed plan last. */
  readonly scenarioWith: (changes: readonly string[]) => Scenario | Refusal;
}

interface Tried {
  readonly lever: Lever;
  readonly step: string;
  readonly result: NonNullable<PairedRehearsals["result"]>;
}

export class LeverMoves {
  readonly #pairs: PairedRehearsals;
  readonly #onChange: () => void;
  #input: MovesInput | null = null;
  #waiting: readonly Lever[] = [];
  #under: { readonly lever: Lever; readonly step: string } | null = null;
  #tried: readonly Tried[] = [];

  constructor(background: Background, kept: KeptRehearsals, onChange: () => void) {
    this.#onChange = onChange;
    this.#pairs = new PairedRehearsals({ background, onChange: () => this.#told(), kept });
  }

  /** How many levers are still to be tried. */
  get left(): number {
    return this.#waiting.length + (this.#under === null ? 0 : 1);
  }

  of(metric: string): readonly LeverMove[] {
    return largestMoves(
      this.#tried.flatMap(
        ({ lever, step, result }) => leverMove(result, { metric, label: lever.label, step }) ?? [],
      ),
    );
  }

  start(input: MovesInput): void {
    this.#input = input;
    this.#tried = [];
    this.#waiting = input.changes.levers;
    this.#under = null;
    this.#next();
  }

  /** What is found stays until the next start. */
  stop(): void {
    this.#waiting = [];
    this.#under = null;
    this.#pairs.stop();
  }

  #told(): void {
    const { state, result } = this.#pairs;
    const under = this.#under;
    if (under === null || (state !== "done" && state !== "failed")) return;
    this.#under = null;
    if (state === "done" && result !== null) this.#tried = [...this.#tried, { ...under, result }];
    this.#onChange();
    this.#next();
  }

  #next(): void {
    const [lever, ...rest] = this.#waiting;
    const input = this.#input;
    if (lever === undefined || input === null) return;
    this.#waiting = rest;
    const question = questionOf(lever, input);
    if (question === null) {
      this.#next();
      return;
    }
    this.#under = { lever, step: question.step };
    this.#pairs.start(question.experiment);
  }
}

/** One step up, or down from the top; null where the scenario does not take it. */
function questionOf(
  lever: Lever,
  { changes, experiment, now, scenarioWith }: MovesInput,
): { readonly experiment: Experiment; readonly step: string } | null {
  const from = changes.valueOf(lever);
  const to = moved(lever, from, from >= lever.most ? -1 : 1);
  if (to === from) return null;
  const scenario = scenarioWith(changes.turned(lever, to).written);
  const spec = isRefusal(scenario) ? undefined : scenario.plans.at(-1);
  if (spec === undefined) return null;
  const plans = [
    { ...spec, name: "moved" },
    { ...now, name: "now" },
  ];
  return {
    experiment: {
      ...experiment,
      verb: "compare",
      plans,
      seeds: experiment.seeds.slice(0, MOVE_PAIRS),
    },
    step: `${lever.kind.show(from)} → ${lever.kind.show(to)}`,
  };
}
