/** Two nodes of one sale on one ledger: what they do to each other, and what the ledger forbids. */
import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { auditPayments } from "../../core/payment-audit.ts";
import { ScriptedGateway } from "../../memory/scripted-gateway.ts";
import { changeOf, confirmedAnswer, orderOf, paymentOf } from "../../testing/orders.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { buy, type TrialNode, withTwoNodes } from "../testing/postgres-nodes.ts";
import { trialSetup } from "../testing/trial-server.ts";

/** What is sold and what is charged, in the ledger and at the gateway, once nothing is under way. */
async function settled({ ledger }: TrialNode, gateway: ScriptedGateway) {
  const orders = await Effect.runPromise(ledger.orders.snapshot);
  const level = await Effect.runPromise(ledger.movements.level("TOASTER"));
  const charges = gateway.charges();
  expect(auditPayments({ orders, charges, quiescent: true })).toEqual([]);
  const confirmed = orders.orders.filter(({ state }) => state === "confirmed").length;
  const kept = charges.filter(({ captured, refunded }) => captured > refunded).length;
  return { confirmed, kept, calls: gateway.chargeCalls(), level };
}

await describeWithServer("postgres", "two nodes on one PostgreSQL", ({ url }) => {
  describe("one order that is paid by ten requests at once", () => {
    it("is captured once, and every request hears of the same order", async () => {
      const gateway = ScriptedGateway.make({ name: "first", latencyMillis: 20 });
      await withTwoNodes({ url, setup: trialSetup(), gateway }, async (nodes) => {
        const asked = Array.from({ length: 10 }, (_, n) => buy(nodes[n % 2], "ann", "one key"));
        const answers = (await Promise.all(asked)).map(({ _tag }) => _tag);
        expect(answers.filter((tag) => tag === "Confirmed")).toHaveLength(1);
        expect(answers.filter((tag) => tag === "InFlight")).toHaveLength(9);
        const again = await buy(nodes[0], "ann", "one key");
        expect(again).toEqual(await buy(nodes[1], "ann", "one key"));
        expect(again._tag).toBe("Confirmed");
        const { confirmed, kept, calls } = await settled(nodes[1], gateway);
        expect([confirmed, kept, calls]).toEqual([1, 1, 1]);
      });
    });
  });

  describe("a stock that two gates sell, each as if it were alone", () => {
    it("is sold once: the others are told before they are charged", async () => {
      const gateway = ScriptedGateway.make({ name: "first", latencyMillis: 5 });
      const setup = trialSetup({ units: 20 });
      await withTwoNodes({ url, setup, gateway, ownGates: true }, async (nodes) => {
        const shoppers = Array.from({ length: 80 }, (_, n) => buy(nodes[n % 2], `shopper ${n}`));
        const answers = (await Promise.all(shoppers)).map(({ _tag }) => _tag);
        expect(answers.filter((tag) => tag === "Confirmed")).toHaveLength(20);
        expect(answers.filter((tag) => tag === "SoldOut")).toHaveLength(60);
        const { confirmed, kept, calls, level } = await settled(nodes[0], gateway);
        expect([confirmed, kept, calls]).toEqual([20, 20, 20]);
        expect(level).toMatchObject({ sold: 20, held: 0, available: 0 });
      });
    });

    it("is given back by an order that was refused its card, for the next to buy", async () => {
      const gateway = ScriptedGateway.make({
        name: "first",
        charge: (call) => (call === 1 ? "declineHard" : "approve"),
      });
      const setup = trialSetup({ units: 1 });
      await withTwoNodes({ url, setup, gateway, ownGates: true }, async (nodes) => {
        const [one, other] = nodes;
        expect((await buy(one, "ann"))._tag).toBe("Declined");
        expect((await buy(other, "ben"))._tag).toBe("Confirmed");
        expect((await buy(one, "eve"))._tag).toBe("SoldOut");
        expect(await buy(other, "eve")).toMatchObject({ _tag: "SoldOut", available: 0 });
      });
    });

    it("puts the refused order's hold back and tells the log of its end", async () => {
      const gateway = ScriptedGateway.make({ name: "first" });
      const setup = trialSetup({ units: 1 });
      await withTwoNodes({ url, setup, gateway, ownGates: true }, async ([one, other]) => {
        await buy(one, "ann");
        expect(await buy(other, "ben")).toEqual({ _tag: "SoldOut", sku: "TOASTER", available: 0 });
        const { levels } = await Effect.runPromise(other.gate.snapshot);
        expect(levels[0]).toMatchObject({ available: 1, held: 0, sold: 0 });
        const log = await Effect.runPromise(one.ledger.saleLog.read({ after: 0, limit: 100 }));
        const ofBen = log.filter(({ event }) => "shopper" in event && event.shopper === "ben");
        const kinds = ofBen.map(({ event }) => event.kind);
        expect(kinds).toEqual(["OrderPlaced", "HoldPlaced", "OrderCancelled", "HoldReleased"]);
      });
    });
  });

  describe("a stock that two nodes sell through one gate", () => {
    it("is sold to the last unit: 200 shoppers, 100 units", async () => {
      const gateway = ScriptedGateway.make({ name: "first" });
      await withTwoNodes({ url, setup: trialSetup({ units: 100 }), gateway }, async (nodes) => {
        const shoppers = Array.from({ length: 200 }, (_, n) => buy(nodes[n % 2], `shopper ${n}`));
        const answers = (await Promise.all(shoppers)).map(({ _tag }) => _tag);
        expect(answers.filter((tag) => tag === "Confirmed")).toHaveLength(100);
        const { confirmed, kept, level } = await settled(nodes[0], gateway);
        expect([confirmed, kept]).toEqual([100, 100]);
        expect(level).toMatchObject({ sold: 100, available: 0 });
      });
    });
  });

  describe("the tables themselves", () => {
    it("refuse a second capture, and a request that shares its group is answered", async () => {
      const gateway = ScriptedGateway.make({ name: "first" });
      await withTwoNodes({ url, setup: trialSetup(), gateway }, async ([{ ledger }]) => {
        const lines = [{ sku: "TOASTER", units: 1, unitPrice: 2_500 }];
        const [ann, ben] = [orderOf("o-1", { lines }), orderOf("o-2", { lines })];
        const orders = ledger.orders;
        for (const order of [ann, ben]) await Effect.runPromise(orders.place(order));
        const capture = (order: typeof ann) =>
          orders.append(
            changeOf(order, "authorised", { payment: paymentOf(order, "capture", order.id) }),
          );
        const first = await Effect.runPromise(capture(ann));
        if (first._tag !== "Appended") throw new Error(first._tag);
        const [second, other] = await Promise.all([
          Effect.runPromise(Effect.either(capture(first.order as typeof ann))),
          Effect.runPromise(capture(ben)),
        ]);
        expect(second).toMatchObject({ left: { _tag: "PortUnavailable" } });
        expect(JSON.stringify(second)).toContain("one_capture_of_an_order");
        expect(other._tag).toBe("Appended");
        const confirmed = changeOf(first.order, "confirmed", { answer: confirmedAnswer(ann) });
        expect((await Effect.runPromise(orders.append(confirmed)))._tag).toBe("Appended");
      });
    });
  });
});
