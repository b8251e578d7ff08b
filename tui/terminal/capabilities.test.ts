import { describe, expect, it } from "vitest";
import { charsetOf, colourDepthOf, groundOf } from "./capabilities.ts";

describe("what a terminal can show", () => {
  it.each([
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "truecolor"],
    [{ TERM: "xterm-256color" }, "256"],
    [{ TERM: "xterm" }, "16"],
    [{ TERM: "xterm-256color", NO_COLOR: "1", FORCE_COLOR: "3" }, "none"],
    [{ TERM: "xterm-256color", NO_COLOR: "" }, "256"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor", FORCE_COLOR: "0" }, "none"],
    [{ TERM: "xterm", FORCE_COLOR: "2" }, "256"],
    [{ TERM: "xterm", FORCE_COLOR: "3" }, "truecolor"],
  ] as const)("in %j is %s", (environment, depth) => {
    expect(colourDepthOf(environment, true)).toBe(depth);
    expect(colourDepthOf(environment, false)).toBe("none");
  });

  it("is Braille where the locale is UTF-8, half blocks on the Linux console, else ASCII", () => {
    expect(charsetOf({ LANG: "en_GB.UTF-8" })).toBe("braille");
    expect(charsetOf({ LANG: "en_GB.UTF-8", TERM: "linux" })).toBe("block");
    expect(charsetOf({ LANG: "en_GB.UTF-8", LC_ALL: "C" })).toBe("ascii");
    expect(charsetOf({})).toBe("ascii");
  });

  it("is a light ground where the terminal says so", () => {
    expect(groundOf({ COLORFGBG: "0;15" })).toBe("light");
    expect(groundOf({ COLORFGBG: "15;0" })).toBe("dark");
    expect(groundOf({})).toBe("dark");
  });
});
