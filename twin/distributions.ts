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
