/**
 * What was changed on the way of a rehearsal, as a change of its plan: a plan is rehearsed as it
 * is from the start on, so each value that was set last stands there from the start, and what broke
 * at a certain time is left behind.
 */
import { parseDuration } from "../../twin/scenario/units.ts";
import type { PlanChoice } from "./plan-choice.ts";

export interface CarriedChanges {
  /** As `--what-if` takes them. */
  readonly planned: readonly string[];
  /** As `--change` takes them: what no plan can be given. */
  readonly left: readonly string[];
}

/** What a choice changes in its plan: what it asks for, and what was changed on the way. */
export function carriedChanges({ changes = [], whatIfs = [] }: PlanChoice): CarriedChanges {
  const inTime = changes
    .map((written) => {
      const [, moment = "", what = written] = /^\s*\+?(\S+)\s+(.+)$/su.exec(written) ?? [];
      const after = parseDuration(moment);
      return { written, what, at: after.ok ? after.value : 0 };
    })
    .sort((one, other) => one.at - other.at);
  const planned = new Map<string, string>();
  const left: string[] = [];
  for (const one of whatIfs) planned.set(pathOf(one), one);
  for (const { written, what } of inTime) {
    if (pathOf(what) === "fault") left.push(written);
    else planned.set(pathOf(what), what);
  }
  return { planned: [...planned.values()], left };
}

/** What became of what was changed on the way, in a line; nothing where nothing was. */
export function carriedText({ changes = [] }: PlanChoice, { planned, left }: CarriedChanges) {
  if (changes.length === 0 && left.length === 0) return "";
  const parts = [
    ...(planned.length === 0 ? [] : [`changed from the start on: ${planned.join(", ")}`]),
    ...(left.length === 0 ? [] : [`not carried over: ${left.map(shortly).join(", ")}`]),
  ];
  return parts.join(" · ");
}

/** A fault by its kind; all of it is more than a line. */
function shortly(change: string): string {
  const kind = /\bfault\s*=.*?\bkind["']?:\s*["']?([a-z-]+)/su.exec(change)?.[1];
  return kind === undefined ? change : `${kind}, which breaks at a moment of the sale`;
}

function pathOf(change: string): string {
  return change.slice(0, Math.max(0, change.indexOf("="))).trim();
}
