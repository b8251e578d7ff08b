/** What hangs on the machine that runs a test, as on a quiet one, and the names that are drawn. */
import type { LiveWatch } from "../../../model/live-watch.ts";

const TIMES = { loopLateMillis: 12, requestsPerSecond: 3.5 };
const P95_MILLIS = 41;

export function onQuietMachine(watch: LiveWatch): LiveWatch {
  const points = watch.points.map((point) => {
    return { ...point, ...TIMES, p95Millis: point.p95Millis === null ? null : P95_MILLIS };
  });
  const figures = points.at(-1) ?? null;
  return { ...watch, target: "http://shop.example:8080", points, figures };
}

/** The text with the names of its orders, which are drawn at random, as crosses. */
export function withoutNames(text: string): string {
  return text.replace(/order_[\w-]+/g, (name) => "order_".padEnd(name.length, "x"));
}
