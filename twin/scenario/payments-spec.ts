/** Payment networks as the twin sees them, and how the store treats them. */
import type { Ticks } from "../../engine/time.ts";
import type { DistributionSpec } from "./scenario.ts";

export interface GatewaySpec {
  readonly latency: DistributionSpec;
  readonly decline: number;
  /** Share of declines that are soft (another try or card may pass). */
  readonly softShare: number;
  /** Share of calls that fail at once with an error of the network. */
  readonly error: number;
  /** Share of calls that never answer and have charged nothing. */
  readonly timeoutBeforeCapture: number;
  /** Share of calls that never answer although the charge was made. */
  readonly timeoutAfterCapture: number;
}

/** 3-D Secure: the bank of a card may ask who is paying before the charge. */
export interface AuthenticationSpec {
  /** Share of orders whose card takes part; 0: none. */
  readonly share: number;
  /** Of those, the share whom the bank lets through without a question. */
  readonly frictionless: number;
  /** How long a challenge takes. */
  readonly challenge: DistributionSpec;
  /** Of the challenged, the share who leave, and who fail. */
  readonly abandon: number;
  readonly fail: number;
}

export interface PaymentsSpec {
  readonly authentication: AuthenticationSpec;
  readonly primary: GatewaySpec;
  readonly fallback: GatewaySpec | null;
  readonly policy: {
    readonly attempts: number;
    readonly timeLimit: Ticks;
    readonly backoff: { readonly initial: Ticks; readonly max: Ticks };
    readonly breaker: { readonly failures: number; readonly openFor: Ticks };
    /** How often orders in doubt are looked up at the gateway. */
    readonly reconcileEvery: Ticks;
  };
}

export type NetworkName = "primary" | "fallback";

/** What a brownout does to a payment network: shares come on top of the network's own. */
export interface Brownout {
  readonly kind: "gateway-brownout";
  readonly network: NetworkName;
  /** What every latency is multiplied by. */
  readonly latency: number;
  readonly error: number;
  readonly timeoutBeforeCapture: number;
  readonly timeoutAfterCapture: number;
}
