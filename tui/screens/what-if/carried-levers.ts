/** The levers as another screen hands them over: turned to what was changed there. */
import { carriedChanges, carriedText } from "../../model/carried-changes.ts";
import { LeverChanges } from "../../model/lever-changes.ts";
import type { LeverBoard } from "../../model/levers.ts";
import type { PlanChoice } from "../screen.ts";

export interface CarriedLevers {
  readonly changes: LeverChanges;
  /** What was carried over and what was not, in a line; nothing where nothing was changed. */
  readonly text: string;
}

export function carriedLevers(board: LeverBoard, choice: PlanChoice): CarriedLevers {
  const { planned, left } = carriedChanges(choice);
  let changes = LeverChanges.none(board.levers);
  const turned: string[] = [];
  const unturned: string[] = [];
  for (const change of planned) {
    const [path = "", ...value] = change.split("=");
    const lever = board.leverAt(path);
    const read = lever?.kind.read(value.join("=").trim()) ?? null;
    if (lever === null || read === null) unturned.push(change);
    else {
      if (!changes.levers.some((one) => one.path === lever.path)) changes = changes.adding(lever);
      changes = changes.with(lever, read);
      turned.push(change);
    }
  }
  const text = carriedText(choice, { planned: turned, left: [...unturned, ...left] });
  return { changes, text };
}
