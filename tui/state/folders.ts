/** Where the program keeps what it remembers, after the XDG Base Directory Specification 0.8. */
/// <reference types="node" />
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "../terminal/capabilities.ts";

/** The folder for state: `$XDG_STATE_HOME/rehearse`, `~/.local/state/rehearse` where that is not set. */
export function stateFolder({ XDG_STATE_HOME = "" }: Environment): string {
  const base = isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(base, "rehearse");
}
