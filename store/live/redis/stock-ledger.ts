/**
 * The stock in Redis: every method is one Lua script, so each is one atomic step for any number of
 * nodes, and carts over several SKUs need no lock. Units are Redis's to promise and the ledger's
 * to sell: see `stock-gate.ts` for what happens when Redis forgets.
 */
import { Effect } from "effect";
import { assert } from "../../core/assert.ts";
import type {
  Held,
  HoldAnswer,
  HoldExists,
  HoldRequest,
  Person,
  PersonLimitReached,
  ReacquireAnswer,
  ReleaseAnswer,
  SellAnswer,
  SkuKnown,
  StockItem,
  StockLevel,
  StockLine,
  StockMoved,
  StockOpened,
  StockSnapshot,
  TooFew,
  UnknownSku,
} from "../../core/hold.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { ItemStock } from "../../core/stock-item.ts";
import { assertWhole, sameUnits, summedPerSku } from "../../core/stock-lines.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { ExpiredHolds, StockLedgerService } from "../../ports/stock-ledger.ts";
import type { StockMovements } from "../stock-movements.ts";
import { HoldQueue } from "./hold-queue.ts";
import {
  endedOf,
  type HoldRow,
  heldOf,
  personText,
  recordOf,
  rowOf,
  soldOf,
} from "./hold-record.ts";
import {
  type Argument,
  type RedisConnection,
  type Reply,
  StepRefused,
} from "./redis-connection.ts";
import { checkedName } from "./redis-keys.ts";
import type { Script } from "./script.ts";
import { ScriptQueue } from "./script-queue.ts";
import type { StockGate } from "./stock-gate.ts";
import * as scripts from "./stock-scripts.ts";

export interface RedisStockLedgerOptions {
  readonly connection: RedisConnection;
  readonly gate: StockGate;
  readonly holdLimits?: HoldLimits | null;
  /** A hold beyond this many live ones is refused as unavailable, so memory stays bounded. */
  readonly liveHoldsMax?: number;
  /** Released and expired holds that are remembered, newest first to stay. */
  readonly endedHoldsMax?: number;
  /**
   * A durable stock that is told of restocks, quarantines and write-offs after the gate has done
   * them: what the gate is rebuilt from. Without one they last as long as the server's memory.
   */
  readonly movements?: StockMovements | null;
}

const PORT = "store/StockLedger";
/** Some 400 bytes each; more than the shoppers at once of the largest sale in the scenarios. */
const LIVE_HOLDS_MAX = 2_000_000;
const ENDED_HOLDS_MAX = 1_000_000;
/** Shoppers whose lapsed holds are remembered. */
const LAPSES_MAX = 1_000_000;
/** Holds that one script ends: a few milliseconds in which the server does nothing else. */
const EXPIRED_PER_SCRIPT = 200;
const SALES_PER_SCRIPT = 32;
const NO_LIMIT = "-";

/** What a script answers: a word and what belongs to it. */
type Told = readonly [string, ...Reply[]];
type Move = readonly [from: string, to: string];

class RedisStock {
  readonly #gate: StockGate;
  readonly #keys: readonly string[];
  readonly #queue: HoldQueue;
  readonly #sales: ScriptQueue<readonly Argument[]>;
  /** The two arguments that every step has after the generation. */
  readonly #common: readonly Argument[];

  constructor(options: RedisStockLedgerOptions) {
    this.#gate = options.gate;
    const { stock, holds, due, lapsed, watched, lapses } = options.gate.keys;
    this.#keys = [stock, holds, due, lapsed, watched, lapses];
    const { gate, holdLimits: limits = null, liveHoldsMax = LIVE_HOLDS_MAX } = options;
    this.#queue = new HoldQueue({ gate, keys: this.#keys, limits, liveHoldsMax });
    this.#common = [limitsText(limits), options.endedHoldsMax ?? ENDED_HOLDS_MAX];
    const send = (sales: readonly (readonly Argument[])[]) =>
      this.#told(scripts.SELL, sales.flat()) as Promise<readonly Reply[]>;
    this.#sales = new ScriptQueue({ send, askedMax: SALES_PER_SCRIPT });
  }

  async hold(request: HoldRequest): Promise<HoldAnswer> {
    const { hold, now, expiresAt } = request;
    assert(expiresAt > now, "a hold ends after it begins");
    const lines = summedPerSku(request.lines);
    const reply = await this.#queue.take(request, lines);
    if (typeof reply === "number") return { _tag: "Held", hold, epoch: reply, expiresAt, lines };
    return this.#notNew(reply, request, lines);
  }

  /** A hold that was not simply taken; one that lives already is claimed for its person here. */
  async #notNew(
    [word, ...about]: Told,
    request: HoldRequest,
    lines: readonly StockLine[],
  ): Promise<HoldAnswer> {
    const line = lines[Number(about[0]) - 1];
    switch (word) {
      case "Unclaimed": {
        const [epoch, at, limit, counted] = about.map(Number);
        const { sku } = lines[at - 1];
        const unclaimed: PersonLimitReached = { _tag: "PersonLimitReached", sku, limit, counted };
        const { hold, expiresAt } = request;
        return { _tag: "Held", hold, epoch, expiresAt, lines, unclaimed };
      }
      case "Full":
        throw new StepRefused("too many live holds");
      case "Known": {
        const row = rowOf(request.hold, String(about[0]));
        const same = row.shopper === request.shopper && sameUnits(row.lines, lines);
        if (row.state !== "live" || !same) return { _tag: "HoldExists", hold: request.hold };
        return this.#heldAgain(row, request.person ?? []);
      }
      case "UnknownSku":
        return { _tag: "UnknownSku", sku: line.sku };
      case "SoldOut":
        return { _tag: "SoldOut", sku: line.sku, available: Number(about[1]) };
      case "LimitReached": {
        const [, limit, counted] = about.map(Number);
        return { _tag: "LimitReached", sku: line.sku, limit, counted };
      }
      case "TooManyHolds": {
        const by = about[0] as "shopper" | "network" | "lapses";
        return { _tag: "TooManyHolds", by, retryAfterMillis: Number(about[1]) };
      }
      default:
        assert(false, `a hold is not answered with ${word}`);
    }
  }

  async #heldAgain(row: HoldRow, person: Person): Promise<Held | HoldExists> {
    if (person.length === 0) return heldOf(row);
    const { hold, epoch } = row;
    const [word, ...about] = await this.#told(scripts.CLAIM, [hold, epoch, personText(person)]);
    return heldAnswer(hold, word, about) ?? { _tag: "HoldExists", hold };
  }

  async release(request: Parameters<StockLedgerService["release"]>[0]): Promise<ReleaseAnswer> {
    const { hold, epoch, now } = request;
    const [word, about] = await this.#told(scripts.RELEASE, [checkedName(hold), epoch, now]);
    if (word === "Released") return { _tag: "Released", ...endedOf(rowOf(hold, String(about))) };
    return lifeAnswer(word, about);
  }

  async reacquire(
    request: Parameters<StockLedgerService["reacquire"]>[0],
  ): Promise<ReacquireAnswer> {
    const { hold, epoch, shopper, person = [], now, expiresAt } = request;
    assert(expiresAt > now, "a hold ends after it begins");
    const of = [checkedName(hold), epoch, checkedName(shopper), now, expiresAt];
    const [word, ...about] = await this.#told(scripts.REACQUIRE, [...of, personText(person)]);
    const held = heldAnswer(hold, word, about);
    return held ?? refusalAnswer(word, about) ?? lifeAnswer(word, about[0]);
  }

  async sell(request: Parameters<StockLedgerService["sell"]>[0]): Promise<SellAnswer> {
    const { hold, epoch, order, now, honour } = request;
    const args = [checkedName(hold), epoch, now, checkedName(order), honour ? 1 : 0];
    const [word, one, other] = (await this.#sales.ask(args)) as Told;
    switch (word) {
      case "Sold":
        return soldOf(rowOf(hold, String(other)), one === 1);
      case "SoldToOther":
        return { _tag: "SoldToOther", order: String(one) };
      case "HoldLapsed": {
        const end = one as "released" | "expired";
        return { _tag: "HoldLapsed", end, sku: other === null ? null : String(other) };
      }
      case "StaleEpoch":
        return { _tag: "StaleEpoch", epoch: Number(one) };
      default:
        return { _tag: "UnknownHold" };
    }
  }

  async expireDue({ now, limit }: { now: number; limit: number }): Promise<ExpiredHolds> {
    assert(limit > 0, "a sweep may expire at least one hold");
    const expired: ExpiredHolds["expired"][number][] = [];
    for (;;) {
      const atOnce = Math.min(EXPIRED_PER_SCRIPT, limit - expired.length);
      const reply = await this.#gate.run(scripts.EXPIRE, this.#keys, [
        ...this.#common,
        now,
        atOnce,
      ]);
      const [more, ended] = reply as readonly [number, readonly (readonly [string, string])[]];
      for (const [hold, record] of ended) expired.push(endedOf(rowOf(hold, record)));
      if (more === 0 || expired.length >= limit) return { expired, more: more === 1 };
    }
  }

  async nextExpiry(): Promise<number | null> {
    const [at] = (await this.#gate.run(scripts.NEXT_EXPIRY, this.#keys, [])) as readonly string[];
    return at === "" ? null : Number(at);
  }

  async move(
    { sku, units }: StockLine,
    [from, to]: Move,
  ): Promise<StockMoved | TooFew | UnknownSku> {
    assertWhole(units);
    const args = [checkedName(sku), units, from, to];
    const [word, one, other] = (await this.#gate.run(scripts.MOVE, this.#keys, args)) as Told;
    if (word === "UnknownSku") return { _tag: "UnknownSku", sku };
    if (word === "TooFew") return { _tag: "TooFew", there: Number(one) };
    return { _tag: "StockMoved", available: Number(one), quarantined: Number(other) };
  }

  async open(item: StockItem): Promise<StockOpened | SkuKnown> {
    const { sku, initial, limitPerShopper, limitPerPerson } = new ItemStock(item);
    const args = [checkedName(sku), initial, limitPerShopper ?? "", limitPerPerson ?? ""];
    const [_tag, values] = (await this.#gate.run(scripts.OPEN_ITEM, this.#keys, args)) as Told;
    const level = levelOf(sku, values as unknown as Levels) as StockLevel;
    return { _tag: _tag as "StockOpened" | "SkuKnown", level };
  }

  async find(hold: string) {
    const [record] = (await this.#gate.run(scripts.FIND, this.#keys, [checkedName(hold)])) as Told;
    return record === null ? null : recordOf(rowOf(hold, record));
  }

  async level(sku: string): Promise<StockLevel | UnknownSku> {
    const values = await this.#gate.run(scripts.LEVEL, this.#keys, [checkedName(sku)]);
    return levelOf(sku, values as Levels) ?? { _tag: "UnknownSku", sku };
  }

  async snapshot(): Promise<StockSnapshot> {
    const reply = await this.#gate.run(scripts.SNAPSHOT, this.#keys, []);
    const [levels, totals, records] = reply as readonly [
      readonly (readonly [string, Levels])[],
      readonly string[],
      readonly string[],
    ];
    const rows = [];
    for (let at = 0; at < records.length; at += 2) rows.push(rowOf(records[at], records[at + 1]));
    rows.sort((one, other) => one.first - other.first);
    const [live, released, expired, sold, forgotten] = totals.map(Number);
    const taken = live + released + expired + sold;
    return {
      levels: levels.map(([sku, values]) => levelOf(sku, values) as StockLevel),
      holds: rows.map(recordOf),
      totals: { taken, released, expired, sold, forgotten, live },
    };
  }

  async #told(script: Script, args: readonly Argument[]): Promise<Told> {
    return (await this.#gate.run(script, this.#keys, [...this.#common, ...args])) as Told;
  }
}

/** A hold that lives after the step, claimed for its person or not; null where there is none. */
function heldAnswer(hold: string, word: string, [record, ...over]: readonly Reply[]): Held | null {
  if (word === "Held") return heldOf(rowOf(hold, String(record)));
  if (word !== "Unclaimed") return null;
  const unclaimed = refusalAnswer("PersonLimitReached", over) as PersonLimitReached;
  return { ...heldOf(rowOf(hold, String(record))), unclaimed };
}

/** A step that found the hold in another life than it was asked for. */
function lifeAnswer(word: string, about: Reply | undefined) {
  if (word === "StaleEpoch") return { _tag: "StaleEpoch", epoch: Number(about) } as const;
  if (word === "AlreadyEnded") {
    return { _tag: "AlreadyEnded", end: about as "released" | "expired" | "sold" } as const;
  }
  return { _tag: "UnknownHold" } as const;
}

function refusalAnswer(word: string, [sku, one, other]: readonly Reply[]) {
  const of = { sku: String(sku) };
  if (word === "SoldOut") return { _tag: word, ...of, available: Number(one) } as const;
  if (word === "LimitReached" || word === "PersonLimitReached") {
    const limited = { ...of, limit: Number(one), counted: Number(other) };
    return word === "LimitReached"
      ? ({ _tag: "LimitReached", ...limited } as const)
      : ({ _tag: "PersonLimitReached", ...limited } as const);
  }
  return null;
}

type Levels = readonly (string | null)[];

/** The fields of a SKU, in the order in which the script reads them; null for an unknown one. */
function levelOf(sku: string, values: Levels): StockLevel | null {
  const [initial, restocked, writtenOff, available, sold, quarantined] = values.map(Number);
  if (values[3] === null) return null;
  const [limit, personLimit] = values.slice(6);
  const held = initial + restocked - writtenOff - available - sold - quarantined;
  const units = { initial, restocked, writtenOff, available, held, sold, quarantined };
  const limitPerShopper = limit === null ? null : Number(limit);
  const limitPerPerson = personLimit === null ? null : Number(personLimit);
  return { sku, ...units, limitPerShopper, limitPerPerson };
}

/** The limits on holds as the scripts read them; empty where there are none. */
function limitsText(limits: HoldLimits | null): string {
  if (limits === null) return "";
  const { perShopper, perNetwork, afterLapse } = limits;
  const wait = afterLapse === null ? "- -" : `${afterLapse.firstMillis} ${afterLapse.maxMillis}`;
  return `${perShopper ?? NO_LIMIT} ${perNetwork ?? NO_LIMIT} ${wait} ${LAPSES_MAX}`;
}

function make(options: RedisStockLedgerOptions): StockLedgerService {
  const { connection, movements = null } = options;
  const stock = new RedisStock(options);
  const step = <Answer>(begin: () => Promise<Answer>): Effect.Effect<Answer, PortUnavailable> =>
    connection.asStep(PORT, begin);
  /** Moves units at the gate, and then in the books that it is rebuilt from. */
  const moved = (
    line: StockLine,
    move: Move,
    write: Effect.Effect<unknown, PortUnavailable> | undefined,
  ) =>
    Effect.tap(
      step(() => stock.move(line, move)),
      ({ _tag }) => (_tag === "StockMoved" && write !== undefined ? write : Effect.void),
    );
  return {
    hold: (request) => step(() => stock.hold(request)),
    release: (request) => step(() => stock.release(request)),
    reacquire: (request) => step(() => stock.reacquire(request)),
    sell: (request) => step(() => stock.sell(request)),
    expireDue: (request) => step(() => stock.expireDue(request)),
    nextExpiry: step(() => stock.nextExpiry()),
    open: (item) =>
      Effect.tap(
        step(() => stock.open(item)),
        ({ _tag }) => (_tag === "StockOpened" && movements ? movements.open(item) : Effect.void),
      ),
    restock: (line) =>
      Effect.map(moved(line, ["", "available"], movements?.restock(line)), (answer) => {
        assert(answer._tag !== "TooFew", "units that come from outside are there");
        return answer;
      }),
    quarantine: (line) => moved(line, ["available", "quarantined"], movements?.quarantine(line)),
    readmit: (line) => moved(line, ["quarantined", "available"], movements?.readmit(line)),
    writeOff: (request) => moved(request, [request.from, ""], movements?.writeOff(request)),
    find: (hold) => step(() => stock.find(hold)),
    level: (sku) => step(() => stock.level(sku)),
    snapshot: step(() => stock.snapshot()),
  };
}

export const RedisStockLedger = { make } as const;
