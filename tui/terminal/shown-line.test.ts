import { describe, expect, it } from "vitest";
import { widthOf } from "../components/text-width.ts";
import { shownLine } from "./shown-line.ts";

describe("a line for the terminal", () => {
  it("keeps colours and nothing else that steers", () => {
    const line = "\u001b[1;31mred\u001b[0m \u001b[2J\u001b]0;title\u0007a\nb\tc\u202ed\u009b5n";
    expect(shownLine(line, "braille")).toBe("\u001b[1;31mred\u001b[0m abcd5n");
  });

  it("is of ASCII alone where nothing else can be shown, and as wide as before", () => {
    const line = "\u001b[1m❯ ✓ kept\u001b[0m · ▲ 3 × €1 – 売 é … Load ━ vs capacity ┄ ◂━━●━▸";
    const shown = shownLine(line, "ascii");
    expect(shown).toBe(
      "\u001b[1m> + kept\u001b[0m - ! 3 x E1 - ?? ? ~ Load * vs capacity o <==*=>",
    );
    expect(widthOf(shown)).toBe(widthOf(line));
  });

  it("is left as it is where there is nothing to change", () => {
    for (const line of ["plain", "✓ ▲ ⠋ 売"]) expect(shownLine(line, "block")).toBe(line);
  });
});
