/**
 * The tables of the ledger file, as the numbered migrations that make them. A migration that was
 * released is never changed: the next one changes what it made. Beside the rules in the programs
 * the tables keep their own: no place holds fewer than zero units, units neither appear nor
 * vanish, a key, a hold and a serial number serve once.
 */

/** In order; the first makes version 1 of the file. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE sellers (
  number INTEGER PRIMARY KEY, seller TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
CREATE TABLE products (
  number INTEGER PRIMARY KEY, product TEXT NOT NULL UNIQUE, seller TEXT NOT NULL,
  name TEXT NOT NULL, skus TEXT NOT NULL) STRICT;
CREATE TABLE listings (
  number INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, product TEXT NOT NULL,
  seller TEXT NOT NULL, name TEXT NOT NULL, currency TEXT NOT NULL,
  price INTEGER NOT NULL CHECK (price >= 0),
  sale_price INTEGER NOT NULL CHECK (sale_price >= 0),
  floor_price INTEGER CHECK (floor_price >= 0)) STRICT;

CREATE TABLE stock_items (
  number INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE,
  initial INTEGER NOT NULL CHECK (initial >= 0),
  restocked INTEGER NOT NULL CHECK (restocked >= 0),
  written_off INTEGER NOT NULL CHECK (written_off >= 0),
  available INTEGER NOT NULL CHECK (available >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  sold INTEGER NOT NULL CHECK (sold >= 0),
  quarantined INTEGER NOT NULL CHECK (quarantined >= 0),
  limit_per_shopper INTEGER CHECK (limit_per_shopper > 0),
  limit_per_person INTEGER CHECK (limit_per_person > 0),
  CHECK (available + held + sold + quarantined = initial + restocked - written_off)) STRICT;

CREATE TABLE holds (
  number INTEGER PRIMARY KEY, hold TEXT NOT NULL UNIQUE, shopper TEXT NOT NULL, network TEXT,
  lines TEXT NOT NULL, person TEXT NOT NULL,
  epoch INTEGER NOT NULL, taken_at REAL NOT NULL, expires_at REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'released', 'expired', 'sold')),
  ended_at REAL, order_id TEXT, serials TEXT NOT NULL, honoured INTEGER NOT NULL,
  CHECK ((state = 'live') = (ended_at IS NULL)),
  CHECK ((state = 'sold') = (order_id IS NOT NULL))) STRICT;
CREATE INDEX holds_due ON holds (expires_at, epoch) WHERE state = 'live';

-- Released and expired lives, in the order in which they ended: the oldest is forgotten first.
CREATE TABLE lapsed_holds (
  number INTEGER PRIMARY KEY, hold TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT;

-- What is counted for a shopper ("s:"), a network ("n:") and a mark of a person ("p:").
CREATE TABLE stock_counts (
  name TEXT PRIMARY KEY, holds TEXT NOT NULL, units TEXT NOT NULL,
  lapse_wait REAL NOT NULL, lapse_until REAL NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX stock_counts_of_lapses ON stock_counts (lapse_until)
  WHERE holds = '[]' AND units = '[]';

CREATE TABLE orders (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, shopper TEXT NOT NULL,
  key TEXT NOT NULL, fingerprint TEXT NOT NULL, hold TEXT NOT NULL UNIQUE,
  epoch INTEGER, hold_until REAL NOT NULL, lines TEXT NOT NULL,
  total INTEGER NOT NULL CHECK (total >= 0), discount TEXT, currency TEXT NOT NULL,
  payment_token TEXT NOT NULL, person TEXT NOT NULL, placed_at REAL NOT NULL,
  state TEXT NOT NULL, revision INTEGER NOT NULL, changed_at REAL NOT NULL,
  gateway TEXT, attempts INTEGER NOT NULL, charge TEXT, answer TEXT,
  steps TEXT NOT NULL, touched INTEGER NOT NULL,
  UNIQUE (shopper, key)) STRICT;
CREATE INDEX orders_unfinished ON orders (touched) WHERE answer IS NULL;

-- A change of an order writes at most one payment row; its revision is the row's place.
CREATE TABLE payments (
  order_number INTEGER NOT NULL, revision INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('attempt', 'capture', 'refund')),
  order_id TEXT NOT NULL, gateway TEXT NOT NULL, key TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
  reference TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (order_number, revision)) WITHOUT ROWID, STRICT;

CREATE TABLE carts (
  number INTEGER PRIMARY KEY, cart TEXT NOT NULL UNIQUE, shopper TEXT NOT NULL,
  currency TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0), lines TEXT NOT NULL,
  updated_at REAL NOT NULL, touched INTEGER NOT NULL) STRICT;
CREATE INDEX carts_by_touch ON carts (touched);

-- The events that one commit appended, as a JSON array; the first has the sequence number.
CREATE TABLE sale_log (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, events TEXT NOT NULL) STRICT;

-- The steps that one commit took on a book, as a JSON array, and a digest of what they answered.
CREATE TABLE book_journal (
  book TEXT NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, rules INTEGER NOT NULL,
  steps TEXT NOT NULL, digest INTEGER NOT NULL,
  PRIMARY KEY (book, first)) WITHOUT ROWID, STRICT;
`,
  `
-- What tells this ledger from every other, for whoever keeps something of it elsewhere.
CREATE TABLE ledger_identity (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1), identity TEXT NOT NULL) STRICT;
INSERT INTO ledger_identity VALUES (1, lower(hex(randomblob(16))));
`,
];
