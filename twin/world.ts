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
import { SurveyDesk } from "./adapters/feedback-desk.ts";
import { sealed } from "./adapters/sealed-globals.ts";
import { StoreDesk, storeRuntime } from "./adapters/store-desk.ts";
import { type GatewayCounts, PRIMARY_NETWORK, StoreInMemory } from "./adapters/store-in-memory.ts";
import { FIRST_PROGRAM, isBot } from "./bots/numbers.ts";
import { Cdn } from "./cdn/cdn.ts";
import { FaultSchedule, type FaultTargets } from "./faults/fault-schedule.ts";
import { assertSound, brokenInvariants, oversoldUnits } from "./invariants/audit.ts";
import { Measurement, type StoreFigures } from "./measurement.ts";
import { SERIES_INTERVAL } from "./metrics.ts";
import { makePlatform, type Platform, type Resize } from "./platform.ts";
import type { Rehearsal } from "./result.ts";
import { SaleFigures } from "./sale-figures.ts";
import { asksShoppers } from "./scenario/feedback-spec.ts";
import type { FaultSpec, PlanSpec, WorldSpec } from "./scenario/scenario.ts";
import { challengeFigures } from "./shoppers/challenge-metrics.ts";
import { feedbackFigures } from "./shoppers/feedback-metrics.ts";
import { ShopperOutcomes } from "./shoppers/outcomes.ts";
import { shedFigures } from "./shoppers/shed-figures.ts";
import { shopperName, shopperNumber } from "./shoppers/shopper-name.ts";
import type { ShopperObserver } from "./shoppers/shopper-observer.ts";
import { Shoppers } from "./shoppers/shoppers.ts";
import { ShopperTally } from "./shoppers/tally.ts";
import { type TierFigures, tierFiguresOf } from "./shoppers/tier-figures.ts";
import { ListedVisitors, type VisitList } from "./traffic/listed-visits.ts";
import { VisitSources } from "./visit-sources.ts";
import {
  type BotsPart,
  botsPart,
  faultsPart,
  neighboursPart,
  offersPart,
  type RoomPart,
  roomPart,
  type WorldPart,
} from "./world-parts.ts";

const NO_ARTICLES: readonly number[] = [];

/** Events between two looks at whether to stop, and between two reports of progress: some 10 ms. */
const EVENTS_PER_SLICE = 32_768;

/** After the sale's end the world comes to rest within this; what takes longer is a defect. */
const REST_MAX: Ticks = 30 * DAY;

export interface RehearsalInput {
  readonly plan: PlanSpec;
  readonly seed: string;
  readonly onProgress?: (progress: RehearsalProgress) => void;
  /** Asked between slices; true ends the rehearsal unfinished. */
  readonly shouldStop?: () => boolean;
  readonly onSaleEvent?: (event: SaleEvent) => void;
  /** Told when a policy or an action gives the fleet another size. */
  readonly onResize?: (resize: Resize) => void;
  /** Hears of every request that a shopper makes; the course of the sale is the same. */
  readonly observer?: ShopperObserver;
  /** Keeps what became of each shopper; the course of the sale is the same. */
  readonly outcomes?: boolean;
  /** Who comes, in place of the mailing and the traffic. */
  readonly visits?: VisitList;
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

/** How far a world goes on at a time. */
export interface Stretch {
  readonly until?: Ticks;
  readonly events?: number;
}

/**
 * Everything is at rest after the sale; or every event up to the time asked for has happened, or up
 * to the next time when it is looked at whether all is at rest; or as many as were asked for.
 */
export type StretchEnd = "over" | "until" | "event-limit";

/** Rehearses one plan with one seed. */
export function rehearse(input: RehearsalInput): Rehearsal {
  const world = sealed(() => new World(input));
  const lasts = input.plan.world.lasts;
  let complete = false;
  while (!complete && !(input.shouldStop?.() ?? false)) {
    complete = sealed(() => world.advance()) === "over";
    const { now, events } = world.simulation;
    input.onProgress?.({ ticks: Math.min(now, lasts), of: lasts, events });
  }
  return sealed(() => world.result(complete));
}

type StoreRuntime = ReturnType<typeof storeRuntime>;

/** Everything of one rehearsal, alive. Whoever steps through it reads its models, and changes none. */
export class World {
  readonly simulation: Simulation;
  readonly tally: ShopperTally;
  readonly figures: SaleFigures;
  readonly store: StoreInMemory;
  readonly platform: Platform;
  readonly visits: VisitSources;
  /** Null where there is none. */
  readonly room: RoomPart | null;
  private readonly input: RehearsalInput;
  private readonly desk: StoreDesk;
  /** Null where nobody is asked anything. */
  private readonly surveys: SurveyDesk | null;
  /** Null for a list without tiers. */
  private readonly tiers: TierFigures | null;
  private readonly shoppers: Shoppers;
  private readonly measurement: Measurement;
  /** The parts that this world has and another may leave out. */
  private readonly parts: WorldPart[] = [];
  private readonly gateways: GatewayCounts = { charges: 0, failed: 0, timedOut: 0 };
  private readonly bots: BotsPart | null;
  private readonly faultTargets: FaultTargets;
  /** Null until something breaks that could not be known before. */
  private schedule: FaultSchedule | null;
  /** When it is looked at next whether all is at rest. */
  private restsAt: Ticks;
  private firstSoldOutAt: Ticks | null = null;

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
    const list = input.visits ?? null;
    const listed = list === null ? null : new ListedVisitors(list, world.audience.recipients);
    this.desk = new StoreDesk({
      simulation,
      world,
      store,
      runtime,
      nameOf: listed === null ? shopperName : (shopper) => listed.nameOf(shopper),
      answers: () => this.shoppers.answers,
    });
    this.surveys = this.surveysOf(world, runtime);
    const tiers = tierFiguresOf(simulation, world.audience.segments);
    this.tiers = tiers;
    if (tiers !== null) this.has({ figures: () => tiers.figures() });
    const cdn = new Cdn(simulation, world.cdn);
    this.platform = makePlatform(simulation, world, {
      onOutcome: (row, outcome, elapsed) => {
        if (row < FIRST_PROGRAM) this.shoppers.onOutcome(row, outcome, elapsed);
        else this.bots?.bots?.onOutcome(row, outcome);
      },
      articlesChangedBy: (row) =>
        row < FIRST_PROGRAM ? this.shoppers.articlesChangedBy(row) : NO_ARTICLES,
      onResize: (resize) => input.onResize?.(resize),
    });
    const { servers, fleet, functions } = this.platform;
    const moves = () => this.shoppers;
    this.room = this.has(roomPart({ simulation, world, store, runtime, moves }));
    const waiting = this.room?.waiting ?? null;
    this.shoppers = new Shoppers({
      simulation,
      spec: world.shoppers,
      cdn,
      fleet: servers,
      desk: this.desk,
      authentication: world.payments.authentication,
      tally: this.tally,
      itemWeights: store.items.map(({ weight }) => weight),
      wishes: listed,
      retryAfter: world.sideBySide.shedding?.retryAfter ?? null,
      promotions: this.desk.promotions === null ? null : { world, desk: this.desk.promotions },
      feedback: this.surveys?.shoppers ?? null,
      room: waiting,
      observer: input.observer ?? null,
    });
    const visit = (shopper: number, invited: boolean) => this.shoppers.visit(shopper, invited);
    this.visits = new VisitSources(simulation, { world, launch, tiers, list, visit });
    const { tally, figures } = this;
    if (servers.sheds) this.has({ figures: () => shedFigures(tally) });
    const others = this.has(neighboursPart({ simulation, world, launch, fleet }));
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
      neighbours: others?.neighbours ?? null,
      strangers: () => this.bots?.bots?.requestsToServers ?? 0,
      waiting: () => waiting?.figures.length.value ?? 0,
    });
    const { desk, shoppers, gateways } = this;
    this.has(offersPart({ desk, shoppers, store }));
    if (world.cdn.serveStale > 0) this.has({ figures: () => ({ "cdn.stale": cdn.stale }) });
    if (world.payments.authentication.share > 0)
      this.has({ figures: () => challengeFigures(tally) });
    const { codeDrawsBelow = Number.POSITIVE_INFINITY } = input;
    const raid = { simulation, world, desk, tally, store, cdn, servers, codeDrawsBelow };
    this.bots = this.has(botsPart(raid));
    this.faultTargets = {
      cdn,
      fleet: servers,
      lifecycle: fleet?.lifecycle ?? null,
      networks: store.networks,
      autoscaled: world.autoscaler.kind !== "none" || world.furtherPolicies.length > 0,
    };
    const targets = this.faultTargets;
    const faults = this.has(faultsPart({ simulation, world, tally, gateways, targets }));
    this.schedule = faults?.schedule ?? null;
    this.restsAt = world.lasts;
    if (input.auditEveryEvent === true) {
      simulation.onEvent(() => assertSound(store, this.surveys, simulation));
    }
  }

  private surveysOf({ feedback: spec }: WorldSpec, runtime: StoreRuntime): SurveyDesk | null {
    if (!asksShoppers(spec)) return null;
    const { simulation, store } = this;
    const surveys = new SurveyDesk({ simulation, spec, store, runtime });
    this.has({
      figures: () => feedbackFigures(surveys.figures()),
      read: (event) => surveys.observe(event),
    });
    return surveys;
  }

  /** Takes a part in where the scenario asks for it. */
  private has<Part extends WorldPart>(part: Part | null): Part | null {
    if (part !== null) this.parts.push(part);
    return part;
  }

  private noteBought(shopper: number): void {
    if (!isBot(shopper)) this.tally.outcomes?.bought(shopper);
  }

  private onSaleEvent(event: SaleEvent): void {
    this.figures.read(event);
    for (const part of this.parts) part.read?.(event);
    this.tiers?.read(event);
    if (event.kind === "OrderConfirmed") this.noteBought(shopperNumber(event.shopper));
    if (event.kind === "HoldPlaced" && this.firstSoldOutAt === null) {
      const soldOut = event.lines.some(({ sku }) => this.store.stock.available(sku) === 0);
      if (soldOut) this.firstSoldOutAt = this.simulation.now;
    }
    this.input.onSaleEvent?.(event);
  }

  /** Goes on, no further than `until` and by so many events at most. */
  advance({ until = Infinity, events = EVENTS_PER_SLICE }: Stretch = {}): StretchEnd {
    const { simulation, restsAt } = this;
    const end = simulation.run({ until: Math.min(until, restsAt), events });
    if (end === "event-limit") return end;
    if (simulation.now < restsAt) return "until";
    const answered = this.surveys?.atRest ?? true;
    if (this.shoppers.present === 0 && this.desk.atRest && answered) return "over";
    this.restsAt += MINUTE;
    assert(
      restsAt < this.input.plan.world.lasts + REST_MAX,
      "the world comes to rest after the sale",
    );
    return "until";
  }

  /** Something breaks that the scenario does not say. */
  breaks(fault: FaultSpec): void {
    this.schedule ??= new FaultSchedule(this.simulation, this.faultTargets);
    this.schedule.add(fault);
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
    const levels = store.stock.levels();
    const figures: StoreFigures = {
      botOrders: this.bots?.orders() ?? 0,
      charges: this.gateways.charges,
      chargesFailed: this.gateways.failed,
      chargesTimedOut: this.gateways.timedOut,
      skusSoldOut: levels.filter(isSoldOut).length,
      firstSoldOutAt: this.firstSoldOutAt,
      oversold: oversoldUnits(levels),
    };
    const ofParts = Object.assign({}, ...this.parts.map((part) => part.figures()));
    return {
      seed: this.input.seed,
      digest: simulation.digest.hex(),
      events: simulation.events,
      complete,
      metrics: this.measurement.metrics(figures, this.visits.counts, ofParts),
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
