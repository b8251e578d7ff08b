/**
 * Faults at their times: each begins and ends with an event of the kernel, so
 * that the digest knows of it, and pulls the lever of the model that it hits. At its tick a fault
 * goes before everything else, an end before a beginning, so that one may follow on another.
 */
import { assert } from "../../engine/assert.ts";
import type { RandomStream } from "../../engine/random.ts";
import { type EventKind, PRIORITY_MAX, type Simulation } from "../../engine/simulation.ts";
import type { Cdn } from "../cdn/cdn.ts";
import { SERVING } from "../fleet/instance-table.ts";
import type { Lifecycle } from "../fleet/lifecycle.ts";
import type { Servers } from "../fleet/servers.ts";
import type { PaymentNetwork } from "../payments/payment-network.ts";
import type { FaultSpec, NetworkName } from "../scenario/scenario.ts";

type InstancesLost = Extract<FaultSpec, { kind: "instances-lost" }>;

interface Lever {
  readonly begin: () => void;
  readonly end: () => void;
}

const NOTHING = () => {};

export interface FaultTargets {
  readonly networks: readonly PaymentNetwork[];
  readonly cdn: Cdn;
  readonly fleet: Servers;
  /** Null where the servers are no instances, which a fault could hit one by one. */
  readonly lifecycle: Lifecycle | null;
  /** Whether the fleet has somebody who orders instances in place of those lost with a zone. */
  readonly autoscaled: boolean;
}

/** A world in which nothing breaks needs none. */
export class FaultSchedule {
  readonly #simulation: Simulation;
  readonly #targets: FaultTargets;
  readonly #draws: RandomStream;
  readonly #levers: Lever[] = [];
  readonly #ends: EventKind;
  readonly #begins: EventKind;
  readonly #replaced: EventKind;

  constructor(simulation: Simulation, targets: FaultTargets) {
    this.#simulation = simulation;
    this.#targets = targets;
    this.#draws = simulation.random("faults");
    const pull = (place: number, which: keyof Lever) => {
      const lever = this.#levers[place];
      assert(lever !== undefined, "an event of a fault is about a fault of the scenario");
      lever[which]();
    };
    const first = { priority: -PRIORITY_MAX };
    this.#ends = simulation.defineEvent("fault.ends", (place) => pull(place, "end"), first);
    const second = { priority: -PRIORITY_MAX + 1 };
    this.#begins = simulation.defineEvent("fault.begins", (place) => pull(place, "begin"), second);
    this.#replaced = simulation.defineEvent("fault.replacement", () =>
      this.#lifecycle.replaceLost(),
    );
  }

  add(fault: FaultSpec): void {
    const simulation = this.#simulation;
    const place = this.#levers.length;
    this.#levers.push(this.#leverOf(fault, place));
    simulation.schedule(fault.at, this.#begins, place);
    if (fault.ends > fault.at) simulation.schedule(fault.ends, this.#ends, place);
    if (fault.kind === "zone-lost" && this.#targets.autoscaled)
      simulation.schedule(fault.at + fault.replacedAfter, this.#replaced, place);
  }

  /** What each fault pulls at its beginning, and at its end where it has one. */
  #leverOf(fault: FaultSpec, place: number): Lever {
    const { cdn, fleet } = this.#targets;
    switch (fault.kind) {
      case "gateway-outage": {
        const network = this.#network(fault.network);
        const begin = () => network.setOutage(fault.answer);
        return { begin, end: () => network.setOutage(null) };
      }
      case "gateway-brownout": {
        const network = this.#network(fault.network);
        return { begin: () => network.setBrownout(fault), end: () => network.setBrownout(null) };
      }
      case "gateway-rate-limit": {
        const network = this.#network(fault.network);
        const begin = () => network.setRateLimit(fault.rate);
        return { begin, end: () => network.setRateLimit(null) };
      }
      // A cache is warm again by itself.
      case "cdn-cold": {
        const { hitRatio, ends: until } = fault;
        return { begin: () => cdn.purge({ hitRatio, until }), end: NOTHING };
      }
      case "cdn-outage":
        return { begin: () => cdn.setDown(true), end: () => cdn.setDown(false) };
      // Crashed instances restart by themselves.
      case "instances-lost":
        return { begin: () => this.#loseInstances(fault, place), end: NOTHING };
      case "zone-lost": {
        const zone = fault.zone - 1;
        const begin = () => this.#lifecycle.loseZone(zone);
        return { begin, end: () => this.#lifecycle.restoreZone(zone) };
      }
      case "database-slow":
        return { begin: () => fleet.slowDatabase(fault.times), end: () => fleet.slowDatabase(1) };
      case "fleet-slow":
        return { begin: () => fleet.slowCpu(fault.times), end: () => fleet.slowCpu(1) };
    }
  }

  /**
   * Crashes a share of the instances in service, rounded to the nearest, or a number of them, at
   * least one and at most all. Each has a draw of its own, and the lowest draws go: an instance
   * that goes down with a few goes down with many.
   */
  #loseInstances(fault: InstancesLost, place: number): void {
    const lifecycle = this.#lifecycle;
    const { instances } = lifecycle;
    const drawn: { readonly instance: number; readonly draw: number }[] = [];
    for (let instance = 0; instance < instances.count; instance += 1) {
      if (instances.state[instance] !== SERVING) continue;
      drawn.push({ instance, draw: this.#draws.at(place, instance).next() });
    }
    const asked = "share" in fault ? Math.round(drawn.length * fault.share) : fault.instances;
    drawn.sort((one, other) => one.draw - other.draw || one.instance - other.instance);
    for (const { instance } of drawn.slice(0, Math.max(1, asked))) lifecycle.crash(instance);
  }

  get #lifecycle(): Lifecycle {
    const { lifecycle } = this.#targets;
    assert(lifecycle !== null, "a fault of instances hits a fleet that has some");
    return lifecycle;
  }

  #network(name: NetworkName): PaymentNetwork {
    const network = this.#targets.networks.find((one) => one.name === name);
    assert(network !== undefined, "a fault hits a network that the scenario has");
    return network;
  }
}
