/**
 * A live store for tests of whoever follows one: the real server with its monitoring over parts in
 * memory, on a clock that the test moves, with a waiting room for one, its sale log recorded, and
 * units that can be made to vanish, which is the store's own critical alert.
 */
import { join } from "node:path";
import { Effect } from "effect";
import { adminGuards } from "../../../../store/live/admin/admin-guard.ts";
import { AdminTokens } from "../../../../store/live/admin/admin-tokens.ts";
import { memoryParts } from "../../../../store/live/memory-parts.ts";
import { type Monitor, WatchedParts } from "../../../../store/live/monitoring/monitor.ts";
import { registerMonitoring } from "../../../../store/live/monitoring/register-monitoring.ts";
import type { LiveParts } from "../../../../store/live/parts.ts";
import { SaleRecord } from "../../../../store/live/sale-record.ts";
import {
  HandClock,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../../../../store/live/testing/trial-server.ts";
import type { SaleSetup } from "../../../../store/service/sale-setup.ts";

/** Of the operator whom the store knows. */
export const OPERATOR_TOKEN = Buffer.alloc(32, 1).toString("base64url");
const OPENS = Date.UTC(2026, 10, 27, 20);
const MINUTE = 60_000;
const LOOK_EVERY_MILLIS = 10_000;

export interface FollowedStore {
  readonly origin: string;
  /** The sale log that it records. */
  readonly saleLog: string;
  readonly clock: HandClock;
  /** The store looks at itself for so long, by its clock. */
  readonly lookFor: (millis: number) => Promise<void>;
  /** One shopper who is inside buys a toaster each time; the others wait. */
  readonly buy: () => Promise<void>;
  readonly queueUp: () => Promise<void>;
  readonly lose: (units: number) => void;
  readonly close: () => Promise<void>;
}

export async function followedStore(folder: string): Promise<FollowedStore> {
  const clock = new HandClock(OPENS + 31 * MINUTE);
  const sale = { earlyAccessAt: OPENS, publicAt: OPENS, closesAt: OPENS + 180 * MINUTE };
  const setup = trialSetup({ units: 5_000, sale, room: ROOM });
  let lost = 0;
  const watched = new WatchedParts(leaky(setup, () => lost));
  let monitor: Monitor | null = null;
  const saleLog = join(folder, "sale.ndjson");
  const record = await SaleRecord.open({ path: saleLog, parts: watched.parts });
  const tokens = new AdminTokens(new Map([["ann", OPERATOR_TOKEN]]));
  const trial = await trialServer({
    setup: { ...setup, name: "Black Friday 2026" },
    guards: adminGuards({ tokens }),
    clock: clock.clock,
    parts: () => watched.parts,
    beside: (server) => {
      monitor = registerMonitoring(server, { watched, folder: null });
    },
  });
  const come = async () => {
    const shopper = await TrialShopper.come(trial.origin);
    const heard = await shopper.ask("/api/queue", { method: "POST" });
    shopper.ticket = heard.body.ticket ?? null;
    return shopper;
  };
  const buyer = await come();
  let bought = 0;
  return {
    origin: trial.origin,
    saleLog,
    clock,
    lookFor: async (millis) => {
      for (let passed = 0; passed <= millis; passed += LOOK_EVERY_MILLIS) {
        await monitor?.look();
        if (passed < millis) clock.now += LOOK_EVERY_MILLIS;
      }
    },
    buy: async () => {
      bought += 1;
      const heard = await buyer.order(`order-${bought}`);
      if (heard.status !== 201) throw new Error(JSON.stringify(heard.body));
      await record.write();
    },
    queueUp: async () => {
      await come();
    },
    lose: (units) => {
      lost = units;
    },
    close: async () => {
      await record.stop();
      await trial.close();
    },
  };
}

const ROOM: NonNullable<SaleSetup["room"]> = {
  limits: {
    active: 1,
    perMinute: null,
    lanes: [{ name: "regular", share: 1, opensAt: null }],
    engages: { from: null, above: 1 },
    passMillis: 2 * MINUTE,
    sessionMillis: 60 * MINUTE,
    keptMillis: 60 * MINUTE,
    adaptive: null,
    drawSeed: "seed",
  },
  laneOf: { regular: "regular", loyal: "regular", vip: "regular" },
};

function leaky(setup: SaleSetup, lost: () => number): LiveParts {
  const sound = memoryParts(setup);
  const level: LiveParts["stock"]["level"] = (sku) =>
    Effect.map(sound.stock.level(sku), (found) =>
      "available" in found && sku === "TOASTER"
        ? { ...found, available: found.available - lost() }
        : found,
    );
  return { ...sound, stock: { ...sound.stock, level } };
}
