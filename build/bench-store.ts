/**
 * `npm run bench:store`: what the live store does in a second, each figure beside what the machine
 * could do at best in the same minutes. Ratios travel between machines and times do not, so
 * nothing is gated on them. The load comes from this process, the server is another.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type autocannon from "autocannon";
import { holdCost } from "../store/live/redis/hold.bench.ts";
import { findOrInstall } from "./apt-install.ts";
import { type BareKind, serveBare } from "./bench-store-limits.ts";
import {
  type Beside,
  beside,
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
const percent = (figure: number) => `${(100 * figure).toFixed(0)} %`;

function row(name: string, { perSecond, p99Millis, cpuMicros, rssBytes, refused }: Load): void {
  const megabytes = (rssBytes / 2 ** 20).toFixed(0);
  const lost = refused === 0 ? "" : `, ${round(refused)} refused`;
  process.stdout.write(
    `  ${name.padEnd(40)} ${round(perSecond).padStart(8)}/s  p99 ${p99Millis} ms  ${cpuMicros.toFixed(0)} us CPU  ${megabytes} MiB${lost}\n`,
  );
}

type Pair = readonly [() => Promise<Load>, () => Promise<Load>];

const perCheckout = ({ perSecond, cpuMicros, ...rest }: Load): Load => ({
  ...rest,
  perSecond: perSecond / REQUESTS_OF_A_CHECKOUT,
  cpuMicros: cpuMicros * REQUESTS_OF_A_CHECKOUT,
});

/** Where a server has what is asked of all of them. */
interface Paths {
  readonly order: string;
  readonly cart: string;
  readonly checkout: string;
  readonly page: string;
  readonly join: string;
  readonly look: (ticket: number) => string;
}

const BARE_PATHS: Paths = {
  order: "/order",
  cart: "/cart",
  checkout: "/checkout",
  page: "/page",
  join: "/join",
  look: (ticket) => `/status/${ticket}`,
};

/** A server with its shoppers, and what they ask of it. */
class Side {
  readonly #served: Served;
  readonly #shoppers: BenchRequests;
  readonly #paths: Paths;
  readonly #seconds: number;

  constructor(served: Served, paths: Paths, key: string, seconds: number) {
    this.#served = served;
    this.#shoppers = new BenchRequests(served, key);
    this.#paths = paths;
    this.#seconds = seconds;
  }

  orders = () => this.#saturate(this.#shoppers.orders(this.#paths.order));

  checkouts = async () => {
    const { cart, checkout } = this.#paths;
    return perCheckout(await this.#saturate(this.#shoppers.checkouts(cart, checkout)));
  };

  joins = () => this.#saturate(this.#shoppers.joins(this.#paths.join));

  /** Asks again for a page that it has: `etag` is that of the page. */
  async pageAgain(): Promise<() => Promise<Load>> {
    const path = this.#paths.page;
    const etag = (await fetch(this.#served.told.url + path)).headers.get("etag") ?? "";
    return () => this.#saturate([{ path, headers: { "if-none-match": etag } }]);
  }

  /** Those who came first ask how far it is. */
  async looks(): Promise<() => Promise<Load>> {
    const tickets = await this.#shoppers.joined(this.#paths.join, PLACES);
    return () => this.#saturate(this.#shoppers.looks(this.#paths.look, tickets));
  }

  paced(perSecond: number): Promise<Load> {
    const next = () => this.#shoppers.order(this.#paths.order);
    return paced(this.#served, { perSecond, seconds: this.#seconds, next });
  }

  stop(): void {
    this.#served.stop();
  }

  #saturate(requests: autocannon.Request[]): Promise<Load> {
    return saturate(this.#served, requests, this.#seconds);
  }
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
    process.stdout.write(
      `each beside what the machine can do at best, in turns (${CONNECTIONS} connections, ${this.#seconds} s a round)\n`,
    );
    const { least, reserve, hold, ofLeast, ofReserve } = await holdCost({ url: this.#redis });
    process.stdout.write(
      `  holds in Redis: ${round(hold.perSecond)}/s\n` +
        `    of ${round(reserve.perSecond)}/s bare reservations: ${percent(ofReserve.rate)} (${percent(ofReserve.cost)} by CPU; goal 50 %)\n` +
        `    of ${round(least.perSecond)}/s of the least script: ${percent(ofLeast.rate)} (${percent(ofLeast.cost)} by CPU)\n`,
    );
    await this.#orders("sqlite");
    await this.#orders("redis-sqlite");
    await this.#queue();
  }

  async #orders(kind: "sqlite" | "redis-sqlite"): Promise<void> {
    const composite = await this.#side("composite");
    const store = await this.#side(kind);
    const orders = await this.#beside("30 %", `one-click orders, ${kind}`, [
      store.orders,
      composite.orders,
    ]);
    row("  at half that load, from the time due", await store.paced(orders.load.perSecond / 2));
    await this.#beside("35 %", `six-request checkouts, ${kind}`, [
      store.checkouts,
      composite.checkouts,
    ]);
    composite.stop();
    if (kind === "sqlite") {
      const bare = await this.#side("bare");
      const pages = [await store.pageAgain(), await bare.pageAgain()] as const;
      await this.#beside("65 %", "product page, 304", pages);
      bare.stop();
    }
    store.stop();
  }

  async #queue(): Promise<void> {
    const bare = await this.#side("composite");
    const store = await this.#side("queue");
    const looks = [await store.looks(), await bare.looks()] as const;
    await this.#beside("68 %", "queue status", looks);
    await this.#beside("55 %", "queue join", [store.joins, bare.joins]);
    store.stop();
    bare.stop();
  }

  async #beside(goal: string, name: string, [of, limit]: Pair): Promise<Beside> {
    const found = await beside(of, limit);
    row(name, found.load);
    row("  the limit beside it", found.limit);
    process.stdout.write(
      `    ${percent(found.share)} of it (${percent(found.shareOfCost)} by CPU; goal ${goal})\n`,
    );
    return found;
  }

  async #side(kind: StoreKind | BareKind): Promise<Side> {
    const served = await serve(kind, this.#redis, this.#key);
    const isBare = kind === "bare" || kind === "composite";
    const paths = isBare ? BARE_PATHS : storePaths(served.told.sku);
    return new Side(served, paths, this.#key, this.#seconds);
  }
}

function storePaths(sku: string): Paths {
  return {
    order: "/api/orders",
    cart: "/api/cart/lines",
    checkout: "/api/orders",
    page: `/product/${sku}`,
    join: "/api/queue",
    look: (ticket) => `/api/queue/${ticket}`,
  };
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
