/** Reads a file of the folder for state, whatever lies in its place: a pipe would never end. */
/// <reference types="node" />
import { readFileSync, statSync } from "node:fs";

/** The text; throws what the system says, and where it is no file or a larger one than is written. */
export function readStateFile(path: string, bytesMax: number): string {
  const stats = statSync(path);
  if (!stats.isFile()) throw new Error("it is no file");
  if (stats.size > bytesMax) throw new Error("it is too large");
  return readFileSync(path, "utf8");
}
