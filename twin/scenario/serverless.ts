/** The part of a scenario that says how a shop runs on functions. */
import type { Ticks } from "../../engine/time.ts";
import type { DistributionSpec } from "./scenario.ts";

export interface ServerlessSpec {
  readonly kind: "serverless";
  /** Requests at once that the account allows. */
  readonly concurrency: number;
  /** How fast new execution environments may come. */
  readonly ramp: { readonly burst: number; readonly by: number; readonly every: Ticks };
  readonly coldStart: DistributionSpec;
  /** An environment that has rested for so long is gone. */
  readonly keepAlive: Ticks;
  /** Bytes of one environment. */
  readonly memory: number;
}
