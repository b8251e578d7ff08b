/**
 * What becomes of an order that is submitted, by the payment policy of the store: a call that
 * fails or gets lost without a charge is repeated, first at the primary network and then at the
 * fallback; a lost answer after a charge is looked up and counts as what it was. The circuit
 * breaker is left out: networks are taken to fail one call at a time, not for minutes.
 */
import type { GatewaySpec, PaymentsSpec } from "../scenario/scenario.ts";

export interface PaymentFate {
  readonly approved: number;
  readonly declined: number;
  /** Calls to charge, mean per submitted order. */
  readonly calls: number;
}

export function paymentFateOf({ primary, fallback, policy }: PaymentsSpec): PaymentFate {
  const gateways: readonly GatewaySpec[] = fallback === null ? [primary] : [primary, fallback];
  let open = 1;
  let approved = 0;
  let declined = 0;
  let calls = 0;
  for (const { error, timeoutBeforeCapture, decline } of gateways) {
    const nothing = error + timeoutBeforeCapture;
    for (let attempt = 0; attempt < policy.attempts; attempt += 1) {
      calls += open;
      approved += open * (1 - nothing) * (1 - decline);
      declined += open * (1 - nothing) * decline;
      open *= nothing;
    }
  }
  return { approved, declined, calls };
}
