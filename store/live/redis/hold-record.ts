/**
 * The record of a hold in Redis, one text: `state epoch first-epoch taken expires ended`, the sale,
 * the person and what was asked for, a line each. The scripts of `stock-scripts.ts` write the same.
 */
import { assert } from "../../core/assert.ts";
import type {
  EndedHold,
  Held,
  HoldRecord,
  HoldRequest,
  SerialRange,
  Sold,
  StockLine,
} from "../../core/hold.ts";
import { checkedName } from "./redis-keys.ts";

/** A record that was read, and where it stands among the others. */
export interface HoldRow extends HoldRecord {
  /** The epoch of the first life: records are told in this order. */
  readonly first: number;
  readonly honoured: boolean;
}

const LIVE_END = "-";

/** What a hold was asked for, as it stands in its record from the first life to the last. */
export function askedText(
  { shopper, network }: Pick<HoldRequest, "shopper" | "network">,
  lines: readonly StockLine[],
): string {
  const named = lines.map(({ sku, units }) => [checkedName(sku), units]);
  const from = network === undefined ? null : checkedName(network);
  return JSON.stringify([checkedName(shopper), from, named]);
}

export function personText(person: readonly string[]): string {
  return JSON.stringify(person.map(checkedName));
}

/** A record as it is restored from the ledger. */
export function recordText(row: Omit<HoldRow, "hold">): string {
  const { state, epoch, first, takenAt, expiresAt, endedAt, order, honoured } = row;
  const serials = row.serials.map(({ sku, first: number, units }) => [sku, number, units]);
  const sale = order === null ? "" : JSON.stringify({ order, honoured, serials });
  const times = `${takenAt} ${expiresAt} ${endedAt ?? LIVE_END}`;
  const asked = askedText({ shopper: row.shopper }, row.lines);
  return `${state} ${epoch} ${first} ${times}\n${sale}\n${personText(row.person)}\n${asked}`;
}

interface Sale {
  readonly order: string;
  readonly honoured: boolean;
  readonly serials: readonly (readonly [string, number, number])[];
}

type Asked = readonly [string, string | null, readonly (readonly [string, number])[]];

export function rowOf(hold: string, record: string): HoldRow {
  const [head = "", sale = "", person = "", asked = ""] = record.split("\n");
  const [state, epoch, first, taken, expires, ended] = head.split(" ");
  assert(ended !== undefined && asked !== "", "a record of a hold has its parts");
  const [shopper, , lines] = JSON.parse(asked) as Asked;
  const sold = sale === "" ? null : (JSON.parse(sale) as Sale);
  return {
    hold,
    epoch: Number(epoch),
    first: Number(first),
    shopper,
    person: JSON.parse(person) as string[],
    lines: lines.map(([sku, units]) => ({ sku, units })),
    state: state as HoldRecord["state"],
    takenAt: Number(taken),
    expiresAt: Number(expires),
    endedAt: ended === LIVE_END ? null : Number(ended),
    order: sold?.order ?? null,
    serials: (sold?.serials ?? []).map(serialRange),
    honoured: sold?.honoured ?? false,
  };
}

function serialRange([sku, first, units]: Sale["serials"][number]): SerialRange {
  return { sku, first, units };
}

export function recordOf({ first: _, honoured: __, ...record }: HoldRow): HoldRecord {
  return record;
}

export function heldOf({ hold, epoch, expiresAt, lines }: HoldRow): Held {
  return { _tag: "Held", hold, epoch, expiresAt, lines };
}

export function endedOf({ hold, epoch, shopper, lines }: HoldRow): EndedHold {
  return { hold, epoch, shopper, lines };
}

export function soldOf(row: HoldRow, repeated: boolean): Sold {
  const { hold, epoch, lines, serials, honoured, order } = row;
  assert(order !== null, "a sold hold names its order");
  return { _tag: "Sold", hold, epoch, order, lines, serials, honoured, repeated };
}
