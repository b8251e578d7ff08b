/**
 * Canonical JSON: keys in the order in which the result was built, numbers as the shortest text
 * that reads back the same, lists of plain values and small records on one line, a line end last.
 * The same value gives the same bytes on every machine.
 */

/** Records on one line are at most this long. */
const LINE_LENGTH_MAX = 120;

export function canonicalJson(value: unknown): string {
  return `${jsonOf(value, "")}\n`;
}

function jsonOf(value: unknown, indent: string): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const inside = `${indent}  `;
  if (Array.isArray(value)) return listOf(value, indent, inside);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const short = `{ ${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`).join(", ")} }`;
  const plain = entries.every(([, entry]) => isPlain(entry));
  if (entries.length === 0) return "{}";
  if (plain && indent !== "" && short.length <= LINE_LENGTH_MAX) return short;
  const lines = entries.map(
    ([key, entry]) => `${inside}${JSON.stringify(key)}: ${jsonOf(entry, inside)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function listOf(values: readonly unknown[], indent: string, inside: string): string {
  if (values.every(isPlain)) return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  return `[\n${values.map((value) => inside + jsonOf(value, inside)).join(",\n")}\n${indent}]`;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== "object";
}
