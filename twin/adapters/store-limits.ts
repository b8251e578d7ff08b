/** The limits of a scenario as the store's own rules take them. */

import { assert } from "../../engine/assert.ts";
import { MILLISECOND } from "../../engine/time.ts";
import type { HoldLimits } from "../../store/core/hold-watch.ts";
import { limitProblem, type RateLimit } from "../../store/core/rate-limit.ts";
import type { RequestLimits } from "../../store/service/limits.ts";
import { isBot } from "../bots/numbers.ts";
import type { LimitsSpec, RequestLimitSpec } from "../scenario/scenario.ts";
import { shopperNumber } from "../shoppers/shopper-name.ts";

/** Spans in which a rate may come to a whole number of tokens, the shortest first. */
const SPANS = [1_000, 60_000, 3_600_000, 86_400_000, 864_000_000] as const;
const ROUNDING = 1e-6;

/** Null where the scenario sets no limit on requests: the store then takes no step for it. */
export function requestLimits({ perShopper, perNetwork }: LimitsSpec): RequestLimits | null {
  if (perShopper === null && perNetwork === null) return null;
  const rule = (spec: RequestLimitSpec | null) => (spec === null ? null : rateLimit(spec));
  return { perShopper: rule(perShopper), perNetwork: rule(perNetwork) };
}

/** A rate as whole tokens in whole milliseconds: exact for any whole number per s, min, h or d. */
export function rateLimit({ rate, burst }: RequestLimitSpec): RateLimit {
  const last = SPANS[SPANS.length - 1] as number;
  const whole = SPANS.find((span) => {
    const tokens = (rate * span) / 1_000;
    return tokens >= 1 && Math.abs(tokens - Math.round(tokens)) < ROUNDING * tokens;
  });
  const everyMillis = whole ?? last;
  const tokens = Math.max(1, Math.round((rate * everyMillis) / 1_000));
  const limit = { tokens, everyMillis, burst };
  const problem = limitProblem(limit);
  assert(problem === null, `a rate of requests can be counted: ${problem}`);
  return limit;
}

export function holdLimits(limits: LimitsSpec): HoldLimits | null {
  const { holdsPerShopper: perShopper, holdsPerNetwork: perNetwork, afterLapse } = limits;
  if (perShopper === null && perNetwork === null && afterLapse === null) return null;
  const millis = (ticks: number) => Math.max(1, Math.round(ticks / MILLISECOND));
  return {
    perShopper,
    perNetwork,
    afterLapse:
      afterLapse === null
        ? null
        : { firstMillis: millis(afterLapse.first), maxMillis: millis(afterLapse.max) },
    ...(limits.spareShoppers === true && { spares: isShopper }),
  };
}

function isShopper(name: string): boolean {
  return !isBot(shopperNumber(name));
}
