/**
 * The pages of a sale as files, without a store that serves: nothing is listened at, nobody is
 * asked for payments, no key is made. What operators have changed of a sale that is on (prices,
 * times) is read from where it is kept; a sale that is not kept yet is shown as it would open.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Effect } from "effect";
import type { SaleSetup } from "../service/sale-setup.ts";
import { makeLiveStore } from "./live-store.ts";
import { memoryParts } from "./memory-parts.ts";
import { type ExportedPages, exportPages } from "./pages/export-pages.ts";
import type { LiveParts } from "./parts.ts";
import { connectPostgres } from "./postgres/postgres-parts.ts";
import { onLedger, type SaleRequest, saleToOpen, saleToShow } from "./sale-to-open.ts";
import { KEY_BYTES } from "./secure-random.ts";
import { LEDGER_FILE } from "./sqlite/ledger-file.ts";
import { openSqlite } from "./sqlite/sqlite-parts.ts";

/** Catalog and times are two short questions. */
const CONNECTIONS_MAX = 2;

export interface ExportRequest extends SaleRequest {
  /** The store's folder; null where there is none. */
  readonly folder: string | null;
}

/** Writes the pages into `target`. */
export async function exportSale(request: ExportRequest, target: string): Promise<ExportedPages> {
  const { folder, postgres } = request;
  const setup = postgres === null ? saleToShow(request, folder) : await saleToOpen(request, null);
  const parts = await partsOf(setup, request);
  try {
    // No pass is signed here: the key is nobody's.
    const keys = [randomBytes(KEY_BYTES)];
    const store = makeLiveStore({ setup, parts, gateways: [], keys });
    await Effect.runPromise(store.control.refresh);
    return await exportPages(store, target, Date.now());
  } finally {
    await parts.close();
  }
}

async function partsOf(setup: SaleSetup, { folder, postgres }: ExportRequest): Promise<LiveParts> {
  if (postgres !== null) {
    const ledger = { url: postgres, setup, connectionsMax: CONNECTIONS_MAX };
    const { catalog, control, close } = await onLedger(() => connectPostgres(ledger));
    return { ...memoryParts(setup), catalog, control, close };
  }
  const isKept = folder !== null && existsSync(join(folder, LEDGER_FILE));
  return isKept ? openSqlite({ folder, setup }) : memoryParts(setup);
}
