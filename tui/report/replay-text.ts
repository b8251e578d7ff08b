/** A replay as text for a terminal and as Markdown: the same rows and sentences in both. */

import { METRICS } from "../../twin/metrics.ts";
import type { FigureGoal } from "../../twin/replay/agreement.ts";
import type { ReplayFigure, ReplaySeries } from "../../twin/replay/replay-figures.ts";
import type { ReplayResult } from "../../twin/replay/replay-result.ts";
import type { Estimate } from "../../twin/result.ts";
import type { FigureTable } from "./findings.ts";
import { escaped, table } from "./markdown.ts";
import { type Palette, paletteOf } from "./palette.ts";
import { durationText, figureText, percentText, plainNumber } from "./quantity.ts";
import { tableLines } from "./terminal.ts";

export function replayText(result: ReplayResult, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  return [
    paint.bold(headline(result)),
    paint.dim(aboutOf(result)),
    "",
    ...tableLines(figureTable(result), paint),
    "",
    ...seriesLines(result, paint),
    ...meaningOf(result).map((sentence) => `  ${sentence}`),
    "",
    paint.dim(`digest  ${result.digest.join(" ")}`),
    `repeat  ${result.repeat}`,
    "",
  ].join("\n");
}

/** Of published figures there is no series. */
function seriesLines(result: ReplayResult, paint: Palette): readonly string[] {
  if (Object.keys(result.series).length === 0) return [];
  return [...tableLines(agreementTable(result), paint), "", ...coursesOf(result), ""];
}

export function replayMarkdown(result: ReplayResult): string {
  const figures = figureTable(result);
  const agreement = agreementTable(result);
  return [
    `## ${escaped(headline(result))}`,
    "",
    `${escaped(aboutOf(result))}.`,
    "",
    ...table(figures.heads, figures.rows),
    "",
    ...(agreement.rows.length === 0 ? [] : [...table(agreement.heads, agreement.rows), ""]),
    ...meaningOf(result).map((sentence) => `- ${escaped(sentence)}`),
    "",
    "```sh",
    result.repeat,
    "```",
    "",
    `Rehearse ${result.version}, exit code ${result.exit.code}: ${escaped(result.exit.reason)}.`,
    "",
  ].join("\n");
}

export function headline({ recording, process, basis, seeds, visits }: ReplayResult): string {
  const times = seeds.length === 1 ? "1 seed" : `${seeds.length} seeds`;
  if (basis === "targets") return `${recording}: published figures beside rehearsals, ${times}`;
  const what = process === "recorded" ? "its own arrivals" : "arrivals drawn from what was fitted";
  return `${recording}: replayed with ${what}, ${plainNumber(visits, 0)} visits, ${times}`;
}

const BASES: Readonly<Record<ReplayResult["basis"], string>> = {
  orders: "each visit buys what a recorded order was worth",
  requests: "each visit is one that the web server's log shows, and behaves as the scenario says",
  targets: "published figures; a scenario says who comes",
  counts: "visits stand at even distances within each counted interval",
};

export function aboutOf({ basis, from, lasts, share }: ReplayResult): string {
  const of = basis === "targets" ? "of the world" : "of the shoppers, by their hash";
  const part = share < 1 ? `; ${percentText(share)} ${of}` : "";
  const when = `${from.replace("T", " ").replace(".000Z", " UTC")}, ${durationText(lasts)}`;
  return `from ${when}; ${BASES[basis]}${part}`;
}

export function figureTable(result: ReplayResult): FigureTable {
  const changed = result.changes.length > 0;
  const heads = ["", "recorded", "simulated", "difference", "goal", "mark"];
  const text = (metric: string, value: number) => valueText(metric, value, result.currency);
  const estimate = (metric: string, { mean, low, high, n }: Estimate) => {
    if (n === 0) return "–";
    const half = (high - low) / 2;
    return half > 0 ? `${text(metric, mean)} ± ${text(metric, half)}` : text(metric, mean);
  };
  const rows = result.figures.map((figure) => [
    figure.metric,
    Number.isFinite(figure.recorded) ? text(figure.metric, figure.recorded) : "–",
    estimate(figure.metric, figure.simulated),
    differenceText(figure),
    figure.goal === null ? "–" : goalText(figure.goal),
    markText(figure),
    ...(figure.changed === null ? [] : [estimate(figure.metric, figure.changed)]),
  ]);
  return { heads: changed ? [...heads, "changed"] : heads, rows };
}

const KNOWN = new Set(METRICS.map(({ name }) => name));

function valueText(metric: string, value: number, currency: string): string {
  if (KNOWN.has(metric)) return figureText(metric, value, { currency });
  if (metric === "buyers.single" || metric === "orders.halfAt") return percentText(value);
  return plainNumber(value, Math.abs(value) < 100 ? 2 : 1);
}

function differenceText({ difference, goal }: ReplayFigure): string {
  if (difference === null || goal === null) return "–";
  const sign = difference > 0 ? "+" : "";
  const points = `${plainNumber(difference * 100, 2)} ${goal.relative ? "%" : "points"}`;
  return `${sign}${points}`;
}

function goalText({ off, relative }: FigureGoal): string {
  return `± ${plainNumber(off * 100, 1)} ${relative ? "%" : "points"}`;
}

function markText({ mark, met, byChance }: ReplayFigure): string {
  if (met === null) return "–";
  const word = byChance ? "chance" : met ? "met" : "MISSED";
  return mark === null ? word : `${mark.toFixed(2)} ${word}`;
}

function agreementTable({ series, every }: ReplayResult): FigureTable {
  const interval = durationText(every);
  return {
    heads: [`per ${interval}`, "MAPE", "weighted", "by chance", "bias", "KS", "mark"],
    rows: Object.entries(series).map(([name, { agreement }]) => [
      name,
      percentText(agreement.mape),
      percentText(agreement.wape),
      percentText(agreement.wapeOfChance),
      percentText(agreement.bias),
      agreement.distance.toFixed(3),
      agreement.mark.toFixed(2),
    ]),
  };
}

const BLOCKS = "▁▂▃▄▅▆▇█";
const COLUMNS = 72;

/** Recorded above simulated, drawn to one height. */
function coursesOf({ series }: ReplayResult): readonly string[] {
  const [first] = Object.values(series);
  if (first === undefined) return [];
  const lines: (readonly [string, readonly number[]])[] = [
    ["recorded ", first.recorded],
    ["simulated", first.simulated],
    ...changedLine(first),
  ];
  const drawn = lines.map(([name, values]) => [name, columnsOf(values)] as const);
  const most = Math.max(...drawn.flatMap(([, values]) => values));
  return drawn.map(([name, values]) => {
    const cells = values.map((value) => {
      const level = most === 0 ? 0 : Math.round((value / most) * (BLOCKS.length - 1));
      return BLOCKS[level] ?? "";
    });
    return `  ${name}  ${cells.join("")}`;
  });
}

function changedLine({ changed }: ReplaySeries): (readonly [string, readonly number[]])[] {
  return changed === null ? [] : [["changed  ", changed]];
}

/** Means of as many neighbours as make a line of cells. */
function columnsOf(values: readonly number[]): readonly number[] {
  const each = Math.max(1, values.length / COLUMNS);
  const columns: number[] = [];
  for (let from = 0; from < values.length - 1e-9; from += each) {
    const cut = values.slice(
      Math.floor(from),
      Math.max(Math.floor(from) + 1, Math.floor(from + each)),
    );
    columns.push(cut.reduce((sum, value) => sum + value, 0) / cut.length);
  }
  return columns;
}

export function meaningOf(result: ReplayResult): readonly string[] {
  const { figures, mark, exit, broken } = result;
  const met = figures.filter((figure) => figure.met === true).length;
  const judged = figures.filter((figure) => figure.met !== null).length;
  return [
    `Mark ${mark.toFixed(2)} of 1; ${met} of ${judged} figures within their goals.`,
    ...(broken.length === 0
      ? ["Every invariant of the store held."]
      : [`${broken.length} invariants of the store did NOT hold: ${exit.reason}.`]),
    ...changeMeaning(result),
  ];
}

function changeMeaning({ changes, figures, currency }: ReplayResult): readonly string[] {
  if (changes.length === 0) return [];
  const said = figures.flatMap(({ metric, simulated, changed }) => {
    if (changed === null || (metric !== "orders" && metric !== "revenue")) return [];
    if (changed.n === 0 || simulated.n === 0) return [];
    const difference = changed.mean - simulated.mean;
    const sign = difference >= 0 ? "+" : "";
    return `${metric} ${sign}${valueText(metric, difference, currency)}`;
  });
  return [`With ${changes.join(", ")}: ${said.join(", ")}.`];
}
