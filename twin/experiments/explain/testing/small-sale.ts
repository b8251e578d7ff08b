/** A sale of some 600 shoppers in which nothing is short, for tests that take one thing away. */
import { assert } from "../../../../engine/assert.ts";
import { decodeScenario } from "../../../scenario/decode.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import { rehearse } from "../../../world.ts";
import { seedsFrom } from "../../jobs.ts";
import { explain, rehearseBases } from "../explain.ts";
import type { Explanation } from "../explanation.ts";
import type { Rerun, Reruns } from "../reruns.ts";

const SALE = `
name: small-sale
seed: small-sale/1
starts: 2026-11-27T10:00+01:00
lasts: 40min
currency: EUR
sellers:
  - name: outdoor
    catalog: { products: 6, sale-price: { mean: €90, cv: 0 }, discount: 40% }
    stock: { units: 3k }
    limit-per-shopper: 20
audience:
  recipients: 1200
  visits: 50%
  click-delay: { log-logistic: { median: 3min, shape: 1.6, cap: 30min } }
  delivery-delay: { lognormal: { median: 10s, sigma: 0.8 } }
  sender-rate: 500/s
shoppers:
  idle-timeout: 5min
  think-time: { lognormal: { median: 8s, sigma: 0.8 } }
  journey:
    landing: { list: 30%, product: 60% }
    list: { list: 30%, product: 60% }
    product: { list: 20%, product: 20%, cart: 40% }
    cart: { list: 5%, checkout: 85% }
    checkout: { payment: 92% }
    payment: { submit: 95% }
platform:
  fleet: { initial: 8, min: 8, max: 8, cores: 4 }
  autoscaler: { kind: none }
payments:
  primary: { decline: 0%, error: 0%, time-out-before-capture: 0%, time-out-after-capture: 0% }
plans:
  one: { launch: { batches: 1, each-over: 1min } }
  two: { launch: { batches: 1, each-over: 1min } }
`;

export function smallSale(sets: readonly string[] = [], expected: string = ""): Scenario {
  const text = `${SALE}${expected}`;
  const scenario = decodeScenario({ text, path: "small-sale.yaml", sets });
  assert(!Array.isArray(scenario), `the small sale is valid: ${JSON.stringify(scenario)}`);
  return scenario;
}

/** Runs a program to its end, every rerun one after the other. */
export function answered<Result>(program: Reruns<Result>): Result {
  let step = program.next();
  while (step.done !== true) step = program.next(step.value.map(rehearsed));
  return step.value;
}

export function rehearsed({ plan, seed, outcomes }: Rerun) {
  return rehearse({ plan, seed, outcomes });
}

/** What a command line would say of the explanation. */
export const QUESTION = {
  scale: 1,
  version: "1.2.3",
  of: "rehearse run small-sale.yaml",
  verified: true,
  repeat: "rehearse explain result.json",
};

export interface Asked {
  readonly plans?: readonly string[];
  readonly seeds?: number;
}

export function explained(
  scenario: Scenario,
  { plans: names = ["one"], seeds = 2 }: Asked = {},
): Explanation {
  const plans = scenario.plans.filter(({ name }) => names.includes(name));
  const all = seedsFrom(scenario.seed, seeds);
  return answered(explain(answered(rehearseBases(plans, all)), { ...QUESTION, scenario }));
}
