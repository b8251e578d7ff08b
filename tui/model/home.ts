/** Home as data: the scenarios with their plans, what is known of the selected one, the runs. */
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { figureText } from "../report/quantity.ts";
import type { SavedRun } from "../state/runs.ts";
import type { ScenarioReading } from "../state/scenario-files.ts";
import { type Goal, type GoalState, goalsOf, goalText, judgedState, meanOf } from "./goal.ts";
import type { SaleClock } from "./sale-clock.ts";
import type { RunRow } from "./saved-run-row.ts";
import { type Arrivals, arrivalsOf, type Fact, factsOf } from "./scenario-preview.ts";

/** Where the cursor stands among the scenarios: on one, or on one of its plans. */
export interface ScenarioPlace {
  readonly path: string;
  readonly plan: string | null;
}

export interface ScenarioRow {
  readonly place: ScenarioPlace;
  readonly text: string;
  /** A plan stands under its scenario. */
  readonly isPlan: boolean;
  /** Pending where the file was not read yet. */
  readonly state: "valid" | "broken" | "pending";
  readonly marked: boolean;
}

export type Preview =
  | { readonly kind: "none" }
  | { readonly kind: "pending"; readonly path: string }
  | { readonly kind: "broken"; readonly path: string; readonly problems: readonly string[] }
  | {
      readonly kind: "plan";
      readonly path: string;
      readonly title: string;
      readonly about: string;
      readonly clock: SaleClock;
      readonly arrivals: Arrivals;
      readonly facts: readonly Fact[];
      readonly goals: readonly PreviewGoal[];
    };

export interface PreviewGoal {
  readonly text: string;
  readonly state: GoalState;
  /** What the last saved run had; empty where there is none. */
  readonly last: string;
}

export interface HomeModel {
  readonly rows: readonly ScenarioRow[];
  readonly selectedRow: number;
  readonly scenarios: { readonly shown: number; readonly all: number };
  readonly filter: string;
  readonly preview: Preview;
  readonly runs: readonly (RunRow & { readonly marked: boolean })[];
  readonly selectedRun: number;
  readonly unreadable: readonly string[];
  readonly marks: number;
}

interface Entry {
  readonly path: string;
  readonly reading: ScenarioReading | null;
}

/** Scenarios whose path, name or description holds every word of the filter. */
export function filtered<One extends Entry>(
  entries: readonly One[],
  filter: string,
): readonly One[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  return entries.filter(({ path, reading }) => {
    const of = reading?.kind === "valid" ? reading.scenario : null;
    const text = `${path} ${of?.name ?? ""} ${of?.description ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** One row for each scenario, and below the selected one a row for each of its plans. */
export function scenarioRows(
  entries: readonly Entry[],
  selected: ScenarioPlace | null,
  isMarked: (place: ScenarioPlace) => boolean,
): readonly ScenarioRow[] {
  const names = entries.map(({ reading }) => nameOf(reading));
  return entries.flatMap(({ path, reading }) => {
    const name = nameOf(reading);
    // Files of one name, such as a copy, are told apart by their own.
    const file =
      names.filter((one) => one === name).length > 1 ? ` (${path.split("/").at(-1)})` : "";
    const valid = reading?.kind === "valid" ? reading.scenario : null;
    const row = (plan: string | null, text: string): ScenarioRow => ({
      place: { path, plan },
      text,
      isPlan: plan !== null,
      state: reading?.kind ?? "pending",
      marked: isMarked({ path, plan }),
    });
    const plans = path === selected?.path ? (valid?.plans ?? []) : [];
    return [
      row(null, name === null ? path : `${name}${file}`),
      ...plans.map(({ name }) => row(name, name)),
    ];
  });
}

function nameOf(reading: ScenarioReading | null): string | null {
  return reading?.kind === "valid" ? reading.scenario.name : null;
}

export function planOf(scenario: Scenario, name: string | null): PlanSpec | undefined {
  return name === null ? scenario.plans[0] : scenario.plans.find((plan) => plan.name === name);
}

/** The newest run that has the plan in it. */
export function lastRunOf(
  runs: readonly SavedRun[],
  scenario: string,
  plan: string,
): SavedRun | undefined {
  return runs.find(({ result }) => result.scenario === scenario && plan in result.plans);
}

export interface PreviewQuestion {
  readonly entry: Entry | undefined;
  readonly plan: string | null;
  readonly runs: readonly SavedRun[];
  readonly arrivals?: (plan: PlanSpec) => Arrivals;
}

export function previewOf(question: PreviewQuestion): Preview {
  const { entry, plan: name, runs, arrivals = arrivalsOf } = question;
  if (entry === undefined) return { kind: "none" };
  const { path, reading } = entry;
  if (reading === null) return { kind: "pending", path };
  if (reading.kind === "broken") return { kind: "broken", path, problems: reading.problems };
  const { scenario } = reading;
  const plan = planOf(scenario, name);
  if (plan === undefined) return { kind: "none" };
  const last = lastRunOf(runs, scenario.name, plan.name);
  return {
    kind: "plan",
    path,
    title: `${scenario.name} · ${plan.name}`,
    about: plan.description === "" ? scenario.description : plan.description,
    clock: plan.world,
    arrivals: arrivals(plan),
    facts: factsOf(plan),
    goals: goalsOf(scenario, plan).map((goal) => previewGoal(goal, plan, last)),
  };
}

function previewGoal(goal: Goal, plan: PlanSpec, last: SavedRun | undefined): PreviewGoal {
  const { currency } = plan.world;
  const scale = last?.result.scale ?? 1;
  const text = `${goal.metric} ${goalText(goal, { currency, scale: 1 })}`;
  const judged = last?.result.expectations.find(
    (one) => one.plan === plan.name && one.metric === goal.metric && one.expect === goal.expect,
  );
  if (last === undefined || judged === undefined) return { text, state: "not-judged", last: "" };
  const value = judged.value ?? meanOf(last.result.plans[plan.name], goal.metric);
  const size = scale === 1 ? "" : ` at ${Math.round(scale * 10_000) / 100} %`;
  const had = value === null ? "nothing" : figureText(goal.metric, value, { currency });
  return { text, state: judgedState(judged), last: `last run ${had}${size}` };
}
