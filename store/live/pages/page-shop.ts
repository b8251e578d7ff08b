/**
 * What the pages of one server share: the desk that they ask at, the pages that are kept, who is
 * asking, and the way through the waiting room. A browser is given a name with the first thing
 * that it sends; looking around needs none.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { ArriveAnswer, LookedAnswer } from "../../service/admit.ts";
import type { Program } from "../../service/program.ts";
import { identify } from "../http/guards.ts";
import { type AskedTooOften, type HttpDesk, type NotInside, networkOf } from "../http/http-desk.ts";
import { problemOf, problemOfAnswer, sendProblem } from "../http/problem.ts";
import { joinBuckets } from "../http/routes/queue.ts";
import { newShopper } from "../http/routes/shoppers.ts";
import { TICKET_HEADER } from "../http/shopper-session.ts";
import type { Identity } from "../http/shopper-token.ts";
import type { CardForm } from "./card-form.ts";
import type { Html } from "./html.ts";
import { queuePath } from "./page-paths.ts";
import type { StaticPages } from "./static-pages.ts";

/** Where a shopper stands who came to the door. */
export type PlaceAnswer = LookedAnswer | ArriveAnswer | AskedTooOften;

const INSIDE: PlaceAnswer = { _tag: "Inside", ticket: 0, entered: false };

/** What a shopper asks for once inside, begun anew each time it is asked. */
export type Asked<Answer> = () => Program<Answer | NotInside, PortUnavailable>;

export interface PageShopParts {
  readonly desk: HttpDesk;
  readonly pages: StaticPages;
  readonly card: CardForm;
}

export class PageShop {
  readonly desk: HttpDesk;
  readonly pages: StaticPages;
  readonly card: CardForm;

  constructor({ desk, pages, card }: PageShopParts) {
    this.desk = desk;
    this.pages = pages;
    this.card = card;
  }

  get sale(): string {
    return this.desk.store.setup.name;
  }

  /** Who asks; null for somebody who has no name yet. */
  visitor(request: FastifyRequest): Identity | null {
    identify(this.desk, request);
    return request.identity;
  }

  /** Who asks, named now if need be; null where no name was to be had, which was then told. */
  async shopper(request: FastifyRequest, reply: FastifyReply): Promise<Identity | null> {
    return this.visitor(request) ?? (await this.welcome(request, reply, undefined));
  }

  /** A name for a browser, by an invitation or without; null where it was refused, and told so. */
  async welcome(
    request: FastifyRequest,
    reply: FastifyReply,
    invitation: string | undefined,
  ): Promise<Identity | null> {
    const { desk } = this;
    const made = await newShopper(desk, invitation, networkOf(request));
    if (made._tag === "TooManyRequests") sendProblem(reply, problemOfAnswer(made, 429));
    if (made._tag === "InvitationRefused") sendProblem(reply, problemOf("InvitationRefused", 403));
    if (made._tag !== "Made") return null;
    desk.session.keepShopper(reply, desk.session.tokenOf(made.identity, desk.now()).token);
    request.identity = made.identity;
    return made.identity;
  }

  /**
   * The answer for a shopper who is inside, or is let in at once. Null where they have to wait and
   * were sent to the waiting room, from where they come back to `next`.
   */
  async inside<Answer extends { readonly _tag: string }>(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: { readonly program: Asked<Answer>; readonly next: string },
  ): Promise<Answer | null> {
    const { desk } = this;
    const answer = await desk.change(asked.program());
    if (!isNotInside(answer)) return answer;
    const place = await this.place(request, reply);
    const again = place._tag === "Inside" ? await desk.change(asked.program()) : answer;
    if (!isNotInside(again)) return again;
    go(reply, queuePath(asked.next));
    return null;
  }

  /** The shopper's place, taken now if there is none; whose turn has come is let in. */
  async place(request: FastifyRequest, reply: FastifyReply): Promise<PlaceAnswer> {
    const { desk } = this;
    const { admission, setup } = desk.store;
    const { identity } = request;
    if (admission === null || setup.room === null || identity === null) return INSIDE;
    const { shopper, tier } = identity;
    const known = await this.look(request);
    if (known !== null && known._tag !== "NoPlace") return known;
    const arrive = admission.arrive({ shopper, lane: setup.room.laneOf[tier] });
    const answer = await desk.change(desk.limited(joinBuckets(desk, request), arrive));
    if ("ticket" in answer) this.#keepTicket(request, reply, answer.ticket);
    return this.#entered(answer);
  }

  /** Where the shopper of this browser stands; null where it has no place to name. */
  async look(request: FastifyRequest): Promise<PlaceAnswer | null> {
    const { desk } = this;
    const { admission } = desk.store;
    if (admission === null) return INSIDE;
    const ticket = desk.session.ticketOf(request);
    const { identity } = request;
    if (ticket === null || identity === null) return null;
    return this.#entered(await desk.change(admission.look({ ticket, shopper: identity.shopper })));
  }

  /** A pass that was given is used at once: a page has nothing to wait for. */
  async #entered(answer: PlaceAnswer): Promise<PlaceAnswer> {
    const { admission } = this.desk.store;
    if (answer._tag !== "PassGiven" || admission === null) return answer;
    const entered = await this.desk.change(admission.enter(answer.pass));
    return entered._tag === "Inside" ? entered : { _tag: "NoPlace" };
  }

  /** The rest of this request goes by the place as well, as if the browser had named it. */
  #keepTicket(request: FastifyRequest, reply: FastifyReply, ticket: number): void {
    this.desk.session.keepTicket(reply, ticket);
    request.headers[TICKET_HEADER] = String(ticket);
  }
}

export function sendPage(reply: FastifyReply, made: Html, status = 200): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(String(made));
}

/** To a page, by a request of its own, so that loading that again sends nothing twice. */
export function go(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(path, 303);
}

function isNotInside<Answer extends { readonly _tag: string }>(
  answer: Answer | NotInside,
): answer is NotInside {
  return answer._tag === "NotInside";
}
