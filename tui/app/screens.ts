/** How each screen is made when it is first wanted, with what the screens share. */
import { CompareScreen } from "../screens/compare/compare.ts";
import { HomeScreen } from "../screens/home/home.ts";
import { liveScreen } from "../screens/live/live-screen.ts";
import { RehearseScreen } from "../screens/rehearse/rehearse.ts";
import { ReplayScreen } from "../screens/replay/replay.ts";
import { WhatIfScreen } from "../screens/what-if/what-if.ts";
import { RunStore } from "../state/runs.ts";
import type { Environment } from "../terminal/capabilities.ts";
import { BackgroundRehearsals } from "../worker/background-rehearsals.ts";
import { type SteppedListener, startSteppedClient } from "../worker/stepped-client.ts";
import { WhenNeeded } from "../worker/when-needed.ts";
import type { ScreenMakers } from "./app.ts";

export interface SharedByScreens {
  /** The command line's own file, for what a screen has a verb do. */
  readonly verbs: string;
  /** False where nothing is to be remembered. */
  readonly keeps?: boolean;
  readonly runs?: RunStore;
  /** The program of the worker threads; the bundled one where left out. */
  readonly program?: string;
}

export function screensOf(
  environment: Environment,
  { verbs, keeps = true, runs = new RunStore(environment), program }: SharedByScreens,
): Required<ScreenMakers> {
  const now = () => Date.now();
  const startClient = (listener: SteppedListener) => startSteppedClient(listener, program);
  const workers = program === undefined ? {} : { program };
  const background = new WhenNeeded(() => new BackgroundRehearsals(workers));
  return {
    home: (host) => new HomeScreen(host, { environment, runs, now }),
    rehearse: (host) => new RehearseScreen(host, { environment, runs, now, startClient }),
    compare: (host) => new CompareScreen(host, background),
    "what-if": (host) => new WhatIfScreen(host, background),
    live: (host) => liveScreen(host, environment, keeps),
    replay: (host) => new ReplayScreen(host, verbs),
  };
}
