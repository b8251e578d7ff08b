import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { describeWithServer } from "../../store/testing/real-servers.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const folder = mkdtempSync(join(tmpdir(), "rehearse-serve-"));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly greeting: string;
}

/** Starts `rehearse serve` on a free port; answers once it has said that it is open. */
async function serve(words: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [BUNDLE, "serve", "--port", "0", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let told = "";
  child.stderr?.on("data", (text) => {
    told += text;
  });
  for await (const text of child.stdout ?? []) {
    told += text;
    const at = /(?:open|serve) at (http:\S+)[\s\S]*Ctrl\+C/.exec(told);
    if (at !== null) return { child, url: at[1] as string, greeting: told };
  }
  throw new Error(`the store ended before it was open: ${told}`);
}

async function ended({ child }: Serving, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = await exit;
  return code;
}

async function asked(url: string, token?: string, body?: unknown, key?: string) {
  const answer = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const THE_LAST = {
  lines: [{ sku: "handbag-last", units: 1, unitPrice: 20_700 }],
  paymentToken: "card-ok",
};

async function shopperAt(url: string): Promise<string> {
  const { status, body } = await asked(`${url}/api/shoppers`, undefined, {});
  expect(status).toBe(201);
  return String(body.token);
}

describe("rehearse serve", () => {
  it("sells the last handbag once, and an order that was told outlives a kill -9", async () => {
    const data = ["--data", join(folder, "killed")];
    const first = await serve(["--demo", ...data]);
    expect(first.greeting).toContain("no money moves");
    const [ann, bob] = [await shopperAt(first.url), await shopperAt(first.url)];
    const [one, other] = await Promise.all([
      asked(`${first.url}/api/orders`, ann, THE_LAST, "ann-1"),
      asked(`${first.url}/api/orders`, bob, THE_LAST, "bob-1"),
    ]);
    expect([one.status, other.status].sort()).toEqual([201, 409]);
    const [token, key, sold] = one.status === 201 ? [ann, "ann-1", one] : [bob, "bob-1", other];
    await ended(first, "SIGKILL");

    const again = await serve(data);
    const order = await asked(`${again.url}/api/orders/${sold.body.order}`, token);
    expect(order.body).toMatchObject({ status: "confirmed", total: 20_700 });
    const repeated = await asked(`${again.url}/api/orders`, token, THE_LAST, key);
    expect(repeated).toEqual({ status: 201, body: sold.body });
    expect(await ended(again, "SIGTERM")).toBe(0);
  });

  it("opens a scenario's sale, and keeps to it in its folder", async () => {
    const data = ["--data", join(folder, "scenario")];
    const served = await serve(["--scenario", "scenarios/small-drop.yaml", ...data]);
    const sale = await asked(`${served.url}/api/sale`);
    expect(sale.body).toMatchObject({ name: "small-drop" });
    expect((await asked(`${served.url}/health/ready`)).status).toBe(200);
    expect(await ended(served, "SIGINT")).toBe(0);
    const other = run(["--demo", ...data]);
    expect(other.code).toBe(2);
    expect(other.err).toContain('holds the sale "small-drop"');
  });

  it("has pages to buy from, and writes those that are the same for everybody", async () => {
    const data = ["--data", join(folder, "pages")];
    const served = await serve(["--demo", ...data]);
    const home = await fetch(served.url);
    const text = await home.text();
    expect({ status: home.status, type: home.headers.get("content-type") }).toEqual({
      status: 200,
      type: expect.stringContaining("text/html"),
    });
    expect(text).toContain("Handbag");
    expect(await ended(served, "SIGTERM")).toBe(0);
    const pages = join(folder, "exported");
    const written = run(["--export", pages, ...data]);
    expect(written.code).toBe(0);
    expect(readFileSync(join(pages, "index.html"), "utf8")).toContain("Handbag");
  });

  it("serves with several workers, which sell one stock", async () => {
    const served = await serve(["--demo", "--cluster", "2", "--data", join(folder, "cluster")]);
    const shoppers = await Promise.all(Array.from({ length: 12 }, () => shopperAt(served.url)));
    const answers = await Promise.all(
      shoppers.map((token, index) =>
        asked(`${served.url}/api/orders`, token, THE_LAST, `buyer-${index}`),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...new Array(11).fill(409)]);
    expect(await ended(served, "SIGTERM")).toBe(0);
  });
});

await describeWithServer("redis", "rehearse serve behind Redis", ({ url }) => {
  it("sells from the same stock as ever", async () => {
    const served = await serve(["--demo", "--redis", url, "--data", join(folder, "redis")]);
    const buyers = await Promise.all(Array.from({ length: 6 }, () => shopperAt(served.url)));
    const answers = await Promise.all(
      buyers.map((token, index) =>
        asked(`${served.url}/api/orders`, token, THE_LAST, `redis-${index}`),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await ended(served, "SIGTERM")).toBe(0);
  });
});

/** A Redis in which no other test has sold the demonstration. */
const ON_ITS_OWN = { own: true };

await describeWithServer("postgres", "rehearse serve on several machines", async (postgres) =>
  describeWithServer(
    "redis",
    "behind one Redis",
    (redis) => {
      it("sells the last handbag once, whichever node is asked", async () => {
        const where = `${postgres.url}?schema=${postgres.ownName}`;
        const shared = ["--demo", "--postgres", where, "--redis", redis.url];
        const nodes = [
          await serve([...shared, "--data", join(folder, "node-1")]),
          await serve([...shared, "--data", join(folder, "node-2")]),
        ];
        const urls = Array.from({ length: 6 }, (_, index) => nodes[index % 2].url);
        const buyers = await Promise.all(urls.map(shopperAt));
        const order = (index: number) =>
          asked(`${urls[index]}/api/orders`, buyers[index], THE_LAST, `node-${index}`);
        const answers = await Promise.all(urls.map((_, index) => order(index)));
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
        const buyer = answers.findIndex(({ status }) => status === 201);
        expect(await order(buyer)).toEqual(answers[buyer]);
        for (const node of nodes) expect(await ended(node, "SIGTERM")).toBe(0);
      });
    },
    ON_ITS_OWN,
  ),
);

function run(words: readonly string[]) {
  const ran = spawnSync(process.execPath, [BUNDLE, "serve", ...words], { encoding: "utf8" });
  return { code: ran.status, err: ran.stderr.trimEnd() };
}

describe("rehearse serve, asked for what cannot be", () => {
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [["--data", join(folder, "empty")], "holds no sale yet"],
    [["--demo", "--scenario", "scenarios/small-drop.yaml"], "give one of them"],
    [["--demo", "--memory", "--data", folder], "--memory keeps nothing"],
    [["--demo", "--memory", "--cluster", "2"], "workers share what is on disk"],
    [["--demo", "--port", "70000"], "--port must be a whole number"],
    [["--demo", "--memory", "--postgres", "postgres://127.0.0.1:1/x"], "add --redis"],
    [["--scenario", "nowhere.yaml"], "nowhere.yaml"],
  ];
  it.each(refusals)("%j", (words, reason) => {
    const { code, err } = run(words);
    expect(code).toBe(2);
    expect(err).toContain(reason);
    expect(err.split("\n")).toHaveLength(1);
  });
});
