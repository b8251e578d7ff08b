/**
 * `--scale 5%`: the same sale with a twentieth of the shoppers on a twentieth of the capacity, for
 * a quick look. Utilisation, shares and latencies stay about the same; every absolute count is
 * that of the small world, and nothing is multiplied back.
 *
 * Servers come in whole cores and whole instances. Cores are cut first, down to one, and then
 * instances, down to one; both round to the nearest. Backlog and the memory left for requests
 * follow the cores, so that an instance still overflows at the same load per core. A scale that
 * asks for less than one core of one instance leaves more capacity than it should: utilisation
 * is then too low, and a queue that would build up at full size may not.
 */
import { assert } from "../../engine/assert.ts";
import { splitUnits } from "./catalog.ts";
import type {
  AutoscalerSpec,
  DatabaseSpec,
  FaultSpec,
  FleetSpec,
  ItemSpec,
  PlanSpec,
  PriceSpec,
  PromotionsSpec,
  RaidSpec,
  ScalingStep,
  Scenario,
  ScheduleSpec,
  ShoppersSpec,
  SideBySideSpec,
  WorldSpec,
} from "./scenario.ts";
import type { WaitingRoomSpec } from "./waiting-room-spec.ts";

export function scaleScenario(scenario: Scenario, scale: number): Scenario {
  assert(scale > 0 && scale <= 1, "a scale is a ratio above 0 and at most 1");
  if (scale === 1) return scenario;
  return {
    ...scenario,
    scale: scenario.scale * scale,
    plans: scenario.plans.map((plan) => scalePlan(plan, scale)),
  };
}

function scalePlan(plan: PlanSpec, scale: number): PlanSpec {
  const world = scaleWorld(plan.world, scale);
  const batches = Math.min(plan.launch.batches, world.audience.recipients);
  return { ...plan, world, launch: { ...plan.launch, batches } };
}

function scaleWorld(world: WorldSpec, scale: number): WorldSpec {
  const { audience, traffic } = world;
  return {
    ...world,
    sellers: world.sellers.map((seller) => ({ ...seller, items: scaleStock(seller.items, scale) })),
    audience: {
      ...audience,
      recipients: atLeastOne(audience.recipients * scale),
      senderRate: audience.senderRate * scale,
    },
    traffic: {
      ...traffic,
      rate: traffic.rate * scale,
      steps: traffic.steps.map(({ at, rate }) => ({ at, rate: rate * scale })),
    },
    bots: world.bots.map((raid) => scaleRaid(raid, scale)),
    shoppers: scaleWhereabouts(world.shoppers, scale),
    fleet: scaleFleet(world.fleet, scale),
    sideBySide: scaleSideBySide(world, scale),
    promotions: scalePromotions(world.promotions, scale),
    waitingRoom: scaleWaitingRoom(world.waitingRoom, scale),
    faults: world.faults.map((fault) => scaleFault(fault, world.fleet, scale)),
    autoscaler: scaleAutoscaler(world.autoscaler, world.fleet, scale),
    furtherPolicies: world.furtherPolicies.map((policy) =>
      scaleAutoscaler(policy, world.fleet, scale),
    ),
    schedule: scaleSchedule(world, scale),
    price: scalePrice(world, scale),
    database: scaleDatabase(world, scale),
  };
}

/** Adjustments by instances shrink as the fleet does; those in percent are shares of it already. */
function scaleAutoscaler<Spec extends AutoscalerSpec>(
  autoscaler: Spec,
  fleet: FleetSpec,
  scale: number,
): Spec {
  const size = (count: number) => (count === 0 ? 0 : scaledSize(fleet, count, scale));
  if (autoscaler.kind === "step" && autoscaler.adjustment !== "percent") {
    const steps = (all: readonly ScalingStep[]) =>
      all.map((step) => ({ ...step, by: size(step.by) }));
    return { ...autoscaler, out: steps(autoscaler.out), in: steps(autoscaler.in) };
  }
  if (autoscaler.kind === "simple" && autoscaler.adjustment !== "percent")
    return { ...autoscaler, out: size(autoscaler.out), in: size(autoscaler.in) };
  if (autoscaler.kind === "serverless") {
    const { burst, by, every } = autoscaler.ramp;
    const ramp = { burst: atLeastOne(burst * scale), by: atLeastOne(by * scale), every };
    return { ...autoscaler, concurrency: atLeastOne(autoscaler.concurrency * scale), ramp };
  }
  if (autoscaler.kind === "hpa") {
    const behaviour = (at: "up" | "down") => ({
      ...autoscaler[at],
      policies: autoscaler[at].policies.map((policy) =>
        policy.unit === "pods" ? { ...policy, by: size(policy.by) } : policy,
      ),
    });
    return { ...autoscaler, up: behaviour("up"), down: behaviour("down") };
  }
  return autoscaler;
}

/** Less traffic of the others; limits of what is inside one server go with its cores. */
function scaleSideBySide({ sideBySide, fleet }: WorldSpec, scale: number): SideBySideSpec {
  const { neighbours, shedding } = sideBySide;
  const perInstance = atLeastOne(fleet.cores * scale) / fleet.cores;
  const inside = (count: number) => atLeastOne(count * perInstance);
  const limits = shedding?.gradient2 ?? null;
  const gradient2 = limits === null ? null : { min: inside(limits.min), max: inside(limits.max) };
  return {
    ...sideBySide,
    neighbours: neighbours.map((one) => ({ ...one, rate: one.rate * scale })),
    shedding: shedding === null ? null : { ...shedding, gradient2 },
  };
}

/** A room for so many fewer; times, shares and patience stay. */
function scaleWaitingRoom(room: WaitingRoomSpec | null, scale: number): WaitingRoomSpec | null {
  if (room === null) return null;
  const { capacity, rate, above, adaptive } = room;
  return {
    ...room,
    capacity: capacity === null ? null : scaledCapacity(capacity, scale),
    rate: rate === null ? null : rate * scale,
    above: Math.round(above * scale),
    adaptive: adaptive === null ? null : { ...adaptive, least: atLeastOne(adaptive.least * scale) },
  };
}

/** An instance with fewer cores costs that much less. */
function scalePrice({ price, fleet }: WorldSpec, scale: number): PriceSpec {
  const perInstance = atLeastOne(fleet.cores * scale) / fleet.cores;
  return {
    ...price,
    instance: price.instance * perInstance,
    asleep: price.asleep * perInstance,
    database: price.database * scale,
  };
}

/** Pools follow the cores, the database the shoppers; a row is one whatever the size of the world. */
function scaleDatabase({ database, fleet }: WorldSpec, scale: number): DatabaseSpec {
  if (database.pool === 0) return database;
  const perInstance = atLeastOne(fleet.cores * scale) / fleet.cores;
  return {
    ...database,
    pool: atLeastOne(database.pool * perInstance),
    connections: atLeastOne(database.connections * scale),
  };
}

/** The sizes of scheduled actions shrink as the fleet does. */
function scaleSchedule({ schedule, fleet }: WorldSpec, scale: number): ScheduleSpec {
  const size = (count: number | null) => (count === null ? null : scaledSize(fleet, count, scale));
  const actions = schedule.actions.map(({ at, desired, min, max }) => ({
    at,
    desired: size(desired),
    min: size(min),
    max: size(max),
  }));
  return { ...schedule, actions };
}

/** A number of instances of the scaled fleet, whose instances have fewer cores. */
export function scaledSize(fleet: FleetSpec, count: number, scale: number): number {
  const cores = atLeastOne(fleet.cores * scale);
  return atLeastOne((count * scale) / (cores / fleet.cores));
}

/** Keeps the scaled total exact and the shares of the items as near as whole units allow. */
function scaleStock(items: readonly ItemSpec[], scale: number): ItemSpec[] {
  const units = items.map((item) => item.units);
  const all = units.reduce((sum, count) => sum + count, 0);
  const split = splitUnits(Math.round(all * scale), units);
  return items.map((item, index) => ({ ...item, units: split[index] ?? 0 }));
}

function scaleFleet(fleet: FleetSpec, scale: number): FleetSpec {
  const cores = atLeastOne(fleet.cores * scale);
  const perInstance = cores / fleet.cores;
  const instances = (count: number): number => scaledSize(fleet, count, scale);
  const noneOr = (count: number): number => (count === 0 ? 0 : instances(count));
  const { total, base } = fleet.memory;
  return {
    ...fleet,
    cores,
    initial: instances(fleet.initial),
    min: instances(fleet.min),
    max: instances(fleet.max),
    backlog: fleet.backlog === 0 ? 0 : atLeastOne(fleet.backlog * perInstance),
    nodes: { ...fleet.nodes, spare: noneOr(fleet.nodes.spare) },
    warmPool: {
      ...fleet.warmPool,
      prepared: noneOr(fleet.warmPool.prepared),
      min: noneOr(fleet.warmPool.min),
    },
    memory: { base, total: base + Math.round((total - base) * perInstance) },
  };
}

/** Budgets go with the shoppers; what an order may cost stays. */
function scalePromotions(promotions: PromotionsSpec, scale: number): PromotionsSpec {
  const offers = promotions.offers.map((offer) => {
    const codes = atLeastOne(offer.budget.codes * scale);
    const redemptions = Math.min(codes, atLeastOne(offer.budget.redemptions * scale));
    const money = Math.round(offer.budget.money * scale);
    return { ...offer, budget: { codes, redemptions, money } };
  });
  return { ...promotions, offers };
}

/** A rate goes with the shoppers, a number of instances with the fleet's; shares and times stay. */
function scaleFault(fault: FaultSpec, fleet: FleetSpec, scale: number): FaultSpec {
  if (fault.kind === "gateway-rate-limit") return { ...fault, rate: fault.rate * scale };
  if (fault.kind !== "instances-lost" || !("instances" in fault)) return fault;
  const perInstance = atLeastOne(fleet.cores * scale) / fleet.cores;
  return { ...fault, instances: atLeastOne((fault.instances * scale) / perInstance) };
}

/** As many bots behind one network and one person as before: there are fewer of all of them. */
function scaleRaid(raid: RaidSpec, scale: number): RaidSpec {
  return {
    ...raid,
    rate: raid.rate * scale,
    programs: atLeastOne(raid.programs * scale),
    identities: atLeastOne(raid.identities * scale),
    networks: atLeastOne(raid.networks * scale),
    people: atLeastOne(raid.people * scale),
  };
}

/** As many shoppers share one address as before. */
function scaleWhereabouts(shoppers: ShoppersSpec, scale: number): ShoppersSpec {
  const { whereabouts } = shoppers;
  const networks = atLeastOne(whereabouts.networks * scale);
  return { ...shoppers, whereabouts: { ...whereabouts, networks } };
}

/** Shoppers inside a waiting room at once. */
export function scaledCapacity(capacity: number, scale: number): number {
  return atLeastOne(capacity * scale);
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.round(count));
}
