/**
 * Reads queries of Prometheus as far as tests of dashboards and rules need it: which metrics a
 * query asks for, by which labels, and which numbers it is held against.
 */

export interface AskedMetric {
  readonly metric: string;
  /** Labels that it is chosen by. */
  readonly labels: readonly string[];
}

const WORDS = new Set(["and", "or", "unless", "on", "ignoring", "bool", "offset", "by", "without"]);
const GROUPED = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g;
const TEXT = /"(?:[^"\\]|\\.)*"/g;
const RANGE = /\[[^\]]*\]/g;

/** Every metric of a query, once for each time that it is named. */
export function metricsIn(query: string): readonly AskedMetric[] {
  const plain = query.replace(TEXT, '""').replace(RANGE, "");
  const bare = plain.replace(GROUPED, " ");
  const asked: AskedMetric[] = [];
  for (const [, name = "", matchers = ""] of bare.matchAll(
    /([a-z_]\w*)\b(?!\s*\()(\{[^}]*\})?/gi,
  )) {
    if (WORDS.has(name)) continue;
    // The text of a matcher is empty here, so what is left in it are names of labels.
    asked.push({ metric: name, labels: namesIn(matchers) });
  }
  return asked.filter((each) => !isInMatcher(bare, each.metric));
}

/** Labels that a query puts its series together by. */
export function groupingsIn(query: string): readonly string[] {
  return [...query.matchAll(GROUPED)].flatMap(([, list = ""]) => namesIn(list));
}

/** The numbers that a query is held against, in its order. */
export function thresholdsIn(query: string): readonly number[] {
  return [...query.matchAll(/(?:>=|<=|==|>|<)\s*([\d.]+)/g)].map(([, number]) => Number(number));
}

function namesIn(text: string): readonly string[] {
  return text.match(/[a-z_]\w*/gi) ?? [];
}

/** True for a name that only ever stands between braces. */
function isInMatcher(query: string, name: string): boolean {
  return !new RegExp(`\\b${name}\\b`).test(query.replace(/\{[^}]*\}/g, ""));
}
