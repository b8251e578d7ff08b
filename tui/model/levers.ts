/**
 * The levers of a plan: values of its scenario that a planner would turn, each with where it is
 * written, what it is, how far it goes and by which step. Only what the scenario really has is a
 * lever; any other number of it can be added by its path.
 */
import { planForm } from "../../twin/scenario/decode.ts";
import type { Form } from "../../twin/scenario/defaults.ts";
import { valueAt } from "../../twin/scenario/findings.ts";
import { scenarioJsonSchema } from "../../twin/scenario/json-schema.ts";
import { isDistribution, isForm } from "../../twin/scenario/overrides.ts";
import type { Path } from "../../twin/scenario/problem.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { kindAt, type LeverKind, stepFor } from "./lever-kind.ts";

export interface Lever {
  /** From the plan's view, as `--what-if` takes it. */
  readonly path: string;
  readonly label: string;
  /** What the scenario's schema says of it. */
  readonly about: string;
  readonly kind: LeverKind;
  /** What the plan has without any change. */
  readonly base: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

interface LeverRule {
  readonly path: string;
  readonly label: string;
  readonly least?: number;
  /** Where its slider ends, at least. */
  readonly reaches?: number;
  /** Whether the plan has it; always where it is not there. */
  readonly when?: (plan: PlanSpec) => boolean;
}

const hasFleet = ({ world }: PlanSpec) => world.autoscaler.kind !== "serverless";
const hasRoom = ({ world }: PlanSpec) => world.waitingRoom !== null;

/** In the order in which a planner meets them; `*` is every seller or offer. */
const RULES: readonly LeverRule[] = [
  { path: "launch.batches", label: "Batches", least: 1, reaches: 12 },
  { path: "launch.every", label: "Gap between batches" },
  { path: "launch.each-over", label: "Each batch over" },
  { path: "audience.recipients", label: "Mailing list", least: 1 },
  { path: "audience.visits", label: "Visits per mail" },
  { path: "traffic.rate", label: "Other visits", when: ({ world }) => world.traffic.rate > 0 },
  { path: "platform.fleet.initial", label: "Instances at start", least: 1, when: hasFleet },
  { path: "platform.fleet.min", label: "Instances at least", least: 1, when: hasFleet },
  { path: "platform.fleet.max", label: "Instances at most", least: 1, when: hasFleet },
  { path: "platform.fleet.cores", label: "Cores of each", least: 1, when: hasFleet },
  { path: "platform.fleet.boot", label: "Boot of an instance", when: hasFleet },
  { path: "platform.fleet.warm-up", label: "Warm-up after it", when: hasFleet },
  {
    path: "platform.autoscaler.target",
    label: "Target load",
    when: ({ world }) => world.autoscaler.kind === "target-tracking",
  },
  {
    path: "platform.warm-pool.prepared",
    label: "Warm pool",
    when: ({ world }) => world.fleet.warmPool.prepared > 0,
  },
  {
    path: "platform.cdn.hit-ratio",
    label: "CDN hits",
    when: ({ world }) => world.cdn.pages.length > 0,
  },
  {
    path: "waiting-room.capacity",
    label: "Room in the shop",
    least: 1,
    when: ({ world }) => (world.waitingRoom?.capacity ?? null) !== null,
  },
  {
    path: "waiting-room.rate",
    label: "Let in per time",
    when: ({ world }) => (world.waitingRoom?.rate ?? null) !== null,
  },
  { path: "waiting-room.patience", label: "Patience waiting", when: hasRoom },
  { path: "payments.policy.time-limit", label: "Payment time limit" },
  { path: "payments.policy.attempts", label: "Payment attempts", least: 1, reaches: 6 },
  { path: "sellers.*.stock.units", label: "Stock" },
  { path: "sellers.*.limit-per-shopper", label: "Limit per shopper", least: 1, reaches: 10 },
  { path: "sellers.*.hold-for", label: "Hold of a cart" },
  { path: "promotions.offers.*.discount", label: "Discount" },
];

export interface LeverInput {
  readonly text: string;
  readonly path: string;
  readonly sets: readonly string[];
  readonly plan: PlanSpec;
}

/** Where the scenario cannot be read there is none. */
export class LeverBoard {
  readonly levers: readonly Lever[];
  readonly #form: Form;

  constructor({ text, path, sets, plan }: LeverInput) {
    const form = planForm({ text, path, sets }, plan.name);
    this.#form = Array.isArray(form) ? {} : form;
    this.levers = RULES.filter(({ when }) => when?.(plan) ?? true).flatMap((rule) =>
      placesOf(rule.path, this.#form).flatMap(({ at, of }) => {
        const label = of === "" ? rule.label : `${rule.label} · ${of}`;
        return this.#lever(at, { ...rule, label }) ?? [];
      }),
    );
  }

  /** A lever for any number of the scenario; null where there is none at the path. */
  leverAt(written: string): Lever | null {
    const path = stepsOf(written);
    const known = this.levers.find((lever) => lever.path === path.join("."));
    return known ?? this.#lever(path, { path: written, label: path.slice(-2).join(" ") });
  }

  /** Paths of every number of the plan that can be moved, those of the levers among them. */
  get paths(): readonly string[] {
    return numbersIn(this.#form, [])
      .filter((path) => this.#lever(path, { path: "", label: "" }) !== null)
      .map((path) => path.join("."));
  }

  #lever(section: Path, rule: LeverRule): Lever | null {
    const path = withinDistribution(section, this.#form);
    const written = valueAt(this.#form, path);
    const place = kindAt(SCHEMA, path, written);
    const base = place?.kind.read(written) ?? null;
    if (place === null || base === null) return null;
    const { kind, about } = place;
    const step = stepFor(kind, base);
    const least = rule.least ?? 0;
    const reach = Math.max(rule.reaches ?? 0, base * REACH, step * STEPS_MIN);
    const most = kind.most === null ? roundUp(reach, step) : kind.most;
    return { path: path.join("."), label: rule.label, about, kind, base, least, most, step };
  }
}

const SCHEMA = JSON.parse(scenarioJsonSchema()) as Form;

/** A slider reaches to so many times what the plan has, and has at least so many steps. */
const REACH = 3;
const STEPS_MIN = 10;

function roundUp(value: number, step: number): number {
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
}

function stepsOf(written: string): Path {
  return written
    .trim()
    .split(".")
    .map((step) => (/^\d{1,4}$/u.test(step) ? Number(step) : step));
}

/** The paths that a rule with `*` stands for, each with the name of what it is of. */
function placesOf(rule: string, form: Form): readonly { readonly at: Path; readonly of: string }[] {
  const [before = "", after] = rule.split(".*.");
  if (after === undefined) return [{ at: stepsOf(rule), of: "" }];
  const list = valueAt(form, stepsOf(before));
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown, place) => ({
    at: [...stepsOf(before), place, ...stepsOf(after)],
    of: list.length > 1 && isForm(item) ? String(item.name ?? item.code ?? place + 1) : "",
  }));
}

/** A distribution is moved by its median, its mean or its constant. */
function withinDistribution(path: Path, form: Form): Path {
  const section = valueAt(form, path);
  if (!isForm(section) || !isDistribution(section)) return path;
  const [kind = ""] = Object.keys(section);
  const parameters = section[kind];
  if (!isForm(parameters)) return [...path, kind];
  return [...path, kind, "mean" in parameters ? "mean" : "median"];
}

function numbersIn(value: unknown, path: Path): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((one, place) => numbersIn(one, [...path, place]));
  if (isForm(value)) {
    return Object.entries(value).flatMap(([key, one]) => numbersIn(one, [...path, key]));
  }
  return typeof value === "string" || typeof value === "number" ? [path] : [];
}

/** The value so many steps further, within the lever's bounds and on its steps. */
export function moved(lever: Lever, value: number, steps: number): number {
  const { kind, least, most, step } = lever;
  const upper = kind.most ?? Math.max(most, value);
  const next = Math.max(least, Math.min(upper, value + steps * step));
  const onStep = Math.round(next / step) * step;
  const inside = next === least || next === upper || steps === 0;
  const rounded = inside ? next : Math.max(least, Math.min(upper, onStep));
  return Number(rounded.toPrecision(12));
}

/** `path=value`, as `--what-if` takes it. */
export function changeOf({ path, kind }: Lever, value: number): string {
  return `${path}=${kind.write(value)}`;
}
