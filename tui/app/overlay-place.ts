/** Where what lies over a screen has its top left: in the middle. */
import { widthOf } from "../components/text-width.ts";

export function overlayPlace(
  lines: readonly string[],
  columns: number,
  rows: number,
): { readonly left: number; readonly top: number } {
  return {
    left: Math.max(0, Math.floor((columns - widthOf(lines[0] ?? "")) / 2)),
    top: Math.max(0, Math.floor((rows - lines.length) / 2)),
  };
}
