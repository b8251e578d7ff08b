/** The screen Live as a terminal has it: with the state folder and the environment. */
/// <reference types="node" />
import { stateFolder } from "../../state/folders.ts";
import { LiveState } from "../../state/live-state.ts";
import type { Host } from "../screen.ts";
import { LiveScreen } from "./live.ts";

/** `keeps` is false where nothing is to be remembered. */
export function liveScreen(
  host: Host,
  environment: Readonly<Record<string, string | undefined>>,
  keeps: boolean,
): LiveScreen {
  return new LiveScreen(host, {
    state: new LiveState(keeps ? stateFolder(environment) : null),
    token: environment.REHEARSE_ADMIN_TOKEN || null,
  });
}
