import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { asked, endAll, ended, refusal, serve, shopperAt } from "./testing/serving.ts";

const folder = mkdtempSync(join(tmpdir(), "rehearse-serve-"));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

const THE_LAST = {
  lines: [{ sku: "handbag-last", units: 1, unitPrice: 20_700 }],
  paymentToken: "card-ok",
};

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
    const same = ["--scenario", "scenarios/small-drop.yaml", ...data];
    const edited = await serve([...same, "--set", "sellers.0.catalog.sale-price.mean=€110"]);
    expect(edited.greeting).toContain("the catalog of the file is not taken over");
    expect(await ended(edited, "SIGINT")).toBe(0);
    const other = refusal(["--demo", ...data]);
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
    expect(refusal(["--export", pages, ...data]).code).toBe(0);
    expect(readFileSync(join(pages, "index.html"), "utf8")).toContain("Handbag");
  });

  it("writes pages without a folder, a payment gateway or an address to listen at", async () => {
    const data = join(folder, "not-made");
    // An address that no machine listens at, and a gateway that answers nobody.
    const nobody = { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_API_URL: "http://127.0.0.1:1" };
    const pages = join(folder, "exported-alone");
    const words = ["--demo", "--data", data, "--host", "192.0.2.1", "--export", pages];
    expect(refusal(words, nobody)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(pages, "index.html"), "utf8")).toContain("Handbag");
    expect(existsSync(data)).toBe(false);
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
    // Whichever worker is scraped tells of both, and of all that both have answered.
    for (let scrape = 0; scrape < 4; scrape += 1) {
      const answer = await fetch(`${served.url}/metrics`, { headers: { connection: "close" } });
      const text = await answer.text();
      for (const worker of [0, 1]) expect(text).toContain(`worker="${worker}"`);
      expect(
        sumOf(text, /^rehearse_http_request_duration_seconds_count\{.*"\/api\/orders".*\} /),
      ).toBe(12);
    }
    expect(await ended(served, "SIGTERM")).toBe(0);
  });

  it("tells every worker of a pause, and leaves stdout to the log", async () => {
    const operator = "a-token-of-the-operator-who-pauses-it-here-12";
    const words = ["--demo", "--cluster", "3", "--log-level", "info"];
    const data = ["--data", join(folder, "paused")];
    const admin = { REHEARSE_ADMIN_TOKENS: `ann ${operator}` };
    const served = await serve([...words, ...data], admin);
    const pause = { why: "a trial" };
    const paused = await asked(`${served.url}/api/admin/sale/pause`, operator, pause);
    expect(paused).toMatchObject({ status: 200, body: { paused: true } });
    const buyers = await Promise.all(Array.from({ length: 12 }, () => shopperAt(served.url)));
    const phases = async () => {
      const asking = buyers.map((token) => asked(`${served.url}/api/sale`, token));
      return new Set((await Promise.all(asking)).map(({ body }) => body.phase));
    };
    await expect.poll(phases, { timeout: 5_000 }).toEqual(new Set(["paused"]));
    expect(await ended(served, "SIGTERM")).toBe(0);
    const lines = served
      .printed()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ worker }) => worker))).toEqual(new Set([0, 1, 2]));
    expect(lines.filter(({ route }) => route === "/api/admin/sale/pause")).toMatchObject([
      { method: "POST", status: 200, reqId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
    expect(served.printed()).not.toContain(operator);

    // A store that starts while it is paused sells nothing, from its first request on.
    const again = await serve(data, admin);
    const sale = await asked(`${again.url}/api/sale`, await shopperAt(again.url));
    expect(sale.body.phase).toBe("paused");
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

describe("rehearse serve, asked for what cannot be", () => {
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [["--data", join(folder, "empty")], "holds no sale yet"],
    [["--demo", "--scenario", "scenarios/small-drop.yaml"], "give one of them"],
    [["--demo", "--memory", "--data", folder], "--memory keeps nothing"],
    [["--demo", "--memory", "--cluster", "2"], "workers share what is on disk"],
    [["--demo", "--port", "70000"], "--port must be a whole number"],
    [["--demo", "--memory", "--postgres", "postgres://127.0.0.1:1/x"], "add --redis"],
    [["--demo", "--memory", "--redis", "redis://127.0.0.1:1"], "leave --redis out"],
    [["--demo", "--data", join(folder, "gate"), "--redis", "cache"], "begins with redis://"],
    [
      ["--demo", "--data", join(folder, "gate"), "--redis", "redis://127.0.0.1:1"],
      "nobody listens",
    ],
    [["--scenario", "nowhere.yaml"], "nowhere.yaml"],
    [["--demo", "--memory", "--host", "192.0.2.1"], "this machine has no such address"],
    [["--demo", "--log-level", "loud"], "must be one of debug, info, warn, error, silent"],
    [["--demo", "--alert-webhook", "ftp://token@x/"], "must be an http or https address"],
    [["--demo", "--admin-network", "10.0.0.0/8", "--admin-network", "10.0.0.0/33"], "/33)"],
    [["--demo", "--admin-network", "office"], "as in 10.1.0.0/16 (got office)"],
    [["--demo", "--memory", "--record", join(folder, "nowhere", "log")], "cannot be written"],
    [["--demo", "--memory", "--record", "README.md"], "is not the sale log of this store"],
    [["--demo", "--export", folder, "--record", "log"], "opens no sale that could be recorded"],
  ];
  it.each(refusals)("%j", (words, reason) => {
    const { code, err } = refusal(words);
    expect(code).toBe(2);
    expect(err).toContain(reason);
    expect(err.split("\n")).toHaveLength(1);
  });

  it("ends where its port is taken or another store runs in its folder, and says so", async () => {
    const data = join(folder, "taken");
    const store = await serve(["--demo", "--data", data]);
    const { port } = new URL(store.url);
    const atPort = refusal(["--demo", "--memory", "--port", port]);
    expect(atPort.code).toBe(2);
    expect(atPort.err).toContain("another program listens at that address and port");
    const inFolder = refusal(["--data", data, "--port", "0"]);
    expect(inFolder.code).toBe(2);
    expect(inFolder.err).toContain("another store runs in this folder");
    const workers = refusal(["--data", data, "--port", "0", "--cluster", "2"]);
    expect(workers.err).toContain("another store runs in this folder");
    // Also where both have one sandbox, whose own lock would not tell them apart.
    const sandbox = { REHEARSE_SANDBOX_URL: "http://127.0.0.1:1" };
    const beside = refusal(["--data", data, "--port", "0"], sandbox);
    expect(beside.code).toBe(2);
    expect(beside.err).toContain("another store runs in this folder");
    expect(inFolder.err).not.toContain("    at ");
    expect(await ended(store, "SIGTERM")).toBe(0);
  });
});

/** Of a text for Prometheus, what the samples that match add up to. */
function sumOf(text: string, sample: RegExp): number {
  const found = text.split("\n").filter((line) => sample.test(line));
  return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
