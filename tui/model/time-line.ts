/**
 * The time line of a rehearsal: how far the sale has come, with batches that were sent and that
 * are planned, faults, changes and marks. A place on it is a time, and back.
 */
import type { Ticks } from "../../engine/time.ts";
import type { Charset } from "../components/canvas.ts";
import type { Role } from "../theme/theme.ts";
import type { Mark, MarkKind } from "./course.ts";

export interface TimeLineCell {
  readonly character: string;
  readonly role: Role;
}

export interface TimeLineQuestion {
  readonly columns: number;
  readonly now: Ticks;
  readonly span: Ticks;
  readonly marks: readonly Mark[];
  readonly charset: Charset;
}

interface Signs {
  readonly passed: string;
  readonly head: string;
  readonly ahead: string;
  readonly sent: string;
  readonly planned: string;
  readonly kinds: Readonly<Record<Exclude<MarkKind, "batch">, string>>;
}

const FINE: Signs = {
  passed: "━",
  head: "╸",
  ahead: "─",
  sent: "▼",
  planned: "▽",
  kinds: { fault: "✗", change: "△", own: "◆" },
};
const ASCII: Signs = {
  passed: "=",
  head: ">",
  ahead: "-",
  sent: "V",
  planned: "v",
  kinds: { fault: "x", change: "^", own: "*" },
};

const ROLES: Readonly<Record<MarkKind, Role>> = {
  batch: "second",
  fault: "bad",
  change: "third",
  own: "fourth",
};

/** A mark that shares a cell with others shows above those further to the left here. */
const RANK: readonly MarkKind[] = ["change", "batch", "fault", "own"];

export function signsOf(charset: Charset): Signs {
  return charset === "ascii" ? ASCII : FINE;
}

export function timeLineCells(question: TimeLineQuestion): readonly TimeLineCell[] {
  const { columns, now, span, charset } = question;
  const signs = signsOf(charset);
  const head = columnOf(now, question);
  const cells: TimeLineCell[] = Array.from({ length: columns }, (_, column) => {
    if (column < head) return { character: signs.passed, role: "first" };
    if (column === head) return { character: signs.head, role: "first" };
    return { character: signs.ahead, role: "dim" };
  });
  const marks = [...question.marks].sort(
    (one, other) => RANK.indexOf(one.kind) - RANK.indexOf(other.kind),
  );
  for (const { at, kind } of marks) {
    if (at > span) continue;
    const batch = at <= now ? signs.sent : signs.planned;
    const character = kind === "batch" ? batch : signs.kinds[kind];
    cells[columnOf(at, question)] = { character, role: ROLES[kind] };
  }
  return cells;
}

export function columnOf(
  at: Ticks,
  { columns, span }: Pick<TimeLineQuestion, "columns" | "span">,
): number {
  return Math.max(0, Math.min(columns - 1, Math.round((at / span) * (columns - 1))));
}

/** The time of a column; null for one beside the line. */
export function timeAt(
  column: number,
  { columns, span }: Pick<TimeLineQuestion, "columns" | "span">,
): Ticks | null {
  if (column < 0 || column >= columns) return null;
  return Math.round((column / Math.max(1, columns - 1)) * span);
}
