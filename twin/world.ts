/**
 * One rehearsal: puts the parts of a scenario together around the real store engine, runs the
 * sale to its end and on until everything has come to rest, and says what came of it. The same
 * plan and seed give the same {@link Rehearsal}, byte for byte, on every machine.
 */
import { assert } from "../engine/assert.ts";
import { Simulation } from "../engine/simulation.ts";
import { DAY, MILLISECOND, MINUTE, type Ticks } from "../engine/time.ts";
import type { StockLevel } from "../store/core/hold.ts";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { sealed } from "./adapters/sealed-globals.ts";
import { asksWho, StoreDesk, storeRuntime } from "./adapters/store-desk.ts";
import { type GatewayCounts, StoreInMemory } from "./adapters/store-in-memory.ts";
import { Autoscaler } from "./autoscaler/autoscaler.ts";
import { PodAutoscaler } from "./autoscaler/pod-autoscaler.ts";
import { scheduleActions } from "./autoscaler/scheduled-actions.ts";
import { BotFigures } from "./bots/bot-figures.ts";
import { Bots } from "./bots/bots.ts";
import { FIRST_PROGRAM } from "./bots/numbers.ts";
import { Whereabouts } from "./bots/whereabouts.ts";
import { Cdn } from "./cdn/cdn.ts";
import { Mailing } from "./email/mailing.ts";
import { FaultSchedule } from "./faults/fault-schedule.ts";
import { RecoveryWatch } from "./faults/recovery.ts";
import { Fleet, type OnOutcome } from "./fleet/fleet.ts";
import { assertSound, brokenInvariants, oversoldUnits } from "./invariants/audit.ts";
import { Measurement, type StoreFigures } from "./measurement.ts";
import { SERIES_INTERVAL } from "./metrics.ts";
import { NeighbourFigures } from "./neighbours/neighbour-figures.ts";
import { Neighbours } from "./neighbours/neighbours.ts";
import { OfferFigures } from "./promotions/offer-figures.ts";
import type { Rehearsal } from "./result.ts";
import { SaleFigures } from "./sale-figures.ts";
import type { LaunchSpec, PlanSpec, WorldSpec } from "./scenario/scenario.ts";
import { shedFigures } from "./shoppers/shed-figures.ts";
import { Shoppers } from "./shoppers/shoppers.ts";
import { ShopperTally } from "./shoppers/tally.ts";
import { BackgroundTraffic } from "./traffic/background-traffic.ts";

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
  /**
   * Plants a store with few possible codes: each of the draws that make one, and of those that bots
   * guess one by, is below this. For tests.
   */
  readonly codeDrawsBelow?: number;
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
  private readonly gateways: GatewayCounts = { charges: 0, failed: 0, timedOut: 0 };
  private bots: Bots | null = null;
  private botFigures: BotFigures | null = null;
  private firstSoldOutAt: Ticks | null = null;
  private mailVisits = 0;
  /** Null in a world without offers. */
  private readonly offerFigures: OfferFigures | null;

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
      codeDrawsBelow: input.codeDrawsBelow ?? Number.POSITIVE_INFINITY,
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
    const { sideBySide } = world;
    const onOutcome: OnOutcome = (row, outcome, elapsed) => {
      if (row < FIRST_PROGRAM) this.shoppers.onOutcome(row, outcome, elapsed);
      else this.bots?.onOutcome(row, outcome);
    };
    const fleet = new Fleet(simulation, world.fleet, onOutcome, sideBySide);
    const { lifecycle } = fleet;
    const { autoscaler } = world;
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
      retryAfter: sideBySide.shedding?.retryAfter ?? null,
      promotions: this.desk.promotions === null ? null : { world, desk: this.desk.promotions },
    });
    this.launch(world, launch);
    this.traffic = this.trafficOf(world);
    const { tally, figures } = this;
    if (fleet.sheds) this.parts.push(() => shedFigures(tally));
    const neighbours = this.neighboursOf(world, launch, fleet);
    this.measurement = new Measurement({
      simulation,
      world,
      interval,
      tally,
      figures,
      fleet: fleet.figures,
      cdn,
      neighbours,
      strangers: () => this.bots?.requestsToServers ?? 0,
    });
    this.offerFigures = this.figuresOfOffers();
    this.sendBots(world, cdn, fleet);
    this.breakParts(world, cdn, fleet);
    if (input.auditEveryEvent === true) simulation.onEvent(() => assertSound(store, simulation));
  }

  private figuresOfOffers(): OfferFigures | null {
    const { desk, shoppers, store } = this;
    const { promotions } = desk;
    const { offers } = shoppers;
    if (promotions === null || offers === null) return null;
    const figures = new OfferFigures({
      won: (code) => promotions.won(code),
      chargedBy: (order) => {
        const { total = 0, discount = null } = store.orderBook.find(order) ?? {};
        return { total, code: discount?.codes[0]?.code ?? "" };
      },
    });
    this.parts.push(() => {
      const { taken, returned } = offers;
      return figures.figures({ taken, returned, refused: promotions.refused });
    });
    return figures;
  }

  /** After all that a world without bots has, so that its events stay what they would have been. */
  private sendBots(world: WorldSpec, cdn: Cdn, fleet: Fleet): void {
    const { bots: raids, limits, sellers } = world;
    if (!asksWho(world)) return;
    const { simulation, desk, tally, store } = this;
    const whereabouts = new Whereabouts(simulation, world.shoppers.whereabouts);
    const figures = new BotFigures((shopper) => whereabouts.isShared(shopper));
    this.botFigures = figures;
    tally.onCheckout = (shopper) => figures.triesCheckout(shopper);
    if (raids.length > 0) {
      this.bots = new Bots({
        simulation,
        raids,
        desk,
        fleet,
        cdn,
        itemWeights: store.items.map(({ weight }) => weight),
        itemLimits: sellers.flatMap(({ items, limitPerShopper }) =>
          items.map(() => limitPerShopper),
        ),
        holdFor: store.settings.holdForMillis * MILLISECOND,
        pages: () => tally.pagesInAll,
        codeDrawsBelow: this.input.codeDrawsBelow ?? Number.POSITIVE_INFINITY,
      });
    }
    const cracks = raids.some(({ kind }) => kind === "crack");
    const codesOf = ({ codesTried, codesFound }: Bots) => ({
      tried: codesTried,
      found: codesFound,
    });
    this.parts.push(() =>
      figures.figures({
        orders: store.orderBook.snapshot().orders,
        sellers,
        perPerson: limits.perPerson,
        requests: this.bots?.requests ?? 0,
        limited: this.bots?.limited ?? 0,
        codes: cracks && this.bots !== null ? codesOf(this.bots) : null,
      }),
    );
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
      errors: tally.errors + tally.impatient,
      charges: gateways.charges,
      failedCharges: gateways.failed + gateways.timedOut,
    });
    const recovery = new RecoveryWatch(simulation, { faults, lasts, counts });
    tally.watched = recovery.latency;
    this.parts.push(() => recovery.figures());
  }

  /** Other sellers on the same servers, or null where there are none. */
  private neighboursOf(
    world: WorldSpec,
    launch: LaunchSpec,
    fleet: Fleet,
  ): NeighbourFigures | null {
    const { sideBySide, sale, cdn, lasts } = world;
    const { neighbours } = sideBySide;
    if (neighbours.length === 0) return null;
    const figures = new NeighbourFigures(Math.min(launch.at, sale.earlyAccessAt, sale.publicAt));
    new Neighbours(this.simulation, { neighbours, fleet, network: cdn.miss, lasts, figures });
    this.parts.push(() => figures.figures());
    return figures;
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
    this.offerFigures?.read(event);
    this.botFigures?.read(event);
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
    const broken = brokenInvariants(store, { simulation, quiescent: complete });
    const stock = store.stock.snapshot();
    const figures: StoreFigures = {
      botOrders: this.botFigures?.orders ?? 0,
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
