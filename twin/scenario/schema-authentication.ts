/** The section of the scenario file about 3-D Secure, and what cannot be about it; see `schema.ts`. */
import { Schema } from "effect";
import { finding, where } from "./check-findings.ts";
import type { Form } from "./defaults.ts";
import type { Finding } from "./problem.ts";
import { DistributionForm, key, Share, toDistribution } from "./quantity.ts";
import type { AuthenticationSpec } from "./scenario.ts";

export const Authentication = Schema.Struct({
  share: key(Share, "Share of orders whose card's bank is asked before the charge; 0%: none."),
  frictionless: key(Share, "Of those, the share that the bank lets through without a question."),
  challenge: key(DistributionForm, "How long a challenge takes; the hold of the units goes on."),
  abandon: key(Share, "Share of the challenged who give up and leave."),
  fail: key(Share, "Share of the challenged who fail; some try another card."),
});

export const AUTHENTICATION_DEFAULTS: Form = {
  share: "0%",
  frictionless: "58%",
  challenge: { lognormal: { median: "30s", sigma: 0.6, cap: "10min" } },
  abandon: "12%",
  fail: "8%",
};

export function toAuthentication(form: typeof Authentication.Type): AuthenticationSpec {
  return { ...form, challenge: toDistribution(form.challenge) };
}

export function checkAuthentication({ abandon, fail }: typeof Authentication.Type): Finding[] {
  return where(
    abandon + fail > 1 + 1e-9 &&
      finding(
        "payments.three-d-secure",
        `abandon and fail add up to ${((abandon + fail) * 100).toFixed(2)}%`,
        "together they are at most 100%; the rest passes",
      ),
  );
}
