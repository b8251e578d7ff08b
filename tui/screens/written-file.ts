/** Files that a planner asks a screen to write: named by the planner, never over another unasked. */
/// <reference types="node" />
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "../cli/reasons.ts";
import type { Host } from "./screen.ts";

export interface FileQuestion {
  /** What is asked, such as "HTML report to write". */
  readonly label: string;
  /** A name to begin with. */
  readonly value: string;
  readonly text: string | Promise<string>;
}

/** The path that was written; null where it was given up, or could not be and the host said so. */
export async function writtenFile(
  host: Host,
  { label, value, text }: FileQuestion,
): Promise<string | null> {
  const asked = await host.ask({ label, value });
  const path = asked?.trim() ?? "";
  if (path === "") return null;
  const refused = refusalOf(path);
  if (refused !== null) {
    host.tell({ severity: "critical", text: refused });
    return null;
  }
  if (existsSync(path) && !(await host.confirm(`${path} is there already. Overwrite it?`))) {
    host.tell({ severity: "info", text: `${path} was left alone` });
    return null;
  }
  try {
    writeFileSync(path, await text);
  } catch (cause) {
    host.tell({ severity: "critical", text: `${path} could not be written: ${reasonOf(cause)}` });
    return null;
  }
  host.tell({ severity: "ok", text: `${path} is written` });
  return path;
}

function refusalOf(path: string): string | null {
  if (!existsSync(dirname(path))) return `there is no folder ${dirname(path)}`;
  return existsSync(path) && statSync(path).isDirectory() ? `${path} is a folder` : null;
}
