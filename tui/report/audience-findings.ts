/** Sentences about the people: who got the units, and what those who were asked said. */
import type { PlanResult, RunResult } from "../../twin/result.ts";
import { figureText, percentText } from "./quantity.ts";

const TIER_WORDS = { vip: "VIPs", loyal: "loyal shoppers" } as const;

/** Of a list with tiers: what its segments are of the visits, and of the units sold. */
export function tierSentences(result: RunResult): readonly string[] {
  return Object.entries(result.plans).flatMap(([plan, { metrics }]) => {
    const all = measured(metrics, "sessions") ?? 0;
    const told = Object.entries(TIER_WORDS).flatMap(([tier, words]) => {
      const units = measured(metrics, `units.share{${tier}}`);
      const visits = measured(metrics, `sessions{${tier}}`) ?? 0;
      if (units === null || visits === 0 || all === 0) return [];
      return [`${words} ${percentText(visits / all)} and ${percentText(units)}`];
    });
    return told.length === 0
      ? []
      : [`${plan}, of the visits and of the units: ${told.join(", ")}.`];
  });
}

/** What was named most on leaving, besides the shopper's own choice and the price, and how content buyers were. */
export function feedbackSentences(result: RunResult): readonly string[] {
  return Object.entries(result.plans).flatMap(([plan, { metrics }]) => {
    const content = measured(metrics, "survey.csat");
    const csat = percentText(content ?? 0);
    const answers = figureText(
      "survey.answered",
      measured(metrics, "survey.answered") ?? 0,
      result,
    );
    const most = mostNamed(metrics);
    return [
      ...(content === null
        ? []
        : [`${plan}: of ${answers} buyers who answered the survey ${csat} were content.`]),
      ...(most === null
        ? []
        : [
            `${plan}: those who said why they left named, besides choice and price, most of all: ${most.reason} (${percentText(most.share)}).`,
          ]),
    ];
  });
}

const REASON = /^exit\.reason\{(?<reason>.*)\}$/u;
/** A change of mind says nothing of the shop, and how many of those name the price is assumed. */
const OWN_CHOICE: ReadonlySet<string> = new Set(["choice", "price", "other"]);

function mostNamed(metrics: PlanResult["metrics"]) {
  let most: { readonly reason: string; readonly share: number } | null = null;
  for (const name of Object.keys(metrics)) {
    const reason = REASON.exec(name)?.groups?.reason;
    const share = measured(metrics, name);
    if (reason === undefined || OWN_CHOICE.has(reason) || share === null) continue;
    if (share > (most?.share ?? 0)) most = { reason, share };
  }
  return most;
}

/** The mean over the seeds; null where nothing was measured. */
function measured(metrics: PlanResult["metrics"], name: string): number | null {
  const estimate = metrics[name];
  return estimate === undefined || estimate.n === 0 ? null : estimate.mean;
}
