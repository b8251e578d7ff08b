/** A server that is gone, hangs or loses its answers: refused in time and in words, never a hang. */
import { Effect, Either } from "effect";
import { expect, it } from "vitest";
import { orderOf } from "../../testing/orders.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { ownSchema } from "../testing/postgres-store.ts";
import { TcpProxy } from "../testing/tcp-proxy.ts";
import { trialSetup } from "../testing/trial-server.ts";
import { connectPostgres, type PostgresParts } from "./postgres-parts.ts";
import { PostgresPool } from "./postgres-pool.ts";

const LIMIT_MILLIS = 400;
/** The limit, the client's own grace after it, and a machine that is busy with other tests. */
const PATIENCE_MILLIS = 5_000;

async function within<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const from = performance.now();
  const answer = await asked;
  expect(performance.now() - from).toBeLessThan(PATIENCE_MILLIS);
  return answer;
}

await describeWithServer("postgres", "PostgreSQL behind a network that fails", ({ url }) => {
  async function throughNetwork(
    use: (parts: PostgresParts, network: TcpProxy) => Promise<void>,
  ): Promise<void> {
    const network = await TcpProxy.before(url);
    const of = { schema: ownSchema(), setup: trialSetup(), answerMillisMax: LIMIT_MILLIS };
    const parts = await connectPostgres({ ...of, url: network.url });
    try {
      await use(parts, network);
    } finally {
      network.heal();
      await parts.close();
      network.close();
    }
  }

  const placing = ({ orders }: PostgresParts, id: string) =>
    Effect.runPromise(Effect.either(orders.place(orderOf(id))));

  it("answers as unavailable in time while nothing comes through, and then goes on", async () => {
    await throughNetwork(async (parts, network) => {
      expect(Either.isRight(await placing(parts, "o-1"))).toBe(true);
      network.freeze();
      const answers = await within(
        Promise.all([placing(parts, "o-2"), placing(parts, "o-3"), parts.check()]),
      );
      const unavailable = { _tag: "PortUnavailable", port: "store/OrderLedger" };
      expect(answers[0]).toMatchObject({ left: unavailable });
      expect(answers[1]).toMatchObject({ left: unavailable });
      expect(answers[2]).toContain("did not answer in time");
      network.heal();
      await expect.poll(() => parts.check(), { timeout: PATIENCE_MILLIS }).toBe(null);
      expect(Either.isRight(await placing(parts, "o-4"))).toBe(true);
    });
  });

  it("does not claim to know what became of a step whose answer was lost", async () => {
    await throughNetwork(async (parts, network) => {
      await placing(parts, "o-1");
      network.loseAnswers();
      expect(await within(placing(parts, "o-2"))).toMatchObject({
        left: { _tag: "PortUnavailable" },
      });
      network.heal();
      await expect.poll(() => parts.check(), { timeout: PATIENCE_MILLIS }).toBe(null);
      // The step was done: whoever looks finds it, and asks for it again without harm.
      expect(await Effect.runPromise(parts.orders.find("o-2"))).toEqual(orderOf("o-2"));
      const again = orderOf("o-3", { key: "key of o-2" });
      expect((await Effect.runPromise(parts.orders.place(again)))._tag).toBe("InFlight");
    });
  });

  it("finds the books as they were after every connection was cut", async () => {
    await throughNetwork(async (parts, network) => {
      const ask = (shopper: string) =>
        Effect.runPromise(
          Effect.either(parts.feedback.askExit({ shopper, at: 0, openForMillis: 10 })),
        );
      expect(await ask("ann")).toMatchObject({ right: { _tag: "ExitAsked" } });
      network.cut();
      await expect.poll(() => parts.check(), { timeout: PATIENCE_MILLIS }).toBe(null);
      await expect
        .poll(() => ask("ann"), { timeout: PATIENCE_MILLIS })
        .toMatchObject({ right: { _tag: "AskedBefore" } });
    });
  });

  it("says that nobody listens where nobody does", async () => {
    const nobody = new PostgresPool({ url: "postgres://a:b@127.0.0.1:9/none" });
    await expect(nobody.query({ name: "", text: "SELECT 1" })).rejects.toThrow("nobody listens");
    await nobody.close();
  });

  it("never has more connections than it may, however much is asked at once", async () => {
    const pool = new PostgresPool({ url, schema: ownSchema(), connectionsMax: 2 });
    const count = {
      name: "count",
      text: `SELECT count(*) AS many, pg_sleep(0.01) FROM pg_stat_activity
              WHERE application_name = 'rehearse' AND query LIKE '%own test%'`,
    };
    const counts = await Promise.all(Array.from({ length: 20 }, () => pool.query(count)));
    expect(Math.max(...counts.map(([row]) => Number(row?.many)))).toBeLessThanOrEqual(2);
    await pool.close();
  });
});
