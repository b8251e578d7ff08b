import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";
import { CART, SUBMIT } from "./journey.ts";
import { ACCEPTED, type SaleAnswer } from "./sale-desk.ts";
import type { ShopperRequest } from "./shopper-observer.ts";

const PATH = "scenarios/small-drop.yaml";
const plan = firstPlan();

function firstPlan() {
  const sets = ["payments.three-d-secure.share=100%"];
  const text = readFileSync(PATH, "utf8");
  const scenario = decodeScenario({ text, path: PATH, scale: 0.1, sets });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario[0]));
  return scenario.plans[0];
}

function observed(seed: string) {
  const asked: ShopperRequest[] = [];
  const answers: SaleAnswer[] = [];
  const observer = {
    asks: (request: ShopperRequest) => void asked.push(request),
    ordered: (_shopper: number, answer: SaleAnswer) => void answers.push(answer),
  };
  return { asked, answers, rehearsal: rehearse({ plan, seed, observer }) };
}

describe("whoever hears of the shoppers' requests", () => {
  const { asked, answers, rehearsal } = observed("observer/1");

  it("changes nothing of the sale", () => {
    const { digest, events } = rehearse({ plan, seed: "observer/1" });
    expect(rehearsal).toMatchObject({ digest, events });
  });

  it("hears of each in its order, with what is put into the cart", () => {
    expect(asked.length).toBeGreaterThan(500);
    expect(asked.every(({ at }, place) => at >= (asked[place - 1]?.at ?? 0))).toBe(true);
    for (const { step, units, item } of asked) {
      expect(units > 0 && item >= 0).toBe(step === CART);
    }
  });

  it("hears of every order, and of those alone that a bank lets through or fails for good", () => {
    const accepted = answers.filter((answer) => answer === ACCEPTED).length;
    expect(accepted).toBeGreaterThan(5);
    expect(accepted).toBeLessThanOrEqual(rehearsal.metrics.orders as number);
    const orders = asked.filter(({ step }) => step === SUBMIT);
    expect(orders.some(({ isChallenged }) => isChallenged)).toBe(true);
    expect(orders.filter(({ isChallenged }) => !isChallenged)).toHaveLength(answers.length);
  });
});
