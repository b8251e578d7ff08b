/** A result as Markdown, for files, pull requests and the page of a GitHub job. */
import type { CheckResult, GoldenDifference } from "../../twin/experiments/golden.ts";
import type { RunResult } from "../../twin/result.ts";
import { changeText, differenceFigures } from "./check-text.ts";
import { expectationRows, figureTable, headline, meaningOf } from "./findings.ts";

export function markdownReport(result: RunResult): string {
  const { heads, rows } = figureTable(result);
  const expectations = expectationRows(result);
  return [
    `## ${escaped(headline(result))}`,
    "",
    "Figures are simulated; ± is the half-width of the 95 % interval over seeds.",
    "",
    ...table(heads, rows),
    "",
    "### What it means",
    "",
    ...meaningOf(result).map((sentence) => `- ${escaped(sentence)}`),
    "",
    ...(expectations.length === 0 ? [] : ["### Expectations", "", ...expectationTable(result), ""]),
    ...(result.broken.length === 0
      ? []
      : ["### Broken invariants", "", ...brokenTable(result), ""]),
    "### To see it again",
    "",
    "```sh",
    result.repeat,
    "```",
    "",
    ...Object.entries(result.plans).map(
      ([plan, { digest }]) =>
        `- digest of ${escaped(plan)}: ${digest.map((one) => `\`${one}\``).join(" ")}`,
    ),
    "",
    `Rehearse ${result.version}, exit code ${result.exit.code}: ${escaped(result.exit.reason)}.`,
    "",
  ].join("\n");
}

function expectationTable(result: RunResult): readonly string[] {
  const rows = expectationRows(result).map(({ met, plan, expect, why }) => [
    met === null ? "not judged" : met ? "✅ met" : "❌ missed",
    plan,
    expect,
    why,
  ]);
  return table(["", "plan", "expectation", "found"], rows);
}

function brokenTable(result: RunResult): readonly string[] {
  const rows = result.broken.map(({ id, plan, seed, what }) => [id, plan, seed, what]);
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
    `Repeat with \`${result.repeat}\`.`,
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
  return text.replace(/[\\`*_<>|[\]#]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
