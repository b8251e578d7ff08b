/** An explanation as tables and sentences; terminal and Markdown draw the same. */

import type {
  Certainty,
  Effect,
  Explanation,
  MetWith,
  MissedExpectation,
  PlanExplanation,
  RevenueCause,
  RevenueExplanation,
  ShopperComparison,
} from "../../twin/experiments/explain/explanation.ts";
import { certaintyOf } from "../../twin/experiments/explain/revenue.ts";
import type { Estimate } from "../../twin/result.ts";
import { REASONS, type Reason } from "../../twin/shoppers/outcomes.ts";
import type { FigureTable } from "./findings.ts";
import { figureText, moneyText, percentText, plainNumber, sureText } from "./quantity.ts";

/** One heading with what stands under it. */
export interface Section {
  readonly title: string;
  readonly table: FigureTable | null;
  readonly sentences: readonly string[];
}

/** What the figures are, one line each. */
export const ABOUT: readonly string[] = [
  "from reruns with the same shoppers and one part after the other made perfect; ± is the half-width of the 95 % interval over seeds",
  "in this order: what each part adds to those above it; alone: it only is perfect; last: what it still costs where all others are",
];

export function explanationHeadline({ scenario, scale, plans }: Explanation): string {
  const names = Object.keys(plans).join(", ");
  const seeds = Math.max(0, ...Object.values(plans).map((plan) => plan.seeds.length));
  const size = scale === 1 ? "full size" : `at a scale of ${percentText(scale)}`;
  return `${scenario}: why ${names} went so, ${seeds} seed${seeds === 1 ? "" : "s"} a plan, ${size}`;
}

export function sectionsOf(explanation: Explanation): readonly Section[] {
  const { currency, plans, shoppers } = explanation;
  return [
    ...Object.entries(plans).flatMap(([name, plan]) => [
      ...(plan.revenue === null ? [] : [revenueSection(name, plan, plan.revenue, currency)]),
      ...plan.missed.map((missed) => missedSection(name, missed, currency)),
    ]),
    ...shoppers.map(shopperSection),
    lastSection(explanation),
  ];
}

function revenueSection(
  name: string,
  plan: PlanExplanation,
  revenue: RevenueExplanation,
  currency: string,
): Section {
  const { lost, actual, perfect, causes } = revenue;
  const money = (value: number) => moneyText(value, currency);
  const heads = ["part made perfect", "adds, in this order", "share", "alone", "last"];
  const rows = causes.map((cause, place) => [
    `${place + 1}. ${cause.part}`,
    cause.gain === null ? NOTHING : effectText(cause.gain, currency),
    cause.share === null ? NOTHING : percentText(cause.share),
    effectText(cause.alone, currency),
    effectText(cause.last, currency),
  ]);
  const rest =
    revenue.rest === null ? [] : [["the rest", effectText(revenue.rest, currency), "", "", ""]];
  return {
    title: `${name}: ${effectText(lost, currency).replace(/^\+/u, "")} of revenue lost (${money(actual.mean)} taken, ${money(perfect.mean)} with every part perfect)`,
    table: causes.length === 0 ? null : { heads, rows: [...rows, ...rest] },
    sentences: [
      ...causes.flatMap((cause) => causeSentence(cause, plan, currency)),
      ...leftSentence(causes, currency),
      ...overlapSentences(revenue, currency),
      ...inertSentence(revenue),
      ...bookedSentence(revenue, currency),
    ],
  };
}

const NOTHING = "–";

function signed(value: number, text: (size: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}

function effectText({ mean, low, high, n }: Effect, currency: string): string {
  const money = (value: number) => moneyText(value, currency);
  if (mean === 0 && low === 0 && high === 0) return "nothing";
  return n < 2 ? signed(mean, money) : `${signed(mean, money)} ± ${money((high - low) / 2)}`;
}

function causeSentence(
  { part, gain, share }: RevenueCause,
  plan: PlanExplanation,
  currency: string,
) {
  if (gain === null) return [];
  const perfect = plan.parts.find(({ name }) => name === part)?.perfect ?? "";
  const of = share === null ? "" : `, ${percentText(share)} of the loss`;
  return [`${part} (${perfect}): ${certaintyWords(gain, currency)}${of}.`];
}

/** The parts to which those before them have left nothing that could be told from chance. */
function leftSentence(causes: readonly RevenueCause[], currency: string): readonly string[] {
  const left = causes.filter(({ gain }) => gain === null);
  const [first] = left;
  if (first === undefined) return [];
  const told = left.map(({ part, alone }) => `${part} (alone ${effectText(alone, currency)})`);
  const what = first.certainty === "none" ? "nothing" : "no more than may be chance";
  return [`After those there is ${what} left for ${told.join(", ")}.`];
}

/** What a difference may be called, in words. */
function certaintyWords(effect: Effect, currency: string): string {
  const by = moneyText(Math.abs(effect.mean), currency);
  const verb = effect.mean < 0 ? "takes" : "adds";
  const words: Readonly<Record<Certainty, string>> = {
    none: "it changes nothing",
    "one-seed": `it ${verb} ${by} with this one seed`,
    noise: `it ${verb} ${by}, which may be chance (sure to ${sureText(effect.sure)})`,
    cause: `it ${verb} ${by}, sure to ${sureText(effect.sure)}`,
  };
  return words[certaintyOf(effect)];
}

/** Overlaps below this share of the loss are left to the JSON. */
const OVERLAP_TOLD = 0.02;

function overlapSentences({ overlaps, lost }: RevenueExplanation, currency: string): string[] {
  return overlaps.flatMap(({ parts: [first, other], overlap }) => {
    if (Math.abs(overlap.mean) < OVERLAP_TOLD * Math.abs(lost.mean)) return [];
    if (certaintyOf(overlap) === "noise") return [];
    const by = moneyText(Math.abs(overlap.mean), currency);
    return overlap.mean > 0
      ? [
          `${first} and ${other} mend the same in part: both together bring ${by} less than the one alone and the other alone.`,
        ]
      : [
          `${first} and ${other} need each other: both together bring ${by} more than the one alone and the other alone.`,
        ];
  });
}

function inertSentence({ inert }: RevenueExplanation): string[] {
  return inert.length === 0 ? [] : [`No difference to revenue: ${inert.join(", ")}.`];
}

function bookedSentence({ booked }: RevenueExplanation, currency: string): string[] {
  const all = booked["revenue.lost"]?.mean ?? 0;
  if (all === 0) return ["The store booked no cart as left for a cause that it could mend."];
  const causes = Object.entries(booked)
    .filter(([name]) => name !== "revenue.lost")
    .sort(([, one], [, other]) => other.mean - one.mean)
    .map(
      ([name, { mean }]) =>
        `${name.slice("revenue.lost{".length, -1)} ${moneyText(mean, currency)}`,
    );
  return [
    `Beside it, what the store booked itself: ${moneyText(all, currency)} in carts left (${causes.join(", ")}). A shopper who left before the cart is not in that.`,
  ];
}

/** Parts that bring a figure less of the way than this are only named. */
const CLOSER_TOLD = 0.005;

function missedSection(plan: string, missed: MissedExpectation, currency: string): Section {
  const { metric, expect, alone, together, everything } = missed;
  const value = (figure: number | null) =>
    figure === null ? NOTHING : figureText(metric, figure, { currency });
  const row = (met: MetWith): readonly string[] => [
    met.parts.join(" + "),
    value(met.value),
    met.met ? "met" : "missed",
    met.closer === null ? NOTHING : percentText(met.closer),
  ];
  const shown = alone.filter(({ met, closer }) => met || Math.abs(closer ?? 0) >= CLOSER_TOLD);
  const heads = ["part made perfect", metric, "", "of the way"];
  return {
    title: `${plan}: missed ${metric} ${expect} (${value(missed.value)})`,
    table:
      shown.length === 0 && together === null
        ? null
        : { heads, rows: [...shown, ...(together === null ? [] : [together])].map(row) },
    sentences: [missedSentence(missed), ...everythingSentence(everything, value)],
  };
}

function missedSentence({ alone, together, everything }: MissedExpectation): string {
  const enough = alone.filter(({ met }) => met).map(({ parts }) => parts.join(" + "));
  if (enough.length > 0) {
    const cause = enough.length === 1 ? "This part alone was" : "Each of these alone was";
    return `${cause} the cause: with ${enough.join(", or with ")} perfect it is met.`;
  }
  if (together?.met === true)
    return `No part alone is enough; ${together.parts.join(" and ")} together are.`;
  return (everything?.closer ?? 0) < 0
    ? "It expects trouble: the better the parts are, the further it is from being met."
    : "No part made perfect lets it be met, alone or in the sets that were tried.";
}

function everythingSentence(
  everything: MetWith | null,
  value: (figure: number | null) => string,
): string[] {
  if (everything === null) return [];
  const told = everything.met ? "it is met" : "it is still missed";
  return [`With every part perfect ${told} (${value(everything.value)}).`];
}

const REASON_WORDS: Readonly<Record<Reason, string>> = {
  never: "never came",
  choice: "changed their mind",
  soldOut: "sold out",
  payment: "payment",
  error: "an error page",
  wait: "too long a wait",
  closed: "the sale had closed",
  limited: "turned away by a limit",
};

function shopperSection(compared: ShopperComparison): Section {
  const { first, second, onlyFirst, onlySecond, both } = compared;
  const rows = REASONS.filter((reason) => reason in onlyFirst.by || reason in onlySecond.by).map(
    (reason) => [
      REASON_WORDS[reason],
      countText(onlyFirst.by[reason]),
      countText(onlySecond.by[reason]),
    ],
  );
  const all = ["all", countText(onlyFirst.all), countText(onlySecond.all)];
  const heads = ["why not under the other plan", `only under ${first}`, `only under ${second}`];
  return {
    title: `shoppers who bought under one plan and not under the other: ${first}, ${second}`,
    table: { heads, rows: [...rows, all] },
    sentences: [
      netSentence(compared),
      ...largestSentences(compared),
      `${countText(both)} shoppers bought under both plans.${compared.mailedOnly ? " The lists differ in length, so visitors without a mail are not the same people and are left out." : ""}`,
    ],
  };
}

function countText(estimate: Estimate | undefined): string {
  if (estimate === undefined) return "0";
  const { mean, low, high, n } = estimate;
  const count = plainNumber(mean, 1);
  return n < 2 || high === low ? count : `${count} ± ${plainNumber((high - low) / 2, 1)}`;
}

function netSentence({ first, second, net }: ShopperComparison): string {
  const certainty = certaintyOf(net);
  if (certainty === "none") return `As many bought under ${first} as under ${second}.`;
  const [more, fewer] = net.mean > 0 ? [first, second] : [second, first];
  const by = plainNumber(Math.abs(net.mean), 1);
  const sure =
    certainty === "one-seed"
      ? "with this one seed"
      : certainty === "noise"
        ? `which may be chance (sure to ${sureText(net.sure)})`
        : `sure to ${sureText(net.sure)}`;
  return `${by} shoppers more bought under ${more} than under ${fewer}, ${sure}.`;
}

/** The reason of most of those whom the worse plan lost, chance on both sides taken off. */
function largestSentences({ first, second, onlyFirst, onlySecond, net }: ShopperComparison) {
  if (net.mean === 0) return [];
  const [lost, won, worse] =
    net.mean > 0 ? [onlyFirst, onlySecond, second] : [onlySecond, onlyFirst, first];
  const excess = (reason: Reason) => (lost.by[reason]?.mean ?? 0) - (won.by[reason]?.mean ?? 0);
  const largest = REASONS.reduce((most, one) => (excess(one) > excess(most) ? one : most));
  if (excess(largest) <= 0) return [];
  const share = percentText(Math.min(1, excess(largest) / Math.abs(net.mean)));
  return [
    `Under ${worse} most of them were lost to: ${REASON_WORDS[largest]} (${share} of the difference). Who changed their mind after a failure counts for the failure.`,
  ];
}

function lastSection(explanation: Explanation): Section {
  const { exit, verified, plans } = explanation;
  const missed = Object.values(plans).reduce((sum, plan) => sum + plan.missed.length, 0);
  const none = missed === 0 ? ["These rehearsals miss no expectation."] : [];
  const other = verified
    ? []
    : ["At another scale than the result's: its digests could not be held against these."];
  return {
    title: "about this explanation",
    table: null,
    sentences: [
      ...none,
      ...other,
      `${exit.reason.charAt(0).toUpperCase()}${exit.reason.slice(1)}.`,
    ],
  };
}
