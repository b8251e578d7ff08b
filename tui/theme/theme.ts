/**
 * The colours of the screens by what they mean, for terminals of 24 bits, 256 and 16 colours and
 * of none. A meaning never rests on a colour alone: a sign and a word stand beside it. Series take
 * their colours from Okabe and Ito's palette ("Color Universal Design", 2008), which people with
 * any kind of colour vision can tell apart, darker or brighter where the ground wants it: text has
 * a contrast of at least 4.5 (WCAG 2.2, 1.4.3), 7 in high contrast.
 */

export type ColourDepth = "none" | "16" | "256" | "truecolor";
export type Ground = "dark" | "light";

/** What a piece of text means. */
export type Role =
  | "first"
  | "second"
  | "third"
  | "fourth"
  | "good"
  | "warning"
  | "bad"
  | "title"
  | "dim"
  | "border"
  | "focus"
  | "selected";

export interface Theme {
  readonly ground: Ground;
  readonly depth: ColourDepth;
  readonly highContrast: boolean;
  /** The text with the codes that show it so, and back to plain after it. */
  paint(role: Role, text: string): string;
}

/** A colour as 24 bits, by its number among 256, and among 16 as the code that selects it. */
interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly of256: number;
  readonly of16: number;
}

const colour = (rgb: readonly [number, number, number], of256: number, of16: number): Colour => ({
  rgb,
  of256,
  of16,
});

const SKY = colour([0x56, 0xb4, 0xe9], 74, 96);
const ORANGE = colour([0xe6, 0x9f, 0x00], 178, 33);
const GREEN = colour([0x00, 0x9e, 0x73], 35, 32);
const YELLOW = colour([0xf0, 0xe4, 0x42], 221, 93);
const PURPLE = colour([0xcc, 0x79, 0xa7], 175, 35);
const BRIGHT_VERMILLION = colour([0xe8, 0x70, 0x2a], 202, 91);
const GREY_ON_DARK = colour([0x9a, 0x9a, 0x9a], 247, 37);

const BLUE = colour([0x00, 0x72, 0xb2], 25, 34);
const DARK_VERMILLION = colour([0xb3, 0x4e, 0x00], 130, 31);
const DARK_GREEN = colour([0x00, 0x79, 0x5a], 29, 32);
const DARK_PURPLE = colour([0x9b, 0x4a, 0x78], 126, 35);
const GREY_ON_LIGHT = colour([0x5f, 0x5f, 0x5f], 241, 90);

const PALE_SKY = colour([0x7c, 0xc8, 0xf5], 117, 96);
const PALE_GREEN = colour([0x40, 0xe0, 0xb0], 79, 92);
const PALE_PURPLE = colour([0xf0, 0xb8, 0xd8], 218, 95);
const PALE_VERMILLION = colour([0xff, 0xa0, 0x60], 215, 91);
const NEAR_WHITE = colour([0xd8, 0xd8, 0xd8], 253, 97);

const DEEP_BLUE = colour([0x00, 0x4b, 0x75], 24, 34);
const DEEP_VERMILLION = colour([0x7a, 0x33, 0x00], 88, 31);
const DEEP_GREEN = colour([0x00, 0x51, 0x3c], 22, 32);
const DEEP_PURPLE = colour([0x6b, 0x2c, 0x50], 53, 35);
const NEAR_BLACK = colour([0x3a, 0x3a, 0x3a], 237, 30);

interface Look {
  readonly colour?: Colour;
  /** Codes beside the colour: 1 bold, 7 reversed. */
  readonly codes?: readonly number[];
}

const BOLD = [1];
const REVERSED = [7];

/** The colours of a ground, in the order of what they mean below. */
interface Palette {
  readonly first: Colour;
  readonly second: Colour;
  readonly third: Colour;
  readonly fourth: Colour;
  readonly warning: Colour;
  readonly bad: Colour;
  readonly grey: Colour;
}

const PALETTES: Readonly<Record<Ground, Readonly<Record<"usual" | "high", Palette>>>> = {
  dark: {
    usual: {
      first: SKY,
      second: ORANGE,
      third: GREEN,
      fourth: PURPLE,
      warning: YELLOW,
      bad: BRIGHT_VERMILLION,
      grey: GREY_ON_DARK,
    },
    high: {
      first: PALE_SKY,
      second: ORANGE,
      third: PALE_GREEN,
      fourth: PALE_PURPLE,
      warning: YELLOW,
      bad: PALE_VERMILLION,
      grey: NEAR_WHITE,
    },
  },
  light: {
    usual: {
      first: BLUE,
      second: DARK_VERMILLION,
      third: DARK_GREEN,
      fourth: DARK_PURPLE,
      warning: DARK_VERMILLION,
      bad: DARK_VERMILLION,
      grey: GREY_ON_LIGHT,
    },
    high: {
      first: DEEP_BLUE,
      second: DEEP_VERMILLION,
      third: DEEP_GREEN,
      fourth: DEEP_PURPLE,
      warning: DEEP_VERMILLION,
      bad: DEEP_VERMILLION,
      grey: NEAR_BLACK,
    },
  },
};

function looksOf(palette: Palette, bold: readonly number[]): Readonly<Record<Role, Look>> {
  return {
    first: { colour: palette.first },
    second: { colour: palette.second },
    third: { colour: palette.third },
    fourth: { colour: palette.fourth },
    good: { colour: palette.third, codes: bold },
    warning: { colour: palette.warning, codes: bold },
    bad: { colour: palette.bad, codes: BOLD },
    title: { codes: BOLD },
    dim: { colour: palette.grey },
    border: { colour: palette.grey },
    focus: { colour: palette.first, codes: bold },
    selected: { codes: REVERSED },
  };
}

const ESCAPE = "\u001b[";

/** In high contrast what is judged or has the focus is bold as well. */
export function themeOf(ground: Ground, depth: ColourDepth, highContrast = false): Theme {
  const palette = PALETTES[ground][highContrast ? "high" : "usual"];
  const looks = looksOf(palette, highContrast ? BOLD : []);
  const begins = new Map<Role, string>(
    Object.entries(looks).map(([role, look]) => [role as Role, beginOf(look, depth)]),
  );
  return {
    ground,
    depth,
    highContrast,
    paint: (role, text) => {
      const begin = begins.get(role) ?? "";
      return begin === "" || text === "" ? text : `${begin}${text}${ESCAPE}0m`;
    },
  };
}

/** Without colours what is selected is still reversed and a title bold: neither is a colour. */
function beginOf({ colour: of, codes = [] }: Look, depth: ColourDepth): string {
  const all = [...codes, ...(of === undefined ? [] : codesOf(of, depth))];
  return all.length === 0 ? "" : `${ESCAPE}${all.join(";")}m`;
}

function codesOf({ rgb, of256, of16 }: Colour, depth: ColourDepth): readonly number[] {
  switch (depth) {
    case "none":
      return [];
    case "16":
      return [of16];
    case "256":
      return [38, 5, of256];
    case "truecolor":
      return [38, 2, ...rgb];
  }
}
