import { Effect } from "effect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RoomLimits } from "../../core/ticket.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import { codeNumbered, offerOf } from "../../testing/offers.ts";
import { CONTRACT_ROOM } from "../../testing/ticket-queue.contract.ts";
import { sqlitePromotionLedger } from "./promotion-ledger.ts";
import {
  type OpenLedger,
  openIn,
  removeFolder,
  temporaryFolder,
} from "./testing/temporary-ledger.ts";
import { sqliteTicketQueue } from "./ticket-queue.ts";

let folder: string;
let ledgers: OpenLedger[];
beforeEach(() => {
  folder = temporaryFolder();
  ledgers = [];
});
afterEach(() => {
  for (const { group } of ledgers) group.close();
  removeFolder(folder);
  vi.useRealTimers();
});

function open(): OpenLedger {
  const ledger = openIn(folder);
  ledgers.push(ledger);
  return ledger;
}

const room = ({ group }: OpenLedger, limits: RoomLimits = CONTRACT_ROOM) =>
  sqliteTicketQueue(group, { limits });
const join = (queue: TicketQueueService, shopper: string, now = 0) =>
  Effect.runSync(queue.join({ shopper, lane: "all", now }));

describe("the journal of a book", () => {
  it("keeps every place over a restart", () => {
    const before = room(open());
    for (const shopper of ["in-1", "in-2", "ann", "ben"]) join(before, shopper);
    const ann = join(before, "ann", 5);
    ledgers[0]?.group.close();
    const after = room(open());
    expect(join(after, "ann", 5)).toEqual(ann);
    expect(join(after, "eve", 6)).toMatchObject({ _tag: "Waiting", ahead: 2 });
  });

  it("is gone on with by two processes as by one", async () => {
    const [one, other] = [open(), open()];
    const [first, second] = [room(one), room(other)];
    join(first, "in-1");
    join(first, "in-2");
    await one.group.durable();
    expect(join(second, "ann")).toMatchObject({ _tag: "Waiting", ahead: 0 });
    await other.group.durable();
    expect(join(first, "ben")).toMatchObject({ _tag: "Waiting", ahead: 1 });
    expect(join(first, "ann")).toMatchObject({ _tag: "Waiting", ahead: 0, taken: false });
  });

  it("refuses to go on where the settings answer otherwise than they did", () => {
    const queue = room(open());
    for (const shopper of ["in-1", "in-2", "ann"]) join(queue, shopper);
    ledgers[0]?.group.close();
    const wider = { ...CONTRACT_ROOM, active: 3 };
    expect(() => room(open(), wider)).toThrow(
      /journal of waiting room .* answer otherwise than they did.*or in another folder/,
    );
    expect(() => room(open())).not.toThrow();
  });

  it("refuses a step of rules that it does not have", () => {
    const { group } = open();
    group.connection.exec(
      "INSERT INTO book_journal VALUES ('promotions', 1, 1, 99, '[[\"issue\",{}]]', 0)",
    );
    expect(() => sqlitePromotionLedger(group, { offers: [] })).toThrow(
      "it follows rules of version 99, and these are 1",
    );
  });

  it("takes back what was lost with its group", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { group } = open();
    const promotions = sqlitePromotionLedger(group, { offers: [offerOf("stay")] });
    const issue = (shopper: string, number: number) =>
      promotions.issue({ offer: "stay", shopper, code: codeNumbered(number), now: 0 });
    Effect.runSync(issue("ann", 1));
    await group.durable();
    Effect.runSync(issue("ben", 2));
    const durable = group.durable();
    const failure = new Error("the disk");
    expect(() =>
      group.step(() => {
        group.wrote();
        throw failure;
      }),
    ).toThrow(failure);
    await expect(durable).rejects.toThrow("the disk");
    const { codes } = Effect.runSync(promotions.snapshot);
    expect(codes.map(({ shopper }) => shopper)).toEqual(["ann"]);
    vi.advanceTimersByTime(5_000);
    expect(Effect.runSync(issue("ben", 2))).toMatchObject({ _tag: "Issued" });
  });
});

describe("a shopper who looks", () => {
  const KEPT = CONTRACT_ROOM.keptMillis;
  const look = (queue: TicketQueueService, ticket: number, now: number) =>
    Effect.runSync(queue.look({ ticket, shopper: "ann", now }));

  it("writes nothing, and keeps the place in every process", async () => {
    const [one, other] = [open(), open()];
    const [first, second] = [room(one), room(other)];
    join(first, "in-1");
    join(first, "in-2");
    const ann = join(first, "ann");
    const ticket = "ticket" in ann ? ann.ticket : 0;
    join(first, "ben");
    await one.group.durable();
    const count = () =>
      one.group.connection.prepare("SELECT sum(count) FROM book_journal").pluck().get();
    const before = count();
    for (const now of [KEPT - 2_000, KEPT - 1_900, KEPT - 1_100]) {
      expect(look(first, ticket, now)).toMatchObject({ _tag: "Waiting", ahead: 0 });
    }
    await one.group.durable();
    expect(count()).toBe(before);
    const swept = Effect.runSync(first.expire({ now: KEPT + 5_000, limit: 10 }));
    expect(swept.ended.map(({ shopper }) => shopper)).toEqual(["ben"]);
    await one.group.durable();
    const later = Effect.runSync(second.expire({ now: KEPT + 6_000, limit: 10 }));
    expect(later.ended).toEqual([]);
    await other.group.durable();
    expect(look(second, ticket, KEPT + 7_000)).toMatchObject({ _tag: "Waiting", ahead: 0 });
  });

  it("keeps the place in a process that does nothing but answer looks", async () => {
    const [one, other] = [open(), open()];
    const [sweeps, looks] = [room(one), room(other)];
    join(sweeps, "in-1");
    join(sweeps, "in-2");
    const ann = join(sweeps, "ann");
    const ticket = "ticket" in ann ? ann.ticket : 0;
    await one.group.durable();
    for (const now of [KEPT - 3_000, KEPT - 1_500]) look(looks, ticket, now);
    await other.group.durable();
    const swept = Effect.runSync(sweeps.expire({ now: KEPT + 5_000, limit: 10 }));
    expect(swept.ended).toEqual([]);
  });
});
