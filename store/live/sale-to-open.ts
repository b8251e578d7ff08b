/**
 * Which sale a store opens: the one that is kept where it keeps its orders, and otherwise the one
 * that it is asked for, which is kept from then on. A store never changes from one sale to another.
 */
import type { SaleSetup } from "../service/sale-setup.ts";
import {
  FolderProblem,
  keepSale,
  type StoreFolder,
  saleFrom,
  saleIn,
  saleText,
} from "./data-folder.ts";
import { demoSale } from "./demo-sale.ts";
import { PostgresFailure } from "./postgres/postgres-pool.ts";
import { shareSale } from "./postgres/shared-sale.ts";

export interface SaleRequest {
  /** The sale to open; null goes on with the one that is kept. */
  readonly sale: SaleSetup | "demo" | null;
  /** `postgres://…` of the ledger that nodes share, or null. */
  readonly postgres: string | null;
}

/** The sale to open, which is kept in the folder, and in PostgreSQL for the other nodes. */
export async function saleToOpen(
  request: SaleRequest,
  folder: StoreFolder | null,
): Promise<SaleSetup> {
  const kept = folder === null ? null : saleIn(folder);
  const wanted = wantedOf(request, kept, folder?.path ?? null);
  const shared = request.postgres === null ? wanted : await sharedSale(request.postgres, wanted);
  if (shared === null) throw nothingKept(folder?.path ?? null);
  return folder === null || kept !== null ? shared : keepSale(folder, shared);
}

/** The sale as it is kept or asked for; nothing is kept anew. */
export function saleToShow(request: SaleRequest, folder: string | null): SaleSetup {
  const kept = folder === null ? null : saleIn({ path: folder });
  const wanted = wantedOf(request, kept, folder);
  if (wanted === null) throw nothingKept(folder);
  return wanted;
}

/** What is kept in the folder, if it is what is asked for; else what is asked for, or null. */
function wantedOf(
  { sale }: SaleRequest,
  kept: SaleSetup | null,
  folder: string | null,
): SaleSetup | null {
  const wanted = sale === "demo" ? demoSale(Date.now()) : sale;
  if (kept === null || wanted === null || wanted.name === kept.name) return kept ?? wanted;
  throw new FolderProblem(
    `the folder ${folder} holds the sale "${kept.name}". Leave --scenario out to go on with it, or name another folder with --data for "${wanted.name}".`,
  );
}

async function sharedSale(url: string, wanted: SaleSetup | null): Promise<SaleSetup | null> {
  const named = wanted === null ? null : { name: wanted.name, text: saleText(wanted) };
  const kept = await onLedger(() => shareSale({ url }, named));
  if (kept === null) return wanted;
  if (wanted === null || wanted.name === kept.name) return saleFrom(kept.text);
  throw new FolderProblem(
    `the database named by --postgres holds the sale "${kept.name}", not "${wanted.name}". Name another database, or another schema in it by ?schema=NAME in the address.`,
  );
}

function nothingKept(folder: string | null): FolderProblem {
  const where = folder === null ? "a store in memory" : `the folder ${folder}`;
  return new FolderProblem(
    `${where} holds no sale yet. Open one with --scenario FILE, or try the store with --demo.`,
  );
}

/** A database that cannot be used is told of as one line. */
export async function onLedger<Answer>(use: () => Promise<Answer>): Promise<Answer> {
  try {
    return await use();
  } catch (failure) {
    if (!(failure instanceof PostgresFailure)) throw failure;
    throw new FolderProblem(`the ledger named by --postgres cannot be used: ${failure.message}.`);
  }
}
