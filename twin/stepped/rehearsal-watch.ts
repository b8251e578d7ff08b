/**
 * Watches a rehearsal from outside: samples for its charts, the figures of its last minute, and
 * what happens in it. It is asked to look at set times between the events and schedules none, so
 * the course of the sale is that of one that nobody watches.
 */
import { Histogram } from "../../engine/statistics/histogram.ts";
import { MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { NOT_YET } from "../fleet/instances.ts";
import { oversoldUnits } from "../invariants/audit.ts";
import type { Resize } from "../platform.ts";
import type { FaultSpec, PlanSpec } from "../scenario/scenario.ts";
import type { World } from "../world.ts";
import { batchText, faultBeginsText, faultEndsText, resizeText } from "./happening-text.ts";
import { markInterval, sampleInterval } from "./sample-interval.ts";
import { ServerLoad } from "./server-load.ts";
import { ServiceWatch } from "./service-watch.ts";
import type { Happening, Sample, Snapshot } from "./snapshot.ts";

/** What has been counted since the start. */
interface Counts {
  readonly at: Ticks;
  readonly sessions: number;
  readonly orders: number;
  readonly revenue: number;
  readonly errors: number;
  readonly pages: number;
}

/** Something whose time is known before. */
interface Due extends Omit<Happening, "at"> {
  readonly at: Ticks;
}

export class RehearsalWatch {
  /** Since they were last taken. */
  samples: Sample[] = [];
  happenings: Happening[] = [];
  /** When it wants to look next; never, once the sale is over. */
  nextMark: Ticks;
  readonly #world: World;
  readonly #plan: PlanSpec;
  readonly #mark: Ticks;
  readonly #interval: Ticks;
  readonly #load: ServerLoad;
  readonly #service: ServiceWatch;
  /** Latency of every page, since the last mark and since the last sample. */
  readonly #latency = new Histogram();
  readonly #latencyOfSample = new Histogram();
  /** Of the last minute, the oldest first. */
  readonly #recent: Counts[] = [];
  #sampled: Counts;
  /** Sorted by time; what is over is gone. */
  readonly #due: Due[] = [];
  #batchesTold = 0;
  #waits = false;
  #soldOut: "none" | "some" | "all" = "none";

  constructor(world: World, plan: PlanSpec) {
    this.#world = world;
    this.#plan = plan;
    this.#interval = sampleInterval(plan.world.lasts);
    this.#mark = markInterval(this.#interval);
    this.nextMark = Math.min(this.#mark, plan.world.lasts);
    this.#load = new ServerLoad(world.platform, plan.world);
    this.#service = new ServiceWatch(plan.world.serviceLevel);
    this.#sampled = this.#counts();
    this.#recent.push(this.#sampled);
    world.tally.sampled = this.#latency;
    for (const fault of plan.world.faults) this.expect(fault);
  }

  /** A fault that will be told of when it begins and when it ends. */
  expect(fault: FaultSpec): void {
    const severity = "warning";
    this.#due.push({ at: fault.at, kind: "fault", severity, text: faultBeginsText(fault) });
    if (fault.ends > fault.at)
      this.#due.push({
        at: fault.ends,
        kind: "fault",
        severity: "info",
        text: faultEndsText(fault),
      });
    this.#due.sort((one, other) => one.at - other.at);
  }

  tell(happening: Omit<Happening, "at">): void {
    this.happenings.push({ at: this.#world.simulation.now, ...happening });
  }

  /** At {@link nextMark}, when every event up to it has happened. */
  look(): void {
    const { now } = this.#world.simulation;
    const { lasts } = this.#plan.world;
    this.tellDue();
    this.#watchRoom();
    const counts = this.#counts();
    this.#recent.push(counts);
    while ((this.#recent[1]?.at ?? now) <= now - MINUTE) this.#recent.shift();
    const missed = this.#service.look(counts, this.#latency);
    if (missed !== null) this.tell(missed);
    this.#latencyOfSample.merge(this.#latency);
    this.#latency.clear();
    if (now % this.#interval === 0 || now === lasts) this.#sample(counts);
    this.nextMark = now === lasts ? Infinity : Math.min(now + this.#mark, lasts);
  }

  /** What had its time and was not told of yet. */
  tellDue(): void {
    const { now } = this.#world.simulation;
    const { batches } = this.#world.visits.mailing;
    for (; (batches[this.#batchesTold]?.due ?? Infinity) <= now; this.#batchesTold += 1) {
      const batch = batches[this.#batchesTold];
      const at = Math.max(0, batch.due);
      this.happenings.push({ at, kind: "batch", severity: "info", text: batchText(batch) });
    }
    while ((this.#due[0]?.at ?? Infinity) <= now) this.happenings.push(...this.#due.splice(0, 1));
  }

  resized(resize: Resize): void {
    this.tell({ kind: "scaling", severity: "info", text: resizeText(resize) });
  }

  read(event: SaleEvent): void {
    if (event.kind !== "HoldPlaced" || this.#soldOut === "all") return;
    const { items, stock } = this.#world.store;
    const emptied = event.lines.find(({ sku }) => stock.available(sku) === 0);
    if (emptied === undefined) return;
    if (this.#soldOut === "none" && items.length > 1) {
      const text = `${emptied.sku} is the first to be sold out or held to the last unit`;
      this.tell({ kind: "sold-out", severity: "info", text });
    }
    this.#soldOut = "some";
    if (items.some(({ sku }) => stock.available(sku) > 0)) return;
    this.#soldOut = "all";
    this.tell({ kind: "sold-out", severity: "warning", text: "every unit is sold or held" });
  }

  snapshot(): Snapshot {
    const { simulation, tally, store } = this.#world;
    const { now, events } = simulation;
    const counts = this.#counts();
    const [before = counts] = this.#recent;
    // In the first minute what there is of it; later the window is a mark longer at most.
    const perMinute = (count: (of: Counts) => number) =>
      Math.round(((count(counts) - count(before)) * MINUTE) / Math.max(MINUTE, now - before.at));
    const latency = tally.latencyOfAll();
    return {
      now,
      of: this.#plan.world.lasts,
      events,
      shoppers: tally.concurrent.value,
      arrivalsPerMinute: perMinute(({ sessions }) => sessions),
      queue: this.#queue,
      instances: this.#instances(),
      orders: counts.orders,
      ordersPerMinute: perMinute(({ orders }) => orders),
      revenue: counts.revenue,
      revenuePerMinute: perMinute(({ revenue }) => revenue),
      errorsRate: counts.pages === 0 ? 0 : counts.errors / counts.pages,
      latencyP50: millis(latency.quantile(0.5)),
      latencyP95: millis(latency.quantile(0.95)),
      oversold: oversoldUnits(store.stock.levels()),
    };
  }

  get #queue(): number {
    return this.#world.room?.waiting.figures.length.value ?? 0;
  }

  #instances(): Snapshot["instances"] {
    const { servers, fleet } = this.#world.platform;
    const serving = servers.figures.serving.value;
    const { autoscaler } = this.#plan.world;
    if (fleet === null) {
      const max = autoscaler.kind === "serverless" ? autoscaler.concurrency : serving;
      return { serving, warming: 0, min: 0, max };
    }
    const { lifecycle } = fleet;
    const { instances, min, max } = lifecycle;
    let warming = 0;
    for (let instance = 0; instance < instances.count; instance += 1) {
      const comes = lifecycle.isHeld(instance) && instances.servedSince[instance] === NOT_YET;
      if (comes) warming += 1;
    }
    return { serving, warming, min, max };
  }

  #counts(): Counts {
    const { simulation, tally, figures } = this.#world;
    return {
      at: simulation.now,
      sessions: tally.sessions,
      orders: figures.orders,
      revenue: figures.revenue,
      errors: tally.errors,
      pages: tally.pagesInAll,
    };
  }

  #sample(counts: Counts): void {
    const { tally, platform } = this.#world;
    const before = this.#sampled;
    const latency = this.#latencyOfSample;
    this.samples.push({
      at: counts.at,
      shoppers: tally.concurrent.value,
      queue: this.#queue,
      instances: platform.servers.figures.serving.value,
      ...this.#load.take((counts.at - before.at) / SECOND),
      orders: counts.orders - before.orders,
      revenue: counts.revenue - before.revenue,
      errors: counts.errors - before.errors,
      latencyP50: millis(latency.quantile(0.5)),
      latencyP95: millis(latency.quantile(0.95)),
    });
    latency.clear();
    this.#sampled = counts;
  }

  #watchRoom(): void {
    const waits = this.#queue > 0;
    if (waits === this.#waits) return;
    this.#waits = waits;
    const text = waits ? "shoppers wait in the waiting room" : "nobody waits any more";
    this.tell({ kind: "waiting-room", severity: waits ? "warning" : "info", text });
  }
}

/** Milliseconds of ticks, to the microsecond; not a number where nothing was measured. */
function millis(ticks: Ticks): number {
  return Math.round(ticks) / MILLISECOND;
}
