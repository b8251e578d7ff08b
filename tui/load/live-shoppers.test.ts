import { afterEach, describe, expect, it } from "vitest";
import { SECOND } from "../../engine/time.ts";
import { ShopperTokens } from "../../store/live/http/shopper-token.ts";
import {
  TRIAL_KEY,
  type TrialServer,
  type TrialServerOptions,
  trialServer,
  trialSetup,
} from "../../store/live/testing/trial-server.ts";
import { CART, CHECKOUT, PAYMENT, SUBMIT } from "../../twin/shoppers/journey.ts";
import { ACCEPTED, DECLINED, type SaleAnswer } from "../../twin/shoppers/sale-desk.ts";
import { LiveShoppers } from "./live-shoppers.ts";
import { openLoop } from "./open-loop.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { RehearsedRequest } from "./rehearsed-requests.ts";

const open: TrialServer[] = [];
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

const ITEMS = [
  { sku: "TOASTER", product: "toasting" },
  { sku: "KETTLE", product: "boiling" },
];

/** A shopper who buys, a step every hundredth of a second. */
function buyer(shopper: number, answer: SaleAnswer = ACCEPTED): RehearsedRequest[] {
  return [CART, CHECKOUT, PAYMENT, SUBMIT].map((step, place) => ({
    at: (place * SECOND) / 100,
    shopper,
    invited: false,
    step,
    isAtEdge: false,
    item: step === CART ? 1 : -1,
    units: step === CART ? 2 : 0,
    isChallenged: false,
    answer: step === SUBMIT ? answer : null,
  }));
}

/** As who has the store's keys: shoppers need not ask for a name. */
function signerOf({ store }: TrialServer): (shopper: number) => string {
  const tokens = new ShopperTokens(store.setup.name, [TRIAL_KEY]);
  const until = Date.now() + 60_000;
  return (shopper) =>
    tokens.sign({ shopper: `shopper_${shopper}`, tier: "regular", invited: false }, until);
}

interface Sent {
  readonly waitingRoom?: boolean;
  readonly asksForNames?: boolean;
  readonly signal?: AbortSignal;
}

async function send(
  trial: TrialServer,
  requests: RehearsedRequest[],
  { waitingRoom = false, asksForNames = false, ...options }: Sent = {},
) {
  const shoppers = new LiveShoppers({
    window: { from: 0, to: 60 * SECOND },
    speed: 1,
    items: ITEMS,
    waitingRoom,
    part: { place: 0, of: 1 },
    sign: asksForNames ? null : signerOf(trial),
  });
  async function* source() {
    yield* requests.sort((one, other) => one.at - other.at);
  }
  const requested = new ReadAhead(shoppers.requests(source()), 100);
  const record = await openLoop({ target: trial.origin, source: requested, ...options });
  return { record, shoppers };
}

describe("shoppers at a live store", () => {
  it("buy what they buy in the rehearsal, until the store has nothing left", async () => {
    const trial = await trialServer({ setup: trialSetup({ units: 7 }) });
    open.push(trial);
    const crowd = [1, 2, 3, 4, 5].flatMap((shopper) => buyer(shopper));
    const { record, shoppers } = await send(trial, crowd, { asksForNames: true });
    // Two each of seven: three shoppers buy, two are told no before they pay.
    expect(shoppers.answered).toMatchObject({ sold: 3, declined: 0 });
    expect(shoppers.rehearsed).toMatchObject({ sold: 5 });
    expect(shoppers.problems).toEqual({ "sold-out": 2 });
    expect(record.route("POST /api/shoppers").counts.statuses).toEqual({ 201: 5 });
    expect(shoppers.revenue).toBe(3 * 2 * 2_500);
  });

  it("count in the rehearsal's column as far as they were sent, however far was read", async () => {
    const stop = new AbortController();
    const beside: TrialServerOptions["beside"] = (server) => {
      server.addHook("onResponse", async ({ url }) => {
        if (url === "/api/orders") setTimeout(() => stop.abort(), 250);
      });
    };
    const trial = await trialServer({ beside });
    open.push(trial);
    const late = buyer(2).map((request) => ({ ...request, at: request.at + 30 * SECOND }));
    const { shoppers } = await send(trial, [...buyer(1), ...late], { signal: stop.signal });
    expect(shoppers.answered.sold).toBe(1);
    expect(shoppers.rehearsed.sold).toBe(1);
  });

  it("come with a card that ends as in the rehearsal", async () => {
    const asked: string[] = [];
    const beside: TrialServerOptions["beside"] = (server) => {
      server.addHook("preHandler", async ({ url, body }) => {
        if (url === "/api/orders") asked.push((body as { paymentToken: string }).paymentToken);
      });
    };
    const trial = await trialServer({ beside });
    open.push(trial);
    await send(trial, [...buyer(1), ...buyer(2, DECLINED)]);
    expect(asked.sort()).toEqual(["card-declined", "card-ok"]);
  });

  it("wait for their turn where the store has a waiting room", { timeout: 15_000 }, async () => {
    const MINUTE = 60_000;
    const limits = {
      active: 1,
      perMinute: 600,
      lanes: [{ name: "regular", share: 1, opensAt: null }],
      engages: { from: null, above: 1 },
      passMillis: MINUTE,
      sessionMillis: 300,
      keptMillis: MINUTE,
      adaptive: null,
      drawSeed: "seed",
    };
    const laneOf = { regular: "regular", loyal: "regular", vip: "regular" };
    const trial = await trialServer({ setup: trialSetup({ room: { limits, laneOf } }) });
    open.push(trial);
    const { admission } = trial.store;
    if (admission === null) throw new Error("the store has a waiting room");
    const rounds = setInterval(() => {
      void trial.server.desk.change(admission.expireDue);
      void trial.server.desk.change(admission.admitDue(null));
    }, 100);
    const { record, shoppers } = await send(trial, [...buyer(1), ...buyer(2)], {
      waitingRoom: true,
    });
    clearInterval(rounds);
    expect(shoppers.answered.sold).toBe(2);
    expect(record.route("POST /api/queue").answered).toBe(2);
    expect(record.route("POST /api/queue/enter").counts.statuses).toEqual({ 200: 1 });
    // What was due while they waited is due when they are in: the wait is not the cart's latency.
    expect(record.route("POST /api/cart/lines").response.maxMillis).toBeLessThan(1_500);
  });
});
