/** A small fleet for tests: instances that differ from the defaults only where a test says so. */
import { MILLISECOND, SECOND } from "../../engine/time.ts";
import {
  type Demand,
  type FleetSpec,
  PAGE_CLASSES,
  type WarmPoolSpec,
} from "../scenario/scenario.ts";

export const LANDING = PAGE_CLASSES.indexOf("landing");
export const MEGABYTE = 1e6;

const NO_POOL: WarmPoolSpec = {
  prepared: 0,
  min: 0,
  state: "stopped",
  start: { kind: "constant", value: 20 * SECOND },
};

interface FleetChange {
  readonly instances?: number;
  readonly cores?: number;
  readonly backlog?: number;
  readonly demand?: Partial<Demand>;
  readonly fleet?: Partial<FleetSpec>;
}

/** Two cores an instance, a constant CPU time of 50 ms, no I/O, and memory without end. */
export function fleetSpec(change: FleetChange = {}): FleetSpec {
  const plain: Demand = { cpu: 50 * MILLISECOND, cv: 0, io: 0, memory: MEGABYTE };
  const demand = { ...plain, ...change.demand };
  return {
    zones: 1,
    initial: change.instances ?? 1,
    min: 1,
    max: 100,
    cores: change.cores ?? 2,
    backlog: change.backlog ?? 10,
    memory: { total: 1e15, base: 500 * MEGABYTE },
    boot: { kind: "constant", value: 97 * SECOND },
    warmUp: { kind: "constant", value: 60 * SECOND },
    restart: { kind: "constant", value: 20 * SECOND },
    draining: 300 * SECOND,
    refusal: 30 * MILLISECOND,
    demands: {
      landing: demand,
      list: demand,
      product: demand,
      cart: demand,
      checkout: demand,
      payment: demand,
    },
    warmPool: NO_POOL,
    nodes: { pods: 0, spare: 0, provisioning: { kind: "constant", value: 200 * SECOND } },
    ...change.fleet,
  };
}
