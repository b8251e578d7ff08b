/** The outcome of `check` as text, and how a difference from a golden is said. */
import type { CheckResult, GoldenCheck, GoldenDifference } from "../../twin/experiments/golden.ts";
import { type Palette, paletteOf } from "./palette.ts";
import { percentText } from "./quantity.ts";
import { tableLines } from "./terminal.ts";

/** Differences that one golden lists on a terminal; the JSON has all. */
const DIFFERENCES_MAX = 25;

export function checkReport(result: CheckResult, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  return [
    ...result.checks.flatMap((check) => checkLines(check, paint)),
    "",
    result.exit.reason,
    `repeat  ${result.repeat}`,
    "",
  ].join("\n");
}

function checkLines(check: GoldenCheck, paint: Palette): readonly string[] {
  const sound = check.status === "same" || check.status === "updated";
  const mark = sound ? paint.good(check.status) : paint.bad(check.status.toUpperCase());
  const head = `${mark}  ${paint.bold(check.name)}  ${check.reason}`;
  if (check.differences.length === 0) return [head];
  const shown = check.differences.slice(0, DIFFERENCES_MAX);
  const rows = shown.map((difference) => {
    const { golden, now } = differenceFigures(difference);
    const where =
      difference.plan === "" ? difference.what : `${difference.plan}: ${difference.what}`;
    return [where, golden, now, changeText(difference)];
  });
  const more = check.differences.length - shown.length;
  return [
    head,
    ...tableLines({ heads: ["", "golden", "now", "change"], rows }, paint).map(
      (line) => `  ${line}`,
    ),
    ...(more > 0 ? [`  … and ${more} more differences`] : []),
  ];
}

export function differenceFigures({ golden, now }: GoldenDifference): {
  readonly golden: string;
  readonly now: string;
} {
  return { golden: golden === null ? "-" : String(golden), now: now === null ? "-" : String(now) };
}

export function changeText({ change }: GoldenDifference): string {
  return change === null ? "" : `${change > 0 ? "+" : ""}${percentText(change)}`;
}
