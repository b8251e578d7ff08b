/**
 * A golden is a result that was looked at once and kept. A later run of the same scenario, scale
 * and seeds must give the same figures; where it does not, the differences are named one by one.
 */
import { assert } from "../../engine/assert.ts";
import type { Rehearsal, RunResult } from "../result.ts";

/** What `check` says about one golden. */
export type CheckStatus =
  | "same"
  | "different"
  | "missing"
  | "updated"
  | "broken"
  | "nondeterministic"
  | "interrupted";

/** One figure that is not what the golden says; null where one of the two does not have it. */
export interface GoldenDifference {
  readonly plan: string;
  /** A metric's name, or `digest`, `series.<name>`, `events`, `seeds`. */
  readonly what: string;
  readonly golden: number | string | null;
  readonly now: number | string | null;
  /** (now - golden) / golden; null where that is not a number. */
  readonly change: number | null;
}

export interface GoldenCheck {
  readonly name: string;
  readonly scenario: string;
  readonly scale: number;
  readonly status: CheckStatus;
  readonly reason: string;
  readonly digest: Readonly<Record<string, readonly string[]>>;
  readonly differences: readonly GoldenDifference[];
}

export interface CheckResult {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "check";
  readonly version: string;
  readonly checks: readonly GoldenCheck[];
  readonly events: number;
  readonly partial: boolean;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}

/** A result as it is kept: without what charts alone draw, which follows from the rest. */
export function goldenOf(result: RunResult): RunResult {
  const plans = Object.entries(result.plans).map(([name, { bands: _, marks: __, ...kept }]) => [
    name,
    kept,
  ]);
  return { ...result, plans: Object.fromEntries(plans) };
}

/** Every figure in which a result differs from its golden; the version and the wording of the repeat command do not count. */
export function differencesFromGolden(
  golden: RunResult,
  now: RunResult,
): readonly GoldenDifference[] {
  const plans = unionOf(Object.keys(golden.plans), Object.keys(now.plans));
  return [
    ...plans.flatMap((plan) => planDifferences(plan, golden, now)),
    ...expectationDifferences(golden, now),
    ...figure("", "events", golden.events, now.events),
  ];
}

/** Whether an expectation is met is a figure as well: a golden may be one that misses some. */
function expectationDifferences(golden: RunResult, now: RunResult): readonly GoldenDifference[] {
  const words = new Map(
    golden.expectations.map((one) => [`${one.plan} ${one.metric} ${one.expect}`, metWord(one.met)]),
  );
  const changed = now.expectations.flatMap((one) => {
    const key = `${one.plan} ${one.metric} ${one.expect}`;
    const old = words.get(key);
    words.delete(key);
    return figure(one.plan, `expect ${one.metric} ${one.expect}`, old, metWord(one.met));
  });
  const gone = [...words].flatMap(([key, old]) => figure("", `expect ${key}`, old, "gone"));
  return [...changed, ...gone];
}

function metWord(met: boolean | null): string {
  if (met === null) return "not judged";
  return met ? "met" : "missed";
}

function planDifferences(
  plan: string,
  golden: RunResult,
  now: RunResult,
): readonly GoldenDifference[] {
  const old = golden.plans[plan];
  const young = now.plans[plan];
  const metrics = unionOf(Object.keys(old?.metrics ?? {}), Object.keys(young?.metrics ?? {}));
  const series = unionOf(Object.keys(old?.series ?? {}), Object.keys(young?.series ?? {}));
  return [
    ...figure(plan, "seeds", old?.seeds.join(" "), young?.seeds.join(" ")),
    ...metrics.flatMap((name) =>
      figure(plan, name, old?.metrics[name]?.mean, young?.metrics[name]?.mean),
    ),
    ...series.flatMap((name) =>
      seriesDifference(plan, name, old?.series[name], young?.series[name]),
    ),
    ...figure(plan, "inputs", old?.inputs, young?.inputs),
    ...figure(plan, "digest", old?.digest.join(" "), young?.digest.join(" ")),
  ];
}

type Figure = number | string | undefined;

function figure(
  plan: string,
  what: string,
  old: Figure,
  young: Figure,
): readonly GoldenDifference[] {
  if (old === young) return [];
  const change =
    typeof old === "number" && typeof young === "number" && old !== 0 ? (young - old) / old : null;
  return [{ plan, what, golden: old ?? null, now: young ?? null, change }];
}

/** A series is compared value by value and reported once, by its first interval that differs. */
function seriesDifference(
  plan: string,
  name: string,
  old: readonly number[] | string | undefined,
  young: readonly number[] | string | undefined,
): readonly GoldenDifference[] {
  if (typeof old === "string" || typeof young === "string" || !old || !young) {
    return figure(plan, `series.${name}`, old?.toString(), young?.toString());
  }
  const length = Math.max(old.length, young.length);
  for (let index = 0; index < length; index += 1) {
    const found = figure(plan, `series.${name}[${index}]`, old[index], young[index]);
    if (found.length > 0) return found;
  }
  return [];
}

function unionOf(old: readonly string[], young: readonly string[]): readonly string[] {
  return [...new Set([...old, ...young])];
}

/** Whether two rehearsals of the same plan and seed are the same; if not, the sentence that says in what. */
export function disagreement(first: Rehearsal, second: Rehearsal): string | null {
  assert(first.seed === second.seed, "a rehearsal is compared with itself");
  if (first.digest !== second.digest) {
    return `seed ${first.seed} gave digest ${first.digest} and then ${second.digest}`;
  }
  if (first.events !== second.events) {
    return `seed ${first.seed} had ${first.events} events and then ${second.events}`;
  }
  const metric = Object.keys(first.metrics).find(
    (name) => !Object.is(first.metrics[name], second.metrics[name]),
  );
  if (metric !== undefined) {
    return `seed ${first.seed} gave ${metric} ${first.metrics[metric]} and then ${second.metrics[metric]}`;
  }
  const same = JSON.stringify(first.series) === JSON.stringify(second.series);
  return same ? null : `seed ${first.seed} gave two different series`;
}

/** 3 where determinism is broken, 130 interrupted, 1 where any golden is not met, else 0. */
export function exitOfChecks(checks: readonly GoldenCheck[]): CheckResult["exit"] {
  const by = (status: CheckStatus) => checks.filter((check) => check.status === status);
  const names = (found: readonly GoldenCheck[]) => found.map((check) => check.name).join(", ");
  const nondeterministic = by("nondeterministic");
  if (nondeterministic.length > 0) {
    return { code: 3, reason: `determinism broken: ${names(nondeterministic)}` };
  }
  if (by("interrupted").length > 0) return { code: 130, reason: "interrupted" };
  const failed = checks.filter((check) => FAILED.has(check.status));
  if (failed.length > 0) {
    return {
      code: 1,
      reason: `${failed.length} of ${checks.length} goldens missed: ${names(failed)}`,
    };
  }
  const updated = by("updated").length;
  return updated > 0
    ? { code: 0, reason: `${updated} of ${checks.length} goldens renewed` }
    : { code: 0, reason: `all ${checks.length} goldens met` };
}

const FAILED: ReadonlySet<CheckStatus> = new Set(["different", "missing", "broken"]);
