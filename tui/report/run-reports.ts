/** The result of a run or a comparison in each form that a file may have. */
import type { RunResult } from "../../twin/result.ts";
import { csvReport } from "./csv.ts";
import { explanationMarkdown, explanationText } from "./explanation-text.ts";
import { canonicalJson } from "./json.ts";
import { junitReport } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { terminalReport } from "./terminal.ts";

export const RUN_FORMATS = ["json", "html", "md", "csv", "xml"] as const;

/** The text of a report file. What draws charts is loaded where a chart is asked for. */
export async function runReport(
  result: RunResult,
  format: (typeof RUN_FORMATS)[number],
): Promise<string> {
  switch (format) {
    case "json":
      return canonicalJson(result);
    case "md":
      return runMarkdown(result);
    case "xml":
      return junitReport(result);
    case "csv":
      return csvReport(result);
    case "html":
      return (await import("./html-report.ts")).htmlReport(result);
  }
}

/** The report, and why it went so where that was asked for. */
export function runText(result: RunResult, options: { readonly colour: boolean }): string {
  const { explanation } = result;
  const why = explanation === undefined ? [] : ["", explanationText(explanation, options)];
  return [terminalReport(result, options), ...why].join("\n");
}

export function runMarkdown(result: RunResult): string {
  const { explanation } = result;
  const why = explanation === undefined ? [] : [explanationMarkdown(explanation)];
  return [markdownReport(result), ...why].join("\n");
}
