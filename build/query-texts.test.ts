// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are programs, as texts
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PostgresPool } from "../store/live/postgres/postgres-pool.ts";
import { queriesIn, queriesUnder } from "./query-texts.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const planted = [
  "function f(name) { db.prepare(`SELECT * FROM t WHERE name = '${name}'`); }",
  "function f(name) { db.prepare('SELECT * FROM t WHERE name = ' + name); }",
  "const f = (order) => pool.query({ text: `DELETE FROM orders WHERE id = ${order}` });",
  "const f = (body) => db.exec(body.text + ' LIMIT 1');",
  "const f = (n) => `UPDATE stock SET units = ${n}`;",
  "const f = (sku) => script('hold', `return redis.call('GET', '${sku}')`);",
  "let TABLE = 't'; const f = () => db.exec(`DROP TABLE ${TABLE}`);",
];
const harmless = [
  "const COLUMNS = 'a, b'; db.prepare(`SELECT ${COLUMNS} FROM t WHERE a = ?`);",
  "const names = ['a', 'b'].map((n) => n).join(', '); db.prepare(`SELECT ${names} FROM t`);",
  "import { LIMIT } from './x.ts'; db.prepare(`SELECT 1 LIMIT ${LIMIT}`);",
  "const f = (name) => db.prepare('SELECT * FROM t WHERE name = ?').get(name);",
  "const f = (name) => `Selected ${name}`;",
];

describe("texts that a database runs", () => {
  it.each(planted)("are refused with what comes from elsewhere: %s", (text) => {
    expect(queriesIn("planted.ts", text).findings).not.toEqual([]);
  });

  it.each(harmless)("are left alone: %s", (text) => {
    expect(queriesIn("harmless.ts", text).findings).toEqual([]);
  });

  it("are constants all over the live store, but for the names of its own tables", () => {
    const { queries, findings } = queriesUnder(join(root, "store", "live"), root);
    expect(queries).toBeGreaterThan(100);
    const named = findings.map(({ path, what }) => `${path}: ${what}`);
    // Where the tables are is for whoever starts the store to say, in letters that quote nothing.
    expect(named).toEqual(["store/live/postgres/migrate.ts: schema"]);
    const url = "postgres://127.0.0.1:1/none";
    for (const schema of ["a; DROP TABLE orders", 'a"b', "a b", "A", ""]) {
      expect(() => new PostgresPool({ url, schema })).toThrow("can be the name of a schema");
    }
  });
});
