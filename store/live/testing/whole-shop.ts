/**
 * A shop as `rehearse serve` puts it together (API, pages, administration, monitoring, a gateway's
 * webhook) over parts of a test's choice, for tests of what holds on every route there is.
 */
import { randomBytes } from "node:crypto";
import type { DestinationStream } from "pino";
import type { RateLimit } from "../../core/rate-limit.ts";
import type { RoomSetup } from "../../service/sale-setup.ts";
import { adminGuards } from "../admin/admin-guard.ts";
import { AdminTokens } from "../admin/admin-tokens.ts";
import { registerAdmin } from "../admin/register-admin.ts";
import type { DeclaredRoute } from "../http/route-policy.ts";
import { memoryParts } from "../memory-parts.ts";
import { WatchedParts } from "../monitoring/monitor.ts";
import { registerMonitoring } from "../monitoring/register-monitoring.ts";
import { storeLog } from "../monitoring/store-log.ts";
import { problemPage } from "../pages/problem-page.ts";
import { storefront } from "../pages/storefront.ts";
import {
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
} from "./trial-server.ts";

export interface WholeShop extends TrialServer {
  /** The token of who runs the sale. */
  readonly adminToken: string;
}

export interface WholeShopOptions extends TrialServerOptions {
  /** Blocks of addresses that may run the sale; this machine where nothing is said. */
  readonly adminNetworks?: readonly string[];
  /** Wrong tokens of one network, where a test brings more of them than a person would. */
  readonly attempts?: RateLimit;
  /** Where every line of the log goes, the least important too. */
  readonly log?: DestinationStream;
}

export async function wholeShop(options: WholeShopOptions = {}): Promise<WholeShop> {
  const { adminNetworks, attempts, log, parts = memoryParts, beside, extend, ...rest } = options;
  const adminToken = randomBytes(32).toString("base64url");
  const tokens = new AdminTokens(new Map([["ann", adminToken]]));
  const held: { watched?: WatchedParts } = {};
  const trial = await trialServer({
    stripeWebhook: async () => ({ _tag: "Refused" }),
    guards: adminGuards({
      tokens,
      ...(adminNetworks && { networks: adminNetworks }),
      ...(attempts && { attempts }),
    }),
    problemPage,
    ...(log && { logger: storeLog({ level: "debug", destination: log }) }),
    ...rest,
    parts: async (setup) => {
      held.watched = new WatchedParts(await parts(setup));
      return held.watched.parts;
    },
    beside: (server) => {
      if (held.watched === undefined) throw new Error("the parts are made before the server");
      registerAdmin(server);
      registerMonitoring(server, { watched: held.watched, folder: null });
      beside?.(server);
    },
    extend: async (scope) => {
      await scope.register(storefront);
      await extend?.(scope);
    },
  });
  return { ...trial, adminToken };
}

/** A waiting room with room for everybody, so that every shopper has a place in it. */
export const WIDE_ROOM: RoomSetup = {
  limits: {
    active: 1_000,
    perMinute: null,
    lanes: [{ name: "regular", share: 1, opensAt: null }],
    engages: { from: null, above: 0 },
    passMillis: 60_000,
    sessionMillis: 60_000,
    keptMillis: 60_000,
    adaptive: null,
    drawSeed: "seed",
  },
  laneOf: { regular: "regular", loyal: "regular", vip: "regular" },
};

/** Room for one: whoever comes next waits to be called, and comes in with a pass. */
export const NARROW_ROOM: RoomSetup = {
  ...WIDE_ROOM,
  limits: { ...WIDE_ROOM.limits, active: 1, engages: { from: null, above: 1 } },
};

export interface Called {
  readonly ticket: number;
  readonly pass: string;
}

/**
 * The place and the pass of a shopper of a narrow room, for whom somebody else has made room.
 * `round` calls the next, where nothing in the background does.
 */
export async function calledIn(
  origin: string,
  shopper: TrialShopper,
  round: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Called> {
  const before = await TrialShopper.come(origin);
  const inside = (await before.ask("/api/queue", { method: "POST" })).body;
  const { ticket } = (await shopper.ask("/api/queue", { method: "POST" })).body;
  await before.ask(`/api/queue/${inside.ticket}`, { method: "DELETE" });
  for (let looks = 0; looks < CALLED_LOOKS_MAX; looks += 1) {
    await round();
    const { pass } = (await shopper.ask(`/api/queue/${ticket}`)).body;
    if (pass !== undefined) return { ticket, pass };
    await new Promise((resolve) => setTimeout(resolve, CALLED_LOOK_MILLIS));
  }
  throw new Error("the shopper was not called in");
}

/** Looks at a queue whose rounds are a second apart. */
const CALLED_LOOKS_MAX = 200;
const CALLED_LOOK_MILLIS = 50;

/** Joins the waiting room and comes in, whether at once, by a pass or after a round. */
export async function comeIn({ store, server }: TrialServer, shopper: TrialShopper): Promise<void> {
  const { admission } = store;
  const joined = await shopper.ask("/api/queue", { method: "POST" });
  shopper.ticket = joined.body.ticket;
  if (joined.body.status === "inside" || admission === null) return;
  if (joined.body.status === "waiting") await server.desk.change(admission.admitDue(null));
  const { pass } = (await shopper.ask(`/api/queue/${shopper.ticket}`)).body;
  await shopper.ask("/api/queue/enter", { body: { pass } });
}

/** The path of a route with these names in it; `nothing` where none is given. */
export function pathOf(
  { url }: Pick<DeclaredRoute, "url">,
  names: Readonly<Record<string, string>> = {},
): string {
  return url
    .replace(/:(\w+)/g, (_, name: string) => names[name] ?? (name === "ticket" ? "999" : "nothing"))
    .replace("*", names["*"] ?? "nothing");
}
