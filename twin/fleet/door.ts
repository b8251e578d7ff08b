/**
 * The door of an instance: whether a request that comes begins at once, waits, or is refused and
 * why. A full backlog refuses because it must; load shedding refuses before that, and bulkheads ask
 * how much of the instance the request's seller has already.
 */
import type { Ticks } from "../../engine/time.ts";
import type { FleetSpec } from "../scenario/scenario.ts";
import type { Compartments } from "./compartments.ts";
import type { Instances } from "./instances.ts";
import { priorityOf, sellerOf } from "./jobs.ts";
import { REFUSED, SHED } from "./servers.ts";
import type { Shedding } from "./shedding.ts";

/** Where a request that comes finds itself; no outcome. */
const BEGINS = -1;
export const WAITS = -2;

type Place = typeof BEGINS | typeof WAITS | typeof REFUSED | typeof SHED;

export interface DoorParts {
  readonly instances: Instances;
  readonly compartments: Compartments | null;
  readonly shedding: Shedding | null;
}

export class Door {
  readonly #cores: number;
  readonly #room: number;
  readonly #instances: Instances;
  readonly #compartments: Compartments | null;
  readonly #shedding: Shedding | null;

  constructor({ cores, backlog }: FleetSpec, { instances, compartments, shedding }: DoorParts) {
    this.#cores = cores;
    this.#room = cores + backlog;
    this.#instances = instances;
    this.#compartments = compartments;
    this.#shedding = shedding;
  }

  /** A request that begins or waits is counted among the seller's from here on. */
  placeFor(instance: number, asked: number): Place {
    const inside = this.#instances.inFlight(instance);
    if (inside >= this.#room) return REFUSED;
    const compartments = this.#compartments;
    if (compartments === null) {
      if (this.#sheds(instance, asked, inside)) return SHED;
      return this.#instances.busy(instance) < this.#cores ? BEGINS : WAITS;
    }
    const seller = sellerOf(asked);
    if (this.#sheds(instance, asked, compartments.inside(instance, seller))) return SHED;
    const answer = compartments.enter(instance, seller);
    if (answer._tag === "LineFull") return REFUSED;
    return answer._tag === "Begins" ? BEGINS : WAITS;
  }

  /** What load shedding learns from an answer, before its request has left. */
  noteAnswer(instance: number, asked: number, latency: Ticks): void {
    const seller = sellerOf(asked);
    const inFlight =
      this.#compartments === null
        ? this.#instances.inFlight(instance)
        : this.#compartments.inside(instance, seller);
    this.#shedding?.of(instance, seller).noteAnswer(latency, inFlight);
  }

  #sheds(instance: number, asked: number, inFlight: number): boolean {
    if (this.#shedding === null) return false;
    const judge = this.#shedding.of(instance, sellerOf(asked));
    return judge.refusesAtDoor(priorityOf(asked), inFlight);
  }
}
