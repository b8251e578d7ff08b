/**
 * The parts of the platform that can be made perfect: servers, scaling, database, delivery network,
 * other sellers on the same servers, faults.
 */
import type {
  DistributionSpec,
  FaultKind,
  FaultSpec,
  PlanSpec,
  WorldSpec,
} from "../../scenario/scenario.ts";
import type { Part } from "./part.ts";

/** More cores and bytes than any sale has requests at once. */
const CORES_UNLIMITED = 2 ** 24;
const MEMORY_UNLIMITED = 2 ** 52;

const AT_ONCE: DistributionSpec = { kind: "constant", value: 0 };

/** More connections than there are requests at once. */
const CONNECTIONS_UNLIMITED = 2 ** 24;

/** More execution environments than there are requests at once. */
const ENVIRONMENTS_UNLIMITED = 2 ** 24;

/** Instances that never fill up are fewer, and what they cost is no answer to what capacity costs. */
const isAboutInstances = (metric: string): boolean =>
  /^(instances?|functions|cost)([.{]|$)/u.test(metric);

/** Without a fault there is nothing to recover from: the metric is about what came after it. */
export const isAboutRecovery = (metric: string): boolean => metric === "recovery.time";

/** What they refuse early is theirs too: a server that takes any load has nothing to shed. */
export const servers: Part = {
  name: "servers",
  perfect:
    "every server in service takes any load: nothing queues, is shed or refused, or crashes it",
  applies: () => true,
  perfected: (plan) =>
    withWorld(plan, ({ fleet, autoscaler, sideBySide }) => ({
      fleet: {
        ...fleet,
        cores: CORES_UNLIMITED,
        memory: { ...fleet.memory, total: MEMORY_UNLIMITED },
      },
      autoscaler:
        autoscaler.kind === "serverless"
          ? { ...autoscaler, concurrency: ENVIRONMENTS_UNLIMITED }
          : autoscaler,
      sideBySide: { ...sideBySide, shedding: null },
    })),
  distorts: isAboutInstances,
};

export const scaling: Part = {
  name: "scaling",
  perfect: "all servers that the plan allows are there when they are needed, and start in no time",
  applies: ({ world }) =>
    isAutoscaled(world) ||
    world.schedule.actions.length > 0 ||
    world.faults.some(({ kind }) => kind === "zone-lost"),
  perfected: (plan) =>
    withWorld(plan, (world) => ({
      fleet: fleetAtItsLargest(world),
      autoscaler: withoutColdStarts(world.autoscaler),
      schedule: { ...world.schedule, actions: [] },
      faults: world.faults.map(replacedAtOnce),
    })),
  distorts: isAboutInstances,
};

/** The autoscaler stays, so that a lost zone is still replaced; it has nothing left to decide. */
function fleetAtItsLargest(world: WorldSpec): WorldSpec["fleet"] {
  const { fleet } = world;
  const size = largestSize(world);
  return {
    ...fleet,
    initial: size,
    min: size,
    max: size,
    boot: AT_ONCE,
    warmUp: AT_ONCE,
    nodes: { ...fleet.nodes, provisioning: AT_ONCE },
    warmPool: { ...fleet.warmPool, start: AT_ONCE },
  };
}

/** Functions have no fleet: each environment is there as soon as a request asks for it. */
function withoutColdStarts(autoscaler: WorldSpec["autoscaler"]): WorldSpec["autoscaler"] {
  if (autoscaler.kind !== "serverless") return autoscaler;
  const ramp = { ...autoscaler.ramp, burst: ENVIRONMENTS_UNLIMITED };
  return { ...autoscaler, ramp, coldStart: AT_ONCE };
}

function isAutoscaled({ autoscaler, furtherPolicies, predictive }: WorldSpec): boolean {
  return autoscaler.kind !== "none" || furtherPolicies.length > 0 || predictive !== null;
}

/** What an autoscaler may go up to; without one, what the scheduled actions ask for. */
function largestSize(world: WorldSpec): number {
  const { fleet } = world;
  const { actions } = world.schedule;
  const asked = actions.flatMap(({ desired, min }) => [desired ?? 0, min ?? 0]);
  const allowed = actions.map(({ max }) => max ?? 0);
  return isAutoscaled(world)
    ? Math.max(fleet.max, ...asked, ...allowed)
    : Math.max(fleet.initial, ...asked);
}

function replacedAtOnce(fault: FaultSpec): FaultSpec {
  return fault.kind === "zone-lost" ? { ...fault, replacedAfter: 0 } : fault;
}

/** Queries take the time that they take; nobody waits for a connection or for a row. */
export const database: Part = {
  name: "database",
  perfect: "the database has no limit: no request waits for a connection or for an article's row",
  applies: ({ world }) => world.database.pool > 0,
  perfected: (plan) =>
    withWorld(plan, ({ database: as }) => ({
      database: {
        ...as,
        pool: CONNECTIONS_UNLIMITED,
        connections: CONNECTIONS_UNLIMITED,
        row: { lock: 0, perContender: 0 },
      },
    })),
};

export const neighbours: Part = {
  name: "neighbours",
  perfect: "no other seller is on the servers: the sale has them to itself",
  applies: ({ world }) => world.sideBySide.neighbours.length > 0,
  perfected: (plan) =>
    withWorld(plan, ({ sideBySide }) => ({
      sideBySide: { ...sideBySide, neighbours: [], bulkheads: null },
    })),
  distorts: (metric) => metric.startsWith("sellers.other."),
};

const CDN_FAULTS: ReadonlySet<FaultKind> = new Set(["cdn-cold", "cdn-outage"]);

export const cdn: Part = {
  name: "cdn",
  perfect: "every page with a static version is answered from the edge, and no cache is ever cold",
  applies: ({ world }) =>
    world.cdn.pages.length > 0 && (world.cdn.hitRatio < 1 || hasFaultOf(world, CDN_FAULTS)),
  perfected: (plan) =>
    withWorld(plan, (world) => ({
      cdn: { ...world.cdn, hitRatio: 1 },
      faults: withoutFaults(world, CDN_FAULTS),
    })),
  distorts: isAboutRecovery,
};

export const GATEWAY_FAULTS: ReadonlySet<FaultKind> = new Set([
  "gateway-outage",
  "gateway-brownout",
  "gateway-rate-limit",
]);

/** A fault of the delivery or the payment network is that part's own; the others are of the platform. */
const isOfPlatform = ({ kind }: FaultSpec): boolean =>
  !CDN_FAULTS.has(kind) && !GATEWAY_FAULTS.has(kind);

export const faults: Part = {
  name: "faults",
  perfect: "no zone or instance is lost, and no database or server gets slow",
  applies: ({ world }) => world.faults.some(isOfPlatform),
  perfected: (plan) =>
    withWorld(plan, (world) => ({ faults: world.faults.filter((one) => !isOfPlatform(one)) })),
  distorts: isAboutRecovery,
};

export function hasFaultOf(world: WorldSpec, kinds: ReadonlySet<FaultKind>): boolean {
  return world.faults.some(({ kind }) => kinds.has(kind));
}

export function withoutFaults(
  world: WorldSpec,
  kinds: ReadonlySet<FaultKind>,
): WorldSpec["faults"] {
  return world.faults.filter(({ kind }) => !kinds.has(kind));
}

/** The plan in a world with some of its parts replaced. */
export function withWorld(
  plan: PlanSpec,
  change: (world: WorldSpec) => Partial<WorldSpec>,
): PlanSpec {
  return { ...plan, world: { ...plan.world, ...change(plan.world) } };
}
