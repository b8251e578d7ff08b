/**
 * What a value of a scenario is, by the scenario's own schema, and how it is read and written: as a
 * number for a slider, and as `--set` takes it. A kind is told by which spelling its schema takes.
 */
import { MINUTE, SECOND } from "../../engine/time.ts";
import type { Form } from "../../twin/scenario/defaults.ts";
import { isForm } from "../../twin/scenario/overrides.ts";
import type { Path } from "../../twin/scenario/problem.ts";
import {
  parseCount,
  parseDuration,
  parseFactor,
  parseShare,
  writeDuration,
} from "../../twin/scenario/units.ts";
import { plainNumber } from "../report/quantity.ts";

export interface LeverKind {
  /** Null where the text is none of this kind. */
  read(written: unknown): number | null;
  /** As `--set` takes it. */
  write(value: number): string;
  /** As people read it. */
  show(value: number): string;
  /** The step where the value is nothing, from which none follows. */
  readonly leastStep: number;
  /** Whether only multiples of the least step are values. */
  readonly whole: boolean;
  /** No value lies above; null where there is no such bound. */
  readonly most: number | null;
}

const tidy = (value: number) => Number(value.toPrecision(9));

const COUNT: LeverKind = {
  read: (written) => numberOf(written, parseCount),
  write: (value) => String(Math.round(value)),
  show: (value) => plainNumber(Math.round(value), 0),
  leastStep: 1,
  whole: true,
  most: null,
};

const DURATION: LeverKind = {
  read: (written) => numberOf(written, parseDuration),
  write: (value) => writeDuration(Math.round(value)),
  show: (value) => writeDuration(Math.round(value)),
  leastStep: MINUTE,
  whole: false,
  most: null,
};

const SHARE: LeverKind = {
  read: (written) => numberOf(written, parseShare),
  write: (value) => `${tidy(value * 100)}%`,
  show: (value) => `${tidy(value * 100)} %`,
  leastStep: 0.01,
  whole: false,
  most: 1,
};

const FACTOR: LeverKind = {
  read: (written) => numberOf(written, parseFactor),
  write: (value) => String(tidy(value)),
  show: (value) => String(tidy(value)),
  leastStep: 0.1,
  whole: false,
  most: null,
};

/** So many per unit of time, in the unit in which the scenario writes it. */
function rateKind(unit: string): LeverKind {
  return {
    read: (written) => {
      const [count = "", per] = String(written).split("/");
      if (written === 0 || written === "0") return 0;
      if (per?.trim() !== unit) return null;
      const found = /^([\d._]+)\s*([kMB]?)$/u.exec(count.trim());
      return found === null ? null : Number(found[1]?.replaceAll("_", "")) * multiple(found[2]);
    },
    write: (value) => `${tidy(value)}/${unit}`,
    show: (value) => `${value < 1_000 ? tidy(value) : plainNumber(Math.round(value), 0)}/${unit}`,
    leastStep: 1,
    whole: false,
    most: null,
  };
}

function multiple(letter: string | undefined): number {
  return letter === "k" ? 1e3 : letter === "M" ? 1e6 : letter === "B" ? 1e9 : 1;
}

/** One of a few words, by its place among them. */
function choiceKind(words: readonly string[]): LeverKind {
  return {
    read: (written) => {
      const place = words.indexOf(String(written));
      return place < 0 ? null : place;
    },
    write: (value) => words[Math.round(value)] ?? words[0] ?? "",
    show: (value) => words[Math.round(value)] ?? words[0] ?? "",
    leastStep: 1,
    whole: true,
    most: words.length - 1,
  };
}

type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false };

function numberOf(written: unknown, parse: (written: string | number) => Parsed): number | null {
  if (typeof written !== "string" && typeof written !== "number") return null;
  const parsed = parse(written);
  return parsed.ok ? parsed.value : null;
}

export interface SchemaPlace {
  readonly kind: LeverKind;
  /** What the scenario's schema says of it. */
  readonly about: string;
}

/** Of a value at a path from a plan's view; null where it is none that a slider moves. */
export function kindAt(schema: Form, path: Path, written: unknown): SchemaPlace | null {
  const node = nodeAt(schema, path);
  if (node === null) return null;
  const about = typeof node.description === "string" ? node.description : "";
  if (Array.isArray(node.enum)) return { kind: choiceKind(node.enum.map(String)), about };
  const patterns = patternsOf(node);
  const takes = (example: string) => patterns.some((one) => new RegExp(one, "u").test(example));
  const unit = /\/\s*(ms|s|min|h|d)$/u.exec(String(written))?.[1];
  if (takes("5/s")) return { kind: rateKind(unit ?? "s"), about };
  if (takes("5min")) return takes("+5min") ? null : { kind: DURATION, about };
  if (takes("5%")) return takes("$5") ? null : { kind: SHARE, about };
  if (takes("5k")) return takes("$5") ? null : { kind: COUNT, about };
  return takes("0.5") ? { kind: FACTOR, about } : null;
}

function patternsOf(node: Form): readonly string[] {
  const own = typeof node.pattern === "string" ? [node.pattern] : [];
  const choices = Array.isArray(node.anyOf) ? node.anyOf.filter(isForm) : [];
  return [...own, ...choices.flatMap(patternsOf)];
}

/** The place of the schema that describes a path; a launch stands in the plans. */
function nodeAt(schema: Form, path: Path): Form | null {
  const properties = isForm(schema.properties) ? schema.properties : {};
  const plans = isForm(properties.plans) ? properties.plans.additionalProperties : null;
  let here: unknown = path[0] === "launch" ? plans : schema;
  for (const step of path) here = below(schema, here, step);
  return isForm(here) ? here : null;
}

function below(schema: Form, node: unknown, step: string | number): unknown {
  if (!isForm(node)) return null;
  if (typeof step === "number") return node.items ?? null;
  if (isForm(node.properties) && step in node.properties) return node.properties[step];
  const others = [node.anyOf, node.allOf].flatMap((one) => (Array.isArray(one) ? one : []));
  const referred = typeof node.$ref === "string" ? definition(schema, node.$ref) : null;
  for (const other of [referred, ...others]) {
    const found = below(schema, other, step);
    if (found !== null && found !== undefined) return found;
  }
  return null;
}

function definition(schema: Form, reference: string): unknown {
  const name = reference.replace("#/$defs/", "");
  return isForm(schema.$defs) ? schema.$defs[name] : null;
}

/** A round step of about a tenth of a value, on a clock's face where it is a time. */
export function stepFor(kind: LeverKind, value: number): number {
  if (kind === DURATION) return durationStep(value);
  if (!(value > 0)) return kind.leastStep;
  const step = roundFigure(value / 10);
  return kind.whole ? Math.max(kind.leastStep, step) : step;
}

const CLOCK_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((millis) => (millis * SECOND) / 1_000),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 360].map((minutes) => minutes * MINUTE),
];

function durationStep(value: number): number {
  if (value === 0) return MINUTE;
  return CLOCK_STEPS.findLast((step) => step <= value / 7) ?? CLOCK_STEPS[0] ?? 1;
}

/** 1, 2 or 5 times a power of ten, not above the value. */
function roundFigure(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const figure = [5, 2, 1].find((one) => one * power <= value * (1 + 1e-9)) ?? 1;
  return tidy(figure * power);
}
