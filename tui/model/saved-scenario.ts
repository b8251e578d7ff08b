/**
 * The text of a scenario file with some values set in it: comments, order and spelling of everything
 * else stay as they were. What would be no valid scenario is refused with every problem.
 */
import { parseDocument } from "yaml";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { parseSetting } from "../../twin/scenario/overrides.ts";
import { renderProblem, type ScenarioProblem } from "../../twin/scenario/problem.ts";

export interface SavedScenarioInput {
  readonly text: string;
  /** The new file, for messages. */
  readonly path: string;
  /** As `--set` takes them. */
  readonly sets: readonly string[];
  /** Of the new scenario. */
  readonly name: string;
}

export function savedScenario({
  text,
  path,
  sets,
  name,
}: SavedScenarioInput): string | readonly string[] {
  const document = parseDocument(text);
  for (const written of sets) {
    const setting = parseSetting(written);
    if ("message" in setting) return [renderProblem(setting)];
    document.setIn(setting.path, document.createNode(setting.value));
  }
  document.set("name", name);
  const saved = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  const decoded = decodeScenario({ text: saved, path });
  return Array.isArray(decoded) ? problemLines(decoded) : saved;
}

function problemLines(problems: readonly ScenarioProblem[]): readonly string[] {
  return problems.map(renderProblem);
}

/** A scenario's name from its file's: letters, digits, dots, dashes and underscores. */
export function nameOfFile(path: string): string {
  const stem = path.replace(/^.*\//u, "").replace(/\.ya?ml$/iu, "");
  const name = stem.replaceAll(/[^A-Za-z0-9._-]+/gu, "-").replace(/^[^A-Za-z]+/u, "");
  return name === "" ? "what-if" : name.slice(0, 64);
}
