/**
 * The waiting room on SQLite: the {@link WaitingRoom} of the core, kept as a journal. A shopper
 * who looks where they stand, or asks for something from inside, is answered from memory and
 * writes nothing: that they were seen is gathered (see `ticket-signs.ts`) and goes into the journal
 * with the next step of the room, which is when it first can make a difference. Where several
 * processes share the file, one hears of another's looks then, and after a crash those since the
 * last round (a second, of the minutes a place is kept) are lost.
 */
import { Effect } from "effect";
import { assert } from "../../core/assert.ts";
import type {
  AdmitRequest,
  EndedPlace,
  HealthReport,
  Inside,
  JoinRequest,
  LoanRequest,
  LookAnswer,
  NoPlace,
  RoomLimits,
  SaleLeft,
  SeenInside,
  TicketReference,
} from "../../core/ticket.ts";
import { WaitingRoom } from "../../core/waiting-room.ts";
import type { EndedPlaces, TicketQueueService } from "../../ports/ticket-queue.ts";
import { secureHashKey } from "../secure-random.ts";
import { TicketSigns } from "../ticket-signs.ts";
import { BookJournal } from "./book-journal.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";

export interface SqliteTicketOptions {
  readonly limits: RoomLimits;
  /** One who would wait beyond this many others is refused as unavailable. */
  readonly waitingMax?: number;
  /** Who was seen; a sixth of the time that a place is kept lies between two signs by default. */
  readonly signs?: TicketSigns;
}

/** Assumed, as in memory: thirty times those who wait in the largest sale of the scenarios. */
const WAITING_MAX = 3_000_000;
const RULES_VERSION = 1;

type Expire = Parameters<TicketQueueService["expire"]>[0];

/** Columns, as `SeenInside`, but plain JSON. */
interface SeenColumns {
  readonly tickets: readonly number[];
  readonly at: readonly number[];
}

const STEPS = {
  lend: (room: WaitingRoom, request: LoanRequest) => room.lend(request),
  join: (room: WaitingRoom, request: JoinRequest) => room.join(request),
  redeem: (room: WaitingRoom, request: TicketReference) => room.redeem(request),
  seen: (room: WaitingRoom, { tickets, at }: SeenColumns) =>
    room.renewAll({
      count: tickets.length,
      tickets: Float64Array.from(tickets),
      at: Float64Array.from(at),
    }),
  leave: (room: WaitingRoom, request: TicketReference) => room.leave(request),
  report: (room: WaitingRoom, report: HealthReport) => room.report(report),
  admit: (room: WaitingRoom, request: AdmitRequest) => room.admit(request),
  expire,
  tell: (room: WaitingRoom, left: SaleLeft) => room.tell(left),
};

export function sqliteTicketQueue(
  group: GroupCommit,
  { limits, waitingMax = WAITING_MAX, signs = TicketSigns.of(limits) }: SqliteTicketOptions,
): TicketQueueService {
  assert(waitingMax > 0, "somebody may wait");
  const journal = new BookJournal(group, {
    name: "waiting room",
    version: RULES_VERSION,
    open: () => new WaitingRoom(limits, secureHashKey()),
    steps: STEPS,
  });
  journal.current();
  const steps = new PortSteps(group, "store/TicketQueue");
  const full = steps.refused("too many wait");
  const take: typeof journal.take = (name, request, isIdle) => {
    const seen = signs.take();
    if (seen !== null) journal.take("seen", columnsOf(seen));
    return journal.take(name, request, isIdle);
  };
  const tell = steps.write(() => {
    const seen = signs.take();
    if (seen !== null) journal.take("seen", columnsOf(seen));
  });
  /** What became of a ticket; that its shopper was seen is noted where that keeps the place. */
  const seen = <Answer>(keeps: "Waiting" | "Inside", told: (answer: LookAnswer) => Answer) => {
    const view = steps.read((request: TicketReference) => {
      const answer = journal.current().view(request);
      if (answer._tag === keeps) signs.note(request.ticket, request.now);
      return told(answer);
    });
    return (request: TicketReference) =>
      signs.isDue(request.now) ? Effect.zipRight(tell(undefined), view(request)) : view(request);
  };
  return {
    lend: steps.write((request: LoanRequest) => take("lend", request)),
    join: steps.write((request: JoinRequest) => {
      const room = journal.current();
      return room.waiting >= waitingMax && !room.knows(request.shopper)
        ? full
        : take("join", request);
    }),
    look: seen("Waiting", (answer) => answer),
    redeem: steps.write((request: TicketReference) => take("redeem", request)),
    renew: seen("Inside", insideOrNot),
    renewAll: steps.write((seen: SeenInside) => take("seen", columnsOf(seen))),
    leave: steps.write((request: TicketReference) => take("leave", request, (end) => end === null)),
    report: steps.write((report: HealthReport) => take("report", report)),
    admit: steps.write((request: AdmitRequest) => take("admit", request)),
    expire: steps.write((request: Expire) => take("expire", request)),
    tell: steps.write((left: SaleLeft) => take("tell", left)),
    snapshot: steps.readNow(() => journal.current().snapshot()),
  };
}

function insideOrNot(answer: LookAnswer): Inside | NoPlace {
  return answer._tag === "Inside" ? answer : { _tag: "NoPlace" };
}

function columnsOf({ count, tickets, at }: SeenInside): SeenColumns {
  return { tickets: [...tickets.subarray(0, count)], at: [...at.subarray(0, count)] };
}

function expire(room: WaitingRoom, { now, limit }: Expire): EndedPlaces {
  assert(limit > 0, "a sweep may end at least one place");
  const ended: EndedPlace[] = [];
  while (ended.length < limit) {
    const one = room.endNext(now);
    if (one === null) return { ended, more: false };
    ended.push(one);
  }
  return { ended, more: true };
}
