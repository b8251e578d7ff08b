/** The rehearsals or the sale of a sale log's file, each put to the store's rules again. */
/// <reference types="node" />
import { getHeapStatistics } from "node:v8";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { LedgerReplay, type ReplayedLedger } from "../../twin/replay/ledger-replay.ts";
import { fileLines } from "./bounded-lines.ts";

export interface NamedLedger extends ReplayedLedger {
  /** Of a rehearsal's log; null of a live sale's. */
  readonly plan: string | null;
  readonly seed: string | null;
}

export interface SaleLogLedgers {
  readonly ledgers: readonly NamedLedger[];
  /** Lines that are no events, those of them that are told, and whether the last one is cut off. */
  readonly unreadable: number;
  readonly unreadableLines: readonly number[];
  readonly isCut: boolean;
}

/** Rehearsals that one file may hold. */
const LEDGERS_MAX = 10_000;
const LINES_TOLD = 10;
/** Kinds that only the store itself writes: with one of them a file is a sale log. */
const OF_A_STORE = /"kind":"(?:HoldPlaced|HoldSold|OrderPlaced|CartLineAdded)"/u;
const LINES_LOOKED_AT = 2_000;

/** Whether the file begins as a store's own log does. */
export async function isSaleLog(path: string): Promise<boolean> {
  let lines = 0;
  for await (const { text } of fileLines(path)) {
    if (text !== null && OF_A_STORE.test(text)) return true;
    lines += 1;
    if (lines >= LINES_LOOKED_AT || (text !== null && !text.startsWith("{"))) return false;
  }
  return false;
}

/** Bytes that a hold, an order or a line of them takes in a ledger: 260 were measured. */
const BYTES_OF_ONE = 400;
/** The part of this process's memory that ledgers may take. */
const PART_OF_MEMORY = 0.75;

/** How many holds, orders and lines of them fit into this process's memory. */
function roomOfMemory(): number {
  return Math.floor((getHeapStatistics().heap_size_limit * PART_OF_MEMORY) / BYTES_OF_ONE);
}

/** Reads every event of the file once; what of it has more holds, orders and lines than `room` is refused. */
export async function saleLogLedgers(
  path: string,
  room = roomOfMemory(),
): Promise<SaleLogLedgers | { readonly why: string }> {
  let kept = 0;
  const replays = new Map<string, { plan: string | null; seed: string | null; of: LedgerReplay }>();
  let unreadable = 0;
  const unreadableLines: number[] = [];
  let last: { line: number; isEvent: boolean } = { line: 0, isEvent: true };
  for await (const { number, text } of fileLines(path)) {
    if (text !== null && text.trim() === "") continue;
    const read = text === null ? null : eventOf(text);
    last = { line: number, isEvent: read !== null };
    if (read === null) {
      unreadable += 1;
      if (unreadableLines.length < LINES_TOLD) unreadableLines.push(number);
      continue;
    }
    const { plan, seed, event } = read;
    const key = JSON.stringify([plan, seed]);
    const known = replays.get(key) ?? { plan, seed, of: new LedgerReplay() };
    if (replays.size < LEDGERS_MAX) replays.set(key, known);
    kept -= known.of.kept;
    known.of.take(event, number);
    kept += known.of.kept;
    if (kept > room) return { why: tooLarge(number) };
  }
  return {
    ledgers: [...replays.values()].map(({ plan, seed, of }) => ({ plan, seed, ...of.result() })),
    unreadable: last.isEvent ? unreadable : unreadable - 1,
    unreadableLines: unreadableLines.filter((line) => last.isEvent || line !== last.line),
    isCut: !last.isEvent,
  };
}

function tooLarge(line: number): string {
  const gigabytes = (getHeapStatistics().heap_size_limit / 1e9).toFixed(1);
  return `the ledger of its first ${line} lines is all that ${gigabytes} GB of memory hold. Give more, such as NODE_OPTIONS=--max-old-space-size=16000, or let a part of its orders come again: --sample 10%`;
}

interface LoggedLine {
  readonly plan: string | null;
  readonly seed: string | null;
  readonly event: SaleEvent;
}

/** Null for what is no event of a sale. */
function eventOf(text: string): LoggedLine | null {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof told !== "object" || told === null || Array.isArray(told)) return null;
  const { at, kind, plan, seed, ...rest } = told as Readonly<Record<string, unknown>>;
  const millis = typeof at === "string" ? Date.parse(at) : Number.NaN;
  if (typeof kind !== "string" || !Number.isFinite(millis)) return null;
  if (!hasItsParts(kind, rest)) return null;
  return {
    plan: typeof plan === "string" ? plan : null,
    seed: typeof seed === "string" ? seed : null,
    event: { at: millis, kind, ...rest } as unknown as SaleEvent,
  };
}

/** What the rules are asked about must be there; other events are only counted. */
function hasItsParts(kind: string, rest: Readonly<Record<string, unknown>>): boolean {
  const isText = (...names: readonly string[]) =>
    names.every((name) => typeof rest[name] === "string");
  const { lines } = rest;
  if (/^Hold(?:Placed|Honoured|Released|Expired|Sold)$/u.test(kind))
    return isText("hold", "shopper") && areLines(lines) && (kind !== "HoldSold" || isText("order"));
  if (kind === "OrderPlaced")
    return (
      isText("order", "shopper", "hold", "currency") &&
      areLines(lines) &&
      Number.isFinite(rest.total)
    );
  return kind.startsWith("Order") ? isText("order") : true;
}

function areLines(lines: unknown): boolean {
  return (
    Array.isArray(lines) &&
    lines.every(
      (line: { sku?: unknown; units?: unknown } | null) =>
        typeof line === "object" &&
        line !== null &&
        typeof line.sku === "string" &&
        isUnits(line.units),
    )
  );
}

function isUnits(units: unknown): boolean {
  return typeof units === "number" && Number.isSafeInteger(units) && units > 0;
}
