/**
 * What stands before the routes of those who run the sale and of those who watch it. To run it
 * takes two things: a place to ask from (this machine, unless networks are named) and a token.
 * To watch it takes one of the two. Who tries tokens is held back by network.
 */
import { BlockList, isIPv6 } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RateLimit } from "../../core/rate-limit.ts";
import type { OwnGuards } from "../http/guards.ts";
import { HeldBack } from "../http/held-back.ts";
import { networkBlock } from "../http/network-block.ts";
import { problemOf, sendProblem } from "../http/problem.ts";
import type { AdminTokens } from "./admin-tokens.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who runs the sale, on a route of theirs; null elsewhere. */
    operator?: string;
  }
}

export interface AdminGuardOptions {
  readonly tokens: AdminTokens;
  /** Blocks of addresses that may run the sale, as in `10.1.0.0/16`; this machine by default. */
  readonly networks?: readonly string[];
  /** True where `X-Forwarded-For` of a named proxy is believed (`trustProxy` of the server). */
  readonly behindProxy?: boolean;
  /** Wrong tokens of one network. */
  readonly attempts?: RateLimit;
}

export const LOOPBACK: readonly string[] = ["127.0.0.0/8", "::1/128"];
const ATTEMPTS: RateLimit = { tokens: 1, everyMillis: 10_000, burst: 10 };
const BEARER = "Bearer ";
const MAPPED = "::ffff:";

export function adminGuards(options: AdminGuardOptions): Required<OwnGuards> {
  const desk = new AdminDoor(options);
  return {
    admin: (request, reply, done) => {
      if (!desk.isNear(request)) return refuse(reply, "NotAllowed", 403);
      if (desk.letsIn(request, reply)) done();
    },
    operator: (request, reply, done) => {
      if (desk.isNear(request) && request.headers.authorization === undefined) return done();
      if (desk.letsIn(request, reply)) done();
    },
  };
}

class AdminDoor {
  readonly #tokens: AdminTokens;
  readonly #networks: BlockList;
  readonly #behindProxy: boolean;
  readonly #attempts: RateLimit;
  readonly #wrong = new HeldBack();

  constructor({ tokens, networks = LOOPBACK, behindProxy = false, attempts }: AdminGuardOptions) {
    this.#tokens = tokens;
    this.#networks = blocksOf(networks);
    this.#behindProxy = behindProxy;
    this.#attempts = attempts ?? ATTEMPTS;
  }

  /** A request that a proxy passed on is only as near as that proxy says, if it is believed. */
  isNear({ headers, ip }: FastifyRequest): boolean {
    const passedOn = headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
    if (passedOn && !this.#behindProxy) return false;
    const address = ip.startsWith(MAPPED) ? ip.slice(MAPPED.length) : ip;
    return this.#networks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  }

  letsIn(request: FastifyRequest, reply: FastifyReply): boolean {
    const now = request.server.desk.now();
    const network = networkBlock(request.ip);
    const wait = this.#wrong.waitMillis(network, now);
    if (wait > 0) {
      sendProblem(reply, problemOf("TooManyRequests", 429, { retryAfterMillis: wait }));
      return false;
    }
    const { authorization = "" } = request.headers;
    const token = authorization.startsWith(BEARER) ? authorization.slice(BEARER.length) : null;
    const operator = token === null ? null : this.#tokens.operatorOf(token);
    if (operator !== null) {
      request.operator = operator;
      return true;
    }
    if (token !== null) this.#wrong.countFailure({ key: network, limit: this.#attempts }, now);
    refuse(reply, "NotIdentified", 401);
    return false;
  }
}

function blocksOf(networks: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/", 2);
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) blocks.addAddress(address, family);
    else blocks.addSubnet(address, Number(bits), family);
  }
  return blocks;
}

function refuse(reply: FastifyReply, tag: string, status: number): void {
  sendProblem(reply, problemOf(tag, status));
}
