/**
 * The parts of a world that a scenario may leave out, each put together where the scenario asks
 * for it. A part has figures of its own and may read the sale's events; where it is left out no
 * event and no draw of it is defined, so the rest of the world is what it would have been.
 */
import type { Simulation } from "../engine/simulation.ts";
import { MILLISECOND } from "../engine/time.ts";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { asksWho, type StoreDesk } from "./adapters/store-desk.ts";
import type { GatewayCounts, StoreInMemory } from "./adapters/store-in-memory.ts";
import type { VirtualRuntime } from "./adapters/virtual-effect.ts";
import { WaitingRoomDesk } from "./adapters/waiting-room-desk.ts";
import { BotFigures } from "./bots/bot-figures.ts";
import { Bots } from "./bots/bots.ts";
import { Whereabouts } from "./bots/whereabouts.ts";
import type { Cdn } from "./cdn/cdn.ts";
import { FaultSchedule, type FaultTargets } from "./faults/fault-schedule.ts";
import { RecoveryWatch } from "./faults/recovery.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { Servers } from "./fleet/servers.ts";
import { NeighbourFigures } from "./neighbours/neighbour-figures.ts";
import { Neighbours } from "./neighbours/neighbours.ts";
import { OfferFigures } from "./promotions/offer-figures.ts";
import type { LaunchSpec, WorldSpec } from "./scenario/scenario.ts";
import { Segments } from "./shoppers/segments.ts";
import type { Shoppers } from "./shoppers/shoppers.ts";
import type { ShopperTally } from "./shoppers/tally.ts";
import type { RoomMoves } from "./waiting-room/waiting-shoppers.ts";
import { WaitingShoppers } from "./waiting-room/waiting-shoppers.ts";

/** What the world asks of a part: its figures at the end, and where it wants them, the sale's events. */
export interface WorldPart {
  readonly figures: () => Record<string, number>;
  readonly read?: (event: SaleEvent) => void;
}

/** What offers brought, by the store's log and by who had turned to leave. */
export function offersPart(parts: {
  readonly desk: StoreDesk;
  readonly shoppers: Shoppers;
  readonly store: StoreInMemory;
}): WorldPart | null {
  const { promotions } = parts.desk;
  const { offers } = parts.shoppers;
  if (promotions === null || offers === null) return null;
  const figures = new OfferFigures({
    won: (code) => promotions.won(code),
    chargedBy: (order) => {
      const { total = 0, discount = null } = parts.store.orderBook.find(order) ?? {};
      return { total, code: discount?.codes[0]?.code ?? "" };
    },
  });
  return {
    figures: () => {
      const { taken, returned } = offers;
      return figures.figures({ taken, returned, refused: promotions.refused });
    },
    read: (event) => figures.read(event),
  };
}

export interface BotsPart extends WorldPart {
  /** Null where limits stand and no raid comes. */
  readonly bots: Bots | null;
  /** Orders of bots so far. */
  readonly orders: () => number;
}

/** Raids, and what the store's limits do to them and to shoppers. */
export function botsPart(parts: {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly desk: StoreDesk;
  readonly tally: ShopperTally;
  readonly store: StoreInMemory;
  readonly cdn: Cdn;
  readonly servers: Servers;
  readonly codeDrawsBelow: number;
}): BotsPart | null {
  const { simulation, world, tally, store } = parts;
  if (!asksWho(world)) return null;
  const { bots: raids, limits, sellers } = world;
  const whereabouts = new Whereabouts(simulation, world.shoppers.whereabouts);
  const figures = new BotFigures((shopper) => whereabouts.isShared(shopper));
  tally.onCheckout = (shopper) => figures.triesCheckout(shopper);
  const bots = raids.length === 0 ? null : raidersOf(parts);
  const cracks = raids.some(({ kind }) => kind === "crack");
  return {
    bots,
    orders: () => figures.orders,
    figures: () =>
      figures.figures({
        orders: store.orderBook.snapshot().orders,
        sellers,
        perPerson: limits.perPerson,
        requests: bots?.requests ?? 0,
        limited: bots?.limited ?? 0,
        codes: cracks && bots !== null ? { tried: bots.codesTried, found: bots.codesFound } : null,
      }),
    read: (event) => figures.read(event),
  };
}

function raidersOf(parts: Parameters<typeof botsPart>[0]): Bots {
  const { simulation, world, desk, servers, cdn, store, tally, codeDrawsBelow } = parts;
  return new Bots({
    simulation,
    raids: world.bots,
    desk,
    fleet: servers,
    cdn,
    itemWeights: store.items.map(({ weight }) => weight),
    itemLimits: world.sellers.flatMap(({ items, limitPerShopper }) =>
      items.map(() => limitPerShopper),
    ),
    holdFor: store.settings.holdForMillis * MILLISECOND,
    pages: () => tally.pagesInAll,
    codeDrawsBelow,
  });
}

export interface RoomPart extends WorldPart {
  readonly desk: WaitingRoomDesk;
  readonly waiting: WaitingShoppers;
}

/** The waiting room before the shop. */
export function roomPart(parts: {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly store: StoreInMemory;
  readonly runtime: VirtualRuntime<never>;
  readonly moves: () => RoomMoves;
}): RoomPart | null {
  const { simulation, world, store, runtime, moves } = parts;
  const { waitingRoom: room } = world;
  if (room === null) return null;
  const desk = new WaitingRoomDesk({ simulation, world, room, store, runtime });
  const segments = new Segments(simulation, world.audience.segments);
  const { lasts } = world;
  const waiting = new WaitingShoppers({ simulation, spec: room, lasts, desk, segments, moves });
  return {
    desk,
    waiting,
    figures: () => waiting.figures.figures(desk),
    read: (event) => desk.observe(event),
  };
}

export interface FaultsPart extends WorldPart {
  readonly schedule: FaultSchedule;
}

/** Faults, and the watch over how the shop recovers from them. */
export function faultsPart(parts: {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly tally: ShopperTally;
  readonly gateways: GatewayCounts;
  readonly targets: FaultTargets;
}): FaultsPart | null {
  const { simulation, world, tally, gateways, targets } = parts;
  const { faults, lasts } = world;
  if (faults.length === 0) return null;
  const schedule = new FaultSchedule(simulation, targets);
  for (const fault of faults) schedule.add(fault);
  const counts = () => ({
    pages: tally.pagesInAll,
    errors: tally.errors + tally.impatient,
    charges: gateways.charges,
    failedCharges: gateways.failed + gateways.timedOut,
  });
  const recovery = new RecoveryWatch(simulation, { faults, lasts, counts });
  tally.watched = recovery.latency;
  return { schedule, figures: () => recovery.figures() };
}

export interface NeighboursPart extends WorldPart {
  readonly neighbours: NeighbourFigures;
}

/** Other sellers on the same servers. */
export function neighboursPart(parts: {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly launch: LaunchSpec;
  /** Null where the servers are functions, which nobody shares. */
  readonly fleet: Fleet | null;
}): NeighboursPart | null {
  const { simulation, world, launch, fleet } = parts;
  const { sideBySide, sale, cdn, lasts } = world;
  const { neighbours } = sideBySide;
  if (neighbours.length === 0 || fleet === null) return null;
  const figures = new NeighbourFigures(Math.min(launch.at, sale.earlyAccessAt, sale.publicAt));
  new Neighbours(simulation, { neighbours, fleet, network: cdn.miss, lasts, figures });
  return { neighbours: figures, figures: () => figures.figures() };
}
