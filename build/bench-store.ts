/**
 * `npm run bench:store`: what the live store does in a second, each figure beside what the machine
 * could do at best in the same minutes. Ratios travel between machines and times do not, so
 * nothing is gated on them. The load comes from this process, the server is another.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { holdCost } from "../store/live/redis/hold.bench.ts";
import { findOrInstall } from "./apt-install.ts";
import { type BareKind, serveBare } from "./bench-store-limits.ts";
import {
  best,
  CONNECTIONS,
  type Load,
  paced,
  type Served,
  saturate,
  serve,
} from "./bench-store-load.ts";
import { BenchRequests, REQUESTS_OF_A_CHECKOUT } from "./bench-store-requests.ts";
import { type StoreKind, serveBench } from "./bench-store-server.ts";
import { startRedis } from "./private-server.ts";

/** Shoppers in the line while others ask how far it is. */
const PLACES = 2_000;

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

const perCheckout = ({ perSecond, cpuMicros, ...rest }: Load): Load => ({
  ...rest,
  perSecond: perSecond / REQUESTS_OF_A_CHECKOUT,
  cpuMicros: cpuMicros * REQUESTS_OF_A_CHECKOUT,
});

/** What is measured of a store, and of the composite that it is quoted beside. */
interface Figures {
  readonly orders: Load;
  readonly checkouts: Load;
}

const notModified = (served: Served, path: string, etag: string, seconds: number) =>
  best(() => saturate(served, [{ path, headers: { "if-none-match": etag } }], seconds));

async function queueFigures(
  served: Served,
  paths: { readonly join: string; readonly look: (ticket: number) => string },
  { key, seconds }: { readonly key: string; readonly seconds: number },
): Promise<{ readonly joins: Load; readonly looks: Load }> {
  const shoppers = new BenchRequests(served, key);
  const tickets = await shoppers.joined(paths.join, PLACES);
  const looks = await best(() => saturate(served, shoppers.looks(paths.look, tickets), seconds));
  const joins = await best(() => saturate(served, shoppers.joins(paths.join), seconds));
  return { joins, looks };
}

class Comparison {
  readonly #redis: string;
  readonly #seconds: number;
  readonly #key = randomBytes(32).toString("hex");

  constructor(redis: string, seconds: number) {
    this.#redis = redis;
    this.#seconds = seconds;
  }

  async run(): Promise<void> {
    const seconds = this.#seconds;
    process.stdout.write(
      `what the machine can do (${CONNECTIONS} connections, ${seconds} s a round)\n`,
    );
    const bare = await this.#serve("bare");
    const page = await notModified(bare, "/page", '"bare"', seconds);
    row("bare page, 304", page);
    bare.stop();
    const composite = await this.#serve("composite");
    const whole = await this.#orders(composite, "/order", ["/cart", "/checkout"]);
    row("composite: accepted, gated, durable", whole.orders);
    row("composite of six requests", whole.checkouts);
    const asked = { key: this.#key, seconds };
    const bareQueue = { join: "/join", look: (ticket: number) => `/status/${ticket}` };
    const line = await queueFigures(composite, bareQueue, asked);
    row("bare join: a number and a signature", line.joins);
    row("bare status: a signature", line.looks);
    const { bare: script, hold, ratio, ratioOfCost } = await holdCost({ url: this.#redis });
    process.stdout.write(
      `  Redis: ${round(script.perSecond)}/s of the least script, ${round(hold.perSecond)}/s holds: ${(100 * ratio).toFixed(0)} % of it (${(100 * ratioOfCost).toFixed(0)} % by CPU; goal 50 %)\n`,
    );
    composite.stop();
    process.stdout.write("the store, every rule on, durable before the answer\n");
    await this.#store("sqlite", whole, page);
    await this.#store("redis-sqlite", whole, null);
    const queue = await this.#serve("queue");
    const storeQueue = {
      join: "/api/queue",
      look: (ticket: number) => `/api/queue/${ticket}`,
    };
    const { joins, looks } = await queueFigures(queue, storeQueue, asked);
    row("queue join, sqlite", joins);
    share("  beside the bare one", joins, line.joins, "55 %");
    row("queue status, sqlite", looks);
    share("  beside the bare one", looks, line.looks, "68 %");
    queue.stop();
  }

  #serve(kind: StoreKind | BareKind): Promise<Served> {
    return serve(kind, this.#redis, this.#key);
  }

  async #orders(
    served: Served,
    path: string,
    [cart, checkout]: readonly [string, string],
  ): Promise<Figures> {
    const shoppers = new BenchRequests(served, this.#key);
    const orders = await best(() => saturate(served, shoppers.orders(path), this.#seconds));
    const six = shoppers.checkouts(cart, checkout);
    const checkouts = await best(() => saturate(served, six, this.#seconds));
    return { orders, checkouts: perCheckout(checkouts) };
  }

  async #store(kind: StoreKind, whole: Figures, page: Load | null): Promise<void> {
    const store = await this.#serve(kind);
    const paths = ["/api/cart/lines", "/api/orders"] as const;
    const { orders, checkouts } = await this.#orders(store, "/api/orders", paths);
    row(`one-click orders, ${kind}`, orders);
    share("  beside the composite", orders, whole.orders, "30 %");
    const shoppers = new BenchRequests(store, this.#key);
    const half = { perSecond: orders.perSecond / 2, seconds: this.#seconds };
    const next = () => shoppers.order("/api/orders");
    row("  at half that load, from the time due", await paced(store, { ...half, next }));
    row(`six-request checkouts, ${kind}`, checkouts);
    share("  beside the composite of six", checkouts, whole.checkouts, "35 %");
    if (page !== null) {
      const path = `/product/${store.told.sku}`;
      const etag = (await fetch(store.told.url + path)).headers.get("etag") ?? "";
      const unchanged = await notModified(store, path, etag, this.#seconds);
      row("product page, 304", unchanged);
      share("  beside the bare page", unchanged, page, "65 %");
    }
    store.stop();
  }
}

const { values } = parseArgs({
  options: {
    serve: { type: "string" },
    redis: { type: "string", default: "" },
    key: { type: "string", default: "" },
    seconds: { type: "string", default: "4" },
  },
});
if (values.serve === "bare" || values.serve === "composite") {
  await serveBare(values.serve, values.redis);
} else if (values.serve !== undefined) {
  await serveBench(values.serve as StoreKind, values.redis, values.key);
} else {
  const found = await findOrInstall("redis");
  if ("missing" in found) throw new Error(`Redis is needed: ${found.missing}`);
  const redis = await startRedis(found.path);
  try {
    await new Comparison(redis.url, Number(values.seconds)).run();
  } finally {
    await redis.stop();
  }
}
