/**
 * The wait as a stream of server-sent events: the place whenever it changes, and a word now and
 * then so that no proxy thinks the line dead. Each stream is one look at the queue every few
 * seconds, the same that a page would ask for; there are only so many streams, and whoever finds
 * none left polls.
 */
import { PassThrough } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type HttpDesk, identityOf } from "../http-desk.ts";
import { problemOf, sendProblem } from "../problem.ts";
import { shape } from "../schemas.ts";
import { placeBody } from "./queue.ts";

export interface StreamLimits {
  /** Streams of this process, and of one shopper. */
  readonly streamsMax: number;
  readonly perShopperMax: number;
  readonly lookEveryMillis: number;
  /** Looks without a change before a word is sent all the same. */
  readonly quietLooksMax: number;
  /** After so many looks the browser has to come again. */
  readonly looksMax: number;
}

/** Assumed: a tenth of what a process answers is spent on streams; a shopper has two tabs. */
export const STREAM_LIMITS: StreamLimits = {
  streamsMax: 2_000,
  perShopperMax: 2,
  lookEveryMillis: 2_000,
  quietLooksMax: 4,
  looksMax: 900,
};

interface Stream {
  readonly ticket: number;
  readonly shopper: string;
  readonly body: PassThrough;
}

export function queueEventRoutes(
  server: FastifyInstance,
  desk: HttpDesk,
  limits: StreamLimits,
): void {
  const streams = new QueueStreams(desk, limits);
  server.addHook("preClose", (done) => {
    streams.endAll();
    done();
  });
  server.get<{ Params: { readonly ticket: string } }>(
    "/api/queue/:ticket/events",
    {
      config: { policy: "shopper", priority: null, answerMillisMax: null },
      schema: {
        summary: "The wait as server-sent events",
        description: "Each event is a place as `GET /api/queue/{ticket}` answers it.",
        params: shape({ ticket: { type: "string", pattern: "^\\d{1,12}$" } }),
        response: {
          200: { type: "string", description: "text/event-stream" },
        },
      },
    },
    (request, reply) => {
      const { shopper } = identityOf(request);
      const ticket = Number(request.params.ticket);
      const body = streams.open(ticket, shopper);
      if (body === null) return sendProblem(reply, problemOf("TooManyStreams", 429));
      // A stream is silent by nature; its own words keep it alive.
      request.raw.socket.setTimeout(0);
      reply.raw.on("close", () => body.destroy());
      return reply.type("text/event-stream").send(body);
    },
  );
}

class QueueStreams {
  readonly #desk: HttpDesk;
  readonly #limits: StreamLimits;
  readonly #open = new Map<PassThrough, Stream>();
  readonly #perShopper = new Map<string, number>();

  constructor(desk: HttpDesk, limits: StreamLimits) {
    this.#desk = desk;
    this.#limits = limits;
  }

  /** A stream of the place, or null where there are too many. */
  open(ticket: number, shopper: string): PassThrough | null {
    const { streamsMax, perShopperMax, lookEveryMillis } = this.#limits;
    const own = this.#perShopper.get(shopper) ?? 0;
    if (this.#open.size >= streamsMax || own >= perShopperMax) return null;
    const body = new PassThrough();
    const stream = { ticket, shopper, body };
    this.#open.set(body, stream);
    this.#perShopper.set(shopper, own + 1);
    const follow = this.#following(stream);
    const timer = setInterval(follow, lookEveryMillis);
    body.once("close", () => {
      clearInterval(timer);
      this.#forget(stream);
    });
    follow();
    return body;
  }

  endAll(): void {
    for (const body of this.#open.keys()) body.end();
  }

  /** Looks once and tells what has changed; one look at a time. */
  #following(stream: Stream): () => void {
    const { looksMax, quietLooksMax } = this.#limits;
    let said = "";
    let quiet = 0;
    let looks = 0;
    let looking = false;
    return () => {
      if (looking || stream.body.writableEnded) return;
      looking = true;
      looks += 1;
      this.#look(stream)
        .then((place) => {
          const event = place === null ? "event: gone\ndata: {}\n\n" : eventOf(place);
          quiet = event === said ? quiet + 1 : 0;
          if (event !== said) stream.body.write(event);
          else if (quiet % quietLooksMax === 0) stream.body.write(": still here\n\n");
          said = event;
          if (place?.status !== "waiting" || looks >= looksMax) stream.body.end();
        })
        // The browser comes again by itself, and by then the store may answer.
        .catch(() => stream.body.end())
        .finally(() => {
          looking = false;
        });
    };
  }

  async #look({ ticket, shopper }: Stream) {
    const { admission } = this.#desk.store;
    if (admission === null) return null;
    return placeBody(await this.#desk.change(admission.look({ ticket, shopper })));
  }

  #forget({ shopper, body }: Stream): void {
    if (!this.#open.delete(body)) return;
    const left = (this.#perShopper.get(shopper) ?? 1) - 1;
    if (left > 0) this.#perShopper.set(shopper, left);
    else this.#perShopper.delete(shopper);
  }
}

function eventOf(place: object): string {
  return `event: place\ndata: ${JSON.stringify(place)}\n\n`;
}
