/** What a recording tells, for people. */
import type { FittedParameter } from "../../twin/fitting/families.ts";
import type {
  ArrivalsResult,
  CandidateResult,
  DelaysResult,
  FitResult,
  MilestonesResult,
  QuantityResult,
} from "../../twin/fitting/fit-result.ts";
import { quantilePicture } from "./quantile-picture.ts";
import { durationText, moneyText, percentText, plainNumber } from "./quantity.ts";

export function fitText(result: FitResult): string {
  const { arrivals, quantities, delays, milestones, currency } = result;
  const lines = [
    ...headLines(result),
    ...(arrivals === null ? [] : arrivalLines(arrivals)),
    ...quantities
      .filter(({ size }) => size > 0)
      .flatMap((quantity) => quantityLines(quantity, currency ?? "XXX")),
    ...buyerLines(result),
    ...delays.flatMap(delayLines),
    ...milestones.flatMap(milestoneLines),
  ];
  if (lines.length === headLines(result).length)
    lines.push(
      "  nothing can be concluded: it has no orders, requests, counts or milestones with a time.",
      "  Published figures are set beside a rehearsal: rehearse replay FILE --scenario FILE.",
    );
  return `${lines.join("\n")}\n`;
}

/** As Markdown: the same lines, set as they are. */
export function fitMarkdown(result: FitResult): string {
  return `## What ${result.recording.replaceAll("`", "")} tells\n\n\`\`\`text\n${fitText(result)}\`\`\`\n`;
}

/** A longer time without an event is worth a word. */
const GAP_MILLIS = 86_400_000;

function headLines(result: FitResult): readonly string[] {
  const { recording, orders, from, to, zone, run, eventsOfOtherRuns, linesLeftOut } = result;
  const { backward, longestGap } = result;
  const when = (at: string) => at.slice(0, 19).replace("T", " ");
  const count = plainNumber;
  return [
    `${recording}: ${count(orders, 0)} ${orders === 1 ? "order" : "orders"}`,
    ...(from === null || to === null ? [] : [`  from ${when(from)} to ${when(to)} UTC`]),
    ...(zone === "UTC" ? [] : [`  times without an offset, and hours of the day, are of ${zone}`]),
    ...(linesLeftOut === 0
      ? []
      : [`  ${count(linesLeftOut, 0)} lines were left out; rehearse import says why`]),
    ...(backward.events === 0
      ? []
      : [
          `  ${count(backward.events, 0)} events stand below later ones, by up to ${durationText(backward.millis)}`,
        ]),
    ...(longestGap === null || longestGap.millis < GAP_MILLIS
      ? []
      : [`  nothing for ${durationText(longestGap.millis)} after ${when(longestGap.from)}`]),
    ...(eventsOfOtherRuns === 0
      ? []
      : [
          `  of ${run ?? "the first rehearsal"}; ${count(eventsOfOtherRuns, 0)} events of others were left out`,
        ]),
  ];
}

function arrivalLines(arrivals: ArrivalsResult): readonly string[] {
  const { of, total, strayed, filled, why, profile, dispersion, slots, days } = arrivals;
  const lines = [
    "",
    `arrivals: ${plainNumber(total, 0)} ${of === "orders" || of === "sessions" ? of : `of ${of}`}`,
  ];
  if (strayed > 0)
    lines.push(`  ${plainNumber(strayed, 0)} far away in time were left out: a clock jumped`);
  if (filled > 0)
    lines.push(
      `  ${plainNumber(filled, 0)} of ${plainNumber(arrivals.intervals, 0)} intervals have no row and were taken to be like those beside them`,
    );
  if (why !== null || profile === null) return [...lines, `  nothing is concluded: ${why ?? ""}`];
  const rows = profile.candidates.map(({ name, quasiAic, parameters }) => [
    name,
    plainNumber(quasiAic, 1),
    parametersText(parameters, "seconds", ""),
  ]);
  lines.push(...columns(["candidate", "QAIC", "± standard error"], rows));
  lines.push(
    `  half of them came by ${profile.halfAt.toFixed(3)} of the time${lineText(arrivals)}`,
  );
  for (const { seconds, ratio, low, high, verdict } of dispersion)
    lines.push(
      `  variance over mean per ${durationText(seconds * 1_000)} around the profile: ${scatterText({ ratio, low, high })}, ${verdict}`,
    );
  if (slots !== null)
    lines.push(`  variance over mean per slot: ${scatterText(slots)}, ${slots.verdict}`);
  if (days !== null) {
    lines.push(
      `  ${plainNumber(days.days, 0)} days, ${plainNumber(days.mean, 1)} a day, spread (CV) ${days.cv.toFixed(2)}`,
    );
    if (days.week !== null)
      lines.push(`  Monday to Sunday: ${days.week.map((level) => level.toFixed(2)).join("  ")}`);
  }
  return lines;
}

/** Counts that scatter more than this, variance over mean, come in bursts. */
const BURSTS = 5;

/** What a straight line means depends on the scatter: a backlog is served in bursts. */
function lineText({ profile, dispersion, slots }: ArrivalsResult): string {
  if (profile?.linear !== true) return "";
  const scatters = [...dispersion, ...(slots === null ? [] : [slots])].filter(
    ({ verdict }) => verdict === "over-dispersed",
  );
  if (scatters.some(({ ratio }) => ratio > BURSTS))
    return ", along a straight line and in bursts: capacity, not demand, shaped it";
  const demand = scatters.length > 0 ? "a steady demand that scatters" : "a steady demand";
  return `, along a straight line: ${demand}, or a capacity that was met`;
}

function scatterText(scatter: { ratio: number; low: number; high: number }): string {
  const { ratio, low, high } = scatter;
  if (!Number.isFinite(ratio)) return "–";
  if (!Number.isFinite(high)) return ratio.toFixed(2);
  return `${ratio.toFixed(2)} (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`;
}

const TITLES: Readonly<Record<string, string>> = {
  "order.value": "order value",
  "order.units": "units of an order",
  "order.lines": "lines of an order",
  "shopper.orders": "orders of a shopper",
  "session.length": "length of a visit",
  "session.pages": "pages of a visit",
};

function quantityLines(quantity: QuantityResult, currency: string): readonly string[] {
  const { name, unit, size, mean, meanError, why, candidates, chosen, shape } = quantity;
  const text = (value: number) => valueText(value, unit, currency);
  const error = meanError === null ? "" : ` ± ${text(meanError)}`;
  const average = mean === null ? "" : `, mean ${text(mean)}${error}`;
  const lines = ["", `${TITLES[name] ?? name}: ${plainNumber(size, 0)}${average}`];
  if (why !== null) {
    const same = size > 1 && meanError === 0;
    return [...lines, `  nothing is concluded: ${same ? `each is ${text(mean ?? 0)}` : why}`];
  }
  const rows = candidates.map((one) => [
    one.name === chosen ? `${one.name} *` : one.name,
    plainNumber(one.aic, 1),
    one.kolmogorovSmirnov.toFixed(3),
    one.andersonDarling === null ? "–" : plainNumber(one.andersonDarling, 2),
    chiSquareText(one),
    parametersText(one.parameters, unit, currency),
  ]);
  lines.push(...columns(["candidate", "AIC", "KS", "AD", "chi² (p)", "± standard error"], rows));
  lines.push(
    chosen === null
      ? "  none fits: use the measured curve"
      : `  * fits: the first by AIC whose distance chance explains, or nobody sees; of those as good (within 2) the one of fewest numbers`,
  );
  if (shape !== null) {
    const { median, bodySigma, p99OverMedian, tail } = shape;
    lines.push(
      `  median ${text(median)}; sigma of the body ${bodySigma.toFixed(2)}; P99 over median ${p99OverMedian.toFixed(1)}`,
    );
    if (tail !== null)
      lines.push(
        `  tail from ${text(tail.threshold)} (${plainNumber(tail.size, 0)}): P(X > x) ~ x^-${tail.survivalExponent.toFixed(2)} ± ${tail.error.toFixed(2)}; its density's alpha is ${tail.densityExponent.toFixed(2)}`,
      );
  }
  const picture = quantilePicture(quantity.picture);
  if (picture.length > 0)
    lines.push("  quantiles, fitted upwards over measured:", ...picture.map((row) => `    ${row}`));
  return lines;
}

function chiSquareText({ chiSquare }: CandidateResult): string {
  if (chiSquare === null) return "–";
  const { value, degreesOfFreedom, p } = chiSquare;
  const chance = p < 0.0005 ? "< 0.001" : p.toFixed(3);
  return `${plainNumber(value, 1)}/${degreesOfFreedom} (${chance})`;
}

function buyerLines({ shoppers, sessions, conversion }: FitResult): readonly string[] {
  const lines: string[] = [];
  if (shoppers !== null) {
    const { sampled, share, single, error, ordersPerShopper } = shoppers;
    const part = share < 1 ? `, ${percentText(share)} of all` : "";
    lines.push(
      "",
      `shoppers: ${plainNumber(sampled, 0)}${part}; ${percentText(single)} ± ${percentText(error)} with one order, ${ordersPerShopper.toFixed(2)} orders each`,
    );
  }
  if (sessions !== null) {
    const machines =
      sessions.machines === 0
        ? ""
        : `; ${plainNumber(sessions.machines, 0)} asked more than a person and were left out`;
    lines.push("", `visits: ${plainNumber(sessions.sessions, 0)}${machines}`);
  }
  if (conversion !== null) {
    const { share, low, high, orders, sessions: visits } = conversion;
    lines.push(
      `conversion: ${percentText(share)} (90 %: ${percentText(low)} to ${percentText(high)}), ${plainNumber(orders, 0)} of ${plainNumber(visits, 0)} visits`,
    );
  }
  return lines;
}

function delayLines({ source, points, candidates }: DelaysResult): readonly string[] {
  const about = source === null ? "delay after a mailing, all sources" : `  ${source}`;
  const [best] = candidates;
  if (best === undefined)
    return source === null
      ? ["", `${about}: ${points} points are too few: 3 are needed`]
      : [`${about}: ${points} points`];
  if (source !== null)
    return [`${about}: ${best.name}, ${parametersText(best.parameters, "seconds", "")}`];
  const rows = candidates.map(({ name, aic, error, distance, parameters }) => [
    name,
    plainNumber(aic, 1),
    percentText(error),
    percentText(distance),
    parametersText(parameters, "seconds", ""),
  ]);
  const heads = ["candidate", "AIC", "RMS error", "greatest", "± standard error"];
  return ["", `${about}: ${points} points`, ...columns(heads, rows)];
}

function milestoneLines(sale: MilestonesResult): readonly string[] {
  const { candidates, milestones, predicted } = sale;
  const [best] = candidates;
  const title = `milestones of ${sale.sale}, ${sale.metric}: ${milestones.length}`;
  const forecast =
    predicted === null
      ? []
      : [`  predicted from the fit of ${predicted.from}: wMAPE ${percentText(predicted.wmape)}`];
  if (best === undefined) return ["", `${title}, too few for any shape`, ...forecast];
  const errors = best.errors.map((error) => `${error > 0 ? "+" : ""}${(error * 100).toFixed(1)} %`);
  return [
    "",
    title,
    `  ${best.name}: ${parametersText(best.parameters, "seconds", "")}`,
    `  errors ${errors.join(", ")}; wMAPE ${percentText(best.wmape)}`,
    ...forecast,
  ];
}

/** Parameters that are shares or exponents, and not in the unit of the values. */
const BARE = new Set(["sigma", "shape", "alpha", "wave"]);

function parametersText(
  parameters: Readonly<Record<string, FittedParameter>>,
  unit: QuantityResult["unit"],
  currency: string,
): string {
  return Object.entries(parameters)
    .map(([name, { value, error }]) => {
      const text = (figure: number) =>
        BARE.has(name)
          ? figure.toFixed(3)
          : name === "perSecond"
            ? `${figure.toPrecision(3)}/s`
            : valueText(figure, unit, currency);
      const off = !Number.isFinite(error) ? " ± ?" : error > 0 ? ` ± ${text(error)}` : "";
      return `${name} ${text(value)}${off}`;
    })
    .join(", ");
}

function valueText(value: number, unit: QuantityResult["unit"], currency: string): string {
  if (unit === "money") return moneyText(value, currency);
  if (unit === "seconds") return durationText(value * 1_000);
  return plainNumber(value, value < 100 ? 2 : 1);
}

function columns(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  return [heads, ...rows].map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
