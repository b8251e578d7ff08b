/**
 * A calibration from its start to its profile: the store is warmed up, asked route by route and in
 * mixes, and what it took is turned into demands. Everything is told in the unit of the reference
 * loop, which is run beside each load.
 */
/// <reference types="node" />
import { cpus, release, totalmem, type } from "node:os";
import { FOREIGN_MAX, undisturbed } from "../../twin/calibration/accuracy.ts";
import type { CapacityProfile, DemandModel } from "../../twin/calibration/capacity-profile.ts";
import { intervalWidths } from "../../twin/calibration/cell-forecast.ts";
import { calibrationCells, warmUpCells } from "../../twin/calibration/cells.ts";
import { type CalibrationRun, estimateDemands } from "../../twin/calibration/demand-estimate.ts";
import {
  type LoadCell,
  type Mix,
  planOf,
  ROUTES,
  WRITES,
} from "../../twin/calibration/load-cell.ts";
import { PlanRequests } from "./plan-requests.ts";
import { CORES } from "./processor-time.ts";
import { middleOf, referenceLoop, referenceRequest } from "./reference-speed.ts";
import { type PlanRun, runPlan } from "./run-plan.ts";
import {
  type CommitCount,
  type LedgerChoice,
  StoreUnderTest,
  type Waits,
} from "./store-under-test.ts";

export interface SessionOptions {
  /** The command line's own program. */
  readonly program: string;
  readonly version: string;
  readonly ledger: LedgerChoice;
  readonly instances: number;
  /** Seconds of a steady load. */
  readonly seconds: number;
  readonly repeats: number;
  readonly warmUpSeconds: number;
  /** Shoppers that the store is to know. */
  readonly shoppers: number;
  /** Fewer loads, for a look in seconds. */
  readonly few: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** A load of 1: the loop is busy for this share of the time, or the machine for that. */
const LOOP_BUSY = 0.6;
const MACHINE_BUSY = 0.8;
/** Fewer requests a second would say too little, however slow the machine is. */
const PER_SECOND_LEAST = 40;
const WARM_UP_PER_SECOND = 120;
/**
 * A load is at most this times one that was tried: of a few short runs a cheap route may seem to
 * cost nothing beside what every second takes.
 */
const FURTHER_MAX = 8;
/** A run that others have disturbed is made again, so often at most. */
const TRIES_MAX = 3;
/** More runs than these are not made again in one session: a machine that is never quiet. */
const AGAIN_MAX = 40;
/** The reference is not better known than this; smaller changes of speed are left alone. */
const SPEED_DEADBAND = 0.03;
/** Of so many looks at the speed the middle one is the speed. */
const REFERENCES = 5;
const MICROS_PER_SECOND = 1e6;

export interface Calibrated {
  readonly profile: CapacityProfile;
  readonly model: DemandModel;
  readonly runs: readonly CalibrationRun[];
}

export class CalibrationSession {
  readonly #options: SessionOptions;
  readonly #store: StoreUnderTest;
  readonly #requests: PlanRequests;
  #reference = 0;
  #perMix: (mix: Mix) => number = () => 1;
  #turn = 0;
  #again = 0;
  /** Runs beside which others used much of the machine, to the last try. */
  disturbed = 0;

  private constructor(options: SessionOptions, store: StoreUnderTest) {
    this.#options = options;
    this.#store = store;
    this.#requests = new PlanRequests(store);
  }

  static async start(options: SessionOptions): Promise<CalibrationSession> {
    const store = await StoreUnderTest.start(options);
    return new CalibrationSession(options, store);
  }

  stop(): Promise<void> {
    return this.#store.stop();
  }

  /** Requests a second that are a load of 1, of a mix. */
  get reach(): (mix: Mix) => number {
    return this.#perMix;
  }

  async calibrate(): Promise<Calibrated> {
    const { seconds, repeats, few, version, ledger } = this.#options;
    const startedAt = new Date();
    await this.#warmUp();
    const cells = calibrationCells({ seconds }, few);
    const each: (CalibrationRun & PlanRun)[][] = cells.map(() => []);
    const before = await this.#store.waits();
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      for (const [place, cell] of cells.entries()) {
        each[place]?.push(await this.measured(cell, repeat));
      }
    }
    const runs = each.flatMap(undisturbed);
    const after = await this.#store.waits();
    const micros = commitMicros(before.commits, after.commits);
    const commit = { onLoop: ledger.kind !== "servers", micros };
    const options = { cores: CORES, commit };
    const model = estimateDemands(runs, options);
    const widths = intervalWidths(runs, options);
    const { fixedPerSecond, routes, stalls } = model;
    const profile: CapacityProfile = {
      schemaVersion: 1,
      kind: "capacity-profile",
      version,
      measuredAt: startedAt.toISOString(),
      machine: {
        processor: cpus()[0]?.model ?? "unknown",
        cores: CORES,
        memoryBytes: totalmem(),
        system: `${type()} ${release()}`,
        node: process.version,
      },
      ledger: LEDGERS[ledger.kind],
      reference: {
        loopMicros: this.#reference,
        requestMicros: await referenceRequest(this.#store.urls[0] as string),
      },
      fixedPerSecond,
      commit,
      held: heldBetween(before, after, runs),
      routes,
      stalls,
      widths,
    };
    return { profile, model, runs };
  }

  /** A cell put to the store: in its `repeat`-th run, with the same requests each time. */
  async measured(cell: LoadCell, repeat: number): Promise<CalibrationRun & PlanRun> {
    const plan = planOf(cell, this.#perMix, "calibration");
    const { signal, onProgress } = this.#options;
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      this.#turn += 1;
      const options = { store: this.#store, requests: this.#requests, turn: this.#turn, signal };
      const run = await runPlan(plan, options);
      signal.throwIfAborted();
      const isDisturbed = run.foreign > FOREIGN_MAX;
      const others = isDisturbed ? `, others used ${percent(run.foreign)} of the machine` : "";
      const wrong = Object.keys(run.wrong).length > 0 ? `, ${JSON.stringify(run.wrong)}` : "";
      onProgress(
        `${cell.name}, run ${repeat + 1}: ${plan.requests.length} requests${others}${wrong}`,
      );
      if (isDisturbed && tries < TRIES_MAX && this.#again < AGAIN_MAX && !this.#options.few) {
        this.#again += 1;
        continue;
      }
      if (isDisturbed) this.disturbed += 1;
      return { ...this.#inReference(run), round: repeat };
    }
  }

  /**
   * Warms the store up, and finds out how much of it can be asked at all: roughly, and then again
   * once its code is as fast as it will be.
   */
  async #warmUp(): Promise<void> {
    const { warmUpSeconds: seconds } = this.#options;
    this.#reference = referenceLoop();
    const [first, ...routes] = warmUpCells(WARM_UP_PER_SECOND, seconds);
    await this.measured(first as LoadCell, 0);
    await this.measured(first as LoadCell, 1);
    await this.#findReach(routes, () => WARM_UP_PER_SECOND);
    await this.#findReach(calibrationCells({ seconds }, true), this.#perMix);
    this.#reference = middleOf(Array.from({ length: REFERENCES }, referenceLoop));
  }

  /** `tried`: about how many requests a second of a mix the loads are. */
  async #findReach(cells: readonly LoadCell[], tried: (mix: Mix) => number): Promise<void> {
    const runs: CalibrationRun[] = [];
    for (const cell of cells) runs.push(await this.measured(cell, 0));
    const model = estimateDemands(runs, { cores: CORES, commit: { onLoop: false, micros: 0 } });
    const held =
      this.#options.ledger.kind === "sqlite"
        ? commitMicros([], (await this.#store.waits()).commits)
        : 0;
    this.#perMix = (mix) => Math.min(reachOf(model, mix, held), FURTHER_MAX * tried(mix));
  }

  /** What was measured, as it would have been at the speed of the calibration's start. */
  #inReference(run: PlanRun): PlanRun {
    const off = run.reference / this.#reference;
    const speed = Math.abs(Math.log(off)) < SPEED_DEADBAND ? 1 : off;
    const { loop, store, machine } = run.spent;
    return {
      ...run,
      responses: run.responses.map((response) => response / speed),
      spent: { loop: loop / speed, store: store / speed, machine: machine / speed },
    };
  }
}

/** A wait for the disk that is longer is a stall, which the model knows apart. */
const COMMIT_SECONDS_MAX = 0.005;

/** The mean wait for the disk between two looks, stalls left out; as if each were in the middle of its class. */
function commitMicros(before: readonly CommitCount[], after: readonly CommitCount[]): number {
  let [low, counted, count, sum] = [0, 0, 0, 0];
  for (const [place, { seconds, count: upTo }] of after.entries()) {
    if (seconds > COMMIT_SECONDS_MAX) break;
    const all = upTo - (before[place]?.count ?? 0);
    sum += (all - counted) * ((low + seconds) / 2);
    count += all - counted;
    [low, counted] = [seconds, all];
  }
  return count === 0 ? 0 : (sum / count) * MICROS_PER_SECOND;
}

/** How often a request that writes holds what others may wait for, and for how long each time. */
function heldBetween(before: Waits, after: Waits, runs: readonly CalibrationRun[]) {
  const count = after.held.count - before.held.count;
  const seconds = after.held.seconds - before.held.seconds;
  const writes = runs.reduce(
    (sum, { plan }) => sum + plan.requests.filter(({ route }) => isWriting(route)).length,
    0,
  );
  return {
    perWrite: writes === 0 ? 0 : count / writes,
    micros: count === 0 ? 0 : (seconds / count) * MICROS_PER_SECOND,
  };
}

const isWriting = (route: number) => WRITES.has(ROUTES[route] as (typeof ROUTES)[number]);

const LEDGERS: Readonly<Record<LedgerChoice["kind"], string>> = {
  memory: "memory",
  sqlite: "SQLite",
  servers: "PostgreSQL, behind Redis",
};

/** Requests a second at which the loop or the machine is as busy as a load of 1 makes it. */
function reachOf(model: DemandModel, mix: Mix, commitMicros: number): number {
  const weights = ROUTES.map((route) => mix[route] ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const per = (cost: (route: DemandModel["routes"]["home"]) => number) =>
    ROUTES.reduce(
      (sum, route, place) => sum + ((weights[place] ?? 0) / total) * cost(model.routes[route]),
      0,
    );
  const loop = per(
    ({ demand, writes, turns }) => demand.loop + (writes ? turns * commitMicros : 0),
  );
  const machine = per(({ demand }) => demand.machine);
  const byLoop = (LOOP_BUSY * MICROS_PER_SECOND) / Math.max(1, loop);
  const byMachine = (MACHINE_BUSY * MICROS_PER_SECOND * model.cores) / Math.max(1, machine);
  return Math.max(PER_SECOND_LEAST, Math.min(byLoop, byMachine));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
