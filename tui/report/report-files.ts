/** A result in each form that a file may have: which there are, and the text of one. */
import type { Explanation } from "../../twin/experiments/explain/explanation.ts";
import type { CheckResult } from "../../twin/experiments/golden.ts";
import type { RunResult } from "../../twin/result.ts";
import { csvReport } from "./csv.ts";
import { explanationMarkdown, explanationText } from "./explanation-text.ts";
import { canonicalJson } from "./json.ts";
import { junitCheck, junitReport } from "./junit.ts";
import { markdownCheck, markdownReport } from "./markdown.ts";
import { terminalReport } from "./terminal.ts";
import { cutToBytes } from "./text-cut.ts";

export const RUN_FORMATS = ["json", "html", "md", "csv", "xml"] as const;
/** A check has figures that differ, and nothing to draw. */
export const CHECK_FORMATS = ["json", "md", "xml"] as const;
/** An explanation judges nothing, so it makes no JUnit report. */
export const EXPLANATION_FORMATS = ["json", "md"] as const;

/** What draws charts is loaded where a chart is asked for. */
export async function runFile(
  result: RunResult,
  format: (typeof RUN_FORMATS)[number],
): Promise<string> {
  switch (format) {
    case "json":
      return canonicalJson(result);
    case "html":
      return (await import("./html-report.ts")).htmlReport(result);
    case "md":
      return runMarkdown(result);
    case "csv":
      return csvReport(result);
    case "xml":
      return junitReport(result);
  }
}

/** The report, and why it went so where that was asked for. */
export function runText(result: RunResult, options: { readonly colour: boolean }): string {
  const { explanation } = result;
  const why = explanation === undefined ? [] : ["", explanationText(explanation, options)];
  return [terminalReport(result, options), ...why].join("\n");
}

/** What fits the page of a job, and a comment on a pull request. */
export const MARKDOWN_BYTES_MAX = 60_000;

const CUT = "\n\n(cut: the rest is in the JSON)\n";

export function runMarkdown(result: RunResult): string {
  const { explanation } = result;
  const why = explanation === undefined ? [] : [explanationMarkdown(explanation)];
  return cutToBytes([markdownReport(result), ...why].join("\n"), MARKDOWN_BYTES_MAX, CUT);
}

export function checkFile(result: CheckResult, format: (typeof CHECK_FORMATS)[number]): string {
  switch (format) {
    case "json":
      return canonicalJson(result);
    case "md":
      return markdownCheck(result);
    case "xml":
      return junitCheck(result);
  }
}

export function explanationFile(
  explanation: Explanation,
  format: (typeof EXPLANATION_FORMATS)[number],
): string {
  return format === "json" ? canonicalJson(explanation) : explanationMarkdown(explanation);
}
