/**
 * Load-test steps for a forecast peak, as the white paper's load test went up "in a step-wise
 * fashion": the peak's shares, each held until the autoscaler has answered it and the answer has
 * been measured. Virtual users are the sessions that will ask for another page; concurrent
 * shoppers are more, because they count until their idle time-out.
 */
import { MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import { distributionOf, quantileOf } from "../distributions.ts";
import type { WorldSpec } from "../scenario/scenario.ts";
import { type Forecast, serversFor } from "./forecast.ts";

/** Shares of the forecast peak; the last one is beyond it. */
const SHARES: readonly number[] = [0.1, 0.25, 0.5, 0.75, 1, 1.25];

/** Servers start within the time that this share of them takes at most. */
const STARTED_SHARE = 0.95;

/** How long a step is measured once its load and its servers are there. */
const MEASURED: Ticks = 5 * MINUTE;

export interface LoadTestStep {
  /** Of the forecast peak. */
  readonly share: number;
  readonly concurrentShoppers: number;
  readonly virtualUsers: number;
  readonly pagesPerSecond: number;
  /** Of these, pages that reach the servers. */
  readonly requestsPerSecond: number;
  readonly ordersPerSecond: number;
  /** At the autoscaler's target utilisation. */
  readonly servers: number;
  /** How long to hold the step, ms. */
  readonly hold: number;
}

export function loadTestOf({ figures, target, residence }: Forecast, world: WorldSpec) {
  const hold = holdOf(world, residence) / MILLISECOND;
  return SHARES.map(
    (share): LoadTestStep => ({
      share,
      concurrentShoppers: Math.round(figures["shoppers.concurrent.peak"] * share),
      virtualUsers: Math.round(figures["shoppers.active.peak"] * share),
      pagesPerSecond: figures["pages.perSecond.peak"] * share,
      requestsPerSecond: figures["requests.perSecond.peak"] * share,
      ordersPerSecond: figures["orders.perSecond.peak"] * share,
      servers: serversFor(figures["cores.busy.peak"] * share, world, target),
      hold,
    }),
  );
}

/**
 * From a rise of the load until more servers count and have been measured: the datapoints of the
 * alarm and one that the rise falls into (for pods one window of the metric and one look), the
 * metric's delay, a node where pods wait for one, the start of an instance, its warm-up in the
 * metric. At least as long as a shopper counts as concurrent, for before that the
 * number of concurrent shoppers of a steady load is still rising. Whole minutes.
 */
function holdOf({ autoscaler, fleet }: WorldSpec, residence: Ticks): Ticks {
  const minutes = (ticks: Ticks) => Math.ceil(ticks / MINUTE) * MINUTE;
  if (autoscaler.kind === "none" || autoscaler.kind === "serverless")
    return minutes(residence + MEASURED);
  const { period, metricDelay } = autoscaler;
  const decision =
    autoscaler.kind === "hpa"
      ? period + metricDelay + autoscaler.sync
      : (autoscaler.datapointsHigh + 1) * period + metricDelay + autoscaler.instanceWarmUp;
  const node = fleet.nodes.pods > 0 ? [fleet.nodes.provisioning] : [];
  const starts = [...node, fleet.boot, fleet.warmUp].map((part) =>
    quantileOf(distributionOf(part), STARTED_SHARE),
  );
  const out = starts.reduce((sum, part) => sum + part, decision);
  return minutes(Math.max(out, residence) + MEASURED);
}
