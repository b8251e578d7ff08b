/** The few colours of a report, or none. */

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const ESCAPE = "\u001b[";
const painted = (code: number) => (text: string) => `${ESCAPE}${code}m${text}${ESCAPE}0m`;
const plain = (text: string) => text;

const COLOURS: Palette = { bold: painted(1), dim: painted(2), good: painted(32), bad: painted(31) };
const NONE: Palette = { bold: plain, dim: plain, good: plain, bad: plain };

export function paletteOf(colour: boolean): Palette {
  return colour ? COLOURS : NONE;
}
