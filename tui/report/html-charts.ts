/** The charts of an HTML report, each with a legend, a sentence, and the table behind it. */
import type { RunResult } from "../../twin/result.ts";
import { type Clock, clockOf, momentText } from "./axis.ts";
import { type Chart, type ChartSet, chartSetOf, rowsOf } from "./chart-data.ts";
import { chartSvg, PLOT_SHARES } from "./chart-svg.ts";
import { NOT_MEASURED } from "./findings.ts";
import { planClass } from "./html-style.ts";
import { scrollTable } from "./html-tables.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import { plainNumber, unitText } from "./quantity.ts";

/** Plans that the charts draw; each has a colour and a dash of its own. */
export const PLANS_DRAWN_MAX = 6;

export function chartsSection(whole: RunResult): Content {
  const plans = Object.entries(whole.plans);
  const result = { ...whole, plans: Object.fromEntries(plans.slice(0, PLANS_DRAWN_MAX)) };
  const set = chartSetOf(result);
  if (set === null) return markup`<p class="soft">No series was measured.</p>`;
  const clock = clockOf(set.starts);
  return [
    plans.length > PLANS_DRAWN_MAX
      ? markup`<p class="soft">The charts show the first ${PLANS_DRAWN_MAX} of ${plans.length} plans.</p>`
      : null,
    legend(result, set),
    markup`<div class="charts">${set.charts.map((chart, index) => figure(chart, index, set, { clock, currency: result.currency }))}</div>`,
    momentsList(result, set, clock),
  ];
}

function legend(result: RunResult, { marks }: ChartSet): Markup {
  const plans = Object.keys(result.plans).map(
    (plan, index) =>
      markup`<li><svg viewBox="0 0 68 24" aria-hidden="true"><path class="line ${planClass(index)}" d="M0,12H68"/></svg>${plan}</li>`,
  );
  const known = marks.flatMap((one) => (one === null ? [] : [one]));
  const missed = known.some((one) => one.missed.length > 0);
  const faults = known.some((one) => one.faults.length > 0);
  const sold = known.some((one) => one.soldOut !== null);
  const key = (shape: Markup, words: string) =>
    markup`<li><svg viewBox="0 0 68 24" aria-hidden="true">${shape}</svg>${words}</li>`;
  return markup`<ul class="legend">${[
    plans,
    known.length === 0
      ? null
      : key(markup`<path class="batch p0" d="M24,4h16l-8,14z"/>`, "a batch of mails begins"),
    faults ? key(markup`<rect class="fault" width="68" height="24"/>`, "a fault") : null,
    missed
      ? key(markup`<rect class="missed" y="9" width="68" height="6"/>`, "service level missed")
      : null,
    sold
      ? key(
          markup`<path class="sold p0" d="M34,0l10,12l-10,12l-10,-12z"/>`,
          "first article sold out",
        )
      : null,
  ]}</ul>`;
}

interface FigureContext {
  readonly clock: Clock;
  readonly currency: string;
}

function figure(chart: Chart, index: number, set: ChartSet, context: FigureContext): Markup {
  const { clock, currency } = context;
  const text = (value: number) => unitText(chart.unit, value, currency);
  const description = chart.lines.map((one) => peakSentence(one, set.every, clock, text)).join(" ");
  const id = `c${index}`;
  const rows = rowsOf(chart, set).map(
    ({ from, to, values }) =>
      markup`<tr data-from="${from}" data-to="${to}"><th scope="row" class="nowrap">${momentText(from, clock)}</th>${values.map((value) => markup`<td>${Number.isFinite(value) ? text(value) : NOT_MEASURED}</td>`)}</tr>\n`,
  );
  const table = markup`<table><thead><tr><th scope="col">From</th>${chart.lines.map(({ plan }) => markup`<th scope="col">${plan}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  return markup`<figure data-left="${PLOT_SHARES.from}" data-right="${PLOT_SHARES.to}"><h3>${chart.title}</h3><figcaption>${description}</figcaption>${chartSvg(chart, set, { id, description, currency })}<p class="readout" aria-hidden="true"></p><details><summary>The figures of this chart, the highest of each row</summary>${scrollTable(`Figures: ${chart.title}`, table)}</details></figure>\n`;
}

function peakSentence(
  { plan, values }: Chart["lines"][number],
  every: number,
  clock: Clock,
  text: (value: number) => string,
): string {
  const peak = values.reduce(
    (best, value, index) =>
      Number.isFinite(value) && !(value <= (values[best] ?? Number.NaN)) ? index : best,
    -1,
  );
  if (peak < 0) return `${plan}: nothing was measured.`;
  return `${plan}: at most ${text(values[peak] ?? 0)}, at ${momentText(peak * every, clock)}.`;
}

/** Moments of one kind that a page lists; the JSON has all. */
const MOMENTS_MAX = 12;

/** What the charts mark, in words. */
function momentsList(result: RunResult, { marks }: ChartSet, clock: Clock): Content {
  const items = Object.keys(result.plans).flatMap((plan, index) => {
    const own = marks[index] ?? null;
    if (own === null) return [];
    const moments = [
      ...listOf(
        own.batches,
        ({ at, mails }) =>
          `${momentText(at, clock)} (${plainNumber(mails, 0)} mail${mails === 1 ? "" : "s"})`,
        "mails",
      ),
      ...listOf(
        own.faults,
        ({ at, ends, kind }) => `${kind} ${spanText(at, ends, clock)}`,
        "faults",
      ),
      ...listOf(own.missed, ({ at, ends }) => spanText(at, ends, clock), "service level missed"),
      ...(own.soldOut === null
        ? []
        : [`first article sold out: ${momentText(own.soldOut, clock)}`]),
    ];
    return [markup`<li><strong>${plan}</strong> ${moments.join("; ")}</li>`];
  });
  return items.length === 0 ? null : markup`<h3>The moments</h3><ul>${items}</ul>`;
}

function listOf<Moment>(
  moments: readonly Moment[],
  text: (moment: Moment) => string,
  words: string,
): readonly string[] {
  if (moments.length === 0) return [];
  const more = moments.length - MOMENTS_MAX;
  const rest = more > 0 ? ` and ${more} more` : "";
  return [`${words}: ${moments.slice(0, MOMENTS_MAX).map(text).join(", ")}${rest}`];
}

function spanText(at: number, ends: number, clock: Clock): string {
  return ends > at
    ? `${momentText(at, clock)} to ${momentText(ends, clock)}`
    : momentText(at, clock);
}
