/**
 * The servers of a rehearsal with whatever changes their number, put together as the scenario says:
 * a fleet of instances under its policies, or functions, which need none.
 */
import type { Simulation } from "../engine/simulation.ts";
import { Autoscaler } from "./autoscaler/autoscaler.ts";
import { PodAutoscaler } from "./autoscaler/pod-autoscaler.ts";
import { scheduleActions } from "./autoscaler/scheduled-actions.ts";
import { Fleet } from "./fleet/fleet.ts";
import { Functions } from "./fleet/functions.ts";
import type { Lifecycle } from "./fleet/lifecycle.ts";
import type { OnOutcome, Servers } from "./fleet/servers.ts";
import type { WorldSpec } from "./scenario/scenario.ts";

export interface Platform {
  readonly fleet: Servers;
  /** Null where the servers are functions. */
  readonly lifecycle: Lifecycle | null;
  /** Null where they are instances. */
  readonly functions: Functions | null;
}

interface Shop {
  readonly onOutcome: OnOutcome;
  /** The articles whose stock a request changes. */
  readonly articlesChangedBy: (request: number) => readonly number[];
}

export function makePlatform(simulation: Simulation, world: WorldSpec, shop: Shop): Platform {
  const { autoscaler, schedule } = world;
  const { onOutcome, articlesChangedBy: rowsOf } = shop;
  const database = world.database.pool === 0 ? null : { spec: world.database, rowsOf };
  if (autoscaler.kind === "serverless") {
    const options = { spec: autoscaler, onOutcome, database };
    const functions = new Functions(simulation, world.fleet, options);
    return { fleet: functions, lifecycle: null, functions };
  }
  const fleet = new Fleet(simulation, world.fleet, onOutcome, database);
  const { lifecycle } = fleet;
  if (autoscaler.kind === "hpa")
    new PodAutoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle });
  else if (autoscaler.kind !== "none")
    new Autoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle });
  scheduleActions(simulation, { schedule, lifecycle });
  return { fleet, lifecycle, functions: null };
}
