/** A scenario's distributions as the kernel's: the one place where a `DistributionSpec` is read. */

import {
  constant,
  type Distribution,
  exponential,
  logLogistic,
  lognormal,
  mixture,
  weibull,
} from "../engine/distribution.ts";
import { SECOND, type Ticks } from "../engine/time.ts";
import type { DistributionSpec } from "./scenario/scenario.ts";

/** The distribution that a scenario describes, in the unit of the field it stands in. */
export function distributionOf(spec: DistributionSpec): Distribution {
  switch (spec.kind) {
    case "constant":
      return constant(spec);
    case "exponential":
      return exponential(spec);
    case "lognormal":
      // Without a spread every draw is the median, up to the cap.
      return spec.sigma === 0
        ? constant({ value: Math.min(spec.median, spec.cap ?? spec.median) })
        : lognormal(spec);
    case "log-logistic":
      return logLogistic(spec);
    case "weibull":
      return weibull(spec);
    case "mixture":
      return mixture({
        parts: spec.parts.map(({ weight, of }) => ({ weight, of: distributionOf(of) })),
      });
  }
}

/** Halvings that bring a quantile to within a tick. */
const BISECTION_STEPS = 60;

/** The value that a share of the draws stays under, found by bisection on the cdf. */
export function quantileOf(distribution: Distribution, share: number): Ticks {
  let low = 0;
  let high = SECOND;
  while (distribution.cdf(high) < share && high < Number.MAX_SAFE_INTEGER / 2) high *= 2;
  for (let step = 0; step < BISECTION_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (distribution.cdf(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}
