/**
 * The servers of a rehearsal with whatever changes their number, put together as the scenario says:
 * a fleet of instances under its policies, or functions, which need none.
 */
import type { Simulation } from "../engine/simulation.ts";
import { SECOND } from "../engine/time.ts";
import { Autoscaler } from "./autoscaler/autoscaler.ts";
import { PodAutoscaler } from "./autoscaler/pod-autoscaler.ts";
import type { Datapoint, Decision } from "./autoscaler/policy.ts";
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

/** Another size of the fleet, and who asked for it. */
export interface Resize {
  readonly by: "autoscaler" | "forecast" | "schedule";
  readonly from: number;
  readonly to: number;
  /** Mean CPU utilisation, 0 to 1, that an autoscaler went by; null where that was not it. */
  readonly utilisation: number | null;
}

type OnResize = (resize: Resize) => void;

interface Shop {
  readonly onOutcome: OnOutcome;
  readonly onResize: OnResize;
  /** The articles whose stock a request changes. */
  readonly articlesChangedBy: (request: number) => readonly number[];
}

interface Scaled {
  readonly world: WorldSpec;
  readonly lifecycle: Lifecycle;
  readonly onResize: OnResize;
}

/** The policies on alarms, and the forecast beside them. */
function followLoad(simulation: Simulation, { world, lifecycle, onResize }: Scaled): void {
  const { autoscaler, furtherPolicies, predictive, fleet } = world;
  const alarmed =
    autoscaler.kind === "target-tracking" ||
    autoscaler.kind === "step" ||
    autoscaler.kind === "simple";
  const [spec, ...further] = alarmed ? [autoscaler, ...furtherPolicies] : furtherPolicies;
  const scaled = { world, lifecycle, onResize };
  const predicted = predictive === null ? null : predict(simulation, scaled, predictive);
  const floor = () => predicted?.wanted ?? 0;
  if (spec === undefined) return;
  const onDecision = (decision: Decision, { utilisation }: Datapoint) => {
    if (decision.kind === "stay") return;
    onResize({ by: "autoscaler", from: lifecycle.desired, to: decision.desired, utilisation });
  };
  new Autoscaler(simulation, { spec, further, floor, fleet, lifecycle, onDecision });
}

function predict(
  simulation: Simulation,
  { world, lifecycle, onResize }: Scaled,
  spec: PredictiveSpec,
): PredictiveScaling {
  const { fleet, starts } = world;
  const normalLoad = normalLoadOf(world);
  const onChange = (to: number, from: number) => {
    onResize({ by: "forecast", from, to, utilisation: null });
  };
  const options = { spec, fleet, lifecycle, starts, normalLoad, onChange };
  return new PredictiveScaling(simulation, options);
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
  const { onOutcome, onResize, articlesChangedBy: rowsOf } = shop;
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
  const changedBy = (by: Resize["by"]) => (to: number, from: number) => {
    onResize({ by, from, to, utilisation: null });
  };
  if (autoscaler.kind === "hpa") {
    const onChange = changedBy("autoscaler");
    new PodAutoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle, onChange });
  } else followLoad(simulation, { world, lifecycle, onResize });
  scheduleActions(simulation, { schedule, lifecycle, onChange: changedBy("schedule") });
  return { servers: fleet, fleet, functions: null };
}
