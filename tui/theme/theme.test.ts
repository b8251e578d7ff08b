import { describe, expect, it } from "vitest";
import { type ColourDepth, type Ground, type Role, themeOf } from "./theme.ts";

/** Grounds that terminals commonly have. */
const GROUNDS: Readonly<Record<Ground, Rgb>> = { dark: [0x1e, 0x1e, 0x1e], light: [255, 255, 255] };
const TEXT: readonly Role[] = [
  ...(["first", "second", "third", "fourth", "good", "warning", "bad", "title", "dim"] as const),
  ...(["focus", "selected"] as const),
];
const LINES: readonly Role[] = ["border", "first", "second", "third", "fourth"];

type Rgb = readonly [number, number, number];

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The colours of xterm by number, from 16 on. */
function xterm(number: number): Rgb {
  if (number >= 232) {
    const grey = 8 + 10 * (number - 232);
    return [grey, grey, grey];
  }
  const levels = [0, 95, 135, 175, 215, 255];
  const cube = number - 16;
  const places = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return places.map((place) => levels[place]) as unknown as Rgb;
}

/** What a text is painted with, where it has a colour of its own. */
function colourOf(painted: string): Rgb | null {
  const exact = /38;2;(\d+);(\d+);(\d+)m/.exec(painted);
  if (exact !== null) return exact.slice(1).map(Number) as unknown as Rgb;
  const indexed = /38;5;(\d+)m/.exec(painted);
  return indexed === null ? null : xterm(Number(indexed[1]));
}

const looks = (["dark", "light"] as const).flatMap((ground) =>
  (["truecolor", "256"] as const).flatMap((depth) =>
    [false, true].map((high) => ({ ground, depth, high })),
  ),
);

describe.each(looks)("on a $ground ground, $depth, high contrast $high", (look) => {
  const theme = themeOf(look.ground, look.depth, look.high);
  const contrastOf = (role: Role) => {
    const colour = colourOf(theme.paint(role, "x"));
    // Without a colour of its own a text has the terminal's, which its owner can read.
    return colour === null ? 21 : contrast(colour, GROUNDS[look.ground]);
  };

  it.each(TEXT)("text that means %s can be read", (role) => {
    expect(contrastOf(role)).toBeGreaterThanOrEqual(look.high ? 7 : 4.5);
  });

  it.each(LINES)("lines that mean %s can be seen", (role) => {
    expect(contrastOf(role)).toBeGreaterThanOrEqual(3);
  });

  it("tells the series apart", () => {
    const series = (["first", "second", "third", "fourth"] as const).map((role) =>
      theme.paint(role, "x"),
    );
    expect(new Set(series).size).toBe(4);
  });
});

describe("a theme of few colours", () => {
  const rolesPainted = (depth: ColourDepth) =>
    TEXT.map((role) => [role, themeOf("dark", depth).paint(role, "x")] as const);

  it("names a colour by one code where there are sixteen", () => {
    for (const [, painted] of rolesPainted("16")) expect(painted).not.toMatch(/38;/);
    expect(themeOf("dark", "16").paint("good", "x")).toBe("\u001b[32mx\u001b[0m");
  });

  it("without colours marks only what is selected, bad or a title, by no colour", () => {
    const codes = rolesPainted("none").filter(([, painted]) => painted !== "x");
    expect(codes).toEqual([
      ["bad", "\u001b[1mx\u001b[0m"],
      ["title", "\u001b[1mx\u001b[0m"],
      ["selected", "\u001b[7mx\u001b[0m"],
    ]);
  });
});
