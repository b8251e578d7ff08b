import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { LoadRecord } from "./load-record.ts";
import type { LoadRequest } from "./load-request.ts";
import { openLoop } from "./open-loop.ts";
import { senderSigns } from "./sender-verdict.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Respond = (path: string) => Promise<number>;

async function serving(respond: Respond): Promise<string> {
  const server = createServer((request, response) => {
    void respond(request.url ?? "").then((status) => response.writeHead(status).end("{}"));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function pages(count: number, everyMillis: number): LoadRequest[] {
  return Array.from({ length: count }, (_, number) => ({
    due: number * everyMillis,
    session: number,
    route: "GET /page",
    asking: () => ({ method: "GET", path: `/${number}` }),
  }));
}

describe("an open loop", () => {
  it("counts a stall for everybody who came meanwhile, as the time from due to answer", async () => {
    const stall = 400;
    let stalledUntil = 0;
    const target = await serving(async (path) => {
      if (path === "/20") stalledUntil = performance.now() + stall;
      const left = stalledUntil - performance.now();
      if (left > 0) await wait(left);
      return 200;
    });
    const source = pages(100, 5);
    // One connection: who comes during the stall waits for it in the sender, unseen by the server.
    const record = await openLoop({ target, source, connectionsMax: 1 });
    const route = record.route("GET /page");
    expect(route.answered).toBe(100);
    expect(route.response.quantileMillis(0.75)).toBeGreaterThan(stall / 4);
    expect(route.service.quantileMillis(0.95)).toBeLessThan(stall / 4);
    expect(route.service.maxMillis).toBeGreaterThan(stall * 0.9);
    expect(senderSigns(record).map(({ figure }) => figure)).toContain("connections");
  });

  it("sends when requests are due and not when earlier ones are answered", async () => {
    let most = 0;
    let open = 0;
    const target = await serving(async () => {
      open += 1;
      most = Math.max(most, open);
      await wait(300);
      open -= 1;
      return 200;
    });
    const record = await openLoop({ target, source: pages(20, 2) });
    expect(most).toBe(20);
    expect(record.connectionsPeak).toBe(20);
    expect(record.seconds.reduce((sum, { sent }) => sum + sent, 0)).toBe(20);
  });

  it("keeps the order of a session, and what earlier answers told decides what is asked", async () => {
    const heard: string[] = [];
    const target = await serving(async (path) => {
      heard.push(path);
      await wait(path === "/first" ? 60 : 1);
      return path === "/first" ? 201 : 503;
    });
    const told: (number | null)[] = [];
    const onAnswer = (answer: { readonly status: number } | null) => {
      told.push(answer?.status ?? null);
    };
    const ask = (path: string) => () => ({ method: "GET", path }) as const;
    const step = { session: 7, onAnswer };
    const record = await openLoop({
      target,
      source: [
        { ...step, due: 0, route: "first", asking: ask("/first") },
        {
          ...step,
          due: 1,
          route: "second",
          asking: () => (told[0] === 201 ? ask("/second")() : null),
        },
        { ...step, due: 2, route: "third", asking: () => null },
        { due: 3, session: 8, route: "other", asking: ask("/other") },
      ],
    });
    expect(heard).toEqual(["/first", "/other", "/second"]);
    expect(told).toEqual([201, 503]);
    expect([record.heldBack, record.skipped]).toEqual([2, 1]);
    const second = record.route("second");
    expect(second.counts).toMatchObject({ refused: 1, statuses: { 503: 1 } });
    // How long a refusal took is no latency of the store's.
    expect(second.response.count).toBe(0);
  });

  it("says what failed: nobody there, no answer in time, broken off", async () => {
    const closed = await serving(() => Promise.resolve(200));
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    const down = await openLoop({ target: closed, source: pages(2, 1) });
    expect(down.route("GET /page").counts.errors).toEqual({ ECONNREFUSED: 2 });

    const target = await serving(() => wait(10_000, 200, { ref: false }));
    const slow = await openLoop({
      target,
      source: pages(2, 1),
      timeLimitMillis: 50,
      connectionsMax: 1,
    });
    const route = slow.route("GET /page");
    expect(route.counts.errors).toEqual({ "time limit": 2 });
    // One of them in vain for a connection. Who waited in vain waited at least that long.
    expect(route.response.quantileMillis(0.01)).toBeGreaterThanOrEqual(50);

    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const source = pages(1_000, 20);
    const broken = await openLoop({ target, source, signal: stop.signal });
    const counts = broken.route("GET /page").counts;
    expect(counts.errors).toEqual({ "broken off": counts.sent });
    expect(counts.sent).toBeLessThan(100);
  });

  it("adds up over processes", async () => {
    const target = await serving((path) => Promise.resolve(path === "/1" ? 429 : 200));
    const one = await openLoop({ target, source: pages(3, 1) });
    const other = await openLoop({ target, source: pages(5, 1) });
    const both = LoadRecord.of(JSON.parse(JSON.stringify(one)));
    both.add(other);
    expect(both.total().counts).toEqual({
      sent: 8,
      statuses: { 200: 6, 429: 2 },
      refused: 2,
      errors: {},
    });
    expect(both.total().service.count).toBe(6);
    expect(both.processorShares).toHaveLength(2);
  });
});
