import fc from "fast-check";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { StripeWebhook, verifyWebhook, type WebhookOptions } from "./stripe-webhook.ts";
import { WEBHOOK_BYTES_MAX } from "./webhook-limits.ts";

const SECRET = "whsec_the_one_of_today";
const EARLIER = "whsec_the_one_of_yesterday";
const NOW = 1_800_000_000_000;

const bytes = (text: string) => new TextEncoder().encode(text);

function signed(payload: string, secret = SECRET, at = NOW): string {
  const timestamp = Math.floor(at / 1_000);
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

function eventOf(over: object = {}): string {
  return JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "payment_intent.succeeded",
    created: 1_799_999_990,
    livemode: false,
    data: {
      object: {
        id: "pi_1",
        object: "payment_intent",
        metadata: { order: "order-1", charge_key: "order-1.1" },
      },
    },
    ...over,
  });
}

function webhookWith(options: Partial<WebhookOptions> = {}): StripeWebhook {
  return new StripeWebhook({ secrets: [SECRET], live: false, now: () => NOW, ...options });
}

function receive(webhook: StripeWebhook, payload: string, signature?: string) {
  return webhook.receive(bytes(payload), signature ?? signed(payload));
}

const refused = (reason: string) => ({ _tag: "WebhookRefused", reason });

describe("an event of Stripe", () => {
  it("names the order, the key and the charge that it is about", () => {
    expect(receive(webhookWith(), eventOf())).toEqual({
      _tag: "ChargeNews",
      id: "evt_1",
      news: "captured",
      order: "order-1",
      key: "order-1.1",
      reference: "pi_1",
      at: 1_799_999_990_000,
    });
  });

  it("names the charge that was returned or disputed by its intent", () => {
    const object = { id: "ch_1", object: "charge", payment_intent: "pi_1", metadata: {} };
    for (const [type, news] of [
      ["charge.refunded", "refunded"],
      ["charge.dispute.created", "disputed"],
    ]) {
      const answer = receive(webhookWith(), eventOf({ type, data: { object } }));
      expect(answer).toMatchObject({ _tag: "ChargeNews", news, reference: "pi_1", order: null });
    }
  });

  it("of a kind that we do not know is taken and of no use", () => {
    const answer = receive(webhookWith(), eventOf({ type: "customer.created" }));
    expect(answer).toEqual({ _tag: "OtherNews", id: "evt_1", type: "customer.created" });
  });

  it("is told once, unless the store could not act on it", () => {
    const webhook = webhookWith();
    expect(receive(webhook, eventOf())._tag).toBe("ChargeNews");
    expect(receive(webhook, eventOf())).toEqual({ _tag: "Repeated", id: "evt_1" });
    expect(receive(webhook, eventOf({ id: "evt_2" }))._tag).toBe("ChargeNews");
    webhook.forget("evt_1");
    expect(receive(webhook, eventOf())._tag).toBe("ChargeNews");
  });

  it("counts for five minutes, and not before its time", () => {
    const at = (millis: number) => signed(eventOf(), SECRET, NOW + millis);
    const told = (millis: number) => receive(webhookWith(), eventOf(), at(millis));
    expect(told(-300_000)._tag).toBe("ChargeNews");
    expect(told(300_000)._tag).toBe("ChargeNews");
    expect(told(-301_000)).toEqual(refused("too old"));
    expect(told(301_000)).toEqual(refused("from the future"));
  });

  it("that was refused is not remembered as told", () => {
    const webhook = webhookWith();
    receive(webhook, eventOf(), signed(eventOf(), SECRET, NOW - 400_000));
    expect(receive(webhook, eventOf())._tag).toBe("ChargeNews");
  });
});

describe("the signature of an event", () => {
  it("may be of any secret while they are changed, and of no other", () => {
    const both = webhookWith({ secrets: [SECRET, EARLIER] });
    expect(receive(both, eventOf(), signed(eventOf(), EARLIER))._tag).toBe("ChargeNews");
    const one = webhookWith();
    const earlier = receive(one, eventOf(), signed(eventOf(), EARLIER));
    expect(earlier).toEqual(refused("wrong signature"));
  });

  it("is broken by any changed bit of the body", () => {
    const payload = eventOf();
    const signature = signed(payload);
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.nat(6), (place, bit) => {
        const changed = bytes(payload);
        changed[place] = (changed[place] ?? 0) ^ (1 << bit);
        expect(webhookWith().receive(changed, signature)).toEqual(refused("wrong signature"));
      }),
    );
  });

  it("has one time: an old event does not get younger by a second one", () => {
    const old = signed(eventOf(), SECRET, NOW - 86_400_000);
    const today = `t=${Math.floor(NOW / 1_000)}`;
    expect(receive(webhookWith(), eventOf(), `${today},${old}`)).toEqual(refused("not signed"));
    expect(receive(webhookWith(), eventOf(), `${old},${today}`)).toEqual(refused("not signed"));
  });

  it("is there, and is one", () => {
    const webhook = webhookWith();
    expect(webhook.receive(bytes(eventOf()), undefined)).toEqual(refused("not signed"));
    const texts = ["", "t=,v1=", "v1=abc", "t=1", `t=${NOW / 1_000},v0=${"a".repeat(64)}`];
    for (const text of texts) {
      const answer = webhook.receive(bytes(eventOf()), text);
      expect(["not signed", "wrong signature"]).toContain("reason" in answer && answer.reason);
    }
    const long = `${signed(eventOf())},${"v1=a,".repeat(1_000)}`;
    expect(receive(webhook, eventOf(), long)).toEqual(refused("not signed"));
  });

  it("is asked for before anything in the body is believed, whatever the body is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (body, signature) => {
        const { _tag } = verifyWebhook({
          rawBody: body,
          signature,
          secrets: [SECRET],
          now: NOW,
        });
        expect(_tag).toBe("WebhookRefused");
      }),
    );
  });
});

describe("a webhook", () => {
  it("refuses a body that is too large before it is checked", () => {
    const payload = eventOf({ padding: "x".repeat(WEBHOOK_BYTES_MAX) });
    expect(receive(webhookWith(), payload)).toEqual(refused("too large"));
  });

  it("refuses what is signed and no event", () => {
    for (const payload of ["{}", "[]", "null", "{", '{"id":"evt_1"}', eventOf({ data: null })]) {
      expect(receive(webhookWith(), payload)).toEqual(refused("malformed"));
    }
  });

  it("takes the events of its own account and mode", () => {
    const other = eventOf({ account: "acct_other" });
    expect(receive(webhookWith(), other)).toEqual(refused("another account"));
    const connected = webhookWith({ account: "acct_ours" });
    expect(receive(connected, other)).toEqual(refused("another account"));
    expect(receive(connected, eventOf())).toEqual(refused("another account"));
    expect(receive(connected, eventOf({ account: "acct_ours" }))._tag).toBe("ChargeNews");
    const real = eventOf({ livemode: true });
    expect(receive(webhookWith(), real)).toEqual(refused("another mode"));
    expect(receive(webhookWith({ live: true }), real)._tag).toBe("ChargeNews");
  });

  it("does not start without a secret, or with a short one", () => {
    expect(() => webhookWith({ secrets: [] })).toThrow("a webhook has a secret");
    expect(() => webhookWith({ secrets: [SECRET, "short"] })).toThrow("no short word");
  });
});
