/**
 * The tables of the ledger, as the numbered migrations that make them. A migration that was
 * released is never changed: the next one changes what it made. Beside the rules in the programs
 * the tables keep their own: units that are promised to orders never exceed those that there are,
 * a key and a hold serve one order, an order is captured once.
 */

/** In order; the first makes version 1. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE sale (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), name text NOT NULL);
CREATE TABLE counters (name text PRIMARY KEY, value bigint NOT NULL);
INSERT INTO counters VALUES ('catalog.changes', 0), ('saleLog.events', 0);

CREATE TABLE sellers (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seller text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE products (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product text NOT NULL UNIQUE, seller text NOT NULL REFERENCES sellers (seller),
  name text NOT NULL, skus json NOT NULL);
CREATE TABLE listings (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL UNIQUE, product text NOT NULL REFERENCES products (product),
  seller text NOT NULL, name text NOT NULL, currency text NOT NULL,
  price bigint NOT NULL CHECK (price >= 0),
  "salePrice" bigint NOT NULL CHECK ("salePrice" >= 0),
  "floorPrice" bigint CHECK ("floorPrice" >= 0));

-- Units of the SKU that orders have: held while they are being paid, sold when they are confirmed.
CREATE TABLE stock_units (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  initial bigint NOT NULL CHECK (initial >= 0),
  restocked bigint NOT NULL DEFAULT 0 CHECK (restocked >= 0),
  "writtenOff" bigint NOT NULL DEFAULT 0 CHECK ("writtenOff" >= 0),
  quarantined bigint NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  sold bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
  "limitPerShopper" bigint, "limitPerPerson" bigint,
  CONSTRAINT never_oversold
    CHECK (held + sold + quarantined <= initial + restocked - "writtenOff"));

CREATE SEQUENCE order_touches;
CREATE TABLE orders (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE, shopper text NOT NULL, key text NOT NULL,
  fingerprint text NOT NULL,
  hold text NOT NULL CONSTRAINT one_order_of_a_hold UNIQUE,
  epoch bigint, "holdUntil" double precision NOT NULL, lines json NOT NULL,
  total bigint NOT NULL CHECK (total >= 0), discount json, currency text NOT NULL,
  "paymentToken" text NOT NULL, person json NOT NULL, "placedAt" double precision NOT NULL,
  state text NOT NULL, revision bigint NOT NULL, "changedAt" double precision NOT NULL,
  gateway text, attempts bigint NOT NULL, charge json, answer json,
  touched bigint NOT NULL DEFAULT nextval('order_touches'),
  CONSTRAINT one_order_of_a_key UNIQUE (shopper, key));
CREATE INDEX orders_unfinished ON orders (touched) WHERE answer IS NULL;

CREATE TABLE order_steps (
  number bigint NOT NULL REFERENCES orders, revision bigint NOT NULL,
  state text NOT NULL, at double precision NOT NULL,
  PRIMARY KEY (number, revision));

-- A change of an order writes at most one payment row; its revision is the row's place.
CREATE TABLE payments (
  number bigint NOT NULL REFERENCES orders, revision bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('attempt', 'capture', 'refund')),
  "order" text NOT NULL, gateway text NOT NULL, key text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL,
  reference text NOT NULL, at double precision NOT NULL,
  PRIMARY KEY (number, revision));
CREATE UNIQUE INDEX one_capture_of_an_order ON payments (number) WHERE kind = 'capture';
CREATE UNIQUE INDEX one_capture_of_a_key ON payments (gateway, key) WHERE kind = 'capture';
CREATE UNIQUE INDEX one_refund_of_an_order ON payments (number) WHERE kind = 'refund';

CREATE TABLE sale_log (sequence bigint PRIMARY KEY, event json NOT NULL);

-- What was asked of a book, in the one order in which every node asks it of its own copy.
CREATE TABLE books (book text PRIMARY KEY, length bigint NOT NULL);
CREATE TABLE book_journal (
  book text NOT NULL REFERENCES books, sequence bigint NOT NULL,
  method text NOT NULL, request json NOT NULL, digest bigint NOT NULL,
  PRIMARY KEY (book, sequence));
`,
  `
-- What tells this ledger from every other, for whoever keeps something of it elsewhere.
ALTER TABLE sale ADD COLUMN identity text NOT NULL DEFAULT gen_random_uuid()::text;
`,
  `
-- The sale as it was opened, so that a node with an empty folder opens the same.
ALTER TABLE sale ADD COLUMN setup text;
`,
];
