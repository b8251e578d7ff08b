/** What the room tells of a row: where it stands in its lane, that its turn has come, how it ended. */
import type { Lane } from "./lane.ts";
import type { AdmittedTicket, EndedPlace, PlaceEnd, Waiting } from "./ticket.ts";
import { INSIDE, LOBBY, type TicketRows } from "./ticket-rows.ts";

export function waitingOf(
  rows: TicketRows,
  row: number,
  lane: Lane,
  now: {
    readonly at: number;
    readonly taken: boolean;
    readonly rate: number | null;
    readonly soldOut: boolean;
  },
): Waiting {
  const inLobby = rows.state[row] === LOBBY;
  const ahead = inLobby ? null : lane.line.aheadOf(rows.slot[row] as number);
  const then = rows.aheadThen[row] as number;
  return {
    _tag: "Waiting",
    ticket: rows.ticket[row] as number,
    taken: now.taken,
    lane: lane.name,
    ahead,
    progress: ahead === null || then === 0 ? 0 : 1 - ahead / then,
    estimateMillis: ahead === null ? null : lane.estimate(ahead, now.rate, now.at),
    opensAt: inLobby ? lane.opensAt : null,
    soldOut: now.soldOut,
  };
}

export function admittedOf(
  rows: TicketRows,
  row: number,
  lane: Lane,
  { now, until }: { readonly now: number; readonly until: number },
): AdmittedTicket {
  const waitedMillis = now - (rows.since[row] as number);
  const estimate = rows.estimate[row] as number;
  const [paceThen, admittedThen] = [rows.paceThen[row], rows.admittedThen[row]];
  return {
    ticket: rows.ticket[row] as number,
    shopper: rows.shopper[row] as string,
    lane: lane.name,
    number: rows.number[row] as number,
    until,
    waitedMillis,
    estimatedMillis: estimate < 0 ? null : estimate,
    steady: lane.keptPace(paceThen as number, admittedThen as number, waitedMillis),
  };
}

export function endedOf(rows: TicketRows, row: number, lane: Lane, why: PlaceEnd): EndedPlace {
  return {
    ticket: rows.ticket[row] as number,
    shopper: rows.shopper[row] as string,
    lane: lane.name,
    why,
    wasInside: rows.state[row] === INSIDE,
  };
}
