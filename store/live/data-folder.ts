/**
 * The folder of a store: the sale that it was opened with and the keys that it signs with, beside
 * whatever the ledger keeps there. A store that starts again in its folder goes on with the sale
 * that is there; files are written beside their place and moved into it, so that a crash leaves
 * the old one or the new one.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { assert } from "../core/assert.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import { KEY_BYTES, keyProblem } from "./secure-random.ts";

const SALE_FILE = "sale.json";
const KEY_FILE = "keys";
/** Only the account that runs the store reads its keys. */
const OWNER_ONLY = 0o600;
const FOLDER_MODE = 0o700;
/** What other accounts of the machine could do with a file. */
const OTHERS = 0o077;

/** The folder cannot be used; `message` says why and what to do. */
export class FolderProblem extends Error {}

export interface StoreFolder {
  readonly path: string;
  /** The first signs; the others are still believed. */
  readonly keys: readonly Buffer[];
}

/** `given` are keys from elsewhere, which several nodes share; the folder then keeps none. */
export function openFolder(path: string, given: readonly Buffer[] | null = null): StoreFolder {
  try {
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    if (given !== null) return { path, keys: given };
    const file = join(path, KEY_FILE);
    // Two processes that start at once make one file: the second finds that of the first.
    if (!existsSync(file)) writeOnce(file, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
    ownersAlone(file);
    return { path, keys: keysIn(readFileSync(file, "utf8"), file, MAKE_ANEW) };
  } catch (cause) {
    if (cause instanceof FolderProblem) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FolderProblem(`${path} cannot be used as the store's folder: ${why}.`);
  }
}

/** Refuses a file of secrets that other accounts of the machine could read. */
export function ownersAlone(file: string): void {
  if (process.platform === "win32" || (statSync(file).mode & OTHERS) === 0) return;
  throw new FolderProblem(`${file} can be read by other accounts: run chmod 600 ${file}`);
}

const MAKE_ANEW =
  "Take the file away to have a new key made; signatures under the old one end with it.";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** One key a line, base64, 32 bytes or more; `place` and `todo` are for who reads the refusal. */
export function keysIn(text: string, place: string, todo: string): readonly Buffer[] {
  const lines = text.split("\n").map((line) => line.trim());
  const given = lines.filter((line) => line !== "");
  const keys = given.map((line) => Buffer.from(BASE64.test(line) ? line : "", "base64"));
  if (keys.length === 0 || keys.some((key) => keyProblem(key) !== null)) {
    throw new FolderProblem(
      `${place}: each line must be a key of ${KEY_BYTES} random bytes or more in base64. ${todo}`,
    );
  }
  return keys;
}

/** The sale that the folder was opened with, or null where it is new. */
export function saleIn({ path }: Pick<StoreFolder, "path">): SaleSetup | null {
  const file = join(path, SALE_FILE);
  if (!existsSync(file)) return null;
  try {
    return saleFrom(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FolderProblem(`${file} cannot be read as the sale of this store: ${why}.`);
  }
}

/** Keeps the sale, unless another process kept one just now; answers with the one that is kept. */
export function keepSale(folder: StoreFolder, setup: SaleSetup): SaleSetup {
  writeOnce(join(folder.path, SALE_FILE), `${saleText(setup)}\n`);
  const kept = saleIn(folder);
  assert(kept !== null, "a sale that was written can be read");
  return kept;
}

/** A sale as it is kept, to be read by {@link saleFrom}. */
export function saleText(setup: SaleSetup): string {
  return JSON.stringify(textOf(setup), null, 1);
}

export function saleFrom(text: string): SaleSetup {
  return saleOf(JSON.parse(text));
}

interface SaleText extends Omit<SaleSetup, "settings"> {
  readonly settings: Omit<SaleSetup["settings"], "holdForMillisOfSeller"> & {
    readonly holdForMillisOfSeller?: readonly (readonly [string, number])[];
  };
}

function textOf(setup: SaleSetup): SaleText {
  const { holdForMillisOfSeller, ...settings } = setup.settings;
  if (holdForMillisOfSeller === undefined) return { ...setup, settings };
  return { ...setup, settings: { ...settings, holdForMillisOfSeller: [...holdForMillisOfSeller] } };
}

function saleOf(text: SaleText): SaleSetup {
  const { holdForMillisOfSeller, ...settings } = text.settings;
  if (holdForMillisOfSeller === undefined) return { ...text, settings };
  return {
    ...text,
    settings: { ...settings, holdForMillisOfSeller: new Map(holdForMillisOfSeller) },
  };
}

/** Writes a file that is whole once it is there, and leaves one that is there already. */
export function writeOnce(file: string, text: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const descriptor = openSync(draft, "wx", OWNER_ONLY);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
}
