/** The progress of an experiment, drawn on stderr while somebody watches. */
/// <reference types="node" />
import { Effect } from "effect";
import { durationText, plainNumber } from "./report/quantity.ts";
import type { Board, RowProgress } from "./worker/protocol.ts";

/** Often enough to look alive, seldom enough to cost nothing. */
const DRAW_EVERY_MILLIS = 200;
const BAR_WIDTH = 24;
const TICKS_PER_MILLISECOND = 1_000;

export interface ProgressView {
  readonly rehearsals: readonly RowProgress[];
  readonly seconds: number;
}

/** One line: bar, rehearsals done, virtual time, events per second, time left. */
export function progressLine({ rehearsals, seconds }: ProgressView): string {
  const shares = rehearsals.map(({ ticks, of }) => (of === 0 ? 0 : ticks / of));
  const share = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  const done = shares.filter((one) => one >= 1).length;
  const events = rehearsals.reduce((sum, one) => sum + one.events, 0);
  const virtual = rehearsals.reduce((sum, one) => sum + one.ticks, 0) / TICKS_PER_MILLISECOND;
  const filled = Math.round(share * BAR_WIDTH);
  return [
    `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${Math.floor(share * 100)} %`,
    `${done}/${rehearsals.length} rehearsals`,
    `${durationText(virtual)} of virtual time`,
    `${rateText(events / Math.max(seconds, 0.001))} events/s`,
    share > 0.01
      ? `${durationText(Math.max(0, (seconds * (1 - share)) / share) * 1_000)} left`
      : "starting",
  ].join("  ");
}

function rateText(rate: number): string {
  return rate >= 1_000_000
    ? `${plainNumber(rate / 1_000_000, 1)} M`
    : `${plainNumber(rate / 1_000, 0)} k`;
}

/** Draws while the effect runs and clears the line after it, however it ends. */
export function withProgress<A, E, R>(
  board: Board,
  effect: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> {
  const drawing = Effect.acquireRelease(
    Effect.sync(() => startDrawing(board)),
    (stop) => Effect.sync(stop),
  );
  return Effect.scoped(Effect.zipRight(drawing, effect));
}

function startDrawing(board: Board): () => void {
  const started = performance.now();
  const timer = setInterval(() => {
    const rehearsals = Array.from({ length: board.rows }, (_, row) => board.read(row));
    const line = progressLine({ rehearsals, seconds: (performance.now() - started) / 1_000 });
    const columns = process.stderr.columns ?? 80;
    process.stderr.write(`\r\u001b[K${[...line].slice(0, columns - 1).join("")}`);
  }, DRAW_EVERY_MILLIS);
  return () => {
    clearInterval(timer);
    process.stderr.write("\r\u001b[K");
  };
}
