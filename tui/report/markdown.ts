/** A result as Markdown, for files, pull requests and the page of a GitHub job. */
import type { CheckResult, GoldenDifference } from "../../twin/experiments/golden.ts";
import type { RunResult } from "../../twin/result.ts";
import { changeText, differenceFigures } from "./check-text.ts";
import { expectationRows, figureTable, headline, meaningOf } from "./findings.ts";
import { sparklines } from "./sparkline.ts";
import { VERDICT_SIGNS, verdictOf } from "./verdict.ts";

export function markdownReport(result: RunResult): string {
  const { heads, rows } = figureTable(result);
  const courses = sparklines(result);
  return [
    `## ${escaped(headline(result))}`,
    "",
    ...verdictLines(result),
    ...(result.expectations.length === 0
      ? []
      : ["### Expectations", "", ...expectationTable(result), ""]),
    ...(result.broken.length === 0
      ? []
      : ["### Broken invariants", "", ...brokenTable(result), ""]),
    ...(courses.length === 0 ? [] : ["### What happened", "", ...fenced("text", courses), ""]),
    "### The figures",
    "",
    "Figures are simulated; ± is the half-width of the 95 % interval over seeds.",
    "",
    ...table(heads, rows),
    "",
    "### What it means",
    "",
    ...meaningOf(result).map((sentence) => `- ${escaped(sentence)}`),
    "",
    "### To see it again",
    "",
    ...fenced("sh", [result.repeat]),
    "",
    ...digestLines(result),
    "",
    `Rehearse ${escaped(result.version)}, exit code ${result.exit.code}: ${escaped(result.exit.reason)}.`,
    "",
  ].join("\n");
}

function verdictLines(result: RunResult): readonly string[] {
  const { state, title, sentences } = verdictOf(result);
  const lines = [`**${VERDICT_SIGNS[state]} ${escaped(title)}**`, ...sentences.map(escaped)];
  return lines.flatMap((line) => [line, ""]);
}

/** A block of code that nothing in it can end. */
function fenced(language: string, lines: readonly string[]): readonly string[] {
  const text = lines.join("\n");
  const runs = (text.match(/`+/gu) ?? []).map((run) => run.length);
  const fence = "`".repeat(runs.reduce((most, length) => Math.max(most, length + 1), 3));
  return [fence + language, text, fence];
}

/** Seeds of a plan whose digests a report lists; the JSON has all. */
const DIGESTS_MAX = 20;

function digestLines({ plans }: RunResult): readonly string[] {
  return Object.entries(plans).map(([plan, { digest }]) => {
    const shown = digest.slice(0, DIGESTS_MAX).map((one) => `\`${one.replaceAll("`", "")}\``);
    const more = digest.length - shown.length;
    return `- digest of ${escaped(plan)}: ${shown.join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
  });
}

/** Rows of one table; the JSON has all. */
const ROWS_MAX = 100;

function expectationTable(result: RunResult): readonly string[] {
  const rows = expectationRows(result)
    .slice(0, ROWS_MAX)
    .map(({ met, plan, expect, why }) => [
      met === null ? "not judged" : met ? "✅ met" : "❌ missed",
      plan,
      expect,
      why,
    ]);
  return table(["", "plan", "expectation", "found"], rows);
}

function brokenTable(result: RunResult): readonly string[] {
  const rows = result.broken
    .slice(0, ROWS_MAX)
    .map(({ id, plan, seed, what }) => [id, plan, seed, what]);
  return table(["invariant", "plan", "seed", "what"], rows);
}

export function markdownCheck(result: CheckResult): string {
  const rows = result.checks.map(({ name, status, reason }) => [
    status === "same" || status === "updated" ? `✅ ${status}` : `❌ ${status}`,
    name,
    reason,
  ]);
  return [
    `## Goldens: ${escaped(result.exit.reason)}`,
    "",
    ...table(["", "golden", ""], rows),
    "",
    ...result.checks.flatMap(({ name, differences }) =>
      differences.length === 0
        ? []
        : [
            `### ${escaped(name)}`,
            "",
            ...table(DIFFERENCE_HEADS, differences.map(differenceRow)),
            "",
          ],
    ),
    "### To see it again",
    "",
    ...fenced("sh", [result.repeat]),
    "",
  ].join("\n");
}

const DIFFERENCE_HEADS = ["plan", "figure", "golden", "now", "change"];

function differenceRow(difference: GoldenDifference): readonly string[] {
  const { golden, now } = differenceFigures(difference);
  return [difference.plan, difference.what, golden, now, changeText(difference)];
}

export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = `|${heads.map((_, column) => (column === 0 ? " :-- |" : " --: |")).join("")}`;
  return [line(heads), rule, ...rows.map(line)];
}

/** What Markdown would read as its own, a scenario's names included. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_<>|[\]#~&]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
