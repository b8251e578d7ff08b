/**
 * Reads the text format of Prometheus, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). It is strict: one line that is
 * no sample and no comment refuses the whole text, for whoever answers so is no store. A text that
 * is longer than a store's, or has more samples, is refused as well.
 */

export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  readonly value: number;
}

/** The samples, or the number of the first line that is wrong (from 1) and why it is. */
export type MetricText =
  | { readonly ok: true; readonly samples: readonly MetricSample[] }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** A store of sixteen workers has about five million characters and sixty thousand samples. */
export const TEXT_LENGTH_MAX = 16_777_216;
const SAMPLES_MAX = 200_000;
const LABELS_MAX = 32;

const NAME = /[A-Za-z_:][\w:]{0,199}/y;
const LABEL = /\s*([A-Za-z_]\w{0,99})\s*=\s*"((?:[^"\\\n]|\\[\\"n]){0,1024})"\s*/y;
/** A number as Go's ParseFloat takes it, whose words are of any case. */
const VALUE =
  /^\s*([+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan))(?:\s+-?\d{1,19})?\s*$/i;

export function metricText(text: string): MetricText {
  if (text.length > TEXT_LENGTH_MAX) return refused(1, "the text is too long");
  const samples: MetricSample[] = [];
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    const words = text.slice(from, to).trim();
    line += 1;
    from = to + 1;
    if (words === "" || words.startsWith("#")) continue;
    if (samples.length >= SAMPLES_MAX) return refused(line, "there are too many samples");
    const sample = sampleOf(words);
    if (sample === null) return refused(line, "it is no sample");
    samples.push(sample);
  }
  return { ok: true, samples };
}

function refused(line: number, reason: string): MetricText {
  return { ok: false, line, reason };
}

function sampleOf(line: string): MetricSample | null {
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return null;
  const found = labelsOf(line, name.length);
  if (found === null) return null;
  const value = VALUE.exec(line.slice(found.end))?.[1];
  return value === undefined ? null : { name, labels: found.labels, value: numberOf(value) };
}

interface Labels {
  readonly labels: Readonly<Record<string, string>>;
  /** The place behind them. */
  readonly end: number;
}

/** A name must be followed by a blank or by labels; the last label may have a comma after it. */
function labelsOf(line: string, from: number): Labels | null {
  const begin = line.indexOf("{", from);
  if (begin < 0 || line.slice(from, begin).trim() !== "") {
    return /\s/.test(line[from] ?? "") ? { labels: {}, end: from } : null;
  }
  const labels = new Map<string, string>();
  let at = begin + 1;
  while (line[at] !== "}") {
    LABEL.lastIndex = at;
    const found = LABEL.exec(line);
    const [all = "", label = "", value = ""] = found ?? [];
    if (found === null || labels.has(label) || labels.size >= LABELS_MAX) return null;
    labels.set(label, unescaped(value));
    at += all.length;
    if (line[at] === ",") {
      at += 1;
      while (line[at] === " ") at += 1;
    } else if (line[at] !== "}") return null;
  }
  return { labels: Object.fromEntries(labels), end: at + 1 };
}

function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([\\"n])/g, (_, of: string) => (of === "n" ? "\n" : of));
}

function numberOf(value: string): number {
  if (/inf$/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  return Number(value);
}
