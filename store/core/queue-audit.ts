/**
 * The second witness of the waiting room: works out from the sale log alone who was to come in
 * when, and counts who came in out of turn. The stated bound is 0 within a lane: nobody is admitted
 * while an earlier ticket of their lane waits. Between lanes the shares decide, and a lane that
 * waits gets its share of any run of admissions, less one per lane.
 */
import { type Finding, Findings } from "./audit.ts";
import { byLot } from "./lot.ts";
import type { SaleEvent } from "./sale-event.ts";
import type { LaneLimits, RoomSnapshot } from "./ticket.ts";

type OfKind<Kind extends SaleEvent["kind"]> = Extract<SaleEvent, { readonly kind: Kind }>;

interface Waits {
  readonly ticket: number;
  readonly shopper: string;
  gone: boolean;
}

/** What the log says of one lane. */
class LaneWitness {
  readonly share: number;
  isOpen: boolean;
  lobby: Waits[] = [];
  /** Tickets in the order of their turns, from `head` on. */
  order: Waits[] = [];
  head = 0;
  waiting = 0;
  /** Admissions of the room and of the lane since the lane has waited without a break. */
  sinceAll = 0;
  sinceOwn = 0;

  constructor({ share, opensAt }: LaneLimits) {
    this.share = share;
    this.isOpen = opensAt === null;
  }

  first(): Waits | null {
    while (this.head < this.order.length && this.order[this.head]?.gone === true) this.head += 1;
    if (this.head > FORGOTTEN_AT_ONCE) {
      this.order = this.order.slice(this.head);
      this.head = 0;
    }
    return this.order[this.head] ?? null;
  }
}

/** Tickets whose turn is over are dropped in such portions. */
const FORGOTTEN_AT_ONCE = 4_096;

export class QueueAudit {
  readonly #findings = new Findings();
  readonly #lanes: ReadonlyMap<string, LaneWitness>;
  readonly #drawSeed: string;
  readonly #waiting = new Map<number, Waits>();
  #inversions = 0;

  constructor(lanes: readonly LaneLimits[], drawSeed: string) {
    this.#lanes = new Map(lanes.map((lane) => [lane.name, new LaneWitness(lane)]));
    this.#drawSeed = drawSeed;
  }

  /** Shoppers who came in while somebody of their lane waited whose turn was before. */
  get inversions(): number {
    return this.#inversions;
  }

  observe(event: SaleEvent): void {
    switch (event.kind) {
      case "TicketTaken":
        this.#taken(event);
        break;
      case "LotDrawn":
        this.#drawn(event);
        break;
      case "TicketAdmitted":
        this.#admitted(event);
        break;
      case "TicketEnded":
        this.#gone(event);
        break;
      case "DoorPassed":
        this.#doorPassed(event);
        break;
      case "WalkedIn":
        this.#walkedIn(event);
        break;
      default:
        break;
    }
  }

  /** What does not hold; `room` was read at the moment of the last event. */
  audit(room: RoomSnapshot): readonly Finding[] {
    const findings = new Findings();
    findings.list.push(...this.#findings.list);
    findings.expect(
      room.taken === room.waiting + room.passes + room.inside + room.ended,
      "Q02",
      () => `tickets are lost: ${JSON.stringify(room)}`,
    );
    findings.expect(
      room.waiting === this.#waiting.size,
      "Q02",
      () => `${room.waiting} wait in the room, ${this.#waiting.size} in the log`,
    );
    return findings.list;
  }

  #lane(name: string): LaneWitness {
    const lane = this.#lanes.get(name);
    if (lane !== undefined) return lane;
    this.#findings.expect(false, "Q01", () => `there is no lane ${name}`);
    return new LaneWitness({ name, share: 1, opensAt: null });
  }

  #taken({ ticket, shopper, lane: name }: OfKind<"TicketTaken">): void {
    const lane = this.#lane(name);
    const waits = { ticket, shopper, gone: false };
    this.#findings.expect(!this.#waiting.has(ticket), "Q01", () => `${ticket} was taken twice`);
    this.#waiting.set(ticket, waits);
    if (lane.isOpen) this.#linedUp(lane, waits);
    else lane.lobby.push(waits);
  }

  #linedUp(lane: LaneWitness, waits: Waits): void {
    if (lane.waiting === 0) {
      lane.sinceAll = 0;
      lane.sinceOwn = 0;
    }
    lane.waiting += 1;
    lane.order.push(waits);
  }

  /** The lot is drawn again here, from the published seed. */
  #drawn({ lane: name, tickets }: OfKind<"LotDrawn">): void {
    const lane = this.#lane(name);
    const lobby = lane.lobby.filter((waits) => !waits.gone);
    this.#findings.expect(
      lobby.length === tickets && !lane.isOpen,
      "Q01",
      () => `a lot of ${name} among ${tickets}, ${lobby.length} wait for it`,
    );
    lane.isOpen = true;
    lane.lobby = [];
    for (const waits of byLot(this.#drawSeed, lobby)) this.#linedUp(lane, waits);
  }

  #admitted({ ticket, lane: name, shopper }: OfKind<"TicketAdmitted">): void {
    const lane = this.#lane(name);
    const waits = this.#waiting.get(ticket);
    this.#findings.expect(
      waits !== undefined && waits.shopper === shopper,
      "Q01",
      () => `${ticket} of ${shopper} was admitted and did not wait`,
    );
    if (waits === undefined) return;
    const first = lane.first();
    if (first !== waits) this.#outOfTurn(ticket, first);
    this.#countTurn(lane);
    this.#leaves(lane, waits);
  }

  #outOfTurn(ticket: number, first: Waits | null): void {
    this.#inversions += 1;
    this.#findings.expect(
      false,
      "Q01",
      () => `${ticket} came in before ${first?.ticket ?? "nobody"}, whose turn it was`,
    );
  }

  /** Every lane that waits sees an admission pass; its share of them is due to it. */
  #countTurn(to: LaneWitness): void {
    for (const [name, lane] of this.#lanes) {
      if (lane.waiting === 0) continue;
      lane.sinceAll += 1;
      if (lane === to) lane.sinceOwn += 1;
      this.#findings.expect(
        lane.sinceOwn >= lane.share * lane.sinceAll - this.#lanes.size - ROUNDING,
        "Q03",
        () => `${name} got ${lane.sinceOwn} of ${lane.sinceAll} admissions while it waited`,
      );
    }
  }

  #gone({ ticket, lane: name }: OfKind<"TicketEnded">): void {
    const waits = this.#waiting.get(ticket);
    // A no-show had been admitted before.
    if (waits === undefined) return;
    const lane = this.#lane(name);
    if (lane.isOpen) this.#leaves(lane, waits);
    else {
      waits.gone = true;
      this.#waiting.delete(ticket);
    }
  }

  #leaves(lane: LaneWitness, waits: Waits): void {
    waits.gone = true;
    lane.waiting -= 1;
    this.#waiting.delete(waits.ticket);
  }

  /** A door is settled before anybody takes a ticket, so who waits now was passed by. */
  #doorPassed({ shoppers }: OfKind<"DoorPassed">): void {
    if (this.#waiting.size === 0) return;
    this.#inversions += shoppers;
    this.#findings.expect(
      false,
      "Q01",
      () => `${shoppers} came in by the open door while ${this.#waiting.size} waited`,
    );
  }

  #walkedIn({ ticket, lane: name }: OfKind<"WalkedIn">): void {
    if (this.#waiting.size === 0) return;
    for (const lane of this.#lanes.values()) {
      if (lane.waiting > 0) this.#outOfTurn(ticket, lane.first());
    }
    this.#findings.expect(
      this.#lane(name).isOpen,
      "Q01",
      () => `${ticket} came in before ${name} opened`,
    );
  }
}

/** Shares are doubles, and a sum of them may be off by a little. */
const ROUNDING = 1e-6;
