/**
 * The catalog on SQLite, read from memory: it is loaded again where its version in the file is
 * another one. What the file knows stays as it is when it is opened with a catalog; what it does
 * not know is added.
 */
import {
  Catalog,
  type CatalogContent,
  type Listing,
  type PageRequest,
} from "../../core/catalog.ts";
import type { CatalogStoreService } from "../../ports/catalog-store.ts";
import type { GroupCommit, Image } from "./group-commit.ts";
import { settingUp } from "./ledger-file.ts";
import { PortSteps } from "./port-steps.ts";
import type { Counters } from "./row-image.ts";

/** Counter of the ledger file: how often the catalog was changed after the first time. */
const CHANGES = "catalog.changes";

type Repricing = Parameters<Catalog["reprice"]>[0];

export function sqliteCatalogStore(
  group: GroupCommit,
  counters: Counters,
  content: CatalogContent,
): CatalogStoreService {
  const catalog = new StoredCatalog(group, counters);
  // Refuses a catalog that does not fit together before any of it is written.
  new Catalog(content);
  if (catalog.lacks(content)) settingUp(group.connection, () => catalog.add(content));
  const steps = new PortSteps(group, "store/CatalogStore");
  return {
    sellers: steps.readNow(() => catalog.current().sellers),
    product: steps.read((product: string) => catalog.current().product(product)),
    listing: steps.read((sku: string) => catalog.current().listing(sku)),
    page: steps.read((request: PageRequest) => catalog.current().page(request)),
    reprice: steps.write((request: Repricing) => catalog.reprice(request)),
    version: steps.readNow(() => 1 + counters.get(CHANGES)),
  };
}

class StoredCatalog implements Image {
  readonly #group: GroupCommit;
  readonly #counters: Counters;
  readonly #statements;
  #catalog: Catalog | null = null;
  /** The changes that are in `#catalog`, and whether the file was seen to have no others. */
  #changes = 0;
  #isChecked = false;

  constructor(group: GroupCommit, counters: Counters) {
    this.#group = group;
    this.#counters = counters;
    this.#statements = prepare(group);
    group.join(this);
  }

  current(): Catalog {
    if (this.#catalog !== null && this.#isChecked) return this.#catalog;
    const changes = this.#counters.get(CHANGES);
    this.#isChecked = true;
    if (this.#catalog !== null && this.#changes === changes) return this.#catalog;
    this.#changes = changes;
    this.#catalog = new Catalog(this.#load());
    return this.#catalog;
  }

  reprice(change: Repricing): ReturnType<Catalog["reprice"]> {
    const answer = this.current().reprice(change);
    if (answer._tag !== "Repriced") return answer;
    this.#group.wrote();
    this.#statements.reprice.run(change.price, change.salePrice, change.sku);
    this.#changes = this.#counters.add(CHANGES);
    return answer;
  }

  /** Whether the content has something that the file does not know. */
  lacks({ sellers, products, listings }: CatalogContent): boolean {
    const stored = this.#load();
    const has = new Set([
      ...stored.sellers.map(({ seller }) => `seller ${seller}`),
      ...stored.products.map(({ product }) => `product ${product}`),
      ...stored.listings.map(({ sku }) => `listing ${sku}`),
    ]);
    return (
      sellers.some(({ seller }) => !has.has(`seller ${seller}`)) ||
      products.some(({ product }) => !has.has(`product ${product}`)) ||
      listings.some(({ sku }) => !has.has(`listing ${sku}`))
    );
  }

  /** Adds what the file does not know. */
  add({ sellers, products, listings }: CatalogContent): void {
    const { addSeller, addProduct, addListing, skusOf, countChange } = this.#statements;
    let added = 0;
    for (const { seller, name } of sellers) added += addSeller.run(seller, name).changes;
    for (const { product, seller, name, skus } of products) {
      const known: readonly string[] = JSON.parse(skusOf.get(product) ?? "[]");
      const all = JSON.stringify([...new Set([...known, ...skus])]);
      added += addProduct.run(product, seller, name, all).changes;
    }
    for (const listing of listings) {
      const { sku, product, seller, name, currency, price, salePrice, floorPrice } = listing;
      const of = [sku, product, seller, name, currency, price, salePrice, floorPrice ?? null];
      added += addListing.run(...of).changes;
    }
    const isNew = added === sellers.length + products.length + listings.length;
    if (added > 0 && !isNew) countChange.run(CHANGES);
  }

  flush(): void {}

  forget(why: Parameters<Image["forget"]>[0]): void {
    this.#isChecked = false;
    if (why === "lost") this.#catalog = null;
  }

  #load(): CatalogContent {
    const { sellers, products, listings } = this.#statements;
    return {
      sellers: sellers.all(),
      products: products.all().map(({ product, seller, name, skus }) => {
        return { product, seller, name, skus: JSON.parse(skus) };
      }),
      listings: listings.all().map(listingOf),
    };
  }
}

interface StoredListing {
  readonly sku: string;
  readonly product: string;
  readonly seller: string;
  readonly name: string;
  readonly currency: string;
  readonly price: number;
  readonly sale_price: number;
  readonly floor_price: number | null;
}

function listingOf(stored: StoredListing): Listing {
  const { sku, product, seller, name, currency, price } = stored;
  const listing = { sku, product, seller, name, currency, price, salePrice: stored.sale_price };
  return stored.floor_price === null ? listing : { ...listing, floorPrice: stored.floor_price };
}

function prepare({ connection }: GroupCommit) {
  return {
    sellers: connection.prepare<[], { seller: string; name: string }>(
      "SELECT seller, name FROM sellers ORDER BY number",
    ),
    products: connection.prepare<
      [],
      { product: string; seller: string; name: string; skus: string }
    >("SELECT product, seller, name, skus FROM products ORDER BY number"),
    listings: connection.prepare<[], StoredListing>("SELECT * FROM listings ORDER BY number"),
    addSeller: connection.prepare(
      "INSERT INTO sellers (seller, name) VALUES (?, ?) ON CONFLICT (seller) DO NOTHING",
    ),
    addProduct: connection.prepare(
      `INSERT INTO products (product, seller, name, skus) VALUES (?, ?, ?, ?)
         ON CONFLICT (product) DO UPDATE SET skus = excluded.skus WHERE skus <> excluded.skus`,
    ),
    skusOf: connection
      .prepare<[string], string>("SELECT skus FROM products WHERE product = ?")
      .pluck(),
    countChange: connection.prepare<[string]>(
      `INSERT INTO counters (name, value) VALUES (?, 1)
         ON CONFLICT (name) DO UPDATE SET value = value + 1`,
    ),
    addListing: connection.prepare(
      `INSERT INTO listings (sku, product, seller, name, currency, price, sale_price, floor_price)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sku) DO NOTHING`,
    ),
    reprice: connection.prepare("UPDATE listings SET price = ?, sale_price = ? WHERE sku = ?"),
  };
}
