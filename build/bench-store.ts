/**
 * `npm run bench:store`: what the live store does in a second, each figure beside what the machine
 * could do at best in the same minutes. Ratios travel between machines and times do not, so
 * nothing is gated on them. The load comes from this process, the server is another.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { holdCost } from "../store/live/redis/hold.bench.ts";
import { findOrInstall } from "./apt-install.ts";
import { type BareKind, serveBare } from "./bench-store-limits.ts";
import { type StoreKind, type StoreTold, serveBench, type Usage } from "./bench-store-server.ts";
import { startRedis } from "./private-server.ts";

const CONNECTIONS = 64;
const LINES_OF_A_CART = 5;
/** The first of a kind goes to warming up. */
const ROUNDS = 3;

interface Load {
  readonly perSecond: number;
  readonly p99Millis: number;
  /** Processor time of the server per request, microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly refused: number;
}

interface Served {
  readonly told: StoreTold;
  readonly usage: () => Promise<Usage>;
  readonly stop: () => void;
}

async function serve(kind: StoreKind | BareKind, redis: string): Promise<Served> {
  const child: ChildProcess = fork(process.argv[1] as string, ["--serve", kind, "--redis", redis]);
  const [told] = (await once(child, "message")) as [StoreTold];
  const usage = async () => {
    const answer = once(child, "message");
    child.send("usage");
    return ((await answer) as [Usage])[0];
  };
  return { told, usage, stop: () => child.disconnect() };
}

type Asked = autocannon.Request;

async function load(
  { told, usage }: Served,
  requests: Asked[],
  options: { readonly seconds: number; readonly overallRate?: number },
): Promise<Load> {
  const before = await usage();
  const { seconds: duration, ...rest } = options;
  const url = told.url;
  const result = await autocannon({ url, connections: CONNECTIONS, duration, requests, ...rest });
  const after = await usage();
  const answered = result["2xx"] + result["3xx"];
  return {
    perSecond: answered / result.duration,
    p99Millis: result.latency.p99,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / Math.max(1, answered),
    rssBytes: after.rssBytes,
    refused: result.non2xx - result["3xx"] + result.errors,
  };
}

let keys = 0;

function orderRequest({ tokens, sku, unitPrice }: StoreTold, path: string): Asked {
  const body = JSON.stringify({ lines: [{ sku, units: 1, unitPrice }], paymentToken: "card-ok" });
  return {
    method: "POST",
    path,
    setupRequest: (request) => {
      keys += 1;
      return { ...request, body, headers: headersOf(tokens[keys % tokens.length] ?? "", keys) };
    },
  };
}

function headersOf(token: string, key: number) {
  return {
    "content-type": "application/json",
    authorization: `Bearer ${token}`,
    "idempotency-key": `bench-${process.pid}-${key}`,
  };
}

interface Visit {
  number?: number;
  cart?: string;
}

/** Five lines into a cart, and the order of it. */
function checkoutRequests({ tokens, sku }: StoreTold): Asked[] {
  const add: Asked = {
    method: "POST",
    path: "/api/cart/lines",
    body: JSON.stringify({ sku, units: 1 }),
    setupRequest: (request, context: Visit) => {
      if (context.number === undefined) {
        keys += 1;
        context.number = keys;
      }
      const token = tokens[context.number % tokens.length] ?? "";
      return { ...request, headers: headersOf(token, context.number) };
    },
    onResponse: (status, body, context: Visit) => {
      if (status === 200) context.cart = (JSON.parse(body) as { cart: string }).cart;
    },
  };
  const order: Asked = {
    method: "POST",
    path: "/api/orders",
    setupRequest: (request, context: Visit) => ({
      ...request,
      headers: headersOf(tokens[(context.number ?? 0) % tokens.length] ?? "", context.number ?? 0),
      body: JSON.stringify({ cart: context.cart ?? "none", paymentToken: "card-ok" }),
    }),
  };
  return [...new Array<Asked>(LINES_OF_A_CART).fill(add), order];
}

const round = (figure: number) => Math.round(figure).toLocaleString("en-US");

function row(name: string, { perSecond, p99Millis, cpuMicros, rssBytes, refused }: Load): void {
  const megabytes = (rssBytes / 2 ** 20).toFixed(0);
  const lost = refused === 0 ? "" : `, ${round(refused)} refused`;
  process.stdout.write(
    `  ${name.padEnd(44)} ${round(perSecond).padStart(8)}/s  p99 ${p99Millis} ms  ${cpuMicros.toFixed(0)} us CPU  ${megabytes} MiB${lost}\n`,
  );
}

function share(name: string, one: Load, of: Load, goal: string): void {
  const percent = (figure: number) => `${(100 * figure).toFixed(0)} %`;
  const ratio = percent(one.perSecond / of.perSecond);
  const byCost = percent(of.cpuMicros / one.cpuMicros);
  process.stdout.write(`  ${name.padEnd(44)} ${ratio} of it (${byCost} by CPU; goal ${goal})\n`);
}

/** The best of the rounds: what else the machine does only takes away. */
async function best(run: () => Promise<Load>): Promise<Load> {
  let found: Load | null = null;
  for (let count = 0; count < ROUNDS; count += 1) {
    const next = await run();
    if (count > 0 && (found === null || next.perSecond > found.perSecond)) found = next;
  }
  return found as Load;
}

async function compare(seconds: number): Promise<void> {
  const found = await findOrInstall("redis");
  if ("missing" in found) throw new Error(`Redis is needed: ${found.missing}`);
  const redis = await startRedis(found.path);
  try {
    const bare = await serve("bare", redis.url);
    const composite = await serve("composite", redis.url);
    const order = (served: Served, path: string, rate?: number) =>
      load(served, [orderRequest(served.told, path)], {
        seconds,
        ...(rate !== undefined && { overallRate: rate }),
      });
    process.stdout.write(
      `what the machine can do (${CONNECTIONS} connections, ${seconds} s a round)\n`,
    );
    const page = await best(() =>
      load(bare, [{ path: "/page", headers: { "if-none-match": '"bare"' } }], { seconds }),
    );
    row("bare page, 304", page);
    row("bare order: accepted and answered", await best(() => order(bare, "/order")));
    const whole = await best(() => order(composite, "/order"));
    row("composite: accepted, gated, durable", whole);
    const { bare: script, hold, ratio, ratioOfCost } = await holdCost({ url: redis.url });
    process.stdout.write(
      `  Redis: ${round(script.perSecond)}/s of the least script, ${round(hold.perSecond)}/s holds: ${(100 * ratio).toFixed(0)} % of it (${(100 * ratioOfCost).toFixed(0)} % by CPU; goal 50 %)\n`,
    );
    bare.stop();
    composite.stop();
    process.stdout.write("the store, every rule on, durable before the answer\n");
    for (const kind of ["sqlite", "redis-sqlite"] as const) {
      const store = await serve(kind, redis.url);
      const orders = await best(() => order(store, "/api/orders"));
      row(`one-click orders, ${kind}`, orders);
      share("  beside the composite", orders, whole, "30 %");
      row(
        "  at half that load",
        await order(store, "/api/orders", Math.round(orders.perSecond / 2)),
      );
      const six = await best(() => load(store, checkoutRequests(store.told), { seconds }));
      const perOrder = LINES_OF_A_CART + 1;
      row(`six-request checkouts, ${kind}`, { ...six, perSecond: six.perSecond / perOrder });
      store.stop();
    }
  } finally {
    await redis.stop();
  }
}

const { values } = parseArgs({
  options: {
    serve: { type: "string" },
    redis: { type: "string", default: "" },
    seconds: { type: "string", default: "4" },
  },
});
if (values.serve === "bare" || values.serve === "composite") {
  await serveBare(values.serve, values.redis);
} else if (values.serve !== undefined) {
  await serveBench(values.serve as StoreKind, values.redis);
} else await compare(Number(values.seconds));
