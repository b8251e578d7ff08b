/**
 * Writes the pages that are the same for everybody into a folder, as a CDN serves them: home,
 * every list, every product, with their pictures, style and script. They stand for the phase of the
 * sale in which they were written; the stock on them is live all the same. What a shopper sends
 * (cart, checkout, order, waiting room) goes to the store.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Effect } from "effect";
import type { Listing } from "../../core/catalog.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../service/program.ts";
import type { LiveStore } from "../live-store.ts";
import { artPath, HOME, listPath, productPath } from "./page-paths.ts";
import { productArt } from "./product-art.ts";
import { SHOP_ASSETS } from "./shop-assets.ts";
import { frontAt, LIST_ITEMS, type ShopFront } from "./shop-front.ts";
import { pageOf, type StaticPageName } from "./static-pages.ts";

export interface ExportedPages {
  /** Files that were written. */
  readonly files: number;
  readonly bytes: number;
}

interface NamedPage {
  readonly path: string;
  readonly name: StaticPageName;
}

/** Longest name of a file that every usual file system takes, bytes. */
const FILE_NAME_BYTES_MAX = 255;

/** `now` is the time that the pages show, milliseconds since 1970. */
export async function exportPages(
  store: LiveStore,
  folder: string,
  now: number,
): Promise<ExportedPages> {
  const { catalog } = store.ports;
  const sellers = await Effect.runPromise(catalog.sellers);
  const front = frontAt(store, { now, invited: false, sellers });
  let files = 0;
  let bytes = 0;
  const write = async (path: string, content: string | Buffer) => {
    const file = join(folder, ...fileOf(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    files += 1;
    bytes += Buffer.byteLength(content);
  };
  const pages = await Effect.runPromise(namedPages(store, front));
  for (const { path, name } of pages) {
    const made = await Effect.runPromise(pageOf(store, front, name));
    if (made !== null) await write(path, String(made));
    if (name.page === "product") await write(artPath(name.product), productArt(name.product));
  }
  await write(artPath(front.sale), productArt(front.sale));
  for (const asset of SHOP_ASSETS) await write(asset.path, asset.bytes);
  return { files, bytes };
}

/** Every page that a link of another leads to. */
function namedPages({ ports: { catalog } }: LiveStore, { sellers }: ShopFront) {
  return new Program(function* (): Steps<readonly NamedPage[], PortUnavailable> {
    const pages: NamedPage[] = [{ path: HOME, name: { page: "home" } }];
    const products = new Set<string>();
    for (const seller of [null, ...sellers.map((each) => each.seller)]) {
      let after: string | null = null;
      do {
        pages.push({ path: listPath(seller, after), name: { page: "list", seller, after } });
        const found: { readonly listings: readonly Listing[]; readonly next: string | null } =
          yield* catalog.page({ seller, after, limit: LIST_ITEMS });
        for (const { product } of found.listings) products.add(product);
        after = found.next;
      } while (after !== null);
    }
    for (const product of products) {
      pages.push({ path: productPath(product), name: { page: "product", product } });
    }
    return pages;
  });
}

/** A page's file by its path: `/sellers/lumen` is `sellers/lumen/index.html`. */
function fileOf(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  const names = parts.map((part) => {
    if (/^\.+$/.test(part)) return part.replaceAll(".", "%2E");
    const name = decodeURIComponent(part);
    // A name that a file cannot have keeps its encoding, which no server decodes into a way out.
    const fits = Buffer.byteLength(name) <= FILE_NAME_BYTES_MAX && !/[/\\\0]|^\.+$/.test(name);
    return fits ? name : part;
  });
  const isFile = path.startsWith("/art/") || path.startsWith("/assets/");
  return isFile ? names : [...names, "index.html"];
}
