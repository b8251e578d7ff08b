/**
 * Connections to one target, kept open between requests. A request that finds all of them in use
 * waits; whoever measures from the time at which it was due counts that wait as the shopper would.
 */
/// <reference types="node" />
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Outcome, TIME_LIMIT } from "./load-record.ts";
import type { Answer, Asking } from "./load-request.ts";

/** Longer answers are read and not kept. */
const TEXT_LENGTH_MAX = 1_000_000;
/** A connection that the server has closed meanwhile: the request did not reach it. */
const STALE = new Set(["ECONNRESET", "EPIPE"]);

export interface ConnectionsOptions {
  /** As in `http://127.0.0.1:8080`. */
  readonly target: string;
  readonly connectionsMax: number;
  readonly timeLimitMillis: number;
}

export interface Heard {
  readonly outcome: Outcome;
  readonly answer: Answer | null;
  /** By `performance.now()`: when it had a connection, and when its answer was there. */
  readonly sentAt: number;
  readonly endedAt: number;
}

export class Connections {
  readonly #target: URL;
  readonly #options: ConnectionsOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #open = new Set<ClientRequest>();
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#target = new URL(options.target);
    const kept = {
      keepAlive: true,
      maxSockets: options.connectionsMax,
      maxFreeSockets: options.connectionsMax,
      scheduling: "lifo",
    } as const;
    this.#agent = this.#target.protocol === "https:" ? new HttpsAgent(kept) : new HttpAgent(kept);
  }

  /** Requests that are under way or wait for a connection. */
  get underWay(): number {
    return this.#open.size;
  }

  /** Asks and hears, with the text of the answer where it is wanted. It never fails. */
  ask(asking: Asking, wantsText: boolean): Promise<Heard> {
    return this.#once(asking, wantsText, true);
  }

  /** Ends every connection, and what is under way with it. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#open) request.destroy();
    this.#agent.destroy();
  }

  #once(asking: Asking, wantsText: boolean, mayTryAgain: boolean): Promise<Heard> {
    return new Promise((resolve) => {
      let sentAt = performance.now();
      const request = this.#begin(asking);
      this.#open.add(request);
      const limit = setTimeout(() => request.destroy(new TimeLimit()), this.#limit);
      const end = (outcome: Outcome, answer: Answer | null): void => {
        clearTimeout(limit);
        this.#open.delete(request);
        resolve({ outcome, answer, sentAt, endedAt: performance.now() });
      };
      const fail = (failure: Error): void => {
        const error = codeOf(failure);
        if (this.#isClosed || !mayTryAgain || !request.reusedSocket || !STALE.has(error)) {
          end({ kind: "failed", error }, null);
          return;
        }
        clearTimeout(limit);
        this.#open.delete(request);
        resolve(this.#once(asking, wantsText, false));
      };
      request.once("socket", () => {
        sentAt = performance.now();
      });
      request.on("error", fail);
      request.once("response", (response) => {
        // An answer has begun: what breaks off now is not tried again.
        mayTryAgain = false;
        const { statusCode: status = 0, headers } = response;
        const seconds = Number(headers["retry-after"]);
        const retryAfterSeconds = seconds > 0 ? seconds : null;
        let text = "";
        if (wantsText) {
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            if (text.length < TEXT_LENGTH_MAX) text += part;
          });
        } else response.resume();
        response.once("error", fail);
        response.once("end", () =>
          end({ kind: "answered", status }, { status, text, retryAfterSeconds }),
        );
      });
    });
  }

  #begin({ method, path, headers = {}, body }: Asking): ClientRequest {
    const { protocol, hostname, port } = this.#target;
    const send = protocol === "https:" ? httpsRequest : httpRequest;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const length = text === undefined ? 0 : Buffer.byteLength(text);
    const ofBody =
      text === undefined
        ? method === "GET"
          ? {}
          : { "content-length": "0" }
        : { "content-type": "application/json", "content-length": String(length) };
    const request = send({
      agent: this.#agent,
      host: hostname.replace(/^\[|\]$/g, ""),
      port,
      method,
      path,
      headers: { ...headers, ...ofBody },
    });
    request.end(text);
    return request;
  }

  get #limit(): number {
    return this.#options.timeLimitMillis;
  }
}

class TimeLimit extends Error {
  readonly code = TIME_LIMIT;
}

function codeOf(failure: Error): string {
  return (failure as { readonly code?: string }).code ?? failure.message;
}
