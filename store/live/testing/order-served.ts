/**
 * The schedule of the order test over HTTP: one request after the other to a real server on a real
 * socket, over any parts. The server's clock is moved by hand to the time of each request.
 */
import type { SaleSetup } from "../../service/sale-setup.ts";
import { ShopperTokens } from "../http/shopper-token.ts";
import type { LiveParts } from "../parts.ts";
import {
  type Decision,
  isInvited,
  type Outcome,
  outcomeOf,
  SCRIPTS,
  ShopperNotes,
} from "./order-outcome.ts";
import type { Scheduled, Wish } from "./order-schedule.ts";
import {
  type Asked,
  ask,
  HandClock,
  type Heard,
  TRIAL_KEY,
  type TrialServer,
  trialServer,
} from "./trial-server.ts";

const HOUR = 3_600_000;

export async function throughServer(
  setup: SaleSetup,
  schedule: readonly Scheduled[],
  startsAt: number,
  parts: LiveParts,
): Promise<Outcome> {
  const hands = new HandClock(startsAt);
  const trial = await trialServer({
    setup,
    parts: () => parts,
    gateways: SCRIPTS,
    clock: hands.clock,
  });
  const tokens = await tokensOf(trial, schedule, startsAt);
  const notes = new ShopperNotes((number) => tokens[number].shopper);
  const decisions: Decision[] = [];
  for (const { at, shopper, wish } of schedule) {
    hands.now = startsAt + at;
    const decision =
      wish.kind === "sweep"
        ? { status: 0, body: { expired: await sweep(trial) } }
        : decisionOf(await send(trial.origin, tokens[shopper].token, notes, shopper, wish));
    notes.hear(shopper, decision.body);
    decisions.push(decision);
  }
  const outcome = await outcomeOf(decisions, trial.store.parts);
  await trial.close();
  return outcome;
}

interface Named {
  readonly shopper: string;
  readonly token: string;
}

/** Everybody comes before the sale; some follow an invitation. */
async function tokensOf(
  { origin }: TrialServer,
  schedule: readonly Scheduled[],
  startsAt: number,
): Promise<readonly Named[]> {
  const signer = new ShopperTokens("order-test", [TRIAL_KEY]);
  const count = 1 + Math.max(...schedule.map(({ shopper }) => shopper));
  const named: Named[] = [];
  for (let number = 0; number < count; number += 1) {
    const guest = { guest: `guest-${number}`, tier: "regular", invited: true } as const;
    const invitation = signer.signInvitation(guest, startsAt + HOUR);
    const body = isInvited(number) ? { invitation } : {};
    named.push((await ask(origin, "/api/shoppers", { body })).body);
  }
  return named;
}

function sweep({ server, store }: TrialServer): Promise<number> {
  return server.desk.change(store.holdSweep.sweep);
}

function send(
  origin: string,
  token: string,
  notes: ShopperNotes,
  number: number,
  wish: Exclude<Wish, { kind: "sweep" }>,
): Promise<Heard> {
  const { cart, hold, code } = notes.of(number);
  const { path, method, body, key } = requestOf(wish, {
    cart,
    hold,
    code,
    lastCode: notes.lastCode,
  });
  const headers = { authorization: `Bearer ${token}`, ...key };
  const asked: Asked = { method, headers, ...(body === undefined ? {} : { body }) };
  return ask(origin, path, asked);
}

interface Known {
  readonly cart: string;
  readonly hold: string | null;
  readonly code: string | null;
  readonly lastCode: string | null;
}

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly body?: object;
  readonly key?: Readonly<Record<string, string>>;
}

function requestOf(wish: Exclude<Wish, { kind: "sweep" }>, known: Known): Sent {
  const post = (path: string, body?: object): Sent =>
    body === undefined ? { path, method: "POST" } : { path, method: "POST", body };
  const { cart, hold, code } = known;
  switch (wish.kind) {
    case "add":
      return post("/api/cart/lines", { sku: wish.sku, units: wish.units });
    case "set":
      return { path: `/api/cart/lines/${wish.sku}`, method: "PUT", body: { units: wish.units } };
    case "hold":
      return post("/api/checkout", { ...itemsOf(wish.of, cart), ...codes(wish.withCode, code) });
    case "release":
      return { path: `/api/holds/${hold ?? "hold_none"}`, method: "DELETE" };
    case "order": {
      const { of, card, email, withHold, withCode } = wish;
      const body = {
        ...itemsOf(of, cart),
        paymentToken: card,
        ...(email === null ? null : { email }),
        ...(withHold && hold !== null ? { hold } : null),
        ...codes(withCode, code),
      };
      return { ...post("/api/orders", body), key: { "idempotency-key": wish.key } };
    }
    case "offer":
      return post("/api/offers", { trigger: "exit-intent" });
    case "check":
      return post("/api/codes/check", { code: (wish.own ? code : known.lastCode) ?? "none" });
    case "askExit":
      return post("/api/exit-question");
    case "answerExit":
      return post("/api/exit-answer", { reason: wish.reason });
  }
}

function itemsOf(of: "cart" | object, cart: string): object {
  return of === "cart" ? { cart } : { lines: [of] };
}

function codes(named: boolean, code: string | null): object | null {
  return named && code !== null ? { codes: [code] } : null;
}

/** The title is for people, and the status stands beside the body already. */
function decisionOf({ status, body }: Heard): Decision {
  if (typeof body === "string" || status < 400) return { status, body };
  const { title, status: _status, ...members } = body;
  return { status, body: members };
}
