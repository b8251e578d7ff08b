/**
 * The text of a scenario file as plain data, and where each piece of it stands. YAML 1.2, of
 * which JSON is a part; a text that is hostile, damaged or not YAML is one clear problem.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { Form } from "./defaults.ts";
import { dotted, type Finding, type Path, type ScenarioProblem, showValue } from "./problem.ts";

/** No scenario is larger; a file that is, is something else. */
export const SCENARIO_BYTES_MAX = 1024 * 1024;

/** How deep sections may stand in one another. */
const DEPTH_MAX = 32;

/** Brackets open at once in the text, those inside of quotes too; more would cost the parser its stack. */
const BRACKETS_MAX = 256;

/** How often one anchored value may be spread by aliases before it counts as an attack. */
const ALIASES_MAX = 100;

export interface Source {
  readonly form: Form;
  /** Puts a finding at its place in the file. */
  place(finding: Finding): ScenarioProblem;
}

/** The problem of a file that is too large to be a scenario; for checks before it is read. */
export function fileTooLarge(file: string, bytes: number): ScenarioProblem {
  const megabytes = (bytes / 1024 / 1024).toFixed(1);
  return whole(
    file,
    `the file has ${megabytes} MiB; a scenario has at most ${SCENARIO_BYTES_MAX / 1024 / 1024} MiB`,
    "check that this is the file you meant",
  );
}

/** The problem of a file whose bytes are not UTF-8. */
export function fileNotText(file: string): ScenarioProblem {
  return whole(file, "the file is not UTF-8 text", "check that this is the file you meant");
}

function whole(file: string, message: string, suggestion: string): ScenarioProblem {
  return { file, line: 1, column: 1, path: "", value: "", message, suggestion };
}

function tooDeep(file: string): ScenarioProblem {
  return whole(file, `sections stand more than ${DEPTH_MAX} deep in one another`, "flatten it");
}

export function readSource(file: string, text: string): Source | ScenarioProblem[] {
  if (text.length > SCENARIO_BYTES_MAX) return [fileTooLarge(file, text.length)];
  if (text.includes("\u0000") || text.includes("\uFFFD")) return [fileNotText(file)];
  const lines = new LineCounter();
  if (bracketsDeeperThan(text, BRACKETS_MAX)) return [tooDeep(file)];
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return faults.slice(0, 1).map((fault) => {
      const { line, col } = lines.linePos(fault.pos[0]);
      const { message, suggestion } = explain(fault.code, fault.message);
      return { file, line, column: col, path: "", value: "", message, suggestion };
    });
  }
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return [whole(file, "the file is empty", "write one to start from with rehearse init")];
  }
  if (!isMap(root)) {
    return [whole(file, "a scenario is a mapping of keys", "begin with name: my-sale")];
  }
  return toSource(file, document, lines);
}

function bracketsDeeperThan(text: string, most: number): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/gu)) {
    open = Math.max(0, open + (bracket === "[" || bracket === "{" ? 1 : -1));
    if (open > most) return true;
  }
  return false;
}

function toSource(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
): Source | ScenarioProblem[] {
  let form: Form;
  try {
    form = document.toJS({ maxAliasCount: ALIASES_MAX }) as Form;
  } catch (error) {
    // The library throws for aliases that multiply without end, and for those nobody anchored.
    const unknown = error instanceof Error && error.message.startsWith("Unresolved alias");
    const message = unknown
      ? "an alias (*name) has no anchor (&name)"
      : "aliases multiply too often";
    return [whole(file, message, "write the values out")];
  }
  if (isDeeperThan(form, DEPTH_MAX)) return [tooDeep(file)];
  return {
    form,
    place: (finding) => {
      const offset = offsetOf(document, finding.path, finding.atKey === true);
      const { line, col } = lines.linePos(offset);
      const path = dotted(finding.path);
      const { message, suggestion } = finding;
      return {
        file,
        line,
        column: col,
        path,
        value: showValue(finding.value),
        message,
        suggestion,
      };
    },
  };
}

function explain(code: string, message: string): { message: string; suggestion: string } {
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "a tab cannot indent in YAML", suggestion: "indent with spaces" };
    case "DUPLICATE_KEY":
      return { message: "this key is given twice", suggestion: "keep one of the two" };
    case "MULTIPLE_DOCS":
      return { message: "more than one document in the file", suggestion: "remove the --- lines" };
    case "TAG_RESOLVE_FAILED":
      return {
        message: `a tag that means nothing here: ${message}`,
        suggestion: "leave the tag out",
      };
    default:
      return { message: `not YAML: ${firstLine(message)}`, suggestion: "" };
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/\.$/u, "");
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** Also true for a section that an alias puts into itself. */
function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}

/** Where a path stands; for what is missing, the nearest section above it that is there. */
function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, step] of path.entries()) {
    const here = resolved(node, document);
    if (isMap(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      if (pair === undefined) return offset;
      const last = index === path.length - 1;
      const value = startOf(pair.value);
      const section = isMap(pair.value) || isSeq(pair.value);
      offset = (last && atKey) || section || value < 0 ? startOf(pair.key) : value;
      node = pair.value;
    } else if (isSeq(here) && typeof step === "number" && step < here.items.length) {
      node = here.items[step];
      offset = startOf(node);
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number {
  const range = (node as Node | null)?.range;
  return range === null || range === undefined ? -1 : range[0];
}
