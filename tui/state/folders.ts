/** Where the program keeps what it remembers, after the XDG Base Directory Specification 0.8. */
/// <reference types="node" />
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Environment } from "../terminal/capabilities.ts";

/** The folder for state: `$XDG_STATE_HOME/rehearse`, `~/.local/state/rehearse` where that is not set. */
export function stateFolder({ XDG_STATE_HOME = "" }: Environment): string {
  const base = isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(base, "rehearse");
}

/**
 * Makes a folder and those above it, or throws why not. Node's own way never comes back where the
 * system says of a folder that is there that it is not, as below /proc.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder) || dirname(folder) === folder) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    // Another process was quicker.
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  }
}
