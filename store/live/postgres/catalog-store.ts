/**
 * The catalog on PostgreSQL, read from memory: it is loaded again where its version in the
 * database is another one. A node looks at the version at most every tenth of a second, so a new
 * price is read at once on the node that set it, and that much later on the others. What the database
 * knows stays as it is when it is opened with a catalog; what it does not know is added.
 */
import {
  Catalog,
  type CatalogContent,
  type Listing,
  type Product,
  type Seller,
} from "../../core/catalog.ts";
import type { CatalogStoreService } from "../../ports/catalog-store.ts";
import { answered } from "./port-answer.ts";
import type { PostgresPool, Query } from "./postgres-pool.ts";

const PORT = "store/CatalogStore";
export interface PostgresCatalogOptions {
  /** How long a look at the version is good for: a price that another node set may be this old. */
  readonly freshMillis?: number;
}

const FRESH_MILLIS = 100;

const VERSION = {
  name: "catalog-version",
  text: "SELECT value FROM counters WHERE name = 'catalog.changes'",
};
const VERSION_LOCKED = { name: "catalog-version-locked", text: `${VERSION.text} FOR UPDATE` };
const CHANGED = {
  name: "catalog-changed",
  text: `
    UPDATE counters SET value = value + 1 WHERE name = 'catalog.changes' RETURNING value`,
};
const SELLERS = {
  name: "catalog-sellers",
  text: "SELECT seller, name FROM sellers ORDER BY position",
};
const PRODUCTS = {
  name: "catalog-products",
  text: "SELECT product, seller, name, skus FROM products ORDER BY position",
};
const LISTINGS = {
  name: "catalog-listings",
  text: `
    SELECT sku, product, seller, name, currency, price, "salePrice", "floorPrice"
      FROM listings ORDER BY position`,
};
const ADD_SELLERS = {
  name: "catalog-add-sellers",
  text: `
    INSERT INTO sellers (seller, name)
    SELECT * FROM json_to_recordset($1::json) AS added (seller text, name text)
    ON CONFLICT DO NOTHING`,
};
const ADD_PRODUCTS = {
  name: "catalog-add-products",
  text: `
    INSERT INTO products (product, seller, name, skus)
    SELECT * FROM json_to_recordset($1::json)
      AS added (product text, seller text, name text, skus json)
    ON CONFLICT (product) DO UPDATE SET skus = excluded.skus`,
};
const ADD_LISTINGS = {
  name: "catalog-add-listings",
  text: `
    INSERT INTO listings
           (sku, product, seller, name, currency, price, "salePrice", "floorPrice")
    SELECT * FROM json_to_recordset($1::json)
      AS added (sku text, product text, seller text, name text, currency text,
                price bigint, "salePrice" bigint, "floorPrice" bigint)
    ON CONFLICT DO NOTHING`,
};
const REPRICE = {
  name: "catalog-reprice",
  text: `UPDATE listings SET price = $2, "salePrice" = $3 WHERE sku = $1`,
};

type Repricing = Parameters<Catalog["reprice"]>[0];

/** Adds what the database does not know of the catalog. */
export async function addToCatalog(pool: PostgresPool, content: CatalogContent): Promise<void> {
  await pool.transaction(async (query) => {
    await query(VERSION_LOCKED);
    const together = merged(await load(query), content);
    // Refuses a catalog that does not fit together before any of it is written.
    new Catalog(together);
    await query(ADD_SELLERS, [JSON.stringify(together.sellers)]);
    await query(ADD_PRODUCTS, [JSON.stringify(together.products)]);
    await query(ADD_LISTINGS, [JSON.stringify(together.listings)]);
  });
}

export function postgresCatalogStore(
  pool: PostgresPool,
  { freshMillis = FRESH_MILLIS }: PostgresCatalogOptions = {},
): CatalogStoreService {
  const stored = new StoredCatalog(pool, freshMillis);
  const read = <Answer>(look: (catalog: Catalog) => Answer) =>
    answered(PORT, async () => look(await stored.current()));
  return {
    sellers: read((catalog) => catalog.sellers),
    product: (product) => read((catalog) => catalog.product(product)),
    listing: (sku) => read((catalog) => catalog.listing(sku)),
    page: (request) => read((catalog) => catalog.page(request)),
    reprice: (request) => answered(PORT, () => stored.reprice(request)),
    version: answered(PORT, async () => {
      await stored.current();
      return 1 + stored.changes;
    }),
  };
}

class StoredCatalog {
  readonly #pool: PostgresPool;
  readonly #freshMillis: number;
  #catalog: Catalog | null = null;
  #freshUntil = 0;
  /** Those who ask at the same time look once. */
  #looking: Promise<Catalog> | null = null;
  /** How often the catalog was changed after the first time. */
  changes = 0;

  constructor(pool: PostgresPool, freshMillis: number) {
    this.#pool = pool;
    this.#freshMillis = freshMillis;
  }

  async current(): Promise<Catalog> {
    if (this.#catalog !== null && performance.now() < this.#freshUntil) return this.#catalog;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async reprice(change: Repricing): Promise<ReturnType<Catalog["reprice"]>> {
    const answer = await this.#pool.transaction(async (query) => {
      await query(VERSION_LOCKED);
      const repriced = new Catalog(await load(query)).reprice(change);
      if (repriced._tag !== "Repriced") return repriced;
      await query(REPRICE, [change.sku, change.price, change.salePrice]);
      await query(CHANGED);
      return repriced;
    });
    this.#freshUntil = 0;
    // A look that began before the change may not be what the next reader hears.
    this.#looking = null;
    return answer;
  }

  async #look(): Promise<Catalog> {
    const lookedAt = performance.now();
    const changes = Number((await this.#pool.query(VERSION))[0]?.value);
    const known = this.#catalog;
    if (known !== null && this.changes === changes) {
      this.#freshUntil = lookedAt + this.#freshMillis;
      return known;
    }
    return this.#pool.transaction(async (query) => {
      this.changes = Number((await query(VERSION))[0]?.value);
      const catalog = new Catalog(await load(query));
      this.#catalog = catalog;
      this.#freshUntil = lookedAt + this.#freshMillis;
      return catalog;
    }, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }
}

async function load(query: Query): Promise<CatalogContent> {
  const sellers = (await query(SELLERS)) as unknown as readonly Seller[];
  const products = (await query(PRODUCTS)) as unknown as readonly Product[];
  const listings = (await query(LISTINGS)).map(({ floorPrice, ...row }) =>
    floorPrice === null ? row : { ...row, floorPrice },
  ) as unknown as readonly Listing[];
  return { sellers, products, listings };
}

/** What is there first, then what is new; a product that is there may come to have more SKUs. */
function merged(there: CatalogContent, added: CatalogContent): CatalogContent {
  const withNew = <Item>(
    old: readonly Item[],
    more: readonly Item[],
    key: (item: Item) => string,
  ) => {
    const known = new Set(old.map(key));
    return [...old, ...more.filter((item) => !known.has(key(item)))];
  };
  const skusAdded = new Map(added.products.map(({ product, skus }) => [product, skus]));
  const products = there.products.map((product) => {
    const skus = new Set([...product.skus, ...(skusAdded.get(product.product) ?? [])]);
    return { ...product, skus: [...skus] };
  });
  return {
    sellers: withNew(there.sellers, added.sellers, ({ seller }) => seller),
    products: withNew(products, added.products, ({ product }) => product),
    listings: withNew(there.listings, added.listings, ({ sku }) => sku),
  };
}
