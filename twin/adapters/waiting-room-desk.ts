/**
 * The waiting room of a rehearsal: the store's own admission programs over its queue in memory,
 * with a second witness that reads the sale log.
 */
import { assert } from "../../engine/assert.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND } from "../../engine/time.ts";
import { OpenDoor, SHUT } from "../../store/core/open-door.ts";
import { QueueAudit } from "../../store/core/queue-audit.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import type { SaleLeft, StoreHealth } from "../../store/core/ticket.ts";
import { TIERS } from "../../store/core/tier.ts";
import { KeyedPassSigner } from "../../store/memory/pass-signer.ts";
import {
  MemoryTicketQueue,
  type MemoryTicketQueueService,
} from "../../store/memory/ticket-queue.ts";
import { PortUnavailable } from "../../store/ports/port-unavailable.ts";
import { type Admission, makeAdmission } from "../../store/service/admit.ts";
import type { Program } from "../../store/service/program.ts";
import type { BrokenInvariant } from "../result.ts";
import type { WorldSpec } from "../scenario/scenario.ts";
import type { WaitingRoomSpec } from "../scenario/waiting-room-spec.ts";
import {
  CALLED,
  type Call,
  CLOSED,
  GONE,
  IN,
  type RoomAnswer,
  type RoomDesk,
  WAITS,
} from "../waiting-room/room-desk.ts";
import { laneOf, roomLimitsOf } from "./sale-setup.ts";
import type { StoreInMemory } from "./store-in-memory.ts";
import type { VirtualRuntime } from "./virtual-effect.ts";

/** Shoppers seen inside that a node keeps in mind before it tells the room of them. */
const SEEN_MAX = 4_096;

export interface WaitingRoomDeskOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly room: WaitingRoomSpec;
  readonly store: StoreInMemory;
  readonly runtime: VirtualRuntime<never>;
}

export class WaitingRoomDesk implements RoomDesk {
  ticket = 0;
  noShows = 0;
  private readonly simulation: Simulation;
  private readonly world: WorldSpec;
  private readonly store: StoreInMemory;
  private readonly runtime: VirtualRuntime<never>;
  private readonly queue: MemoryTicketQueueService;
  private readonly admission: Admission;
  private readonly audit: QueueAudit;
  private readonly door: OpenDoor;
  /** The lane of each tier, by its place in TIERS. */
  private readonly laneOf: readonly string[];
  private told: SaleLeft = "some";
  /** Who was seen inside and not told of yet. */
  private readonly seenTickets = new Float64Array(SEEN_MAX);
  private readonly seenAt = new Float64Array(SEEN_MAX);
  private seenCount = 0;
  private answer: unknown = null;
  private readonly take = (answer: unknown): void => {
    this.answer = answer;
  };

  constructor({ simulation, world, room, store, runtime }: WaitingRoomDeskOptions) {
    this.simulation = simulation;
    this.world = world;
    this.store = store;
    this.runtime = runtime;
    const limits = roomLimitsOf(room, world, simulation.seed);
    this.queue = MemoryTicketQueue.make({ limits });
    this.door = new OpenDoor(limits.sessionMillis);
    this.audit = new QueueAudit(limits.lanes, limits.drawSeed);
    const { saleLog } = store.ports;
    const passes = KeyedPassSigner.make(`${simulation.seed}/passes`);
    this.admission = makeAdmission({ tickets: this.queue, passes, saleLog });
    this.laneOf = TIERS.map((tier) => laneOf(room, tier));
  }

  get waiting(): number {
    return this.queue.room.waiting;
  }

  /** Lets so many be inside at once from now on. */
  resize(capacity: number): void {
    this.queue.pace.resize(capacity);
  }

  get inversions(): number {
    return this.audit.inversions;
  }

  observe(event: SaleEvent): void {
    this.audit.observe(event);
    if (event.kind === "TicketEnded" && event.why === "noShow") this.noShows += 1;
  }

  /** What does not hold of the room now. */
  broken(): readonly BrokenInvariant[] {
    const findings = this.audit.audit(this.queue.room.snapshot());
    return findings.map(({ id, what }) => ({ id, what, at: this.simulation.now }));
  }

  letIn(): number {
    const stamp = this.door.letIn(this.millis());
    if (stamp !== SHUT || this.door.used === 0) return stamp;
    this.ask(this.admission.openDoor(this.door));
    return this.door.letIn(this.millis());
  }

  sees(stamp: number): number {
    return this.door.sees(stamp, this.millis());
  }

  arrive(shopper: string, tier: number): RoomAnswer {
    if (this.door.used > 0) this.ask(this.admission.openDoor(this.door));
    const lane = this.laneOf[tier] ?? "regular";
    const answer = this.ask(this.admission.arrive({ shopper, lane }));
    if ("ticket" in answer) this.ticket = answer.ticket;
    return meaningOf(answer._tag);
  }

  look(ticket: number, shopper: string): RoomAnswer {
    return meaningOf(this.ask(this.admission.look({ ticket, shopper }))._tag);
  }

  enter(ticket: number, shopper: string): RoomAnswer {
    const looked = this.ask(this.admission.look({ ticket, shopper }));
    if (looked._tag !== "PassGiven") return meaningOf(looked._tag);
    return meaningOf(this.ask(this.admission.enter(looked.pass))._tag);
  }

  renew(ticket: number, shopper: string): RoomAnswer {
    return meaningOf(this.ask(this.admission.renew({ ticket, shopper }))._tag);
  }

  seen(ticket: number): void {
    if (this.seenCount === this.seenTickets.length) this.tellSeen();
    this.seenTickets[this.seenCount] = ticket;
    this.seenAt[this.seenCount] = this.millis();
    this.seenCount += 1;
  }

  round(health: StoreHealth | null): readonly Call[] {
    this.tellSeen();
    this.ask(this.admission.expireDue);
    const calls = this.ask(this.admission.admitDue(health));
    this.ask(this.admission.openDoor(this.door));
    return calls;
  }

  tellLeft(): boolean {
    const left = this.left();
    if (left !== this.told) {
      this.told = left;
      this.ask(this.admission.tell(left));
    }
    return left === "none" || left === "over";
  }

  private millis(): number {
    return this.world.starts.epochMillis + Math.floor(this.simulation.now / MILLISECOND);
  }

  private tellSeen(): void {
    if (this.seenCount === 0) return;
    const { seenCount: count, seenTickets: tickets, seenAt: at } = this;
    this.seenCount = 0;
    this.ask(this.admission.renewAll({ count, tickets, at }));
  }

  private left(): SaleLeft {
    const { store } = this;
    if (this.simulation.now >= this.world.sale.closesAt) return "over";
    if (store.items.some(({ sku }) => store.stock.available(sku) > 0)) return "some";
    return store.stock.liveHolds > 0 ? "held" : "none";
  }

  /** The ports are in memory, so a program has ended when it is asked, and never fails. */
  private ask<Answer>(program: Program<Answer, PortUnavailable>): Answer {
    this.answer = null;
    this.runtime.ask(program, this.take);
    const { answer } = this;
    assert(answer !== null && !(answer instanceof PortUnavailable), "a port in memory answers");
    return answer as Answer;
  }
}

const MEANINGS: Readonly<Record<string, RoomAnswer>> = {
  Inside: IN,
  Waiting: WAITS,
  PassGiven: CALLED,
  RoomClosed: CLOSED,
};

function meaningOf(tag: string): RoomAnswer {
  return MEANINGS[tag] ?? GONE;
}
