/**
 * The colours of the screens by what they mean, for terminals of 24 bits, 256 and 16 colours and
 * of none. A meaning never rests on a colour alone: a sign and a word stand beside it. Series take
 * their colours from Okabe and Ito's palette ("Color Universal Design", 2008), which people with
 * any kind of colour vision can tell apart, chosen for their contrast on a dark or light ground.
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
const VERMILLION = colour([0xd5, 0x5e, 0x00], 166, 91);
const BLUE = colour([0x00, 0x72, 0xb2], 25, 34);
const GREY_ON_DARK = colour([0x9a, 0x9a, 0x9a], 247, 37);
const GREY_ON_LIGHT = colour([0x5f, 0x5f, 0x5f], 241, 90);

interface Look {
  readonly colour?: Colour;
  /** Codes beside the colour: 1 bold, 7 reversed. */
  readonly codes?: readonly number[];
}

const BOLD = [1];
const REVERSED = [7];

const LOOKS: Readonly<Record<Ground, Readonly<Record<Role, Look>>>> = {
  dark: {
    first: { colour: SKY },
    second: { colour: ORANGE },
    third: { colour: GREEN },
    fourth: { colour: PURPLE },
    good: { colour: GREEN },
    warning: { colour: YELLOW },
    bad: { colour: VERMILLION, codes: BOLD },
    title: { codes: BOLD },
    dim: { colour: GREY_ON_DARK },
    border: { colour: GREY_ON_DARK },
    focus: { colour: SKY },
    selected: { codes: REVERSED },
  },
  light: {
    first: { colour: BLUE },
    second: { colour: VERMILLION },
    third: { colour: GREEN },
    fourth: { colour: PURPLE },
    good: { colour: GREEN },
    warning: { colour: VERMILLION },
    bad: { colour: VERMILLION, codes: BOLD },
    title: { codes: BOLD },
    dim: { colour: GREY_ON_LIGHT },
    border: { colour: GREY_ON_LIGHT },
    focus: { colour: BLUE },
    selected: { codes: REVERSED },
  },
};

const ESCAPE = "\u001b[";

export function themeOf(ground: Ground, depth: ColourDepth): Theme {
  const looks = LOOKS[ground];
  const begins = new Map<Role, string>(
    Object.entries(looks).map(([role, look]) => [role as Role, beginOf(look, depth)]),
  );
  return {
    ground,
    depth,
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
