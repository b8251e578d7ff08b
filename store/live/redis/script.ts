/** Lua scripts as the server knows them: by the SHA-1 of their text. */
import { createHash } from "node:crypto";

export interface Script {
  /** What a reader of a log, or of a failure, knows it by. */
  readonly name: string;
  readonly text: string;
  readonly sha: string;
}

/** One script out of its parts; a part that several need stands in the text of each. */
export function script(name: string, ...parts: readonly string[]): Script {
  const text = `-- ${name}\n${parts.join("\n")}`;
  return { name, text, sha: createHash("sha1").update(text).digest("hex") };
}
