/**
 * A store's ports with a fault at the edge of one call: the process stops just before the call has
 * its effect, or just after. Every crash point of a program is reached by counting the calls of
 * an undisturbed run first.
 */
import { Effect } from "effect";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import type { StorePorts } from "../service/store-ports.ts";

export interface Fault {
  /** Calls at the ports are counted from 1, whichever port they go to. */
  readonly call: number;
  readonly side: "before" | "after";
  /** `crash`: the process is gone; `interrupt`: its fiber; `unavailable`: the port says it cannot. */
  readonly kind: "crash" | "interrupt" | "unavailable";
}

export const CRASHED = "the process stopped here";

export class FaultyPorts {
  readonly ports: StorePorts;
  /** Calls so far. */
  calls = 0;
  private readonly fault: Fault | null;

  constructor(sound: StorePorts, fault: Fault | null) {
    this.fault = fault;
    this.ports = {
      catalog: this.wrapAll(sound.catalog),
      stock: this.wrapAll(sound.stock),
      carts: this.wrapAll(sound.carts),
      orders: this.wrapAll(sound.orders),
      saleLog: this.wrapAll(sound.saleLog),
      rateLimiter: this.wrapAll(sound.rateLimiter),
      gateways: sound.gateways.map((gateway) => this.wrapGateway(gateway)),
      promotions: this.wrapAll(sound.promotions),
      identifiers: sound.identifiers,
      codes: sound.codes,
    };
  }

  /** Every method and every effect of the port, each with the edge around it. */
  private wrapAll<Port extends object>(port: Port): Port {
    const wrapped = new Map<string, unknown>();
    for (const [name, member] of Object.entries(port)) {
      if (typeof member === "function") {
        wrapped.set(name, (...given: unknown[]) => this.edge(member(...given), true));
      } else {
        wrapped.set(name, Effect.isEffect(member) ? this.edge(member, true) : member);
      }
    }
    return Object.fromEntries(wrapped) as Port;
  }

  private wrapGateway(gateway: PaymentGateway): PaymentGateway {
    const { name } = gateway;
    return {
      name,
      charge: (request) => this.edge(gateway.charge(request), false),
      lookUp: (key) => this.edge(gateway.lookUp(key), false),
      refund: (request) => this.edge(gateway.refund(request), false),
    };
  }

  private edge<A, E, R>(call: Effect.Effect<A, E, R>, mayFail: boolean): Effect.Effect<A, E, R> {
    return Effect.suspend(() => {
      this.calls += 1;
      const { fault } = this;
      if (fault === null || this.calls !== fault.call) return call;
      if (fault.kind === "unavailable" && !mayFail) return call;
      const stop = this.stop(fault.kind) as Effect.Effect<never, E>;
      return fault.side === "before" ? stop : Effect.zipRight(call, stop);
    });
  }

  private stop(kind: Fault["kind"]): Effect.Effect<never, PortUnavailable> {
    if (kind === "interrupt") return Effect.interrupt;
    if (kind === "crash") return Effect.dieMessage(CRASHED);
    return Effect.fail(new PortUnavailable({ port: "trial", reason: "planted" }));
  }
}
