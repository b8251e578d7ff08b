/**
 * Predictions first, measurements after: every held-out cell is forecast from the profile before
 * the store is put under the first of them. Repeats go round the cells, so that a slow minute of the
 * machine falls on all of them.
 */
/// <reference types="node" />
import type { CellMeasurement, MeasuredCell } from "../../twin/calibration/accuracy.ts";
import {
  DATAPOINT_SECONDS,
  forecastCell,
  measuredFigures,
  scalingInstant,
  thresholdOf,
} from "../../twin/calibration/cell-forecast.ts";
import { fewCells, heldOutCells } from "../../twin/calibration/cells.ts";
import type { CalibrationRun } from "../../twin/calibration/demand-estimate.ts";
import { loadFigures } from "../../twin/calibration/figures.ts";
import { type LoadCell, planOf } from "../../twin/calibration/load-cell.ts";
import type { Calibrated, CalibrationSession } from "./calibration-session.ts";
import { type PlanRun, SAMPLE_MILLIS } from "./run-plan.ts";

export interface ValidateOptions {
  /** Seconds of a steady load. */
  readonly seconds: number;
  readonly heldOutRepeats: number;
  /** Cells at most; all where null. */
  readonly cellsMax: number | null;
  /** Whether a second instance stands behind the load. */
  readonly several: boolean;
}

export async function validate(
  session: CalibrationSession,
  { model, profile }: Calibrated,
  { seconds, heldOutRepeats, cellsMax, several }: ValidateOptions,
): Promise<readonly MeasuredCell[]> {
  const all = heldOutCells({ seconds }, several);
  const cells = inGatewayOrder(cellsMax === null ? all : fewCells(all, cellsMax));
  const plans = cells.map((cell) => planOf(cell, session.reach, "calibration"));
  const forecasts = plans.map((plan) => forecastCell(model, profile.widths, plan));
  const runs: CellMeasurement[][] = cells.map(() => []);
  for (let repeat = 0; repeat < heldOutRepeats; repeat += 1) {
    for (const [place, cell] of cells.entries()) {
      const threshold = thresholdOf(model, plans[place] as (typeof plans)[number]);
      runs[place]?.push(measurementOf(await session.measured(cell, repeat), threshold));
    }
  }
  return cells.map(({ name, kind }, place) => ({
    name,
    kind,
    requests: (plans[place] as (typeof plans)[number]).requests.length,
    forecast: forecasts[place] as (typeof forecasts)[number],
    runs: runs[place] as CellMeasurement[],
  }));
}

/** Cells with the same payment gateway together: another one is started anew. */
function inGatewayOrder(cells: readonly LoadCell[]): readonly LoadCell[] {
  const lateness = ({ paymentMillis }: LoadCell) => paymentMillis?.to ?? 0;
  return [...cells].sort((one, other) => lateness(one) - lateness(other));
}

function measurementOf(run: CalibrationRun & PlanRun, threshold: number): CellMeasurement {
  const { openMost, recovery } = loadFigures(run.plan, run.responses);
  const perDatapoint = (DATAPOINT_SECONDS * 1_000) / SAMPLE_MILLIS;
  const shares = run.loopSamples.map((micros) => micros / perDatapoint / (SAMPLE_MILLIS * 1_000));
  return {
    figures: measuredFigures(run),
    decisions: run.decisions,
    openMost,
    recovery,
    scalesAt: scalingInstant(shares, threshold),
    foreign: run.foreign,
  };
}
