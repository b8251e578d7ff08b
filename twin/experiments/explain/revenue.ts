/**
 * Revenue lost, part by part. The loss is what the plan would take with every part perfect, less
 * what it takes. Parts are made perfect one after the other, each time the one that adds most to
 * those before it, so that the rows add up to the whole loss and read as the order in which to
 * mend; what each part adds alone, and what it costs last, stand beside it, so that parts that
 * repair the same loss, or need each other, are seen.
 */
import { assert } from "../../../engine/assert.ts";
import { LOSS_CAUSES } from "../../metrics.ts";
import type { Estimate, PlanResult } from "../../result.ts";
import type {
  Certainty,
  Effect,
  Overlap,
  RevenueCause,
  RevenueExplanation,
} from "./explanation.ts";
import type { Part } from "./part.ts";
import { effectOf, type PlanReruns, type Reruns, valuesOf, without } from "./reruns.ts";

/** Below this a difference is called chance. */
const SURE_ENOUGH = 0.95;

/** Of the loss: what is less, and may be chance, is one row. */
const REST_SHARE = 0.02;
/** Parts whose gains differ by less mend the same loss; the more particular one is its name. */
const NEAR_SHARE = 0.02;

const REVENUE = "revenue";

/** What the difference of two paired runs can be called. */
export function certaintyOf({ mean, low, high, n, sure }: Effect): Certainty {
  if (mean === 0 && low === 0 && high === 0) return "none";
  if (n < 2) return "one-seed";
  return sure >= SURE_ENOUGH ? "cause" : "noise";
}

/** Null where it was interrupted before every part had been tried alone and last. */
export function* explainRevenue(reruns: PlanReruns): Reruns<RevenueExplanation | null> {
  const { parts } = reruns;
  const firstSets = [
    parts,
    ...parts.map((part) => [part]),
    ...parts.map((one) => without(parts, one)),
  ];
  const asked = yield* reruns.rehearse(firstSets);
  const lost = reruns.gain(REVENUE, [], parts);
  if (!asked || lost === null) return null;
  const active = parts.filter((part) => matters(reruns, part));
  const ordered = yield* inOrder(reruns, active);
  return revenueOf(reruns, { lost, active, ordered });
}

/** A part that changes nothing alone, and nothing last, is given no place in the order. */
function matters(reruns: PlanReruns, part: Part): boolean {
  const { parts } = reruns;
  return [reruns.gain(REVENUE, [], [part]), reruns.gain(REVENUE, without(parts, part), parts)].some(
    (gain) => gain !== null && certaintyOf(gain) !== "none",
  );
}

/** Each time the part that adds most, until all are there or what is left is not worth it. */
function* inOrder(reruns: PlanReruns, active: readonly Part[]): Reruns<readonly Part[]> {
  const ordered: Part[] = [];
  while (ordered.length < active.length && isWorthMore(reruns, ordered)) {
    const left = active.filter((part) => !ordered.includes(part));
    const done = yield* reruns.rehearse(left.map((part) => [...ordered, part]));
    if (!done) return ordered;
    ordered.push(bestOf(reruns, ordered, left));
  }
  return ordered;
}

/** What is left after these parts is told apart unless it is little and may be chance. */
function isWorthMore(reruns: PlanReruns, ordered: readonly Part[]): boolean {
  const [rest, lost] = [ordered, []].map((from) => reruns.gain(REVENUE, from, reruns.parts));
  if (!rest || !lost) return false;
  const certainty = certaintyOf(rest);
  const isLittle = Math.abs(rest.mean) < REST_SHARE * Math.abs(lost.mean);
  return certainty !== "none" && !(isLittle && certainty !== "cause");
}

/** Of those that add as much as the one that adds most, or nearly, the first of the list. */
function bestOf(reruns: PlanReruns, ordered: readonly Part[], left: readonly Part[]): Part {
  const added = (part: Part): number =>
    reruns.gain(REVENUE, ordered, [...ordered, part])?.mean ?? Number.NEGATIVE_INFINITY;
  const most = Math.max(...left.map(added));
  const enough = most - NEAR_SHARE * Math.abs(most);
  const best = left.find((part) => added(part) >= enough);
  assert(best !== undefined, "there is a part left to be added");
  return best;
}

interface Ordered {
  readonly lost: Effect;
  /** Parts that change anything. */
  readonly active: readonly Part[];
  readonly ordered: readonly Part[];
}

function revenueOf(reruns: PlanReruns, found: Ordered): RevenueExplanation {
  const { parts } = reruns;
  const { lost, active, ordered } = found;
  const rest = reruns.gain(REVENUE, ordered, parts);
  const isRest = rest !== null && certaintyOf(rest) !== "none";
  const inRows = ordered.map((part, place) =>
    rowOf(reruns, { part, before: ordered.slice(0, place), lost }),
  );
  return {
    actual: estimateOf(reruns.run([])?.result),
    perfect: estimateOf(reruns.run(parts)?.result),
    lost,
    certainty: certaintyOf(lost),
    causes: [...inRows, ...restRows(reruns, found, isRest ? "noise" : "none")],
    rest: isRest ? rest : null,
    inert: parts.filter((part) => !active.includes(part)).map(({ name }) => name),
    overlaps: overlapsOf(reruns, ordered),
    booked: bookedIn(reruns.run([])?.result),
  };
}

interface Place {
  readonly part: Part;
  readonly before: readonly Part[];
  readonly lost: Effect;
}

function rowOf(reruns: PlanReruns, { part, before, lost }: Place): RevenueCause {
  const gain = reruns.gain(REVENUE, before, [...before, part]);
  assert(gain !== null, "a part in the order was rehearsed after those before it");
  const share = lost.mean > 0 ? gain.mean / lost.mean : null;
  return {
    part: part.name,
    gain,
    share,
    certainty: certaintyOf(gain),
    ...aloneAndLast(reruns, part),
  };
}

/** Parts that are not told apart any more, the one that adds most alone first. */
function restRows(
  reruns: PlanReruns,
  { active, ordered }: Ordered,
  certainty: Certainty,
): readonly RevenueCause[] {
  return active
    .filter((part) => !ordered.includes(part))
    .map((part) => ({
      part: part.name,
      gain: null,
      share: null,
      certainty,
      ...aloneAndLast(reruns, part),
    }))
    .sort((one, other) => other.alone.mean - one.alone.mean);
}

function aloneAndLast(reruns: PlanReruns, part: Part): Pick<RevenueCause, "alone" | "last"> {
  const { parts } = reruns;
  const alone = reruns.gain(REVENUE, [], [part]);
  const last = reruns.gain(REVENUE, without(parts, part), parts);
  assert(alone !== null && last !== null, "every part was rehearsed alone and last");
  return { alone, last };
}

/** Of the first part with each other: the pairs that were rehearsed for the second place. */
function overlapsOf(reruns: PlanReruns, [first]: readonly Part[]): readonly Overlap[] {
  if (first === undefined) return [];
  return without(reruns.parts, first).flatMap((other): Overlap[] => {
    const overlap = overlapOf(reruns, first, other);
    const isOne = overlap !== null && certaintyOf(overlap) !== "none";
    return isOne ? [{ parts: [first.name, other.name], overlap }] : [];
  });
}

function overlapOf(reruns: PlanReruns, first: Part, other: Part): Effect | null {
  const runs = [[], [first], [other], [first, other]].map((parts) => reruns.run(parts));
  const [none, one, two, both] = runs.map((run) => (run === null ? null : valuesOf(run, REVENUE)));
  if (!none || !one || !two || !both) return null;
  const apart = one.map((value, seed) => value + (two[seed] ?? 0));
  const together = both.map((value, seed) => value + (none[seed] ?? 0));
  return effectOf(apart, together);
}

function estimateOf(result: PlanResult | undefined): Estimate {
  const estimate = result?.metrics[REVENUE];
  assert(estimate !== undefined, "every rehearsal has a revenue");
  return estimate;
}

/** What the store booked as lost, and for which causes, where it booked any. */
function bookedIn(result: PlanResult | undefined): Readonly<Record<string, Estimate>> {
  const names = ["revenue.lost", ...LOSS_CAUSES.map((cause) => `revenue.lost{${cause}}`)];
  const booked: Record<string, Estimate> = {};
  for (const name of names) {
    const estimate = result?.metrics[name];
    if (estimate !== undefined && (estimate.mean !== 0 || name === "revenue.lost"))
      booked[name] = estimate;
  }
  return booked;
}
