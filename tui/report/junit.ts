/**
 * Results as JUnit XML, which CI systems show as tests: one case per expectation, per rehearsal's
 * invariants, or per golden. No times are written: the bytes are the same for the same result.
 */
import type { CheckResult, GoldenCheck } from "../../twin/experiments/golden.ts";
import type { RunResult } from "../../twin/result.ts";
import { changeText, differenceFigures } from "./check-text.ts";

interface TestCase {
  readonly suite: string;
  readonly name: string;
  /** Null where it passed. */
  readonly failure: string | null;
  /** Why it was not judged, where it was not. */
  readonly skipped?: string | undefined;
}

export function junitReport(result: RunResult): string {
  const expectations = result.expectations.map(({ plan, metric, expect, met, why }) => ({
    suite: `${result.scenario}.${plan}`,
    name: `${metric} ${expect}`,
    failure: met === false ? why || `expected ${expect}` : null,
    skipped: met === null ? why : undefined,
  }));
  const invariants = Object.entries(result.plans).flatMap(([plan, { seeds }]) =>
    seeds.map((seed) => ({
      suite: `${result.scenario}.${plan}`,
      name: `invariants hold, seed ${seed}`,
      failure: brokenText(result, plan, seed),
    })),
  );
  const finished = {
    suite: result.scenario,
    name: "every rehearsal finished",
    failure: result.partial || !JUDGED.has(result.exit.code) ? result.exit.reason : null,
  };
  const cases = [finished, ...expectations, ...invariants, ...brokenElsewhere(result)];
  return junit(`rehearse ${result.verb}`, cases);
}

/** Ends that the other cases say: all is met, or something was missed. */
const JUDGED: ReadonlySet<number> = new Set([0, 1]);

/** Invariants broken in a rehearsal that has no case of its own, for it did not finish. */
function brokenElsewhere({ scenario, plans, broken }: RunResult): readonly TestCase[] {
  return broken
    .filter(({ plan, seed }) => !Object.hasOwn(plans, plan) || !plans[plan]?.seeds.includes(seed))
    .map(({ plan, seed, id, what }) => ({
      suite: `${scenario}.${plan}`,
      name: `invariant ${id} holds, seed ${seed}`,
      failure: `${id}: ${what}`,
    }));
}

function brokenText(result: RunResult, plan: string, seed: string): string | null {
  const broken = result.broken.filter((one) => one.plan === plan && one.seed === seed);
  return broken.length === 0 ? null : broken.map(({ id, what }) => `${id}: ${what}`).join("\n");
}

export function junitCheck(result: CheckResult): string {
  return junit(
    "rehearse check",
    result.checks.map((check) => ({
      suite: "goldens",
      name: check.name,
      failure: check.status === "same" || check.status === "updated" ? null : checkFailure(check),
    })),
  );
}

function checkFailure({ status, reason, differences }: GoldenCheck): string {
  const lines = differences.map((difference) => {
    const { golden, now } = differenceFigures(difference);
    return `${difference.plan} ${difference.what}: golden ${golden}, now ${now} ${changeText(difference)}`.trim();
  });
  return [`${status}: ${reason}`, ...lines].join("\n");
}

function junit(name: string, cases: readonly TestCase[]): string {
  const failures = cases.filter((one) => one.failure !== null).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(name)}" ${counts}>`,
    `  <testsuite name="${attribute(name)}" ${counts}>`,
    ...cases.map(caseLine),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseLine({ suite, name, failure, skipped }: TestCase): string {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  if (skipped !== undefined) return `${open}><skipped message="${attribute(skipped)}"/></testcase>`;
  if (failure === null) return `${open}/>`;
  const [first = ""] = failure.split("\n");
  return `${open}><failure message="${attribute(first)}">${content(failure)}</failure></testcase>`;
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

function content(text: string): string {
  return text
    .replace(CONTROL_CHARACTERS, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** XML 1.0 has no way to write these at all, halves of characters among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;
