/**
 * Listings and stock in bulk. Every line is done whole or not at all, in its order, and the report
 * says which it was and why; what one line says does not depend on whether another was refused.
 * The list may be sent again: lines that are as they should be stay so.
 */
import { Effect } from "effect";
import { type ListingRequest, listingConflict } from "../../core/catalog.ts";
import type { StockItem, StockLevel } from "../../core/hold.ts";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { AdminDesk } from "./admin-desk.ts";
import { type ImportCells, readImportLine } from "./import-line.ts";

export interface NumberedCells {
  /** Of the file, from 1; of a JSON list, the place in it. */
  readonly line: number;
  readonly cells: ImportCells;
  /** Why the line could not be cut into cells. */
  readonly problem?: string;
}

export type LineOutcome = "added" | "changed" | "unchanged" | "refused";

export interface ReportedLine {
  readonly line: number;
  readonly sku: string | null;
  readonly outcome: LineOutcome;
  /** What was done, or why nothing was. */
  readonly what: string;
}

export interface ImportReport {
  readonly dryRun: boolean;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly lines: readonly ReportedLine[];
}

/** Lines between two looks at the orders that wait. */
const LINES_AT_ONCE = 20;

type Outcome = Pick<ReportedLine, "outcome" | "what">;
type Doing<Answer> = Effect.Effect<Answer, PortUnavailable>;

export async function importListings(
  admin: AdminDesk,
  lines: readonly NumberedCells[],
  dryRun: boolean,
): Promise<ImportReport> {
  const reported: ReportedLine[] = [];
  const counts = { added: 0, changed: 0, unchanged: 0, refused: 0 };
  const seen = new Map<string, number>();
  for (const [index, numbered] of lines.entries()) {
    if (index % LINES_AT_ONCE === LINES_AT_ONCE - 1) await new Promise(setImmediate);
    const one = await reportOf(admin, numbered, seen, dryRun);
    counts[one.outcome] += 1;
    reported.push(one);
  }
  return { dryRun, ...counts, lines: reported };
}

async function reportOf(
  admin: AdminDesk,
  { line, cells, problem }: NumberedCells,
  seen: Map<string, number>,
  dryRun: boolean,
): Promise<ReportedLine> {
  const read = problem ?? readImportLine(cells);
  const sku = cells.sku?.trim() || null;
  const refused = (what: string) => ({ line, sku, outcome: "refused", what }) as const;
  if (typeof read === "string") return refused(read);
  const earlier = seen.get(read.item.sku);
  if (earlier !== undefined) return refused(`line ${earlier} names the same SKU`);
  seen.set(read.item.sku, line);
  const step = new ImportStep(admin, read.listing, read.item, dryRun);
  const failed = (reason: string) =>
    refused(`${reason}; whether it was done is not known: send the line again`);
  const outcome = await admin.desk.ask(
    Effect.catchTag(step.run(), "PortUnavailable", ({ reason }) => Effect.succeed(failed(reason))),
  );
  return { line, sku, ...outcome };
}

/** One line that can be read, held against what the store has. */
class ImportStep {
  readonly #admin: AdminDesk;
  readonly #request: ListingRequest;
  readonly #item: StockItem;
  readonly #dryRun: boolean;

  constructor(admin: AdminDesk, request: ListingRequest, item: StockItem, dryRun: boolean) {
    this.#admin = admin;
    this.#request = request;
    this.#item = item;
    this.#dryRun = dryRun;
  }

  run(): Doing<Outcome> {
    const { catalog, stock } = this.#admin.desk.store.ports;
    const { sku, product } = this.#request.listing;
    const look = Effect.all([catalog.listing(sku), catalog.product(product), stock.level(sku)]);
    return Effect.flatMap(look, ([listing, known, level]) => {
      const conflict = listingConflict(this.#request.listing, listing, known);
      if (conflict !== null) {
        const { member } = conflict;
        return Effect.succeed(refused(`its ${member} is ${conflict.known} and stays so`));
      }
      const there = "available" in level ? level : null;
      const wrong = there === null ? null : this.#limitProblem(there);
      if (wrong !== null) return Effect.succeed(refused(wrong));
      const { listing: wanted } = this.#request;
      const isListed = listing !== null && sameListing({ ...listing }, { ...wanted });
      const isSame = isListed && known?.name === this.#request.product.name;
      return this.#take(there, { isNew: listing === null, isSame });
    });
  }

  /** The units first: they can be refused, and the listing after this cannot. */
  #take(there: StockLevel | null, of: { isNew: boolean; isSame: boolean }): Doing<Outcome> {
    const given = there === null ? 0 : there.initial + there.restocked - there.writtenOff;
    const more = this.#item.units - given;
    const few = there !== null && -more > there.available;
    if (few) return Effect.succeed(refused(tooFew(this.#item.units, there.available)));
    if (there !== null && of.isSame && more === 0) {
      return Effect.succeed({ outcome: "unchanged", what: "it is so already" });
    }
    const what = [of.isSame ? "" : "listed", more === 0 ? "" : signed(more)].filter(Boolean);
    const done: Outcome = { outcome: of.isNew ? "added" : "changed", what: what.join(", ") };
    if (this.#dryRun) return Effect.succeed(done);
    return Effect.flatMap(this.#moveUnits(there, more), (refusal) =>
      refusal === null ? this.#list(done) : Effect.succeed(refusal),
    );
  }

  #moveUnits(there: StockLevel | null, more: number): Doing<Outcome | null> {
    const { stock } = this.#admin.desk.store.ports;
    const { sku } = this.#item;
    const at = this.#admin.desk.now();
    if (there === null) {
      const added: SaleEvent = { kind: "StockAdded", at, sku, units: more };
      return Effect.flatMap(stock.open(this.#item), ({ _tag }) =>
        _tag === "StockOpened"
          ? this.#logged(more > 0 ? [added] : [])
          : Effect.succeed(refused("somebody else took it in just now: send the line again")),
      );
    }
    if (more === 0) return Effect.succeed(null);
    const line = { sku, units: Math.abs(more) };
    const moving: Doing<{ readonly _tag: string }> =
      more > 0 ? stock.restock(line) : stock.writeOff({ ...line, from: "available" });
    const kind = more > 0 ? "StockAdded" : "StockWrittenOff";
    return Effect.flatMap(moving, ({ _tag }) =>
      _tag === "StockMoved"
        ? this.#logged([{ kind, at, ...line }])
        : Effect.succeed(refused("its units are held by shoppers now: send the line again")),
    );
  }

  #logged(events: readonly SaleEvent[]): Doing<null> {
    return Effect.as(this.#admin.log(events), null);
  }

  #list(done: Outcome): Doing<Outcome> {
    const { catalog } = this.#admin.desk.store.ports;
    return Effect.map(catalog.put(this.#request), ({ _tag }) =>
      _tag === "Listed" ? done : refused("somebody else listed it just now: send the line again"),
    );
  }

  #limitProblem({ limitPerShopper, limitPerPerson }: StockLevel): string | null {
    const item = this.#item;
    const same =
      item.limitPerShopper === limitPerShopper && (item.limitPerPerson ?? null) === limitPerPerson;
    return same ? null : "its limits are set and stay so while it is on sale";
  }
}

function refused(what: string): Outcome {
  return { outcome: "refused", what };
}

function sameListing(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

function signed(more: number): string {
  return more > 0 ? `${more} units added` : `${-more} units written off`;
}

function tooFew(units: number, available: number): string {
  return `${units} units are fewer than are held and sold: at most ${available} can be taken away`;
}
