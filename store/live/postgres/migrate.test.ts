import { Effect } from "effect";
import { expect, it } from "vitest";
import { orderOf } from "../../testing/orders.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { ownSchema } from "../testing/postgres-store.ts";
import { trialSetup } from "../testing/trial-server.ts";
import { migrate } from "./migrate.ts";
import { connectPostgres } from "./postgres-parts.ts";
import { PostgresPool } from "./postgres-pool.ts";
import { MIGRATIONS } from "./schema.ts";

await describeWithServer("postgres", "the tables on PostgreSQL", ({ url }) => {
  const setup = trialSetup();
  const VERSIONS = { name: "versions", text: "SELECT number FROM version" };

  async function onSchema(use: (pool: PostgresPool, schema: string) => Promise<void>) {
    const schema = ownSchema();
    const pool = new PostgresPool({ url, schema });
    try {
      await use(pool, schema);
    } finally {
      await pool.close();
    }
  }

  it("are made once where eight nodes start at the same time", () =>
    onSchema(async (pool, schema) => {
      const nodes = await Promise.all(
        Array.from({ length: 8 }, () => connectPostgres({ url, schema, setup, connectionsMax: 2 })),
      );
      expect(await pool.query(VERSIONS)).toEqual([{ number: MIGRATIONS.length }]);
      const levels = await Promise.all(
        nodes.map(({ movements }) => Effect.runPromise(movements.level("TOASTER"))),
      );
      expect(new Set(levels.map((level) => JSON.stringify(level))).size).toBe(1);
      for (const node of nodes) await node.close();
    }));

  it("keep what is in them when a newer program changes them", () =>
    onSchema(async (pool, schema) => {
      const before = await connectPostgres({ url, schema, setup });
      await Effect.runPromise(before.orders.place(orderOf("o-1")));
      await before.close();
      const next = "CREATE TABLE gifts (gift text);\nALTER TABLE orders ADD COLUMN gift text";
      await migrate(pool, [...MIGRATIONS, next]);
      await migrate(pool, [...MIGRATIONS, next]);
      expect(await pool.query(VERSIONS)).toEqual([{ number: MIGRATIONS.length + 1 }]);
      const kept = { name: "kept", text: "SELECT id, gift FROM orders" };
      expect(await pool.query(kept)).toEqual([{ id: "o-1", gift: null }]);
    }));

  it("stay as they were where a migration fails half way", () =>
    onSchema(async (pool) => {
      await migrate(pool);
      const broken = "CREATE TABLE gifts (gift text);\nALTER TABLE nowhere ADD COLUMN gift text";
      await expect(migrate(pool, [...MIGRATIONS, broken])).rejects.toThrow("nowhere");
      expect(await pool.query(VERSIONS)).toEqual([{ number: MIGRATIONS.length }]);
      await migrate(pool, [...MIGRATIONS, "CREATE TABLE gifts (gift text)"]);
    }));

  it("are refused by a program that is older than they are, and it says so", () =>
    onSchema(async (pool, schema) => {
      await migrate(pool, [...MIGRATIONS, "CREATE TABLE gifts (gift text)"]);
      const older = connectPostgres({ url, schema, setup });
      await expect(older).rejects.toThrow(/was used by a newer program/);
    }));
});
