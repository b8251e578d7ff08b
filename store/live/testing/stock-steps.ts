/**
 * A seeded stream of steps on a stock: few names, few units and little time, so that its steps
 * meet one another's holds, limits and ends as often as not. For comparing one ledger to another.
 */
import { Effect } from "effect";
import type { HoldRequest, Person, StockLine } from "../../core/hold.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";

export interface Chance {
  /** A whole number from 0 to `limit - 1`. */
  readonly below: (limit: number) => number;
  readonly of: <Choice>(choices: readonly Choice[]) => Choice;
}

/** The mulberry32 generator (T. Ettinger, public domain): a stream that its seed decides. */
export function seededChance(seed: number): Chance {
  let state = seed | 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
  return { below, of: (choices) => choices[below(choices.length)] };
}

export interface StockStep {
  readonly name: string;
  readonly ask: (ledger: StockLedgerService) => Effect.Effect<unknown, PortUnavailable>;
}

const SHOPPERS = ["ann", "ben", "eve|s3:ann", "zoë 😀"];
const NETWORKS = ["10.0.0.0/24", "2001:db8::/48"];
const PERSONS = ["card 1", "card 2", "card 3", "home 1", "home\n2"];
const SKUS = ["lamp", "rug", "clock", "Vase, großes 花瓶"];
/** Names in use at a time; the first of them gives way to a new one every few steps. */
const HOLDS_NAMED = 12;
const STEPS_PER_NAME = 6;
const RESTOCKED_MAX = 4;
const RUSH_MAX = 12;
/** Shoppers come to their limits, and then others come. */
const STEPS_PER_SHOPPER = 150;
/** How long the holds of the stream last at most, milliseconds. */
const HOLD_MILLIS_MAX = 150;

/** A step of the stream by its number and its time. */
export function stockStep(chance: Chance, step: number, now: number): StockStep {
  const hold = `hold ${Math.floor(step / STEPS_PER_NAME) + chance.below(HOLDS_NAMED)}`;
  const shopper = `${chance.of(SHOPPERS)} ${Math.floor(step / STEPS_PER_SHOPPER)}`;
  const expiresAt = now + 1 + chance.below(HOLD_MILLIS_MAX);
  const draw = chance.below(100);
  if (draw < 34) return holding(chance, { hold, shopper, now, expiresAt });
  if (draw < 86) return onHold(chance, { hold, shopper, now, expiresAt }, draw);
  const line = { sku: chance.of([...SKUS, "boat"]), units: 1 + chance.below(3) };
  const sweep = { now, limit: 1 + chance.below(6) };
  if (draw < 88) return { name: "expireDue", ask: (ledger) => ledger.expireDue(sweep) };
  if (draw < 90) return { name: "nextExpiry", ask: (ledger) => ledger.nextExpiry };
  if (draw < 93) return { name: `level ${line.sku}`, ask: (ledger) => ledger.level(line.sku) };
  return moving(chance, line);
}

interface Asking {
  readonly hold: string;
  readonly shopper: string;
  readonly now: number;
  readonly expiresAt: number;
}

function holding(chance: Chance, asking: Asking): StockStep {
  const lines = Array.from({ length: 1 + chance.below(3) }, () => ({
    sku: chance.below(40) === 0 ? "boat" : chance.of(SKUS),
    units: 1 + chance.below(3),
  }));
  const from = chance.below(3) === 0 ? {} : { network: chance.of(NETWORKS) };
  const request = { ...asking, ...from, lines, ...personOf(chance) };
  if (chance.below(6) === 0) return rush(chance, request);
  return {
    name: `hold ${JSON.stringify(request)}`,
    ask: (ledger) => ledger.hold(request),
  };
}

/** Many holds at once, with names, shoppers and units in common. */
function rush(chance: Chance, request: HoldRequest): StockStep {
  // Where units are claimed each hold has a name of its own: repeated ones are claimed at the end.
  const names = request.person === undefined ? ["", "a", "b", "c", "d"] : null;
  const requests = Array.from({ length: 2 + chance.below(RUSH_MAX) }, (_, at) => ({
    ...request,
    hold: `${request.hold}${names === null ? `-${at}` : chance.of(names)}`,
    shopper: chance.below(2) === 0 ? request.shopper : chance.of(SHOPPERS),
    lines: [{ sku: chance.of(SKUS), units: 1 }, ...request.lines.slice(chance.below(2))],
  }));
  return {
    name: `rush ${JSON.stringify(requests)}`,
    ask: (ledger) =>
      Effect.all(
        requests.map((one) => ledger.hold(one)),
        { concurrency: "unbounded" },
      ),
  };
}

/** A step on a hold at the epoch that it has, or now and then at another. */
function onHold(chance: Chance, asking: Asking, draw: number): StockStep {
  const { hold, now } = asking;
  const stale = chance.below(8) === 0 ? 1 : 0;
  const whose = chance.below(6) === 0 ? asking.shopper : null;
  const person = personOf(chance);
  const order = `${chance.below(4) === 0 ? "another" : "the"} order of ${hold}`;
  const honour = chance.below(2) === 0;
  const named = draw < 41 ? "release" : draw < 74 ? "reacquire" : "sell";
  return {
    name: `${named} ${hold} at ${now}`,
    ask: (ledger) =>
      atItsEpoch(ledger, hold, (found, shopper) => {
        const reference = { hold, epoch: found - stale, now };
        switch (named) {
          case "release":
            return ledger.release(reference);
          case "reacquire": {
            const { expiresAt } = asking;
            const of = { ...reference, shopper: whose ?? shopper };
            return ledger.reacquire({ ...of, ...person, expiresAt });
          }
          default:
            return ledger.sell({ ...reference, order, honour });
        }
      }),
  };
}

/** The hold is looked for in the ledger that is asked, and so is compared as well. */
function atItsEpoch(
  ledger: StockLedgerService,
  hold: string,
  ask: (epoch: number, shopper: string) => Effect.Effect<unknown, PortUnavailable>,
): Effect.Effect<unknown, PortUnavailable> {
  return Effect.flatMap(ledger.find(hold), (found) =>
    Effect.map(ask(found?.epoch ?? 1, found?.shopper ?? "nobody"), (answer) => ({
      _tag: answerTag(answer),
      found,
      answer,
    })),
  );
}

/** Whom units are claimed for, if anybody: one mark or two. */
function personOf(chance: Chance): { readonly person?: Person } {
  if (chance.below(2) === 0) return {};
  const marks = Array.from({ length: 1 + chance.below(2) }, () => chance.of(PERSONS));
  return { person: [...new Set(marks)] };
}

/** What an answer is, for who counts which of them came up. */
export function answerTag(answer: unknown): string {
  if (answer === null || typeof answer !== "object" || !("_tag" in answer)) return "read";
  return "unclaimed" in answer ? "Unclaimed" : String(answer._tag);
}

function moving(chance: Chance, line: StockLine): StockStep {
  const from = chance.of(["available", "quarantined"] as const);
  const draw = chance.below(4);
  const more = { ...line, units: 1 + chance.below(RESTOCKED_MAX) };
  if (draw === 0) return { name: "restock", ask: (ledger) => ledger.restock(more) };
  if (draw === 1) return { name: "quarantine", ask: (ledger) => ledger.quarantine(line) };
  if (draw === 2) return { name: "readmit", ask: (ledger) => ledger.readmit(line) };
  return { name: "writeOff", ask: (ledger) => ledger.writeOff({ ...line, from }) };
}
