/** The commands of the palette: every key that does more than move about. */
import { alignLeft } from "../components/text-width.ts";
import { type KeyBinding, MOVES } from "../keys/key-table.ts";
import { keysWord } from "./frame-rows.ts";

export interface PaletteCommand {
  readonly text: string;
  readonly action: string;
  readonly key: string;
}

const ABOUT_COLUMNS = 52;

export function paletteCommands(keys: readonly KeyBinding[]): readonly PaletteCommand[] {
  return keys
    .filter(({ action }) => action !== "palette" && !MOVES.has(action))
    .map(({ action, about, keys: own }) => ({
      text: `${alignLeft(about, ABOUT_COLUMNS)} ${keysWord(own)}`,
      action,
      key: own[0] ?? "",
    }));
}
