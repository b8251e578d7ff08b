/**
 * How a shopper is known from one request to the next: by a signed token, in `Authorization:
 * Bearer` for programs and in a cookie for pages. The two are the same identity. The place in the
 * waiting room goes beside it; it is only believed together with its shopper.
 */
import { fastifyCookie } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity, ShopperTokens } from "./shopper-token.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; null where nobody said, or on a route that is not for shoppers. */
    identity: Identity | null;
  }
}

const DAY = 86_400_000;
/** How long a shopper is known: longer than a sale with its surveys. */
export const TOKEN_MILLIS = 60 * DAY;
/** The header that says which place in the waiting room a program's shopper has. */
export const TICKET_HEADER = "queue-ticket";

const BEARER = "Bearer ";
const TICKET_DIGITS_MAX = 12;

export interface Presented {
  readonly token: string;
  /** A browser adds a cookie by itself, so what comes with one may not be meant. */
  readonly by: "bearer" | "cookie";
}

export class ShopperSession {
  readonly #tokens: ShopperTokens;
  readonly #secure: boolean;
  readonly #prefix: string;
  readonly #shopperCookie: string;
  readonly #ticketCookie: string;

  /** `secure` where shoppers come over https, as they do in any shop that is open to the world. */
  constructor({ tokens, secure }: { readonly tokens: ShopperTokens; readonly secure: boolean }) {
    this.#tokens = tokens;
    this.#secure = secure;
    const prefix = secure ? "__Host-" : "";
    this.#prefix = prefix;
    this.#shopperCookie = `${prefix}shopper`;
    this.#ticketCookie = `${prefix}ticket`;
  }

  /** The token that a request brings, or null. A header goes before a cookie. */
  presented({ headers }: FastifyRequest): Presented | null {
    const { authorization, cookie } = headers;
    if (authorization !== undefined) {
      if (!authorization.startsWith(BEARER)) return null;
      return { token: authorization.slice(BEARER.length), by: "bearer" };
    }
    if (cookie === undefined) return null;
    const token = fastifyCookie.parse(cookie)[this.#shopperCookie];
    return token === undefined ? null : { token, by: "cookie" };
  }

  /** The place that a request says its shopper has, or null. */
  ticketOf({ headers }: FastifyRequest): number | null {
    const named = headers[TICKET_HEADER];
    if (typeof named === "string") return ticketIn(named);
    const { cookie } = headers;
    return cookie === undefined ? null : ticketIn(fastifyCookie.parse(cookie)[this.#ticketCookie]);
  }

  /** A token of the shopper from now on. */
  tokenOf(identity: Identity, now: number): { readonly token: string; readonly until: number } {
    const until = now + TOKEN_MILLIS;
    return { token: this.#tokens.sign(identity, until), until };
  }

  /** Makes the browser keep the shopper's token, out of reach of any script. */
  keepShopper(reply: FastifyReply, token: string): void {
    this.#keep(reply, this.#shopperCookie, token);
  }

  keepTicket(reply: FastifyReply, ticket: number): void {
    this.#keep(reply, this.#ticketCookie, String(ticket));
  }

  /**
   * Makes the browser keep a short text that a later page needs, out of reach of any script unless
   * `toScripts` says otherwise. What comes back is the shopper's word and no more.
   */
  keepNote(reply: FastifyReply, name: string, text: string, toScripts = false): void {
    this.#keep(reply, `${this.#prefix}${name}`, text, !toScripts);
  }

  /** The text that the browser was given to keep, or null. */
  noteOf({ headers: { cookie } }: FastifyRequest, name: string): string | null {
    if (cookie === undefined) return null;
    return fastifyCookie.parse(cookie)[`${this.#prefix}${name}`] ?? null;
  }

  #keep(reply: FastifyReply, name: string, value: string, httpOnly = true): void {
    const cookie = fastifyCookie.serialize(name, value, {
      path: "/",
      httpOnly,
      secure: this.#secure,
      sameSite: "lax",
      maxAge: TOKEN_MILLIS / 1_000,
    });
    reply.header("set-cookie", cookie);
  }
}

function ticketIn(text: string | undefined): number | null {
  if (text === undefined || text.length > TICKET_DIGITS_MAX || !/^\d+$/.test(text)) return null;
  return Number(text);
}
