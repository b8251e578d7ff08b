/**
 * One rehearsal: puts the parts of a scenario together around the real store engine, runs the
 * sale to its end and on until everything has come to rest, and says what came of it. The same
 * plan and seed give the same {@link Rehearsal}, byte for byte, on every machine.
 */
import { assert } from "../engine/assert.ts";
import { Simulation } from "../engine/simulation.ts";
import { DAY, MINUTE, type Ticks } from "../engine/time.ts";
import type { StockLevel } from "../store/core/hold.ts";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { sealed } from "./adapters/sealed-globals.ts";
import { StoreDesk, storeRuntime } from "./adapters/store-desk.ts";
import { type GatewayCounts, StoreInMemory } from "./adapters/store-in-memory.ts";
import type { VirtualRuntime } from "./adapters/virtual-effect.ts";
import { WaitingRoomDesk } from "./adapters/waiting-room-desk.ts";
import { Autoscaler } from "./autoscaler/autoscaler.ts";
import { PodAutoscaler } from "./autoscaler/pod-autoscaler.ts";
import { scheduleActions } from "./autoscaler/scheduled-actions.ts";
import { Cdn } from "./cdn/cdn.ts";
import { Mailing } from "./email/mailing.ts";
import { FaultSchedule } from "./faults/fault-schedule.ts";
import { RecoveryWatch } from "./faults/recovery.ts";
import { Fleet } from "./fleet/fleet.ts";
import { assertSound, brokenInvariants, oversoldUnits } from "./invariants/audit.ts";
import { Measurement, type StoreFigures } from "./measurement.ts";
import { SERIES_INTERVAL } from "./metrics.ts";
import type { Rehearsal } from "./result.ts";
import { SaleFigures } from "./sale-figures.ts";
import type { LaunchSpec, PlanSpec, WorldSpec } from "./scenario/scenario.ts";
import { Segments } from "./shoppers/segments.ts";
import { Shoppers } from "./shoppers/shoppers.ts";
import { ShopperTally } from "./shoppers/tally.ts";
import { BackgroundTraffic } from "./traffic/background-traffic.ts";
import { WaitingShoppers } from "./waiting-room/waiting-shoppers.ts";

/** Events between two looks at whether to stop, and between two reports of progress. */
const EVENTS_PER_SLICE = 262_144;

/** After the sale's end the world comes to rest within this; what takes longer is a defect. */
const REST_MAX: Ticks = 30 * DAY;

export interface RehearsalInput {
  readonly plan: PlanSpec;
  readonly seed: string;
  readonly onProgress?: (progress: RehearsalProgress) => void;
  /** Asked between slices; true ends the rehearsal unfinished. */
  readonly shouldStop?: () => boolean;
  readonly onSaleEvent?: (event: SaleEvent) => void;
  /** Audits the ledgers after every kernel event instead of at the end alone; for tests. */
  readonly auditEveryEvent?: boolean;
}

export interface RehearsalProgress {
  readonly ticks: Ticks;
  /** The sale's length; the rehearsal goes on a little longer until all is at rest. */
  readonly of: Ticks;
  readonly events: number;
}

/** Rehearses one plan with one seed. */
export function rehearse(input: RehearsalInput): Rehearsal {
  const world = sealed(() => new World(input));
  const lasts = input.plan.world.lasts;
  let complete = false;
  while (!complete && !(input.shouldStop?.() ?? false)) {
    complete = sealed(() => world.advance());
    const { now, events } = world.simulation;
    input.onProgress?.({ ticks: Math.min(now, lasts), of: lasts, events });
  }
  return sealed(() => world.result(complete));
}

/** Everything of one rehearsal, alive. */
class World {
  readonly simulation: Simulation;
  private readonly input: RehearsalInput;
  private readonly tally: ShopperTally;
  private readonly figures: SaleFigures;
  private readonly store: StoreInMemory;
  private readonly desk: StoreDesk;
  private readonly shoppers: Shoppers;
  private readonly traffic: BackgroundTraffic;
  private readonly measurement: Measurement;
  /** The figures of the parts that this world has and another may leave out. */
  private readonly parts: (() => Record<string, number>)[] = [];
  private room: { readonly desk: WaitingRoomDesk; readonly waiting: WaitingShoppers } | null = null;
  private readonly gateways: GatewayCounts = { charges: 0, failed: 0, timedOut: 0 };
  private firstSoldOutAt: Ticks | null = null;
  private mailVisits = 0;

  constructor(input: RehearsalInput) {
    const { world, launch } = input.plan;
    const simulation = new Simulation({ seed: input.seed });
    const interval = SERIES_INTERVAL;
    const series = { interval, length: Math.ceil((world.lasts + REST_MAX) / interval) };
    this.input = input;
    this.simulation = simulation;
    this.tally = new ShopperTally();
    this.figures = new SaleFigures({ epochMillis: world.starts.epochMillis, ...series });
    const runtime = storeRuntime(simulation, world);
    this.store = new StoreInMemory({
      simulation,
      world,
      clock: runtime,
      counts: this.gateways,
      onSaleEvent: (event) => this.onSaleEvent(event),
    });
    const { store } = this;
    this.desk = new StoreDesk({
      simulation,
      world,
      store,
      runtime,
      answers: () => this.shoppers.answers,
    });
    const cdn = new Cdn(simulation, world.cdn);
    const fleet = new Fleet(simulation, world.fleet, (row, outcome, elapsed) =>
      this.shoppers.onOutcome(row, outcome, elapsed),
    );
    const { lifecycle } = fleet;
    const { autoscaler } = world;
    const waiting = this.openRoom(world, runtime);
    if (autoscaler.kind === "hpa")
      new PodAutoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle });
    else if (autoscaler.kind !== "none")
      new Autoscaler(simulation, { spec: autoscaler, fleet: world.fleet, lifecycle });
    scheduleActions(simulation, { schedule: world.schedule, lifecycle });
    this.shoppers = new Shoppers({
      simulation,
      spec: world.shoppers,
      cdn,
      fleet,
      desk: this.desk,
      tally: this.tally,
      itemWeights: store.items.map(({ weight }) => weight),
      room: waiting,
    });
    this.launch(world, launch);
    this.traffic = this.trafficOf(world);
    const { tally, figures } = this;
    this.measurement = new Measurement({
      simulation,
      world,
      interval,
      tally,
      figures,
      fleet: fleet.figures,
      cdn,
      waiting: () => waiting?.figures.length.value ?? 0,
    });
    this.breakParts(world, cdn, fleet);
    if (input.auditEveryEvent === true) simulation.onEvent(() => assertSound(store, simulation));
  }

  /** Where the scenario has a waiting room; null elsewhere. */
  private openRoom(world: WorldSpec, runtime: VirtualRuntime<never>): WaitingShoppers | null {
    const { waitingRoom: room } = world;
    if (room === null) return null;
    const { simulation, store } = this;
    const desk = new WaitingRoomDesk({ simulation, world, room, store, runtime });
    const waiting = new WaitingShoppers({
      simulation,
      spec: room,
      lasts: world.lasts,
      desk,
      segments: new Segments(simulation, world.audience.segments),
      moves: () => this.shoppers,
    });
    this.room = { desk, waiting };
    this.parts.push(() => waiting.figures.figures(desk));
    return waiting;
  }

  /** Last of all, so that a world without faults has the events that it would have had. */
  private breakParts(world: WorldSpec, cdn: Cdn, fleet: Fleet): void {
    const { faults, lasts } = world;
    if (faults.length === 0) return;
    const { simulation, tally, gateways } = this;
    const { networks } = this.store;
    const autoscaled = world.autoscaler.kind !== "none";
    new FaultSchedule(simulation, { faults, networks, cdn, fleet, autoscaled });
    const counts = () => ({
      pages: tally.pagesInAll,
      errors: tally.refused + tally.failed,
      charges: gateways.charges,
      failedCharges: gateways.failed + gateways.timedOut,
    });
    const recovery = new RecoveryWatch(simulation, { faults, lasts, counts });
    tally.watched = recovery.latency;
    this.parts.push(() => recovery.figures());
  }

  private launch(world: WorldSpec, launch: LaunchSpec): void {
    const end = world.lasts;
    new Mailing(this.simulation, {
      audience: world.audience,
      launch,
      visit: (recipient) => {
        if (this.simulation.now >= end) return;
        this.mailVisits += 1;
        this.shoppers.visit(recipient, true);
      },
    });
  }

  /** Visitors without a mail are numbered after the recipients, so that no two share their draws. */
  private trafficOf(world: WorldSpec): BackgroundTraffic {
    const { traffic, starts, lasts, audience } = world;
    const invitations = this.simulation.random("traffic.invited");
    return new BackgroundTraffic(this.simulation, {
      traffic,
      starts,
      lasts,
      visit: (visitor) => {
        const invited = invitations.at(visitor).chance(traffic.invited);
        this.shoppers.visit(audience.recipients + visitor, invited);
      },
    });
  }

  private onSaleEvent(event: SaleEvent): void {
    this.figures.read(event);
    this.room?.desk.observe(event);
    if (event.kind === "HoldPlaced" && this.firstSoldOutAt === null) {
      const soldOut = event.lines.some(({ sku }) => this.store.stock.available(sku) === 0);
      if (soldOut) this.firstSoldOutAt = this.simulation.now;
    }
    this.input.onSaleEvent?.(event);
  }

  /** One slice of events; true when the sale is over and everything has come to rest. */
  advance(): boolean {
    const { lasts } = this.input.plan.world;
    const { simulation } = this;
    if (simulation.now < lasts) {
      simulation.run({ until: lasts, events: EVENTS_PER_SLICE });
      return false;
    }
    if (this.shoppers.present === 0 && this.desk.atRest) return true;
    assert(simulation.now < lasts + REST_MAX, "the world comes to rest after the sale");
    simulation.run({ until: simulation.now + MINUTE, events: EVENTS_PER_SLICE });
    return false;
  }

  result(complete: boolean): Rehearsal {
    const { simulation, store } = this;
    this.shoppers.assertLittlesLaw();
    this.room?.waiting.assertLittlesLaw();
    const broken = [
      ...brokenInvariants(store, { simulation, quiescent: complete }),
      ...(this.room?.desk.broken() ?? []),
    ];
    const stock = store.stock.snapshot();
    const figures: StoreFigures = {
      charges: this.gateways.charges,
      chargesFailed: this.gateways.failed,
      chargesTimedOut: this.gateways.timedOut,
      skusSoldOut: stock.levels.filter(isSoldOut).length,
      firstSoldOutAt: this.firstSoldOutAt,
      oversold: oversoldUnits(stock),
    };
    const visits = { mail: this.mailVisits, traffic: this.traffic.visited };
    const ofParts = Object.assign({}, ...this.parts.map((figuresOf) => figuresOf()));
    return {
      seed: this.input.seed,
      digest: simulation.digest.hex(),
      events: simulation.events,
      complete,
      metrics: this.measurement.metrics(figures, visits, ofParts),
      series: this.measurement.series(),
      broken,
    };
  }
}

/** A SKU that had units and has none left to sell. */
function isSoldOut(level: StockLevel): boolean {
  return level.available === 0 && level.initial + level.restocked > 0;
}
