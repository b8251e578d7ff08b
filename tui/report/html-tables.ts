/** The tables of an HTML report: goals, key figures, plans against each other, what broke. */
import { METRICS } from "../../twin/metrics.ts";
import type { Comparison, Difference, Estimate, RunResult } from "../../twin/result.ts";
import {
  estimateText,
  figureNames,
  leadingComparison,
  NOT_MEASURED,
  SURE_ENOUGH,
} from "./findings.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import { figureText, sureText } from "./quantity.ts";
import { goalRows, VERDICT_SIGNS } from "./verdict.ts";

const ABOUT = new Map(METRICS.map(({ name, description }) => [name, description]));

/** A table that a narrow screen may scroll; what scrolls can be reached with the keyboard. */
export function scrollTable(label: string, table: Markup): Markup {
  return markup`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** Cells as texts, the first of each row its head. */
export function plainTable(
  label: string,
  heads: readonly Content[],
  rows: readonly (readonly Content[])[],
  kind = "",
): Markup {
  const table = markup`<table class="${kind}"><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map(rowOf)}</tbody></table>`;
  return scrollTable(label, table);
}

function rowOf([head = "", ...cells]: readonly Content[]): Markup {
  return markup`<tr><th scope="row">${head}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`;
}

/** Goals that a page lists, those that were missed first; the JSON has all. */
const GOALS_MAX = 200;

export function goalsTable(result: RunResult): Content {
  const rows = goalRows(result).slice(0, GOALS_MAX);
  if (rows.length === 0)
    return markup`<p class="soft">The scenario sets no goals; its section <code>expect</code> does.</p>`;
  const heads = ["Goal", "Plan", "Value", "Must be", "Margin", "95 % interval"];
  return plainTable(
    "Goals",
    heads,
    rows.map((row) => [
      markup`<span class="${row.state}">${VERDICT_SIGNS[row.state]} ${row.word}</span> ${row.metric}<small>${row.description}</small>`,
      row.plan,
      markup`<strong>${row.value}</strong>`,
      row.goalHere === "" ? row.goal : markup`${row.goal}<small>here ${row.goalHere}</small>`,
      row.margin,
      row.interval,
    ]),
  );
}

/** What stands in cards above the charts. */
const KEY_FIGURES = [
  ["revenue", "Revenue"],
  ["orders", "Orders"],
  ["shoppers.concurrent.peak", "Peak of shoppers at once"],
  ["latency.p95", "p95 latency"],
  ["errors.rate", "Error rate"],
  ["cost", "Cost of servers"],
] as const;

export function keyFigures(result: RunResult): Content {
  const plans = Object.entries(result.plans);
  const cards = KEY_FIGURES.filter(([name]) =>
    plans.some(([, { metrics }]) => name in metrics),
  ).map(
    ([name, title]) =>
      markup`<li><h3>${title}</h3><dl>${plans.map(([plan, { metrics }]) => markup`<dt>${plan}</dt><dd>${valueText(name, metrics[name], result)}</dd>`)}</dl></li>\n`,
  );
  return cards.length === 0 ? null : markup`<ul class="cards">${cards}</ul>`;
}

function valueText(name: string, estimate: Estimate | undefined, result: RunResult): string {
  return estimate === undefined || estimate.n === 0
    ? NOT_MEASURED
    : figureText(name, estimate.mean, result);
}

function metricHead(name: string): Markup {
  return markup`${name}<small>${ABOUT.get(name) ?? ""}</small>`;
}

/** The figures of every plan; of two plans or more the paired differences as well. */
export function figureTables(result: RunResult): Content {
  const comparisons = result.comparisons ?? leadingComparison(result);
  if (comparisons.length === 0) return figuresAlone(result);
  const left = comparisons.length - COMPARISONS_MAX;
  return [
    comparisons.slice(0, COMPARISONS_MAX).map((one) => comparisonTable(one, result)),
    left > 0 ? markup`<p class="soft">and ${left} comparisons more.</p>` : null,
  ];
}

/** Pairs of plans that a page sets side by side; the JSON has all. */
const COMPARISONS_MAX = 7;

function figuresAlone(result: RunResult): Content {
  const plans = Object.entries(result.plans);
  const rows = figureNames(result).map((name) => [
    metricHead(name),
    ...plans.map(([, { metrics }]) => stacked(estimateText(name, metrics[name], result))),
  ]);
  if (rows.length === 0) return null;
  return plainTable("Figures", ["Figure", ...plans.map(([name]) => name)], rows);
}

/** A figure with its half-width under it. */
function stacked(text: string): Content {
  const [value = "", half] = text.split(" ± ");
  return half === undefined ? value : markup`${value}<small>± ${half}</small>`;
}

function comparisonTable({ first, second, differences }: Comparison, result: RunResult): Markup {
  const estimates = (plan: string, name: string) =>
    stacked(estimateText(name, result.plans[plan]?.metrics[name], result));
  const rows = figureNames(result).map((name) => {
    const difference = differences[name];
    const measured = difference !== undefined && difference.n > 0 ? difference : null;
    return [
      metricHead(name),
      estimates(first, name),
      estimates(second, name),
      measured === null ? NOT_MEASURED : differenceText(name, measured, result),
      measured === null ? null : effectSvg(measured),
      measured === null ? NOT_MEASURED : betterWord(measured),
      measured === null || measured.n < 2 ? NOT_MEASURED : sureWord(measured),
    ];
  });
  const heads = [
    "Figure",
    first,
    second,
    markup`${first} − ${second}<small>paired by seed, 95 % interval</small>`,
    markup`Effect<small>against no difference</small>`,
    "Better",
    "Sure to",
  ];
  return markup`<h3>${first} against ${second}</h3>${plainTable(`${first} against ${second}`, heads, rows)}`;
}

function differenceText(
  name: string,
  { mean, low, high, n }: Difference,
  result: RunResult,
): Content {
  const text = (value: number) => figureText(name, value, result);
  if (mean === 0 && low === 0 && high === 0) return "none";
  const value = mean > 0 ? `+${text(mean)}` : text(mean);
  return n < 2 ? value : markup`${value}<small>${text(low)} to ${text(high)}</small>`;
}

/** Who does better; in soft letters where that may be chance. */
function betterWord({ better, n, sure }: Difference): Content {
  if (better === null) return NOT_MEASURED;
  if (n >= 2 && sure >= SURE_ENOUGH) return markup`<strong>${better}</strong>`;
  return markup`<span class="unsure">${better}${n < 2 ? null : markup`<small>may be chance</small>`}</span>`;
}

function sureWord({ mean, sure }: Difference): string {
  return mean === 0 ? NOT_MEASURED : sureText(sure);
}

const EFFECT_WIDTH = 120;

/** The interval of a difference around zero: what does not touch the middle line is no chance. */
function effectSvg({ mean, low, high }: Difference): Content {
  const most = Math.max(Math.abs(low), Math.abs(high), Math.abs(mean));
  if (!Number.isFinite(most) || most === 0) return null;
  const x = (value: number) =>
    Math.round(EFFECT_WIDTH / 2 + (value / most) * (EFFECT_WIDTH / 2 - 6));
  const middle = EFFECT_WIDTH / 2;
  return markup`<svg viewBox="0 0 ${EFFECT_WIDTH} 16" aria-hidden="true"><line class="zero" x1="${middle}" x2="${middle}" y1="0" y2="16"/><line class="whisker" x1="${x(low)}" x2="${x(high)}" y1="8" y2="8"/><circle class="dot" cx="${x(mean)}" cy="8" r="4"/></svg>`;
}

/** Broken invariants that a page names; the JSON has all. */
const BROKEN_MAX = 50;

export function invariantsSection(result: RunResult): Content {
  const rehearsals = Object.values(result.plans).reduce((sum, { seeds }) => sum + seeds.length, 0);
  const { broken } = result;
  if (broken.length === 0)
    return rehearsals === 0
      ? markup`<p>Nothing was audited.</p>`
      : markup`<p><span class="good">${VERDICT_SIGNS.good} held</span> in ${rehearsals === 1 ? "the rehearsal" : `all ${rehearsals} rehearsals`}: no unit oversold, none lost, nobody charged twice, every charge with its order, every hold ended once.</p>`;
  const rows = broken
    .slice(0, BROKEN_MAX)
    .map(({ id, plan, seed, what }) => [
      markup`<span class="bad">${VERDICT_SIGNS.bad} broken</span> ${id}`,
      plan,
      seed,
      what,
    ]);
  return plainTable("Broken invariants", ["Invariant", "Plan", "Seed", "What"], rows, "words");
}
