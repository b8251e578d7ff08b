/**
 * The schedule of the order test through the twin's engine: the store's programs over the memory
 * adapters, on the kernel's clock, as a rehearsal runs them. What each answer means in HTTP is
 * said here a second time, so that the server's own saying is held against it.
 */
import { Context } from "effect";
import { Simulation } from "../../../engine/simulation.ts";
import { MILLISECOND } from "../../../engine/time.ts";
import { VirtualRuntime } from "../../../twin/adapters/virtual-effect.ts";
import { type PlaceOrderAnswer, type StartCheckoutAnswer, statusOf } from "../../core/checkout.ts";
import { EXIT_REASONS } from "../../core/feedback.ts";
import { totalOf } from "../../core/money.ts";
import { readCode } from "../../core/promotion-code.ts";
import { CountedCodeSource } from "../../memory/code-source.ts";
import type { IdentifiersService } from "../../ports/identifiers.ts";
import { type CartAnswer, cartStatusOf, makeCarts } from "../../service/cart.ts";
import { makeCheckout } from "../../service/checkout.ts";
import { makeHoldSweep } from "../../service/expire-holds.ts";
import { Program } from "../../service/program.ts";
import { makePromotions, type OfferAnswer } from "../../service/promote.ts";
import { makeHoldRelease } from "../../service/release-hold.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { feedbackStatusOf, makeSurveys } from "../../service/survey.ts";
import { personMarks } from "../http/person-marks.ts";
import { nameOf } from "../http/problem.ts";
import { ShopperTokens } from "../http/shopper-token.ts";
import { memoryParts } from "../memory-parts.ts";
import {
  type Decision,
  gatewaysOfTest,
  isInvited,
  OUTSIDE_NETWORK,
  type Outcome,
  outcomeOf,
  ShopperNotes,
} from "./order-outcome.ts";
import type { Scheduled, Wish } from "./order-schedule.ts";
import { TRIAL_KEY } from "./trial-server.ts";

export function throughEngine(
  setup: SaleSetup,
  schedule: readonly Scheduled[],
  startsAt: number,
): Promise<Outcome> {
  const simulation = new Simulation({ seed: "order-test" });
  const runtime = new VirtualRuntime<never>({
    simulation,
    epochMillis: startsAt,
    services: Context.empty(),
  });
  const desk = new EngineDesk(setup);
  const decisions: Decision[] = [];
  const event = simulation.defineEvent("order-test.wish", (place) => {
    const { shopper, wish } = schedule[place] as Scheduled;
    runtime.ask(desk.programOf(shopper, wish), (decision) => {
      if ("status" in decision) {
        desk.notes.hear(shopper, decision.body);
        decisions[place] = decision;
      }
    });
  });
  for (const [place, { at }] of schedule.entries()) {
    simulation.schedule(at * MILLISECOND, event, place);
  }
  simulation.run();
  return outcomeOf(decisions, desk.parts);
}

/** Names as long as those that a live store gives. */
function countedNames(): IdentifiersService {
  let given = 0;
  return {
    next: (kind) => {
      given += 1;
      return `${kind}_${String(given).padStart(24, "0")}`;
    },
  };
}

class EngineDesk {
  readonly notes: ShopperNotes;
  readonly parts;
  readonly #carts;
  readonly #checkout;
  readonly #promotions;
  readonly #surveys;
  readonly #holds;
  readonly #sweep;
  readonly #tokens = new ShopperTokens("order-test", [TRIAL_KEY]);

  constructor(setup: SaleSetup) {
    const parts = memoryParts(setup);
    const identifiers = countedNames();
    const ports = {
      ...parts,
      gateways: gatewaysOfTest(),
      identifiers,
      codes: CountedCodeSource.make(),
    };
    this.parts = parts;
    this.notes = new ShopperNotes(() => identifiers.next("shopper"));
    this.#carts = makeCarts(ports, setup.settings);
    this.#checkout = makeCheckout(ports, setup.settings);
    this.#promotions = makePromotions(ports, setup.settings);
    this.#surveys = makeSurveys(ports, setup.feedback);
    this.#holds = makeHoldRelease(ports);
    this.#sweep = makeHoldSweep(ports).sweep;
  }

  programOf(number: number, wish: Wish): Program<Decision, never> {
    const { shopper, cart, hold, code } = this.notes.of(number);
    const of = { shopper, network: OUTSIDE_NETWORK, invited: isInvited(number) };
    switch (wish.kind) {
      case "add":
        return told(this.#carts.add({ ...of, cart, sku: wish.sku, units: wish.units }), ofCart);
      case "set":
        return told(
          this.#carts.setUnits({ ...of, cart, sku: wish.sku, units: wish.units }),
          ofCart,
        );
      case "hold":
        return told(
          this.#checkout.startCheckout({
            ...of,
            items: wish.of === "cart" ? { cart } : { lines: [wish.of] },
            ...(wish.withCode && code !== null ? { codes: [code] } : null),
          }),
          ofOrder,
        );
      case "release":
        return told(this.#holds.release({ hold: hold ?? "hold_none", shopper }), ({ _tag }) =>
          _tag === "Released" ? { status: 204, body: "" } : problem({ _tag: "UnknownHold" }, 404),
        );
      case "order":
        return told(
          this.#checkout.placeOrder({
            ...of,
            key: wish.key,
            items: wish.of === "cart" ? { cart } : { lines: [wish.of] },
            paymentToken: wish.card,
            ...(wish.email === null ? null : personMarks(this.#tokens, { email: wish.email })),
            ...(wish.withHold && hold !== null ? { hold } : null),
            ...(wish.withCode && code !== null ? { codes: [code] } : null),
          }),
          ofOrder,
        );
      case "offer":
        return told(this.#offer(shopper, cart), ofOffer);
      case "check":
        return this.#check(shopper, wish.own ? code : this.notes.lastCode);
      case "askExit":
        return told(this.#surveys.exitQuestion(shopper), (answer) =>
          answer._tag === "AskedBefore"
            ? { status: 200, body: { asked: false } }
            : {
                status: 200,
                body: { asked: true, answerBy: answer.answerBy, reasons: EXIT_REASONS },
              },
        );
      case "answerExit":
        return told(
          this.#surveys.answerExit({ shopper, reason: wish.reason, note: "" }),
          (answer) =>
            answer._tag === "Answered"
              ? { status: 200, body: { taken: true } }
              : problem(answer, feedbackStatusOf(answer)),
        );
      case "sweep":
        return told(this.#sweep, (count) => ({ status: 0, body: { expired: count } }));
    }
  }

  #offer(shopper: string, cart: string): Program<OfferAnswer, never> {
    const promotions = this.#promotions;
    const { carts } = this.parts;
    return new Program(function* (clock) {
      const stored = yield* carts.get(cart);
      const leavesCart = (stored?.lines.length ?? 0) > 0;
      const facts = { tier: "regular", productViews: 0, leavesCart } as const;
      return yield* promotions.offer({ shopper, trigger: "exit-intent", facts, cart }).begin(clock);
    }) as Program<OfferAnswer, never>;
  }

  #check(shopper: string, typed: string | null): Program<Decision, never> {
    const { promotions } = this.parts;
    return new Program(function* (clock) {
      const code = readCode(typed ?? "none");
      if (code === null)
        return problem({ _tag: "CodeUnknown", code: typed ?? "none" } as never, 404);
      const now = clock.unsafeCurrentTimeMillis();
      const answer = yield* promotions.lookUp({ shopper, code, now });
      if (answer._tag !== "CodeValid") return ofOrder(answer);
      const { offer, expiresAt } = answer;
      return { status: 200, body: { code: answer.code, offer, expiresAt } };
    }) as Program<Decision, never>;
  }
}

/** A program whose answer is said as HTTP says it; ports in memory always answer. */
function told<Answer>(
  program: Program<Answer, unknown>,
  say: (answer: Answer) => Decision,
): Program<Decision, never> {
  return new Program(function* (clock) {
    return say(yield* program.begin(clock));
  }) as Program<Decision, never>;
}

function problem(answer: { readonly _tag: string }, status: number): Decision {
  const { _tag, ...members } = answer;
  return { status, body: { type: `/problems/${nameOf(_tag)}`, ...members } };
}

function ofCart(answer: CartAnswer): Decision {
  if (answer._tag !== "CartChanged") return problem(answer, cartStatusOf(answer));
  const { cart, currency, lines } = answer.cart;
  return { status: 200, body: { cart, currency, lines, total: totalOf(lines) } };
}

function ofOffer(answer: OfferAnswer): Decision {
  if (answer._tag === "NoOffer") return { status: 200, body: { made: false } };
  const { _tag, ...members } = answer;
  return { status: 200, body: { made: true, ...members } };
}

function ofOrder(answer: StartCheckoutAnswer | PlaceOrderAnswer): Decision {
  const status = statusOf(answer as PlaceOrderAnswer);
  switch (answer._tag) {
    case "CheckoutStarted": {
      const { _tag, ...members } = answer;
      return { status, body: members };
    }
    case "Confirmed": {
      const { _tag, ...members } = answer;
      return { status, body: { ...members, status: "confirmed" } };
    }
    case "NotYours":
      // Over HTTP another shopper's code reads as one that is not there.
      return problem({ ...answer, _tag: "CodeUnknown" }, 404);
    default:
      return problem(answer, status);
  }
}
