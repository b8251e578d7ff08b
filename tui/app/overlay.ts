/** What lies over a screen and takes keys and mouse while it does; it answers once and is gone. */
import type { Frame } from "../screens/screen.ts";
import type { KeyName, MousePress } from "../terminal/key-reader.ts";

/** What a key or a press does to it. */
export type Fate = "stays" | "gone";

export interface Overlay {
  press(key: KeyName): Fate;
  /** A press or a turn of the wheel, counted from its own top left; it may lie outside. */
  point(mouse: MousePress): Fate;
  paste(text: string): void;
  /** Its lines, all of one width, to lie in the middle of the screen. */
  lines(frame: Frame): readonly string[];
  /** The same for who hears it. */
  spoken(): readonly string[];
}
