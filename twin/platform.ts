/**
 * The servers of a rehearsal with whatever changes their number, put together as the scenario says:
 * a fleet of instances under its policies, or functions, which need none.
 */
import type { Simulation } from "../engine/simulation.ts";
import { SECOND } from "../engine/time.ts";
import { Autoscaler } from "./autoscaler/autoscaler.ts";
import { PodAutoscaler } from "./autoscaler/pod-autoscaler.ts";
import { PredictiveScaling } from "./autoscaler/predictive.ts";
import { scheduleActions } from "./autoscaler/scheduled-actions.ts";
import { Fleet } from "./fleet/fleet.ts";
import { Functions } from "./fleet/functions.ts";
import type { Lifecycle } from "./fleet/lifecycle.ts";
import type { OnOutcome, Servers } from "./fleet/servers.ts";
import { sessionChainOf } from "./forecast/session-chain.ts";
import { PAGE_CLASSES, type PredictiveSpec, type WorldSpec } from "./scenario/scenario.ts";

export interface Platform {
  readonly servers: Servers;
  /** Null where the servers are functions. */
  readonly fleet: Fleet | null;
  /** Null where they are instances. */
  readonly functions: Functions | null;
}

interface Shop {
  readonly onOutcome: OnOutcome;
  /** The articles whose stock a request changes. */
  readonly articlesChangedBy: (request: number) => readonly number[];
}

/** The policies on alarms, and the forecast beside them. */
function followLoad(simulation: Simulation, world: WorldSpec, lifecycle: Lifecycle): void {
  const { autoscaler, furtherPolicies, predictive, fleet } = world;
  const alarmed =
    autoscaler.kind === "target-tracking" ||
    autoscaler.kind === "step" ||
    autoscaler.kind === "simple";
  const [spec, ...further] = alarmed ? [autoscaler, ...furtherPolicies] : furtherPolicies;
  const predicted = predictive === null ? null : predict(simulation, world, lifecycle, predictive);
  const floor = () => predicted?.wanted ?? 0;
  if (spec !== undefined) new Autoscaler(simulation, { spec, further, floor, fleet, lifecycle });
}

function predict(
  simulation: Simulation,
  world: WorldSpec,
  lifecycle: Lifecycle,
  spec: PredictiveSpec,
): PredictiveScaling {
  const { fleet, starts } = world;
  const normalLoad = normalLoadOf(world);
  return new PredictiveScaling(simulation, { spec, fleet, lifecycle, starts, normalLoad });
}

/** Busy cores of each hour of a normal day: the traffic without mails, before ramp and decay. */
export function normalLoadOf(world: WorldSpec): readonly number[] {
  const { traffic, fleet } = world;
  const { steps, visits } = sessionChainOf(world);
  const cpuPerVisit = steps.reduce((sum, { page, originShare }, step) => {
    return sum + visits[step] * originShare * fleet.demands[PAGE_CLASSES[page]].cpu;
  }, 0);
  const profile = traffic.dailyProfile;
  const hours = profile.length;
  // The profile is linear between the middles of the hours: an eighth of an hour's mean is of each
  // neighbour.
  return profile.map((factor, hour) => {
    const neighbours = profile[(hour + hours - 1) % hours] + profile[(hour + 1) % hours];
    return (traffic.rate * (0.75 * factor + 0.125 * neighbours) * cpuPerVisit) / SECOND;
  });
}

export function makePlatform(simulation: Simulation, world: WorldSpec, shop: Shop): Platform {
  const { autoscaler, schedule } = world;
  const { onOutcome, articlesChangedBy: rowsOf } = shop;
  const database = world.database.pool === 0 ? null : { spec: world.database, rowsOf };
  if (autoscaler.kind === "serverless") {
    const options = { spec: autoscaler, onOutcome, database };
    const functions = new Functions(simulation, world.fleet, options);
    return { servers: functions, fleet: null, functions };
  }
  const fleet = new Fleet(simulation, world.fleet, onOutcome, {
    sideBySide: world.sideBySide,
    database,
  });
  const { lifecycle } = fleet;
  if (autoscaler.kind === "hpa")
    new PodAutoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle });
  else followLoad(simulation, world, lifecycle);
  scheduleActions(simulation, { schedule, lifecycle });
  return { servers: fleet, fleet, functions: null };
}
