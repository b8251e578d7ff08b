/**
 * What a store's own JSON says of its sale and of its alerts, held against what it should be:
 * whatever is missing or of another kind is left out, and words are made fit for a terminal.
 */
import type { Severity } from "../theme/severity.ts";
import { foreignText } from "./foreign-text.ts";

export interface SaleFacts {
  readonly name: string;
  readonly phase: string;
  /** When some shoppers are let in, then all, then nobody any more; milliseconds since 1970. */
  readonly earlyAccessAt: number;
  readonly publicAt: number;
  readonly closesAt: number;
  /** How far the store's clock is ahead of ours, milliseconds. */
  readonly clockAheadMillis: number;
}

export interface FiringAlert {
  readonly name: string;
  readonly severity: Severity;
  /** Milliseconds since 1970; null where only another worker of the store knows it. */
  readonly since: number | null;
  readonly value: number | null;
  readonly unit: string;
  readonly threshold: number | null;
  readonly why: string;
  readonly about: string;
  readonly todo: string;
}

export interface RuleStanding {
  readonly name: string;
  readonly unit: string;
  /** From here on it fires. */
  readonly threshold: number;
}

const ALERTS_MAX = 100;
/** In the year 2286. */
export const TIME_MAX = 1e13;

type Fields = Readonly<Record<string, unknown>>;

/** Null where it is not what a store says of its sale. */
export function saleFactsOf(body: unknown, at: number): SaleFacts | null {
  const { name, phase, earlyAccessAt, publicAt, closesAt, now } = fieldsOf(body);
  const times = [earlyAccessAt, publicAt, closesAt, now].map(timeOf);
  const [early, open, end, clock] = times;
  if (typeof name !== "string" || typeof phase !== "string") return null;
  if (early == null || open == null || end == null || clock == null) return null;
  return {
    name: foreignText(name),
    phase: foreignText(phase),
    earlyAccessAt: early,
    publicAt: open,
    closesAt: end,
    clockAheadMillis: clock - at,
  };
}

export interface AlertAnswer {
  readonly firing: readonly FiringAlert[];
  readonly rules: readonly RuleStanding[];
}

export function alertAnswerOf(body: unknown): AlertAnswer {
  const { firing, rules } = fieldsOf(body);
  return {
    firing: listOf(firing).flatMap((one) => alertOf(one) ?? []),
    rules: listOf(rules).flatMap((one) => ruleOf(one) ?? []),
  };
}

/** The store's `page` wakes somebody up; its `ticket` can wait until the morning. */
export function severityOf(word: unknown): Severity {
  return word === "page" ? "critical" : "warning";
}

/**
 * What `/metrics` says fires on any worker, with the words of the worker that was asked for its
 * alerts where it has them.
 */
export function alertsOfAll(
  answer: AlertAnswer,
  ofMetrics: readonly { readonly name: string; readonly severity: string }[],
): readonly FiringAlert[] {
  const known = new Set(answer.firing.map(({ name }) => name));
  const others = ofMetrics.filter(({ name }) => !known.has(foreignText(name)));
  return [...answer.firing, ...others.slice(0, ALERTS_MAX).map(unexplained)];
}

function unexplained({ name, severity }: { readonly name: string; readonly severity: string }) {
  return {
    name: foreignText(name),
    severity: severityOf(severity),
    since: null,
    value: null,
    unit: "",
    threshold: null,
    why: "",
    about: "",
    todo: "",
  };
}

function alertOf(one: unknown): FiringAlert | null {
  const { name, severity, since, value, unit, threshold, why, about, todo } = fieldsOf(one);
  if (typeof name !== "string" || name === "") return null;
  return {
    name: foreignText(name),
    severity: severityOf(severity),
    since: timeOf(since),
    value: numberOf(value),
    unit: foreignText(unit),
    threshold: numberOf(threshold),
    why: foreignText(why),
    about: foreignText(about),
    todo: foreignText(todo),
  };
}

function ruleOf(one: unknown): RuleStanding | null {
  const { name, unit, threshold } = fieldsOf(one);
  const bound = numberOf(threshold);
  if (typeof name !== "string" || bound === null) return null;
  return { name: foreignText(name), unit: foreignText(unit), threshold: bound };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, ALERTS_MAX) : [];
}

/** Milliseconds since 1970; what no sale could have is no time. */
function timeOf(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= TIME_MAX ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
