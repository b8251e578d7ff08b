/** What What-if shows, from what its controller holds. */
import type { LeverChanges } from "../../model/lever-changes.ts";
import { coresAt, scaleWord } from "../../model/preview-scale.ts";
import { effectRows, goalRows } from "../../model/what-if-effect.ts";
import type { PairedRehearsals } from "../paired-rehearsals.ts";
import type { LeverMoves } from "./lever-moves.ts";
import type { Subject } from "./subject.ts";
import type { WhatIfPicture } from "./what-if-view.tsx";

const NOTHING_YET = [
  "No plan is opened yet.",
  "",
  "Press p and name a scenario file, or press w on Home.",
];

export interface WhatIfState {
  readonly subject: Subject | null;
  /** Why the last change was not taken; nothing where it was. */
  readonly refused: string;
  readonly changes: LeverChanges;
  /** What came over from another screen and what did not; nothing where nothing did. */
  readonly carried: string;
  readonly selected: number;
  readonly pairs: PairedRehearsals;
  readonly moves: LeverMoves;
  /** Pairs of rehearsals. */
  readonly count: number;
  readonly scale: number;
  /** Of which it is shown what moves it most. */
  readonly metric: string;
}

export function whatIfPicture(state: WhatIfState): WhatIfPicture {
  const { subject, pairs, moves, changes, selected, scale, count, metric } = state;
  const size = scale === 1 ? "full size" : `${scaleWord(scale)} of full size`;
  const tried = moves.left > 0 ? ` · ${moves.left} left` : "";
  const { result, experiment } = pairs;
  const plans = experiment?.plans.map(({ name }) => name) ?? [];
  const names = { now: plans.length < 2 ? null : (plans[0] ?? null), base: plans.at(-1) ?? "" };
  return {
    heading: subject === null ? "" : `${subject.scenario.name} · ${subject.plan.name}`,
    progress:
      subject === null ? "" : `${changes.written.length} changed · ${count} pairs · ${size}`,
    notice: noticeOf(state),
    changes,
    selected,
    rows: result === null ? [] : effectRows(result, names),
    effectRemark: remarkOf(state),
    goals: result === null ? [] : goalRows(result, names),
    movesTitle: subject === null ? "" : `WHAT MOVES ${metric} MOST (m)${tried}`,
    moves: moves.of(metric),
    empty: subject === null ? NOTHING_YET : [],
  };
}

/** What the figures stand on. */
function remarkOf({ pairs, count, refused }: WhatIfState): string {
  if (refused !== "") return "before the refused change";
  const { state, seconds } = pairs;
  const those = state === "done" ? `${count} pairs` : `${pairs.pairs} of ${count} pairs`;
  return state === "running"
    ? `± 95 % · ${those} …`
    : `± 95 % · ${those} · ${seconds.toFixed(2)} s`;
}

function noticeOf({ subject, refused, carried, scale }: WhatIfState): WhatIfPicture["notice"] {
  if (refused !== "") return { role: "bad", text: `✗ ${refused}` };
  if (carried !== "") return { role: "warning", text: `● ${carried}` };
  if (subject !== null && coresAt(subject.plan, scale) < 1) {
    const text = `▲ at ${scaleWord(scale)} the fleet is under one core and rounded up to it: queues come out too short; + for a larger world`;
    return { role: "warning", text };
  }
  return { role: "dim", text: "the same seeds for base and now; c compares them at full size" };
}

/** For a screen reader: the lever, how far the rehearsals are, and what the changes bring. */
export function spokenOf(picture: WhatIfPicture): readonly string[] {
  const { heading, progress, notice, rows, changes, selected } = picture;
  const lever = changes.levers[selected];
  const value =
    lever === undefined ? "" : `${lever.label}: ${lever.kind.show(changes.valueOf(lever))}`;
  const effects = rows.map(
    ({ metric, base, now, change, word }) =>
      `${metric}: base ${base}, now ${now}, ${change} ${word}`,
  );
  return [value, heading, progress, notice.text, ...effects].filter((line) => line !== "");
}
