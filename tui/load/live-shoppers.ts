/**
 * The shoppers of a rehearsal at a live store: every page, cart, checkout and order that they ask
 * for, at the same times and in the same order. What a CDN answers does not reach the store. Where
 * the store has a waiting room they take a place in it and wait for their turn.
 */
/// <reference types="node" />
import { MILLISECOND } from "../../engine/time.ts";
import { fnv1a } from "../../store/core/fnv.ts";
import {
  CART,
  CHECKOUT,
  LANDING,
  LIST,
  PAYMENT,
  PRODUCT,
  SUBMIT,
} from "../../twin/shoppers/journey.ts";
import { LiveShopper, memberOf, problemIn } from "./live-shopper.ts";
import type { Answer, Exchange, FollowUp, LoadRequest } from "./load-request.ts";
import type { RehearsedRequest, SaleWindow } from "./rehearsed-requests.ts";
import { cardOf, endOfAnswered, endOfRehearsed, noOrders } from "./sale-tally.ts";

/** Shoppers have their names this long before their first page, milliseconds. */
const NAMED_BEFORE_MILLIS = 1_000;
/** Shoppers that are remembered; whoever came first is forgotten first. */
const SHOPPERS_KEPT_MAX = 500_000;
const POLL_AFTER_SECONDS = 2;

/** What the store sells, in the order of the scenario. */
export interface LiveItem {
  readonly sku: string;
  readonly product: string;
}

export interface LiveShoppersOptions {
  readonly window: SaleWindow;
  /** 2 where the shoppers are to be twice as fast. */
  readonly speed: number;
  readonly items: readonly LiveItem[];
  readonly waitingRoom: boolean;
  /** Which of the shoppers: those whose number has this remainder. */
  readonly part: { readonly place: number; readonly of: number };
  /** Signs who a shopper is; null where the store is asked for a name. */
  readonly sign: ((shopper: number, invited: boolean) => string) | null;
}

export class LiveShoppers {
  /** What the store made of the orders, and what the rehearsal did. */
  readonly answered = noOrders();
  readonly rehearsed = noOrders();
  atEdge = 0;
  /** Of these, those since the last request that was put together. */
  #edgeSince = 0;
  /** Minor units of the orders that were sold. */
  revenue = 0;
  /** Problems that the store told, by kind. */
  readonly problems: Record<string, number> = {};
  readonly #options: LiveShoppersOptions;
  readonly #shoppers = new Map<number, LiveShopper>();

  constructor(options: LiveShoppersOptions) {
    this.#options = options;
  }

  /** As {@link LoadRequest}s, in the order in which they are due. */
  async *requests(source: AsyncIterable<RehearsedRequest>): AsyncGenerator<LoadRequest> {
    const { part, window, speed, sign } = this.#options;
    const lead = sign === null ? NAMED_BEFORE_MILLIS : 0;
    /** Those after a name that goes out earlier. */
    const held: LoadRequest[] = [];
    let first = 0;
    for await (const request of source) {
      if (request.shopper % part.of !== part.place) continue;
      if (request.isAtEdge) {
        this.#edgeSince += 1;
        continue;
      }
      const named = (request.at - window.from) / MILLISECOND / speed;
      while (first < held.length && (held[first] as LoadRequest).due <= named) {
        yield held[first] as LoadRequest;
        first += 1;
      }
      held.splice(0, first);
      first = 0;
      const due = named + lead;
      const { shopper, isNew } = this.#shopperOf(request);
      const session = request.shopper;
      if (isNew && !shopper.isKnown) yield { due: named, session, ...this.#name(shopper) };
      if (isNew && this.#options.waitingRoom) held.push({ due, session, ...this.#door(shopper) });
      held.push({ due, session, ...this.#counted(shopper, request) });
    }
    this.atEdge += this.#edgeSince;
    yield* held;
  }

  #shopperOf({ shopper: number, invited }: RehearsedRequest) {
    const known = this.#shoppers.get(number);
    if (known !== undefined) return { shopper: known, isNew: false };
    const shopper = new LiveShopper(number);
    const { sign } = this.#options;
    if (sign !== null) shopper.takeToken(sign(number, invited));
    this.#shoppers.set(number, shopper);
    if (this.#shoppers.size > SHOPPERS_KEPT_MAX) {
      const [oldest] = this.#shoppers.keys();
      this.#shoppers.delete(oldest as number);
    }
    return { shopper, isNew: true };
  }

  #name(shopper: LiveShopper): Exchange {
    return this.#exchange("POST /api/shoppers", {
      asking: () => shopper.askName(),
      onAnswer: (answer) => shopper.hearName(answer),
    });
  }

  /** A place in the waiting room, and looks at it until it is their turn. */
  #door(shopper: LiveShopper): Exchange {
    const onAnswer = (answer: Answer | null): void => {
      this.#note(answer);
      shopper.hearTicket(answer);
    };
    const followUp = (answer: Answer | null): FollowUp | null => {
      const told = { onAnswer, followUp };
      switch (memberOf(answer, "status")) {
        case "admitted": {
          const pass = String(memberOf(answer, "pass"));
          const asking = () => shopper.enter(pass);
          return { afterMillis: 0, route: "POST /api/queue/enter", asking, ...told };
        }
        case "waiting": {
          const seconds = Number(memberOf(answer, "pollAfterSeconds") ?? POLL_AFTER_SECONDS);
          const asking = () => shopper.look();
          const afterMillis = seconds * 1_000;
          return { afterMillis, route: "GET /api/queue/:ticket", asking, ...told };
        }
        default:
          return null;
      }
    };
    return { route: "POST /api/queue", asking: () => shopper.join(), onAnswer, followUp };
  }

  /** What came of the rehearsal counts as far as the load has come, not as far as it was read. */
  #counted(shopper: LiveShopper, request: RehearsedRequest): Exchange {
    const { step, answer, isChallenged } = request;
    const exchange = this.#step(shopper, request);
    const atEdge = this.#edgeSince;
    this.#edgeSince = 0;
    const asking = () => {
      this.atEdge += atEdge;
      const end = isChallenged ? "declined" : endOfRehearsed(answer);
      if (step === SUBMIT) this.rehearsed[end] += 1;
      return exchange.asking();
    };
    return { ...exchange, asking };
  }

  #step(shopper: LiveShopper, request: RehearsedRequest): Exchange {
    switch (request.step) {
      case LANDING:
        return { route: "GET /", asking: () => shopper.askPage("/") };
      case LIST:
        return { route: "GET /products", asking: () => shopper.askPage("/products") };
      case PRODUCT: {
        const path = `/product/${encodeURIComponent(this.#productFor(request))}`;
        return { route: "GET /product/:product", asking: () => shopper.askPage(path) };
      }
      case CART:
        return this.#exchange("POST /api/cart/lines", {
          asking: () => shopper.add({ sku: this.#skuOf(request), units: request.units }),
          onAnswer: (answer) => shopper.hearCart(answer),
        });
      case CHECKOUT:
        return this.#exchange("POST /api/checkout", {
          asking: () => shopper.checkOut(),
          onAnswer: (answer) => shopper.hearHold(answer),
        });
      case PAYMENT:
        return { route: "GET /api/cart", asking: () => shopper.seeCart() };
      default:
        return this.#order(shopper, request);
    }
  }

  #order(shopper: LiveShopper, { answer: rehearsed, isChallenged }: RehearsedRequest): Exchange {
    const card = cardOf(rehearsed, isChallenged);
    return this.#exchange("POST /api/orders", {
      asking: () => shopper.order(card),
      onAnswer: (answer) => {
        shopper.hearOrder(answer);
        const end = answer === null ? "refused" : endOfAnswered(answer.status, problemIn(answer));
        this.answered[end] += 1;
        if (end === "sold") this.revenue += Number(memberOf(answer, "total") ?? 0);
      },
    });
  }

  #exchange(
    route: string,
    { asking, onAnswer }: Pick<Exchange, "asking"> & { onAnswer: (answer: Answer | null) => void },
  ): Exchange {
    return {
      route,
      asking,
      onAnswer: (answer) => {
        this.#note(answer);
        onAnswer(answer);
      },
    };
  }

  #note(answer: Answer | null): void {
    const problem = problemIn(answer);
    if (problem !== null) this.problems[problem] = (this.problems[problem] ?? 0) + 1;
  }

  #skuOf({ item }: RehearsedRequest): string {
    return this.#options.items[item]?.sku ?? "";
  }

  /** The rehearsal does not say which product's page it is; every one is as likely. */
  #productFor({ shopper, at }: RehearsedRequest): string {
    const { items } = this.#options;
    return items[fnv1a(`${shopper}/${at}`) % items.length]?.product ?? "";
  }
}
