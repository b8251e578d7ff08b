/** What a terminal can show, from its environment; nothing is asked of the terminal itself. */
import type { Charset } from "../components/canvas.ts";
import type { ColourDepth, Ground } from "../theme/theme.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The flag decides (`colour` is false with --no-color), then NO_COLOR (any value that is not
 * empty), then FORCE_COLOR (0 to 3), then what the terminal says of itself.
 */
export function colourDepthOf(environment: Environment, colour: boolean): ColourDepth {
  const { NO_COLOR = "", FORCE_COLOR, COLORTERM = "", TERM = "" } = environment;
  if (!colour || NO_COLOR !== "") return "none";
  if (FORCE_COLOR === "0" || FORCE_COLOR === "false") return "none";
  if (FORCE_COLOR === "2") return "256";
  if (FORCE_COLOR === "3" || /truecolor|24bit/u.test(COLORTERM)) return "truecolor";
  if (FORCE_COLOR === "1") return "16";
  return TERM.includes("256") ? "256" : "16";
}

/** Half blocks where Braille may not be there: without UTF-8 ASCII alone. */
export function charsetOf({ LC_ALL, LC_CTYPE, LANG, TERM }: Environment): Charset {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((one) => one !== undefined && one !== "") ?? "";
  if (!/utf-?8/iu.test(locale)) return "ascii";
  return TERM === "linux" ? "block" : "braille";
}

/** From COLORFGBG, which some terminals set to "foreground;background"; dark where it is not there. */
export function groundOf({ COLORFGBG = "" }: Environment): Ground {
  const background = COLORFGBG.split(";").at(-1) ?? "";
  return background === "7" || background === "15" ? "light" : "dark";
}
