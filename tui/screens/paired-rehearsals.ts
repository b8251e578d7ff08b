/**
 * Two plans rehearsed with the same seeds in the background of a screen. It keeps what was
 * rehearsed, so that the same plan, seed and size are rehearsed once, however often a planner comes
 * back to them, and turns what there is into the result that `rehearse compare` prints.
 */
import { type Experiment, resultOf } from "../../twin/experiments/experiment.ts";
import { inputsOf } from "../../twin/experiments/inputs.ts";
import { jobsOf } from "../../twin/experiments/jobs.ts";
import type { Rehearsal, RunResult } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Background, BackgroundJob, RehearsalBatch } from "../worker/background-rehearsals.ts";

/** `idle` before the first, `stopped` by the planner, `failed` by a defect. */
export type PairState = "idle" | "running" | "done" | "stopped" | "failed";

/** With fewer the interval says hardly more than that there is one. */
const PAIRS_FIRST = 4;

export interface FirstAnswer {
  readonly pairs: number;
  /** Wall clock from the question on; for people alone. */
  readonly seconds: number;
}

/** Rehearsals kept for when a planner comes back to them; each holds its series. */
const KEPT_MAX = 600;

/** Finished rehearsals by what they are of: inputs and seed. */
export class KeptRehearsals {
  readonly #kept = new Map<string, Rehearsal>();

  take({ plan, seed }: BackgroundJob): Rehearsal | null {
    return this.#kept.get(keyOf(plan, seed)) ?? null;
  }

  keep({ plan, seed }: BackgroundJob, rehearsal: Rehearsal): void {
    const key = keyOf(plan, seed);
    this.#kept.delete(key);
    this.#kept.set(key, rehearsal);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      this.#kept.delete(oldest);
    }
  }
}

export interface PairedOptions {
  readonly background: Background;
  readonly onChange: () => void;
  /** Shared with whoever may ask for the same; its own where left out. */
  readonly kept?: KeptRehearsals;
  /** Milliseconds of the wall; the machine's where left out. */
  readonly clock?: (() => number) | undefined;
}

export class PairedRehearsals {
  readonly #background: Background;
  readonly #onChange: () => void;
  readonly #kept: KeptRehearsals;
  readonly #clock: () => number;
  #experiment: Experiment | null = null;
  #works: readonly BackgroundJob[] = [];
  #rehearsals: (Rehearsal | null)[] = [];
  #batch: RehearsalBatch | null = null;
  #state: PairState = "idle";
  #failure = "";
  #result: RunResult | null = null;
  #since = 0;
  #seconds = 0;
  #firstAnswer: FirstAnswer | null = null;

  constructor({ background, onChange, kept, clock }: PairedOptions) {
    this.#background = background;
    this.#onChange = onChange;
    this.#kept = kept ?? new KeptRehearsals();
    this.#clock = clock ?? (() => performance.now());
  }

  get state(): PairState {
    return this.#state;
  }

  get experiment(): Experiment | null {
    return this.#experiment;
  }

  /** Why it failed, as a plain sentence. */
  get failure(): string {
    return this.#failure;
  }

  get asked(): number {
    return this.#works.length;
  }

  get finished(): number {
    return this.#rehearsals.filter((one) => one !== null).length;
  }

  /** Wall-clock seconds from the start to the last rehearsal that was needed; for people alone. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Seeds with which every plan is rehearsed by now: as many pairs stand behind each figure. */
  get pairs(): number {
    return this.#paired().filter((one) => one !== null).length / this.#plans;
  }

  /** The first answer that is worth a look; null before it. */
  get firstAnswer(): FirstAnswer | null {
    return this.#firstAnswer;
  }

  /** Rehearsals of a plan of the experiment in whole pairs, in the order of the seeds. */
  of(plan: string): readonly Rehearsal[] {
    return this.#paired().filter(
      (one, place): one is Rehearsal => one !== null && this.#works[place]?.plan.name === plan,
    );
  }

  /** What there is by now, as the verb would print it; null before anything is asked for. */
  get result(): RunResult | null {
    if (this.#experiment === null) return null;
    this.#result ??= resultOf(this.#experiment, this.#paired());
    return this.#result;
  }

  get #plans(): number {
    return Math.max(1, this.#experiment?.plans.length ?? 1);
  }

  /**
   * Without those whose pair is not there yet: a mean over more seeds than the other's would show a
   * difference that is none. The rehearsals of a seed stand side by side.
   */
  #paired(): readonly (Rehearsal | null)[] {
    const plans = this.#plans;
    const isWhole = (place: number) => {
      const from = place - (place % plans);
      return this.#rehearsals.slice(from, from + plans).every((one) => one !== null);
    };
    return this.#rehearsals.map((one, place) => (isWhole(place) ? one : null));
  }

  /** Rehearses what of it is not there yet; what was under way for another experiment is given up. */
  start(experiment: Experiment): void {
    this.#batch?.cancel();
    this.#experiment = experiment;
    this.#works = worksOf(experiment);
    this.#rehearsals = this.#works.map((work) => this.#kept.take(work));
    this.#result = null;
    this.#failure = "";
    this.#since = this.#clock();
    this.#seconds = 0;
    this.#firstAnswer = null;
    const missing = this.#works.flatMap((_, place) =>
      this.#rehearsals[place] === null ? [place] : [],
    );
    this.#state = missing.length === 0 ? "done" : "running";
    this.#batch = missing.length === 0 ? null : this.#begin(missing);
    this.#onChange();
  }

  stop(): void {
    if (this.#state !== "running") return;
    this.#batch?.cancel();
    this.#batch = null;
    this.#state = "stopped";
    this.#onChange();
  }

  #begin(places: readonly number[]): RehearsalBatch {
    const works = places.flatMap((place) => this.#works[place] ?? []);
    const batch = this.#background.submit(works, {
      onRehearsed: (index, rehearsal) => {
        const place = places[index];
        const work = works[index];
        if (this.#batch !== batch || place === undefined || work === undefined) return;
        this.#kept.keep(work, rehearsal);
        this.#rehearsals[place] = rehearsal;
        this.#result = null;
        this.#seconds = (this.#clock() - this.#since) / 1_000;
        const { pairs, seconds } = this;
        if (pairs >= PAIRS_FIRST) this.#firstAnswer ??= { pairs, seconds };
        if (this.#state === "running" && this.finished === this.asked) this.#state = "done";
        this.#onChange();
      },
      onFailed: (_, why) => {
        if (this.#batch !== batch) return;
        this.#state = "failed";
        this.#failure = why;
        this.#onChange();
      },
    });
    return batch;
  }
}

function worksOf({ plans, seeds }: Experiment): readonly BackgroundJob[] {
  const byName = new Map(plans.map((plan) => [plan.name, plan]));
  return jobsOf([...byName.keys()], seeds).flatMap(({ plan, seed }) => {
    const spec = byName.get(plan);
    return spec === undefined ? [] : [{ plan: spec, seed }];
  });
}

const INPUTS = new WeakMap<PlanSpec, string>();

/** By its inputs, so that a plan is found under any name; they are a walk over all of it. */
function keyOf(plan: PlanSpec, seed: string): string {
  const inputs = INPUTS.get(plan) ?? inputsOf(plan);
  INPUTS.set(plan, inputs);
  return `${inputs} ${seed}`;
}
