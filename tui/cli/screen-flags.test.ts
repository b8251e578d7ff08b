import { describe, expect, it } from "vitest";
import { generalHelp } from "./help.ts";
import { SCREEN_FLAGS } from "./screen-flags.ts";
import { usageOf } from "./usage.ts";

const wrong = (...words: string[]) => {
  const usage = usageOf(words);
  return usage.kind === "wrong" ? usage.message : usage.kind;
};

describe("flags without a verb", () => {
  it("are those of the screens, and none of them is needed", () => {
    expect(usageOf([])).toEqual({
      kind: "screens",
      flags: {
        mouse: true,
        screenReader: false,
        reducedMotion: false,
        highContrast: false,
        state: true,
        colour: true,
      },
    });
    const words = ["--theme", "light", "--charts=ascii", "--no-mouse", "--no-state"];
    expect(usageOf([...words, "--screen-reader"])).toMatchObject({
      flags: { theme: "light", charts: "ascii", mouse: false, state: false, screenReader: true },
    });
  });

  it("are refused with the nearest right spelling", () => {
    expect(wrong("--them", "dark")).toBe("the screens have no flag --them. Did you mean --theme?");
    expect(wrong("--theme", "drak")).toBe(
      "--theme must be one of dark, light (got drak; did you mean dark?).",
    );
    expect(wrong("--charts")).toBe("--charts must be one of braille, block, ascii.");
    expect(wrong("--no-mouse=1")).toBe("--no-mouse takes no value (got --no-mouse=1).");
    expect(wrong("--no-mouse", "--no-mouse")).toContain("given twice");
    expect(wrong("-x")).toContain("the screens have no flag -x. They are --theme,");
    expect(wrong("--theme", "dark", "x.yaml")).toContain("the screens have no flag x.yaml");
  });

  it("do not stand before a verb", () => {
    expect(wrong("--quiet", "run", "x.yaml")).toBe(
      "a verb comes first, then its flags: rehearse run … --quiet …",
    );
  });

  it("stand in the help, each with what it does", () => {
    const help = generalHelp("1.0");
    for (const { name, about } of SCREEN_FLAGS) {
      expect(help).toContain(`--${name}`);
      expect(help).toContain(about);
    }
  });
});
