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
import { SurveyDesk } from "./adapters/feedback-desk.ts";
import { sealed } from "./adapters/sealed-globals.ts";
import { asksWho, StoreDesk, storeRuntime } from "./adapters/store-desk.ts";
import { type GatewayCounts, PRIMARY_NETWORK, StoreInMemory } from "./adapters/store-in-memory.ts";
import type { VirtualRuntime } from "./adapters/virtual-effect.ts";
import { WaitingRoomDesk } from "./adapters/waiting-room-desk.ts";
import { BotFigures } from "./bots/bot-figures.ts";
import { Bots } from "./bots/bots.ts";
import { FIRST_PROGRAM, isBot } from "./bots/numbers.ts";
import { Whereabouts } from "./bots/whereabouts.ts";
import { Cdn } from "./cdn/cdn.ts";
import { Mailing } from "./email/mailing.ts";
import { FaultSchedule, type FaultTargets } from "./faults/fault-schedule.ts";
import { RecoveryWatch } from "./faults/recovery.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { Servers } from "./fleet/servers.ts";
import { assertSound, brokenInvariants, oversoldUnits } from "./invariants/audit.ts";
import { Measurement, type StoreFigures } from "./measurement.ts";
import { SERIES_INTERVAL } from "./metrics.ts";
import { NeighbourFigures } from "./neighbours/neighbour-figures.ts";
import { Neighbours } from "./neighbours/neighbours.ts";
import { makePlatform } from "./platform.ts";
import { OfferFigures } from "./promotions/offer-figures.ts";
import type { Rehearsal } from "./result.ts";
import { SaleFigures } from "./sale-figures.ts";
import { asksShoppers } from "./scenario/feedback-spec.ts";
import type { LaunchSpec, PlanSpec, WorldSpec } from "./scenario/scenario.ts";
import { challengeFigures } from "./shoppers/challenge-metrics.ts";
import { EarlyAccess } from "./shoppers/early-access.ts";
import { feedbackFigures } from "./shoppers/feedback-metrics.ts";
import { ShopperOutcomes } from "./shoppers/outcomes.ts";
import { Segments } from "./shoppers/segments.ts";
import { shedFigures } from "./shoppers/shed-figures.ts";
import { shopperNumber } from "./shoppers/shopper-name.ts";
import { Shoppers } from "./shoppers/shoppers.ts";
import { ShopperTally } from "./shoppers/tally.ts";
import { type TierFigures, tierFiguresOf } from "./tier-figures.ts";
import { BackgroundTraffic } from "./traffic/background-traffic.ts";
import { WaitingShoppers } from "./waiting-room/waiting-shoppers.ts";

const NO_ARTICLES: readonly number[] = [];

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
  /** Keeps what became of each shopper; the course of the sale is the same. */
  readonly outcomes?: boolean;
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

type StoreRuntime = ReturnType<typeof storeRuntime>;

/** Everything of one rehearsal, alive. */
class World {
  readonly simulation: Simulation;
  private readonly input: RehearsalInput;
  private readonly tally: ShopperTally;
  private readonly figures: SaleFigures;
  private readonly store: StoreInMemory;
  private readonly desk: StoreDesk;
  /** Null where nobody is asked anything. */
  private readonly surveys: SurveyDesk | null;
  /** Null for a list without tiers. */
  private readonly tiers: TierFigures | null;
  private readonly earlyAccess: EarlyAccess;
  private readonly shoppers: Shoppers;
  private readonly traffic: BackgroundTraffic;
  private readonly measurement: Measurement;
  /** The figures of the parts that this world has and another may leave out. */
  private readonly parts: (() => Record<string, number>)[] = [];
  private room: { readonly desk: WaitingRoomDesk; readonly waiting: WaitingShoppers } | null = null;
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
    if (input.outcomes === true) this.tally.outcomes = new ShopperOutcomes();
    this.figures = new SaleFigures({
      epochMillis: world.starts.epochMillis,
      primaryGateway: PRIMARY_NETWORK,
      ...series,
    });
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
    this.surveys = this.surveysOf(world, runtime);
    const { segments } = world.audience;
    this.earlyAccess = new EarlyAccess(simulation, { segments, tiers: world.sale.earlyAccessFor });
    const tiers = tierFiguresOf(simulation, segments);
    this.tiers = tiers;
    if (tiers !== null) this.parts.push(() => tiers.figures());
    const cdn = new Cdn(simulation, world.cdn);
    const { servers, fleet, functions } = makePlatform(simulation, world, {
      onOutcome: (row, outcome, elapsed) => {
        if (row < FIRST_PROGRAM) this.shoppers.onOutcome(row, outcome, elapsed);
        else this.bots?.onOutcome(row, outcome);
      },
      articlesChangedBy: (row) =>
        row < FIRST_PROGRAM ? this.shoppers.articlesChangedBy(row) : NO_ARTICLES,
    });
    const waiting = this.openRoom(world, runtime);
    this.shoppers = new Shoppers({
      simulation,
      spec: world.shoppers,
      cdn,
      fleet: servers,
      desk: this.desk,
      authentication: world.payments.authentication,
      tally: this.tally,
      itemWeights: store.items.map(({ weight }) => weight),
      retryAfter: world.sideBySide.shedding?.retryAfter ?? null,
      promotions: this.desk.promotions === null ? null : { world, desk: this.desk.promotions },
      feedback: this.surveys?.shoppers ?? null,
      room: waiting,
    });
    this.launch(world, launch);
    this.traffic = this.trafficOf(world);
    const { tally, figures } = this;
    if (servers.sheds) this.parts.push(() => shedFigures(tally));
    const neighbours = fleet === null ? null : this.neighboursOf(world, launch, fleet);
    this.measurement = new Measurement({
      simulation,
      world,
      interval,
      tally,
      figures,
      fleet: servers.figures,
      database: servers.database,
      functions,
      cdn,
      neighbours,
      strangers: () => this.bots?.requestsToServers ?? 0,
      waiting: () => waiting?.figures.length.value ?? 0,
    });
    this.offerFigures = this.figuresOfOffers();
    if (world.cdn.serveStale > 0) this.parts.push(() => ({ "cdn.stale": cdn.stale }));
    if (world.payments.authentication.share > 0) this.parts.push(() => challengeFigures(tally));
    this.sendBots(world, cdn, servers);
    const lifecycle = fleet?.lifecycle ?? null;
    this.breakParts(world, { cdn, fleet: servers, lifecycle });
    if (input.auditEveryEvent === true) {
      simulation.onEvent(() => assertSound(store, this.surveys, simulation));
    }
  }

  private surveysOf({ feedback: spec }: WorldSpec, runtime: StoreRuntime): SurveyDesk | null {
    if (!asksShoppers(spec)) return null;
    const { simulation, store } = this;
    const surveys = new SurveyDesk({ simulation, spec, store, runtime });
    this.parts.push(() => feedbackFigures(surveys.figures()));
    return surveys;
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
  private sendBots(world: WorldSpec, cdn: Cdn, fleet: Servers): void {
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
  private breakParts(
    world: WorldSpec,
    parts: Pick<FaultTargets, "cdn" | "fleet" | "lifecycle">,
  ): void {
    const { faults, lasts } = world;
    if (faults.length === 0) return;
    const { simulation, tally, gateways } = this;
    const { networks } = this.store;
    const autoscaled = world.autoscaler.kind !== "none" || world.furtherPolicies.length > 0;
    new FaultSchedule(simulation, { faults, networks, autoscaled, ...parts });
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
        this.arrives(recipient, true);
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
        this.arrives(audience.recipients + visitor, invited);
      },
    });
  }

  private arrives(shopper: number, invited: boolean): void {
    this.tiers?.visited(shopper);
    this.shoppers.visit(shopper, invited && this.earlyAccess.admits(shopper));
  }

  private noteBought(shopper: number): void {
    if (!isBot(shopper)) this.tally.outcomes?.bought(shopper);
  }

  private onSaleEvent(event: SaleEvent): void {
    this.figures.read(event);
    this.offerFigures?.read(event);
    this.botFigures?.read(event);
    this.surveys?.observe(event);
    this.tiers?.read(event);
    if (event.kind === "OrderConfirmed") this.noteBought(shopperNumber(event.shopper));
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
    const answered = this.surveys?.atRest ?? true;
    if (this.shoppers.present === 0 && this.desk.atRest && answered) return true;
    assert(simulation.now < lasts + REST_MAX, "the world comes to rest after the sale");
    simulation.run({ until: simulation.now + MINUTE, events: EVENTS_PER_SLICE });
    return false;
  }

  result(complete: boolean): Rehearsal {
    const { simulation, store } = this;
    this.shoppers.assertLittlesLaw();
    const { surveys } = this;
    this.room?.waiting.assertLittlesLaw();
    const broken = [
      ...brokenInvariants(store, surveys, { simulation, quiescent: complete }),
      ...(this.room?.desk.broken() ?? []),
    ];
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
      ...(this.tally.outcomes === null ? {} : { outcomes: this.tally.outcomes.codes() }),
    };
  }
}

/** A SKU that had units and has none left to sell. */
function isSoldOut(level: StockLevel): boolean {
  return level.available === 0 && level.initial + level.restocked > 0;
}
