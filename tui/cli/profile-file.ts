/**
 * `platform: { profile: FILE }` of a scenario: the capacity profile that `rehearse calibrate` wrote
 * stands in place of its name once the scenario is read, so that all who read the text see what each
 * page takes. The name is looked for beside the scenario; a plan may name another.
 */
/// <reference types="node" />
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Either } from "effect";
import { type Document, isMap, isScalar, LineCounter, parseDocument, type Scalar } from "yaml";
import { readCapacityProfile, scenarioPages } from "../../twin/calibration/capacity-profile.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { reasonOf } from "./reasons.ts";

/** A profile has some tens of kilobytes. */
const BYTES_MAX = 4 * 1_024 * 1_024;

/** The text with every profile in place, or why one cannot be: a line to read. */
export function withProfiles(
  path: string,
  text: string,
): { readonly text: string } | { readonly problem: string } {
  // Only a file that may name one is looked at: to parse it twice takes its time.
  if (!/\bprofile["']?\s*:/u.test(text)) return { text };
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: "error" });
  // What is no YAML is told by who decodes it.
  if (document.errors.length > 0) return { text };
  let filled = text;
  // From the last to the first, so that places before it stay what they are.
  for (const { at, name } of profilesIn(document).reverse()) {
    const [start, end] = name.range ?? [0, 0];
    const pages = pagesOf(resolve(dirname(path), name.value));
    if ("why" in pages) {
      const { line, col } = lineCounter.linePos(start);
      const place = `${path}:${line}:${col}: ${at}`;
      const advice = "name a file that rehearse calibrate --out wrote, or give the pages";
      return { problem: printable(`${place}: ${name.value}: ${pages.why}; ${advice}.`) };
    }
    filled = filled.slice(0, start) + pages.text + filled.slice(end);
  }
  return { text: filled };
}

interface Named {
  readonly at: string;
  readonly name: Scalar<string>;
}

/** Of the file and of its plans, in the order of the text. */
function profilesIn(document: Document): Named[] {
  const plans = document.get("plans");
  const names = isMap(plans) ? plans.items.map(({ key }) => String(key)) : [];
  const paths = [[], ...names.map((name) => ["plans", name])];
  return paths
    .flatMap((above): Named[] => {
      const at = [...above, "platform", "profile"];
      const name = document.getIn(at, true);
      return isText(name) ? [{ at: at.join("."), name }] : [];
    })
    .sort((one, other) => (one.name.range?.[0] ?? 0) - (other.name.range?.[0] ?? 0));
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === "string";
}

/** What the pages take, on one line as a scenario says it. */
function pagesOf(file: string): { readonly text: string } | { readonly why: string } {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return { why: "is not a regular file" };
    if (stats.size > BYTES_MAX) return { why: "is too large to be a capacity profile" };
    const read = readCapacityProfile(readFileSync(file, "utf8"));
    if (Either.isLeft(read)) return { why: `is no capacity profile: ${firstLine(read.left)}` };
    const pages = Object.entries(scenarioPages(read.right)).map(
      ([page, { cpu, io }]) => `${page}: { cpu: ${cpu}, io: ${io} }`,
    );
    return { text: `{ ${pages.join(", ")} }` };
  } catch (cause) {
    return { why: `could not be read: ${reasonOf(cause)}` };
  }
}

/** Of a tree of findings what is wrong stands at its end. */
function firstLine(tree: string): string {
  const lines = tree.split("\n").map((line) => line.replace(/^[\s│├└─]+/u, ""));
  return [lines.find((line) => line.startsWith("[")), lines.at(-1)].filter(Boolean).join(" ");
}
