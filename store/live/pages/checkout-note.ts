/**
 * What a browser keeps between the cart and the paid order: which hold it has, the name that its
 * order will have, and the discount it was told. It is the shopper's own word: the store goes by
 * its ledgers, and a changed note changes what its owner sees and nothing else.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { makeHoldRelease } from "../../service/release-hold.ts";
import { type HttpDesk, identityOf } from "../http/http-desk.ts";

const NOTE = "checkout";
const NOTE_LENGTH_MAX = 1_000;

export interface CheckoutNote {
  readonly hold: string;
  /** When the hold lapses, milliseconds since 1970. */
  readonly until: number;
  /** Under which the order will be placed, once however often it is sent. */
  readonly key: string;
  /** What the codes take off, minor units. */
  readonly discount: number;
  readonly codes: readonly string[];
}

export function keepCheckout(desk: HttpDesk, reply: FastifyReply, note: CheckoutNote): void {
  desk.session.keepNote(reply, NOTE, JSON.stringify(note));
}

export function checkoutOf(desk: HttpDesk, request: FastifyRequest): CheckoutNote | null {
  const text = desk.session.noteOf(request, NOTE);
  if (text === null || text === "" || text.length > NOTE_LENGTH_MAX) return null;
  try {
    const note: unknown = JSON.parse(text);
    return isNote(note) ? note : null;
  } catch {
    return null;
  }
}

export function forgetCheckout(desk: HttpDesk, reply: FastifyReply): void {
  desk.session.keepNote(reply, NOTE, "");
}

/** Gives back what is held and forgets it: the shopper wants something else. */
export async function dropCheckout(
  desk: HttpDesk,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const note = checkoutOf(desk, request);
  if (note === null) return;
  const { shopper } = identityOf(request);
  const { ports } = desk.store;
  const order = await desk.change(ports.orders.findByKey({ shopper, key: note.key }));
  // A hold with an order is the order's to end.
  if (order === null) {
    await desk.change(makeHoldRelease(ports).release({ hold: note.hold, shopper }));
  }
  forgetCheckout(desk, reply);
}

function isNote(note: unknown): note is CheckoutNote {
  if (typeof note !== "object" || note === null) return false;
  const { hold, until, key, discount, codes } = note as Record<string, unknown>;
  if (typeof hold !== "string" || typeof key !== "string" || key === "") return false;
  if (!Number.isSafeInteger(until) || !Number.isSafeInteger(discount)) return false;
  return Array.isArray(codes) && codes.every((code) => typeof code === "string");
}
