import { Exit } from "effect";
import { describe, expect, it } from "vitest";
import type { GatewayScript } from "../memory/scripted-gateway.ts";
import { type Fault, FaultyPorts } from "../testing/faulty-ports.ts";
import { codeNumbered, offerOf } from "../testing/offers.ts";
import {
  acknowledge,
  answerOf,
  findings,
  HOLD_FOR,
  openCheckout,
  place,
  reconcile,
  request,
  sweep,
  type TrialOptions,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";
import { makeReconciliation } from "./reconcile.ts";

interface Story {
  readonly name: string;
  /** Made anew for every run, because scripts may count. */
  readonly options: (trial: () => TrialStore) => TrialOptions;
  /** How the undisturbed run ends. */
  readonly ends: string;
  /** True where the shopper holds the units first. */
  readonly twoSteps?: boolean;
  /** True where the order names a code. */
  readonly code?: boolean;
  readonly person?: readonly string[];
  /** What has happened in the store before. */
  readonly before?: (trial: TrialStore) => void;
}

/** A store that asks who is behind a shopper, and counts how often they ask. */
const limited = () => ({
  limitPerPerson: 1,
  limits: { perShopper: { tokens: 100, everyMillis: 1_000, burst: 100 }, perNetwork: null },
});

const only = (script: Omit<GatewayScript, "name">) => () => ({
  gateways: [{ name: "first", ...script }],
});
const withFallback = (script: Omit<GatewayScript, "name">) => () => ({
  gateways: [{ name: "first", ...script }, { name: "second" }],
});

/** While the charge is under way the hold lapses, and somebody else takes the last unit. */
function snatchedDuringCapture(trial: () => TrialStore): TrialOptions {
  const charge = () => {
    const { stock, time } = trial();
    stock.stock.expireNext(time.now + HOLD_FOR);
    const lines = [{ sku: "TOASTER", units: 1 }];
    const expiresAt = time.now + 100 * HOLD_FOR;
    stock.stock.hold({ hold: "bob's", shopper: "bob", lines, now: time.now, expiresAt });
    return "approve" as const;
  };
  return { units: 1, gateways: [{ name: "first", charge }] };
}

/** A budget of some money, but less than the code would take off. */
const TOO_LITTLE = { codes: 1, redemptions: 1, money: 1 };

function withOffer(script: Partial<GatewayScript>): Story["options"] {
  return () => ({
    gateways: [{ name: "first", ...script }],
    // The shopper comes back to it long after a crash.
    offers: [offerOf("stay", { validForMillis: 1_000 * HOLD_FOR })],
  });
}

const STORIES: readonly Story[] = [
  { name: "a sale", options: only({}), ends: "Confirmed" },
  { name: "a sale with a code", options: withOffer({}), ends: "Confirmed", code: true },
  {
    name: "a decline with a code",
    options: withOffer({ charge: () => "declineHard" }),
    ends: "Declined",
    code: true,
  },
  {
    name: "a code and an answer that is lost",
    options: withOffer({ charge: () => "timeOutAfterCapture", lookUp: () => "answer" }),
    ends: "Confirmed",
    code: true,
  },
  {
    name: "a code whose budget another order spends meanwhile",
    options: () => ({ offers: [offerOf("stay", { budget: TOO_LITTLE })] }),
    ends: "BudgetSpent",
    code: true,
  },
  { name: "a sale in two steps", options: only({}), ends: "Confirmed", twoSteps: true },
  { name: "a decline", options: only({ charge: () => "declineHard" }), ends: "Declined" },
  { name: "a sale to a known person", options: limited, ends: "Confirmed", person: ["card"] },
  {
    name: "one person behind two shoppers",
    options: limited,
    ends: "PersonLimitReached",
    person: ["card"],
    before: (trial) => {
      place(trial, request({ shopper: "eve", person: ["card"] }));
    },
  },
  { name: "sold out", options: () => ({ units: 0 }), ends: "SoldOut" },
  {
    name: "charged without an answer",
    options: only({ charge: () => "timeOutAfterCapture", timeLimitMillis: 80_000 }),
    ends: "Confirmed",
  },
  {
    name: "charged without an answer, a fallback at hand",
    options: withFallback({ charge: () => "timeOutAfterCapture" }),
    ends: "Confirmed",
  },
  {
    name: "no answer and no charge, then the fallback",
    options: withFallback({ charge: () => "timeOutBeforeCapture" }),
    ends: "Confirmed",
  },
  {
    name: "a request that arrives after it was looked up",
    options: withFallback({ charge: () => "arriveLate" }),
    ends: "Confirmed",
  },
  {
    name: "no connection at all",
    options: only({ charge: () => "networkError" }),
    ends: "PaymentUnavailable",
  },
  {
    name: "a lost answer that cannot be looked up at first",
    options: only({
      charge: () => "timeOutAfterCapture",
      lookUp: (call) => (call <= 2 ? "timeOut" : "answer"),
    }),
    ends: "PaymentInDoubt",
  },
  { name: "units gone during capture", options: snatchedDuringCapture, ends: "Refunded" },
  {
    name: "units gone, and the refund answers late",
    options: (trial) => ({
      units: 1,
      gateways: [
        {
          name: "first",
          ...snatchedDuringCapture(trial).gateways?.[0],
          refund: (call: number) => (call <= 4 ? "timeOutAfterRefund" : "answer"),
        },
      ],
    }),
    ends: "RefundPending",
  },
];

/** The shopper's code of the one offer. */
function issued(trial: TrialStore): string {
  const code = codeNumbered(1);
  const { now } = trial.time;
  trial.promotions.book.issue({ offer: "stay", shopper: "ann", code, now });
  return code;
}

function begin(story: Story): { trial: TrialStore; asked: ReturnType<typeof request> } {
  const trial: TrialStore = trialStore(story.options(() => trial));
  if (story.code === true) return { trial, asked: request({ codes: [issued(trial)] }) };
  story.before?.(trial);
  const { person } = story;
  if (person !== undefined) return { trial, asked: request({ person }) };
  if (story.twoSteps !== true) return { trial, asked: request() };
  const started = answerOf(trial, openCheckout(trial).startCheckout(request()));
  expect(started._tag).toBe("CheckoutStarted");
  return {
    trial,
    asked: request(started._tag === "CheckoutStarted" ? { hold: started.hold } : {}),
  };
}

/** How many calls at the ports the story makes when nothing fails. */
function callsOf(story: Story): number {
  const { trial, asked } = begin(story);
  const counted = new FaultyPorts(trial.ports, null);
  const answer = answerOf(trial, openCheckout(trial, counted.ports).placeOrder(asked));
  expect(answer._tag, story.name).toBe(story.ends);
  return counted.calls;
}

/** What must hold once the store has been restarted and everything under way has come to rest. */
function expectHealed(trial: TrialStore, asked: ReturnType<typeof request>, where: string): void {
  for (let round = 0; round < 6; round += 1) reconcile(trial);
  for (const gateway of trial.gateways) gateway.deliverLate();
  trial.time.now += HOLD_FOR + 1;
  sweep(trial);
  expect(findings(trial, { quiescent: true, logWhole: false }), where).toEqual([]);
  const first = place(trial, asked);
  const again = place(trial, asked);
  expect(again, where).toEqual(first);
  for (let round = 0; round < 6; round += 1) reconcile(trial);
  trial.time.now += 100 * HOLD_FOR;
  sweep(trial);
  expect(findings(trial, { quiescent: true, logWhole: false }), where).toEqual([]);
  expect(unitsOf(trial).held, where).toBe(0);
  const kept = trial.gateways.flatMap((gateway) => gateway.charges());
  const net = kept.map((charge) => charge.captured - charge.refunded).filter((left) => left > 0);
  expect(net.length, where).toBe(unitsOf(trial).sold);
}

function crashAt(story: Story, fault: Fault): void {
  const where = `${story.name}, ${fault.kind} ${fault.side} call ${fault.call}`;
  const { trial, asked } = begin(story);
  const faulty = new FaultyPorts(trial.ports, fault);
  const exit = trial.time.run(openCheckout(trial, faulty.ports).placeOrder(asked));
  if (Exit.isSuccess(exit)) acknowledge(trial, asked, exit.value);
  expectHealed(trial, asked, where);
}

const SIDES = ["before", "after"] as const;
const KINDS = ["crash", "interrupt", "unavailable"] as const;

describe("a store that stops in the middle of an order", () => {
  for (const story of STORIES) {
    it(`is healed by a restart wherever it stops: ${story.name}`, () => {
      const calls = callsOf(story);
      expect(calls).toBeGreaterThan(4);
      for (let call = 1; call <= calls; call += 1) {
        for (const side of SIDES) {
          for (const kind of KINDS) crashAt(story, { call, side, kind });
        }
      }
    });
  }

  it("is healed when the reconciliation stops as well, wherever it stops", () => {
    let crashes = 0;
    for (const story of STORIES) {
      const calls = callsOf(story);
      for (let call = 2; call <= calls; call += 2) {
        for (const second of [1, 2, 3, 5, 7]) {
          const { trial, asked } = begin(story);
          const faulty = new FaultyPorts(trial.ports, { call, side: "after", kind: "crash" });
          trial.time.run(openCheckout(trial, faulty.ports).placeOrder(asked));
          const again = new FaultyPorts(trial.ports, {
            call: second,
            side: "after",
            kind: "crash",
          });
          const round = makeReconciliation(again.ports, trial.settings).reconcile(0);
          crashes += Exit.isFailure(trial.time.run(round)) ? 1 : 0;
          expectHealed(trial, asked, `${story.name}, crash at ${call}, again at ${second}`);
        }
      }
    }
    expect(crashes).toBeGreaterThan(100);
  });
});
