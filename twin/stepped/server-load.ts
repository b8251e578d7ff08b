/** How much is asked of the servers against what those in service could answer. */
import { SECOND } from "../../engine/time.ts";
import { sessionChainOf } from "../forecast/session-chain.ts";
import type { Platform } from "../platform.ts";
import { PAGE_CLASSES, type WorldSpec } from "../scenario/scenario.ts";

export class ServerLoad {
  readonly #platform: Platform;
  readonly #perInstance: number;
  #before = 0;

  constructor(platform: Platform, world: WorldSpec) {
    this.#platform = platform;
    this.#perInstance = requestsPerInstance(world);
  }

  /** Of the seconds since it was asked last, requests per second; those of everybody count. */
  take(seconds: number): { readonly load: number; readonly capacity: number } {
    const { figures } = this.#platform.servers;
    const asked = figures.accepted + figures.refused + figures.shedAtDoor;
    const load = (asked - this.#before) / seconds;
    this.#before = asked;
    return { load, capacity: figures.serving.value * this.#perInstance };
  }
}

/**
 * Requests per second that one instance could answer, or one environment of functions: its cores
 * over the mean CPU time of a request that reaches it, in the mix that a visit asks for while the
 * sale is open. Faults that slow pages down and other sellers' pages are left out. A function waits
 * where it computes, so its I/O time counts as well.
 */
function requestsPerInstance(world: WorldSpec): number {
  const { fleet, autoscaler } = world;
  const isFunction = autoscaler.kind === "serverless";
  const { steps, visits } = sessionChainOf(world);
  let requests = 0;
  let work = 0;
  for (const [step, { page, originShare }] of steps.entries()) {
    const asked = visits[step] * originShare;
    const { cpu, io } = fleet.demands[PAGE_CLASSES[page]];
    requests += asked;
    work += asked * (isFunction ? cpu + io : cpu);
  }
  const places = isFunction ? 1 : fleet.cores;
  return work === 0 ? 0 : (places * SECOND * requests) / work;
}
