import { Effect, Exit, Layer } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QueueAudit } from "../core/queue-audit.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type { RoomLimits } from "../core/ticket.ts";
import { KeyedPassSigner } from "../memory/pass-signer.ts";
import { MemorySaleLog } from "../memory/sale-log.ts";
import { MemoryTicketQueue } from "../memory/ticket-queue.ts";
import { CONTRACT_ROOM } from "../testing/ticket-queue.contract.ts";
import { VirtualTime } from "../testing/virtual-time.ts";
import { type Admission, type AdmissionPorts, admissionPorts, makeAdmission } from "./admit.ts";

/** A store with a waiting room whose node can be thrown away and started anew. */
class Trial {
  readonly time = new VirtualTime(0);
  readonly log: SaleEvent[] = [];
  readonly audit: QueueAudit;
  readonly queue;
  readonly ports: AdmissionPorts;
  node: Admission;

  constructor(limits: Partial<RoomLimits> = {}) {
    const room = { ...CONTRACT_ROOM, ...limits };
    this.audit = new QueueAudit(room.lanes, room.drawSeed);
    this.queue = MemoryTicketQueue.make({ limits: room });
    const observe = (event: SaleEvent) => {
      this.log.push(event);
      this.audit.observe(event);
    };
    this.ports = {
      tickets: this.queue,
      passes: KeyedPassSigner.make("a key"),
      saleLog: MemorySaleLog.make({ keptMax: 0, observe }),
    };
    this.node = makeAdmission(this.ports);
  }

  run<A, E>(program: Effect.Effect<A, E>): A {
    const exit = this.time.run(program);
    if (Exit.isFailure(exit)) throw new Error(String(exit.cause));
    return exit.value;
  }

  arrive(shopper: string, lane = "all") {
    return this.run(this.node.arrive({ shopper, lane }));
  }

  findings() {
    return this.audit.audit(this.queue.room.snapshot());
  }
}

function ticketOf(answer: ReturnType<Trial["arrive"]>): number {
  return "ticket" in answer ? answer.ticket : -1;
}

describe("admission", () => {
  it("finds its ports in the context", () => {
    const layers = Layer.mergeAll(
      MemoryTicketQueue.layer({ limits: CONTRACT_ROOM }),
      KeyedPassSigner.layer("a key"),
      MemorySaleLog.layer(),
    );
    const arrives = Effect.flatMap(admissionPorts, (ports) =>
      makeAdmission(ports).arrive({ shopper: "ann", lane: "all" }),
    );
    const answer = Effect.runSync(Effect.provide(arrives, layers));
    expect(answer).toMatchObject({ _tag: "Inside", entered: true });
  });

  it("leads a shopper from the door by a signed pass into the shop", () => {
    const trial = new Trial();
    const ann = ticketOf(trial.arrive("ann"));
    trial.arrive("bob");
    expect(trial.arrive("cid")).toMatchObject({ _tag: "Waiting", ahead: 0 });
    const cid = ticketOf(trial.arrive("cid"));
    trial.time.now = 5_000;
    trial.run(trial.node.leave({ ticket: ann, shopper: "ann" }));
    expect(trial.run(trial.node.admitDue(null))).toMatchObject([{ ticket: cid, shopper: "cid" }]);
    const looked = trial.run(trial.node.look({ ticket: cid, shopper: "cid" }));
    expect(looked).toMatchObject({ _tag: "PassGiven", until: 65_000 });
    const pass = looked._tag === "PassGiven" ? looked.pass : "";
    expect(trial.run(trial.node.enter(`${pass}0`))).toEqual({ _tag: "Forged" });
    expect(trial.run(trial.node.enter(pass))).toMatchObject({ _tag: "Inside", entered: true });
    expect(trial.run(trial.node.enter(pass))).toMatchObject({ _tag: "Inside", entered: false });
    expect(trial.run(trial.node.renew({ ticket: cid, shopper: "cid" }))._tag).toBe("Inside");
    expect(trial.log.map(({ kind }) => kind)).toEqual([
      "WalkedIn",
      "WalkedIn",
      "TicketTaken",
      "TicketAdmitted",
    ]);
    expect(trial.findings()).toEqual([]);
  });

  it("goes on where a node stopped: places, passes and their order are the queue's", () => {
    const trial = new Trial({ active: 3 });
    const undisturbed = new Trial({ active: 3 });
    for (const one of [trial, undisturbed]) {
      for (let shopper = 0; shopper < 12; shopper += 1) {
        one.arrive(`s-${shopper}`);
        // Each shopper meets a node that has just started and knows nothing.
        if (one === trial) one.node = makeAdmission(one.ports);
      }
      for (let round = 1; round <= 4; round += 1) {
        one.time.now = round * 30_000;
        for (let shopper = 0; shopper < 12; shopper += 1) {
          if (shopper >= 3) one.arrive(`s-${shopper}`);
        }
        for (let at = (round - 1) * 3; at < round * 3; at += 1) {
          const shopper = `s-${at}`;
          const ticket = ticketOf(one.arrive(shopper));
          one.run(one.node.leave({ ticket, shopper }));
        }
        one.run(one.node.admitDue(null));
        if (one === trial) one.node = makeAdmission(one.ports);
      }
    }
    expect(trial.log).toEqual(undisturbed.log);
    expect(trial.log.filter(({ kind }) => kind === "TicketAdmitted").length).toBeGreaterThan(5);
    expect(trial.findings()).toEqual([]);
  });

  it("gives the same place to a shopper whose node stopped before it could answer or log", () => {
    const trial = new Trial();
    trial.arrive("a");
    trial.arrive("b");
    const broken: AdmissionPorts = {
      ...trial.ports,
      saleLog: { ...trial.ports.saleLog, append: () => Effect.die("the process stopped here") },
    };
    const lost = trial.time.run(makeAdmission(broken).arrive({ shopper: "ann", lane: "all" }));
    expect(Exit.isFailure(lost)).toBe(true);
    trial.arrive("bob");
    expect(trial.arrive("ann")).toMatchObject({ _tag: "Waiting", ahead: 0, taken: false });
    expect(trial.queue.room.snapshot()).toMatchObject({ taken: 4, waiting: 2 });
  });

  it("leaves a log from which an audit finds everybody's turn in order, and draws the lot again", () => {
    const step = fc.oneof(
      fc.record({ join: fc.nat(80), lane: fc.constantFrom("all", "vip", "later") }),
      fc.record({ passes: fc.integer({ min: 100, max: 90_000 }) }),
      fc.record({ leaves: fc.nat(80) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) => {
        const trial = new Trial({ active: 4 });
        const tickets = new Map<string, number>();
        for (const one of steps) {
          if ("join" in one) {
            tickets.set(`s-${one.join}`, ticketOf(trial.arrive(`s-${one.join}`, one.lane)));
          } else if ("leaves" in one) {
            const shopper = `s-${one.leaves}`;
            trial.run(trial.node.leave({ ticket: tickets.get(shopper) ?? 0, shopper }));
          } else {
            trial.time.now += one.passes;
            trial.run(trial.node.expireDue);
            trial.run(trial.node.admitDue(null));
          }
        }
        expect(trial.findings()).toEqual([]);
        expect(trial.audit.inversions).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("is caught by the audit when it lets somebody in out of turn, or lets a lane starve", () => {
    const of = (shopper: string, ticket: number, lane = "all") => ({
      at: 0,
      shopper,
      ticket,
      lane,
    });
    const score = { waitedMillis: 0, estimatedMillis: null, steady: false };
    const audit = new QueueAudit(CONTRACT_ROOM.lanes, CONTRACT_ROOM.drawSeed);
    for (let ticket = 1; ticket <= 40; ticket += 1) {
      audit.observe({ kind: "TicketTaken", ...of("x", ticket, ticket > 20 ? "vip" : "all") });
    }
    audit.observe({ kind: "TicketAdmitted", ...of("x", 2), ...score });
    expect(audit.inversions).toBe(1);
    audit.observe({ kind: "WalkedIn", ...of("y", 99) });
    expect(audit.inversions).toBe(3);
    audit.observe({ kind: "DoorPassed", at: 0, shoppers: 2 });
    expect(audit.inversions).toBe(5);
    for (const ticket of [1, 3, 4, 5, 6, 7, 8, 9, 10]) {
      audit.observe({ kind: "TicketAdmitted", ...of("x", ticket), ...score });
    }
    expect(audit.inversions).toBe(5);
    const room = { taken: 30, waiting: 30, passes: 0, inside: 0, ended: 0 };
    const found = audit.audit({ ...room, lent: 0, activeLimit: null, lanes: [] });
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(["Q01", "Q03"]));
  });
});
