/**
 * How the screens look now, out of flags, environment and what is remembered, in this order; and
 * the menu that changes it.
 */
import type { ScreenFlags } from "../cli/screen-flags.ts";
import type { Charset } from "../components/canvas.ts";
import type { Looks } from "../state/ui-state.ts";
import { charsetOf, colourDepthOf, type Environment, groundOf } from "../terminal/capabilities.ts";
import { type Theme, themeOf } from "../theme/theme.ts";

export interface Appearance {
  readonly theme: Theme;
  readonly charset: Charset;
  readonly reducedMotion: boolean;
}

export interface AppearanceSources {
  readonly flags: ScreenFlags;
  readonly environment: Environment;
}

/** What the planner chose just now goes before flags: `chosen` holds only what was changed. */
export function appearanceOf(
  { flags, environment }: AppearanceSources,
  looks: Looks,
  chosen: Partial<Looks> = {},
): Appearance {
  const theme = chosen.theme ?? flags.theme ?? looks.theme;
  const charts = chosen.charts ?? flags.charts ?? looks.charts;
  const ground = theme === "auto" ? groundOf(environment) : theme;
  const highContrast = chosen.highContrast ?? (flags.highContrast || looks.highContrast);
  return {
    theme: themeOf(ground, colourDepthOf(environment, flags.colour), highContrast),
    charset: charts === "auto" ? charsetOf(environment) : charts,
    reducedMotion: chosen.reducedMotion ?? (flags.reducedMotion || looks.reducedMotion),
  };
}

/** Whether lines are spoken instead of frames drawn: the flag, then INK_SCREEN_READER, then state. */
export function speaks({ flags, environment }: AppearanceSources, looks: Looks): boolean {
  if (flags.screenReader) return true;
  const { INK_SCREEN_READER } = environment;
  return INK_SCREEN_READER === undefined ? looks.screenReader : INK_SCREEN_READER === "true";
}

export interface LookChoice {
  readonly text: string;
  readonly change: Partial<Looks>;
}

/** What can be chosen, with a mark before what is so now. */
export function lookChoices(
  now: Appearance,
  { theme, screenReader }: Looks,
): readonly LookChoice[] {
  const { highContrast, ground } = now.theme;
  const one = (chosen: boolean, text: string, change: Partial<Looks>) => ({
    text: `${chosen ? "●" : "○"} ${text}`,
    change,
  });
  const set = (on: boolean, text: string, change: Partial<Looks>) => ({
    text: `[${on ? "✓" : " "}] ${text}`,
    change,
  });
  return [
    one(theme === "auto", `Theme as the terminal says (${ground} now)`, { theme: "auto" }),
    one(theme !== "auto" && ground === "dark", "Theme for a dark ground", { theme: "dark" }),
    one(theme !== "auto" && ground === "light", "Theme for a light ground", { theme: "light" }),
    set(highContrast, "High contrast", { highContrast: !highContrast }),
    one(now.charset === "braille", "Charts in Braille dots", { charts: "braille" }),
    one(now.charset === "block", "Charts in half blocks", { charts: "block" }),
    one(now.charset === "ascii", "Charts and frames in ASCII", { charts: "ascii" }),
    set(now.reducedMotion, "Reduced motion: one frame a second", {
      reducedMotion: !now.reducedMotion,
    }),
    set(screenReader, "Screen reader: spoken lines, from the next start on", {
      screenReader: !screenReader,
    }),
  ];
}
