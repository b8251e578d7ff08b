/**
 * What holds over parts in memory holds over every ledger that `rehearse serve` opens: the same
 * decisions and the same orders for one schedule of requests, and a rush that sells to the last
 * unit and not beyond.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import type { LiveParts } from "../parts.ts";
import { behindRedis } from "../redis/behind-redis.ts";
import { severalNodes } from "../several-nodes.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import { orderTest, SHORTER } from "./order-test.ts";
import { ownSchema } from "./postgres-store.ts";
import { rushContract } from "./rush.contract.ts";

const folder = mkdtempSync(join(tmpdir(), "every-ledger-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A sale under a name that nobody else's sale on the same servers has. */
const named = (setup: SaleSetup): SaleSetup => ({ ...setup, name: ownSchema() });

function holds(name: string, parts: (setup: SaleSetup) => LiveParts | Promise<LiveParts>): void {
  describe(name, () => {
    orderTest(name, parts, SHORTER);
    rushContract(name, parts);
  });
}

const sqlite = (setup: SaleSetup) => openSqlite({ folder: mkdtempSync(join(folder, "s-")), setup });

holds("SQLite", sqlite);

await describeWithServer("redis", "behind Redis", ({ url: redis }) => {
  holds("SQLite behind Redis", (setup) => behindRedis(redis, named(setup), sqlite(setup)));
});

await describeWithServer("redis", "on several nodes", ({ url: redis }) =>
  describeWithServer("postgres", "with PostgreSQL", ({ url }) => {
    holds("PostgreSQL behind Redis", (setup) => {
      const own = named(setup);
      return severalNodes({ redis, postgres: `${url}?schema=${own.name}`, setup: own });
    });
  }),
);
