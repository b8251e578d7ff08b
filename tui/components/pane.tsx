/** A framed part of a screen: a title and a remark in its upper border, lines of text inside. */
import type { ReactElement } from "react";
import type { Theme } from "../theme/theme.ts";
import type { Charset } from "./canvas.ts";
import { Lines } from "./lines.tsx";
import { alignLeft, widthOf } from "./text-width.ts";

export interface PaneProps {
  readonly title: string;
  /** At the right end of the upper border. */
  readonly remark?: string;
  readonly lines: readonly string[];
  /** With its border, in cells. */
  readonly columns: number;
  readonly rows: number;
  readonly focused?: boolean;
  readonly frame: { readonly theme: Theme; readonly charset: Charset };
}

/** Corners and lines of a border: top left, top right, bottom left, bottom right, across, down. */
const BORDERS = {
  fine: ["╭", "╮", "╰", "╯", "─", "│"],
  ascii: ["+", "+", "+", "+", "-", "|"],
} as const;

/** Lines that do not fit are left out; where there are too few, blank ones fill the pane. */
export function Pane(props: PaneProps): ReactElement {
  return <Lines lines={paneLines(props)} columns={props.columns} />;
}

/** Exactly `rows` lines of exactly `columns` cells. */
export function paneLines(props: PaneProps): readonly string[] {
  const { lines, columns, rows, focused = false, frame } = props;
  const [, , lowerLeft, lowerRight, across, down] =
    BORDERS[frame.charset === "ascii" ? "ascii" : "fine"];
  const paint = (text: string) => frame.theme.paint(focused ? "focus" : "border", text);
  const inner = Math.max(0, columns - 2);
  const body = Array.from(
    { length: Math.max(0, rows - 2) },
    (_, row) => paint(down) + alignLeft(lines[row] ?? "", inner) + paint(down),
  );
  return [upperBorder(props, paint), ...body, paint(lowerLeft + across.repeat(inner) + lowerRight)];
}

function upperBorder(
  { title, remark = "", columns, frame, focused = false }: PaneProps,
  paint: (text: string) => string,
): string {
  const [left, right, , , across] = BORDERS[frame.charset === "ascii" ? "ascii" : "fine"];
  const inner = Math.max(0, columns - 2);
  const head = title === "" ? "" : ` ${title} `;
  const tail = remark === "" ? "" : ` ${remark} `;
  const room = inner - 2 - widthOf(head) - widthOf(tail);
  if (room < 0 && remark !== "") {
    return upperBorder({ title, lines: [], rows: 0, columns, frame, focused }, paint);
  }
  if (room < 0) {
    const cut = alignLeft(head, Math.max(0, inner - 1));
    return paint(left + across) + frame.theme.paint("title", cut) + paint(right);
  }
  // Where there are no colours the focus is seen by the title that is reversed.
  const ofFocus = frame.theme.depth === "none" ? "selected" : "focus";
  const named = frame.theme.paint(focused ? ofFocus : "title", head);
  return paint(left + across) + named + paint(across.repeat(room)) + tail + paint(across + right);
}
