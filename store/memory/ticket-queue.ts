/**
 * The waiting room in memory: the queue of a rehearsal and of a test, and what other adapters are
 * measured against. One thread owns the {@link WaitingRoom}, so every call of it is one atomic step.
 */
import { Layer } from "effect";
import { AdmissionPace } from "../core/admission-pace.ts";
import { assert } from "../core/assert.ts";
import type { HashKey } from "../core/keyed-hash.ts";
import type {
  AdmitRequest,
  EndedPlace,
  HealthReport,
  JoinRequest,
  LoanRequest,
  RoomLimits,
  SaleLeft,
  SeenInside,
  TicketReference,
} from "../core/ticket.ts";
import { WaitingRoom } from "../core/waiting-room.ts";
import { atOnce, Refused, readAtOnce } from "../ports/at-once.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import { TicketQueue, type TicketQueueService } from "../ports/ticket-queue.ts";

export interface MemoryTicketQueueOptions {
  readonly limits: RoomLimits;
  /** One who would wait beyond this many others is refused as unavailable: memory stays bounded. */
  readonly waitingMax?: number;
  /**
   * Key of the index of shoppers' names. Live it comes from the system's random source, so that
   * nobody can choose names that meet; left out it is a fixed one, for rehearsals and tests.
   */
  readonly nameKey?: HashKey;
}

export interface MemoryTicketQueueService extends TicketQueueService {
  /** The rules themselves, for whoever reads or audits within one event. */
  readonly room: WaitingRoom;
  /** How many it lets in, which may be changed while it is open. */
  readonly pace: AdmissionPace;
}

/** Assumed: thirty times those who wait in the largest sale of the scenarios. */
const WAITING_MAX = 3_000_000;

const NAME_KEY_OF_REHEARSALS: HashKey = [0x243f6a88, 0x85a308d3];

const FULL = new Refused(
  new PortUnavailable({ port: "store/TicketQueue", reason: "too many wait" }),
);

type Expire = Parameters<TicketQueueService["expire"]>[0];

function make(options: MemoryTicketQueueOptions): MemoryTicketQueueService {
  const pace = new AdmissionPace(options.limits);
  const room = new WaitingRoom(options.limits, options.nameKey ?? NAME_KEY_OF_REHEARSALS, pace);
  const waitingMax = options.waitingMax ?? WAITING_MAX;
  assert(waitingMax > 0, "somebody may wait");
  return {
    room,
    pace,
    lend: atOnce((request: LoanRequest) => room.lend(request)),
    join: atOnce((request: JoinRequest) =>
      room.waiting >= waitingMax && !room.knows(request.shopper) ? FULL : room.join(request),
    ),
    look: atOnce((request: TicketReference) => room.look(request)),
    redeem: atOnce((request: TicketReference) => room.redeem(request)),
    renew: atOnce((request: TicketReference) => room.renew(request)),
    renewAll: atOnce((seen: SeenInside) => room.renewAll(seen)),
    leave: atOnce((request: TicketReference) => room.leave(request)),
    report: atOnce((report: HealthReport) => room.report(report)),
    admit: atOnce((request: AdmitRequest) => room.admit(request)),
    expire: atOnce((request: Expire) => expire(room, request)),
    tell: atOnce((left: SaleLeft) => room.tell(left)),
    snapshot: readAtOnce(() => room.snapshot()),
  };
}

function expire(room: WaitingRoom, { now, limit }: Expire) {
  assert(limit > 0, "a sweep may end at least one place");
  const ended: EndedPlace[] = [];
  while (ended.length < limit) {
    const one = room.endNext(now);
    if (one === null) return { ended, more: false };
    ended.push(one);
  }
  return { ended, more: true };
}

export const MemoryTicketQueue = {
  make,
  layer: (options: MemoryTicketQueueOptions) => Layer.sync(TicketQueue, () => make(options)),
} as const;
