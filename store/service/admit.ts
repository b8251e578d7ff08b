/**
 * Admission: the way of a shopper through the waiting room, and the two rounds that keep it going.
 * Nothing is kept here between two calls: places are the ticket queue's, so a node that starts
 * anew goes on where another stopped. What the queue did is told to the sale log right after.
 */
import { Effect } from "effect";
import type { OpenDoor } from "../core/open-door.ts";
import type {
  AdmittedTicket,
  EndedPlace,
  Inside,
  LookAnswer,
  NoPlace,
  PassLate,
  SaleLeft,
  SeenInside,
  StoreHealth,
  UnknownLane,
} from "../core/ticket.ts";
import { type Forged, PassSigner, type PassSignerService } from "../ports/pass-signer.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { SaleLog, type SaleLogService } from "../ports/sale-log.ts";
import { TicketQueue, type TicketQueueService } from "../ports/ticket-queue.ts";
import { Program, type Steps } from "./program.ts";

/** Shoppers that one step of the queue admits or ends; the queue is free for others between two. */
const TICKETS_PER_STEP = 1_000;
/** Steps of one round; what is still due after them is left to the next round. */
const STEPS_MAX = 1_000;

export interface AdmissionPorts {
  readonly tickets: TicketQueueService;
  readonly passes: PassSignerService;
  readonly saleLog: SaleLogService;
}

/** Takes the ports out of the context once. */
export const admissionPorts: Effect.Effect<
  AdmissionPorts,
  never,
  TicketQueue | PassSigner | SaleLog
> = Effect.all({ tickets: TicketQueue, passes: PassSigner, saleLog: SaleLog });

/** The turn has come; the signed pass lets its shopper in. */
export interface PassGiven {
  readonly _tag: "PassGiven";
  readonly ticket: number;
  readonly pass: string;
  readonly until: number;
}

export type ArriveAnswer = Exclude<LookAnswer, { _tag: "Admitted" }> | PassGiven | UnknownLane;
export type LookedAnswer = Exclude<LookAnswer, { _tag: "Admitted" }> | PassGiven;
export type EnterAnswer = Inside | PassLate | NoPlace | Forged;

/** Who acts on a ticket. */
export interface Holder {
  readonly ticket: number;
  readonly shopper: string;
}

export interface Admission {
  /** Settles what the open door let in and borrows places for it anew. */
  readonly openDoor: (door: OpenDoor) => Program<void, PortUnavailable>;
  /** A shopper at the door: in at once where nobody has to wait, else to a place in the lane. */
  readonly arrive: (request: {
    readonly shopper: string;
    readonly lane: string;
  }) => Program<ArriveAnswer, PortUnavailable>;
  /** What a waiting shopper's page asks for every few seconds. */
  readonly look: (holder: Holder) => Program<LookedAnswer, PortUnavailable>;
  /** Comes in with a signed pass. */
  readonly enter: (pass: string) => Program<EnterAnswer, PortUnavailable>;
  /** A request from inside. */
  readonly renew: (holder: Holder) => Program<Inside | NoPlace, PortUnavailable>;
  /** The requests from inside since the last time, for who need not be answered one by one. */
  readonly renewAll: (seen: SeenInside) => Program<void, PortUnavailable>;
  readonly leave: (holder: Holder) => Program<boolean, PortUnavailable>;
  /** Gives passes to those whose turn it is; `health` is how the store answered since the last round. */
  readonly admitDue: (
    health: StoreHealth | null,
  ) => Program<readonly AdmittedTicket[], PortUnavailable>;
  /** Ends the places whose time is over and answers which of them never came in. */
  readonly expireDue: Program<readonly EndedPlace[], PortUnavailable>;
  /** What the sale has left to come in for. */
  readonly tell: (left: SaleLeft) => Program<void, PortUnavailable>;
}

export function makeAdmission(ports: AdmissionPorts): Admission {
  const { tickets } = ports;
  return {
    openDoor: (door) => new Program((clock) => borrowing(ports, door, clock)),
    arrive: (request) => new Program((clock) => arriving(ports, request, clock)),
    look: (holder) =>
      new Program(function* (clock): Steps<LookedAnswer, PortUnavailable> {
        const now = clock.unsafeCurrentTimeMillis();
        return yield* withPass(ports, yield* tickets.look({ ...holder, now }));
      }),
    enter: (pass) => new Program((clock) => entering(ports, pass, clock)),
    renew: ({ ticket, shopper }) =>
      new Program(function* (clock): Steps<Inside | NoPlace, PortUnavailable> {
        return yield* tickets.renew({ ticket, shopper, now: clock.unsafeCurrentTimeMillis() });
      }),
    renewAll: (seen) =>
      new Program(function* (): Steps<void, PortUnavailable> {
        yield* tickets.renewAll(seen);
      }),
    leave: (holder) =>
      new Program(function* (clock): Steps<boolean, PortUnavailable> {
        const now = clock.unsafeCurrentTimeMillis();
        const ended = yield* tickets.leave({ ...holder, now });
        if (ended?.wasInside === false) yield* logEnd(ports, ended, now);
        return ended !== null;
      }),
    admitDue: (health) => new Program((clock) => admitting(ports, health, clock)),
    expireDue: new Program((clock) => expiring(ports, clock)),
    tell: (left) =>
      new Program(function* (): Steps<void, PortUnavailable> {
        yield* tickets.tell(left);
      }),
  };
}

interface Clock {
  readonly unsafeCurrentTimeMillis: () => number;
}

/** Told before the next ticket can be taken, so that the log shows who came before whom. */
function* borrowing(
  { tickets, saleLog }: AdmissionPorts,
  door: OpenDoor,
  clock: Clock,
): Steps<void, PortUnavailable> {
  const now = clock.unsafeCurrentTimeMillis();
  const { used } = door;
  const places = yield* tickets.lend({ now, used, inside: door.inside(now) });
  door.borrow(places);
  if (used > 0) yield* saleLog.append({ kind: "DoorPassed", at: now, shoppers: used });
}

function* arriving(
  { tickets, passes, saleLog }: AdmissionPorts,
  { shopper, lane }: { readonly shopper: string; readonly lane: string },
  clock: Clock,
): Steps<ArriveAnswer, PortUnavailable> {
  const now = clock.unsafeCurrentTimeMillis();
  const answer = yield* tickets.join({ shopper, lane, now });
  if (answer._tag === "Inside" && answer.entered) {
    yield* saleLog.append({ kind: "WalkedIn", at: now, ticket: answer.ticket, shopper, lane });
    return answer;
  }
  if (answer._tag === "Waiting" && answer.taken) {
    yield* saleLog.append({ kind: "TicketTaken", at: now, ticket: answer.ticket, shopper, lane });
    return answer;
  }
  if (answer._tag !== "Admitted") return answer;
  const { ticket, until } = answer;
  const pass = yield* passes.sign({ ticket, shopper, until });
  return { _tag: "PassGiven", ticket, pass, until };
}

function* withPass(
  { passes }: AdmissionPorts,
  answer: LookAnswer,
): Steps<LookedAnswer, PortUnavailable> {
  if (answer._tag !== "Admitted") return answer;
  const { ticket, shopper, until } = answer;
  const pass = yield* passes.sign({ ticket, shopper, until });
  return { _tag: "PassGiven", ticket, pass, until };
}

/** A genuine pass is not enough: the queue knows whether its place is still there. */
function* entering(
  { tickets, passes }: AdmissionPorts,
  signed: string,
  clock: Clock,
): Steps<EnterAnswer, PortUnavailable> {
  const verdict = yield* passes.verify(signed);
  if (verdict._tag === "Forged") return verdict;
  const { ticket, shopper } = verdict.pass;
  return yield* tickets.redeem({ ticket, shopper, now: clock.unsafeCurrentTimeMillis() });
}

function* admitting(
  { tickets, saleLog }: AdmissionPorts,
  health: StoreHealth | null,
  clock: Clock,
): Steps<readonly AdmittedTicket[], PortUnavailable> {
  const now = clock.unsafeCurrentTimeMillis();
  const admitted: AdmittedTicket[] = [];
  yield* tickets.report({ now, health });
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const round = yield* tickets.admit({ now, limit: TICKETS_PER_STEP });
    for (const { lane, tickets: drawn } of round.lots) {
      yield* saleLog.append({ kind: "LotDrawn", at: now, lane, tickets: drawn });
    }
    for (const { ticket, shopper, lane, waitedMillis, estimatedMillis, steady } of round.admitted) {
      const score = { waitedMillis, estimatedMillis, steady };
      yield* saleLog.append({ kind: "TicketAdmitted", at: now, ticket, shopper, lane, ...score });
    }
    admitted.push(...round.admitted);
    if (round.admitted.length < TICKETS_PER_STEP) break;
  }
  return admitted;
}

function* expiring(
  ports: AdmissionPorts,
  clock: Clock,
): Steps<readonly EndedPlace[], PortUnavailable> {
  const now = clock.unsafeCurrentTimeMillis();
  const all: EndedPlace[] = [];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const { ended, more } = yield* ports.tickets.expire({ now, limit: TICKETS_PER_STEP });
    for (const place of ended) {
      if (place.wasInside) continue;
      yield* logEnd(ports, place, now);
      all.push(place);
    }
    if (!more) break;
  }
  return all;
}

function* logEnd(
  { saleLog }: AdmissionPorts,
  { ticket, shopper, lane, why }: EndedPlace,
  at: number,
): Steps<void, PortUnavailable> {
  yield* saleLog.append({ kind: "TicketEnded", at, ticket, shopper, lane, why });
}
