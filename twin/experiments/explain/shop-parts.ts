/** The parts of the shop that can be made perfect: payment networks, declines, 3-D Secure, stock. */
import type { Ticks } from "../../../engine/time.ts";
import type { DistributionSpec, GatewaySpec, WorldSpec } from "../../scenario/scenario.ts";
import type { Part } from "./part.ts";
import {
  GATEWAY_FAULTS,
  hasFaultOf,
  isAboutRecovery,
  withoutFaults,
  withWorld,
} from "./platform-parts.ts";

/** Units of every article, more than any sale has shoppers. */
const UNITS_UNLIMITED = 1_000_000_000;

export const payments: Part = {
  name: "payments",
  perfect: "every payment network answers every charge within the time limit and loses none",
  applies: ({ world }) =>
    hasFaultOf(world, GATEWAY_FAULTS) || networksOf(world).some((one) => mayFail(one, world)),
  perfected: (plan) =>
    withWorld(plan, (world) => {
      const { timeLimit } = world.payments.policy;
      return {
        faults: withoutFaults(world, GATEWAY_FAULTS),
        payments: ofEveryNetwork(world, (network) => ({
          ...network,
          latency: cappedAt(network.latency, timeLimit),
          error: 0,
          timeoutBeforeCapture: 0,
          timeoutAfterCapture: 0,
        })),
      };
    }),
  distorts: isAboutRecovery,
};

export const declines: Part = {
  name: "declines",
  perfect: "no bank declines a charge that reaches it",
  applies: ({ world }) => networksOf(world).some(({ decline }) => decline > 0),
  perfected: (plan) =>
    withWorld(plan, (world) => ({
      payments: ofEveryNetwork(world, (network) => ({ ...network, decline: 0 })),
    })),
};

export const authentication: Part = {
  name: "authentication",
  perfect: "no card's bank asks a shopper who they are: 3-D Secure challenges nobody",
  applies: ({ world }) => {
    const { share, frictionless } = world.payments.authentication;
    return share > 0 && frictionless < 1;
  },
  perfected: (plan) =>
    withWorld(plan, ({ payments: all }) => ({
      payments: { ...all, authentication: { ...all.authentication, frictionless: 1 } },
    })),
};

export const stock: Part = {
  name: "stock",
  perfect: "no article is ever sold out",
  applies: () => true,
  perfected: (plan) =>
    withWorld(plan, ({ sellers }) => ({
      sellers: sellers.map((seller) => ({
        ...seller,
        items: seller.items.map((item) => ({ ...item, units: UNITS_UNLIMITED })),
      })),
    })),
};

function networksOf({ payments: { primary, fallback } }: WorldSpec): readonly GatewaySpec[] {
  return fallback === null ? [primary] : [primary, fallback];
}

function ofEveryNetwork(
  { payments: all }: WorldSpec,
  change: (network: GatewaySpec) => GatewaySpec,
): WorldSpec["payments"] {
  const fallback = all.fallback === null ? null : change(all.fallback);
  return { ...all, primary: change(all.primary), fallback };
}

function mayFail(network: GatewaySpec, world: WorldSpec): boolean {
  const { error, timeoutBeforeCapture, timeoutAfterCapture, latency } = network;
  const lost = error + timeoutBeforeCapture + timeoutAfterCapture;
  return lost > 0 || !isWithin(latency, world.payments.policy.timeLimit);
}

/** Whether no draw is above the limit. */
function isWithin(spec: DistributionSpec, limit: Ticks): boolean {
  if (spec.kind === "constant") return spec.value <= limit;
  if (spec.kind === "mixture") return spec.parts.every(({ of }) => isWithin(of, limit));
  return spec.cap !== undefined && spec.cap <= limit;
}

/** The same draws, those above the limit set to it. */
function cappedAt(spec: DistributionSpec, limit: Ticks): DistributionSpec {
  if (spec.kind === "constant") return { ...spec, value: Math.min(spec.value, limit) };
  if (spec.kind === "mixture") {
    const parts = spec.parts.map(({ weight, of }) => ({ weight, of: cappedAt(of, limit) }));
    return { ...spec, parts };
  }
  return { ...spec, cap: Math.min(spec.cap ?? limit, limit) };
}
