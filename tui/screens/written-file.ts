/** Files that a planner asks a screen to write: named by the planner, never over another unasked. */
/// <reference types="node" />
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "../cli/reasons.ts";
import type { Host } from "./screen.ts";

export type FileText = string | readonly string[];

export interface FileQuestion {
  /** What is asked, such as "HTML report to write". */
  readonly label: string;
  /** A name to begin with. */
  readonly value: string;
  /** What is written under that path, or the problems for which it cannot be. */
  readonly text: (path: string) => FileText | Promise<FileText>;
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
  if (existsSync(path) && !(await host.confirm(`Overwrite ${path}?`))) {
    host.tell({ severity: "info", text: `${path} was left alone` });
    return null;
  }
  const content = await text(path);
  if (typeof content !== "string") {
    host.tell({ severity: "critical", text: content[0] ?? "" });
    return null;
  }
  try {
    writeFileSync(path, content);
  } catch (cause) {
    host.tell({ severity: "critical", text: `${path} could not be written: ${reasonOf(cause)}` });
    return null;
  }
  host.tell({ severity: "ok", text: `${path} is written`, file: path });
  return path;
}

function refusalOf(path: string): string | null {
  if (!existsSync(dirname(path))) return `there is no folder ${dirname(path)}`;
  return existsSync(path) && statSync(path).isDirectory() ? `${path} is a folder` : null;
}
