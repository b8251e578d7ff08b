import { describe, expect, it } from "vitest";
import { WaitForecast } from "./wait-forecast.ts";

const KEPT = 120_000;
const SECOND = 1_000;
/** How often the room looks for places that ran out. */
const SWEEP_SECONDS = 5;

/** A small generator of its own, so that a trial is the same everywhere. */
function drawsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

interface Trial {
  readonly arrivalsPerSecond: number;
  readonly admittedPerSecond: number;
  /** Patience is Weibull: of this median, with a hazard that rises above 1 and falls below. */
  readonly medianSeconds: number;
  readonly shape: number;
  readonly hours: number;
}

interface Ticket {
  readonly since: number;
  readonly told: number;
  /** The room finds out that they went away. */
  readonly endsAt: number;
}

/** Told over actual wait of who was admitted to the end, in order, after a warm-up. */
function toldOverActual(trial: Trial, afterSeconds: number): number[] {
  const draw = drawsOf(7);
  const forecast = new WaitForecast(KEPT);
  const perMilli = trial.admittedPerSecond / SECOND;
  const ratios: number[] = [];
  let line: Ticket[] = [];
  let [arrivals, admissions] = [0, 0];
  for (let second = 0; second < trial.hours * 3_600; second += 1) {
    const now = second * SECOND;
    if (second % SWEEP_SECONDS === 0) {
      for (const { since, endsAt } of line) if (endsAt <= now) forecast.left(since, now);
      line = line.filter(({ endsAt }) => endsAt > now);
    }
    for (arrivals += trial.arrivalsPerSecond * 2 * draw(); arrivals >= 1; arrivals -= 1) {
      const unit = -Math.log(draw()) / Math.LN2;
      const patience = trial.medianSeconds * SECOND * unit ** (1 / trial.shape);
      const told = forecast.millisOf(line.length, perMilli, now);
      line.push({ since: now, told, endsAt: now + patience + KEPT });
      forecast.joined(now);
    }
    for (admissions += trial.admittedPerSecond; admissions >= 1; admissions -= 1) {
      const first = line.shift();
      if (first === undefined) continue;
      forecast.admitted(first.since);
      const waited = now - first.since;
      const stayed = first.endsAt - KEPT >= now;
      if (stayed && waited >= 30_000 && first.since >= afterSeconds * SECOND)
        ratios.push(first.told / waited);
    }
    forecast.note(now);
  }
  return ratios;
}

const within20 = (ratios: readonly number[]): number =>
  ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.2).length / ratios.length;

describe("the forecast of a wait", () => {
  it("is a place per admission where nobody leaves", () => {
    const forecast = new WaitForecast(KEPT);
    expect(forecast.millisOf(9, 0.002, 0)).toBeCloseTo(5_000, 9);
    for (let ticket = 0; ticket < 100; ticket += 1) forecast.joined(ticket * SECOND);
    expect(forecast.millisOf(99, 0.01, 200_000)).toBeCloseTo(10_000, 6);
    expect(forecast.millisOf(49, 0.01, 200_000)).toBeCloseTo(5_000, 6);
    expect(forecast.millisOf(0, 0.01, 200_000)).toBeCloseTo(100, 6);
  });

  it("comes to the wait of Erlang A's fluid limit, whoever leaves being found out later", () => {
    const trial = { arrivalsPerSecond: 4, admittedPerSecond: 2, hours: 3, shape: 1 };
    const ratios = toldOverActual({ ...trial, medianSeconds: 600 }, 1_800);
    expect(ratios.length).toBeGreaterThan(5_000);
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
    expect(within20(ratios)).toBeGreaterThan(0.98);
  });

  it("holds within a fifth for nine of ten, however the young and the old differ", () => {
    for (const shape of [0.7, 1.4, 2])
      for (const admittedPerSecond of [0.25, 1]) {
        const people = { arrivalsPerSecond: 3, medianSeconds: 900, shape };
        const trial = { ...people, admittedPerSecond, hours: 1.5 };
        const ratios = toldOverActual(trial, 900);
        expect(ratios.length).toBeGreaterThan(300);
        expect([trial, within20(ratios) >= 0.9]).toEqual([trial, true]);
      }
  });

  it("tells those ahead no longer a wait than those behind", () => {
    const draw = drawsOf(3);
    const forecast = new WaitForecast(KEPT);
    for (let ticket = 0; ticket < 5_000; ticket += 1) forecast.joined(ticket * SECOND);
    for (let ticket = 0; ticket < 500; ticket += 1)
      forecast.left(Math.floor(draw() * 5_000) * SECOND, 5_000 * SECOND);
    forecast.note(5_000 * SECOND);
    forecast.note(5_010 * SECOND);
    const told = Array.from({ length: 4_500 }, (_, ahead) =>
      forecast.millisOf(ahead, 0.001, 5_010 * SECOND),
    );
    expect(told).toEqual([...told].sort((one, other) => one - other));
  });
});
