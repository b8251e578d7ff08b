/**
 * A rehearsal that goes on as far as it is told to, can be looked at and changed on the way, and
 * ends as the very {@link Rehearsal} that `rehearse` gives: the same digest, metrics and series for
 * the same plan and seed. Two that were given the same interventions are the same as well, whether
 * they knew of them from the start or not, and however often they were stopped and looked at.
 */
import { assert } from "../../engine/assert.ts";
import { PRIORITY_MAX, type Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { sealed } from "../adapters/sealed-globals.ts";
import type { Rehearsal } from "../result.ts";
import type { FaultSpec } from "../scenario/scenario.ts";
import { type RehearsalInput, type Stretch, World } from "../world.ts";
import { changeText } from "./happening-text.ts";
import type { Intervention } from "./intervention.ts";
import { type Course, makeIntervention, refusalOf } from "./levers.ts";
import { RehearsalWatch } from "./rehearsal-watch.ts";
import type { Glimpse } from "./snapshot.ts";

/** Interventions in one rehearsal. */
const INTERVENTIONS_MAX = 10_000;

export interface SteppedInput
  extends Pick<RehearsalInput, "plan" | "seed" | "onSaleEvent" | "outcomes"> {
  /** Known from the start, in any order; those of one tick are made in the order given. */
  readonly interventions?: readonly Intervention[];
}

/** An intervention that could not be made when its time came, and why. */
export interface Refused {
  readonly intervention: Intervention;
  readonly why: string;
}

export class SteppedRehearsal {
  /** True when the sale is over and everything has come to rest. */
  isOver = false;
  readonly refused: Refused[] = [];
  readonly #simulation: Simulation;
  readonly #world: World;
  readonly #watch: RehearsalWatch;
  readonly #course: Course & { faults: readonly FaultSpec[] };
  /** By time; those before `#made` have been made or refused. */
  readonly #interventions: Intervention[];
  #made = 0;
  /** Of them, those that are events of the kernel or were. */
  #planned = 0;
  readonly #changes: number;
  #rehearsal: Rehearsal | null = null;

  constructor(input: SteppedInput) {
    const { plan, interventions = [], onSaleEvent } = input;
    const spec = plan.world;
    let watch: RehearsalWatch | null = null;
    this.#world = sealed(
      () =>
        new World({
          ...input,
          onSaleEvent: (event) => {
            watch?.read(event);
            onSaleEvent?.(event);
          },
          onResize: (resize) => watch?.resized(resize),
        }),
    );
    this.#simulation = this.#world.simulation;
    watch = new RehearsalWatch(this.#world, plan);
    this.#watch = watch;
    this.#course = { world: this.#world, spec, faults: spec.faults };
    this.#interventions = [...interventions].sort((one, other) => one.at - other.at);
    assert((this.#interventions[0]?.at ?? 0) >= 0, "nothing is changed before the start");
    // Defined after every event of the world, so that those are numbered as in any other rehearsal.
    this.#changes = this.#simulation.defineEvent("intervention", () => this.#make(), {
      priority: -PRIORITY_MAX,
    });
  }

  get now(): Ticks {
    return this.#simulation.now;
  }

  /** Events of the kernel so far. */
  get events(): number {
    return this.#simulation.events;
  }

  /** By time, those that lie ahead included. */
  get interventions(): readonly Intervention[] {
    return this.#interventions;
  }

  /**
   * Goes on up to a time, by so many events at most, or to the end. True where everything up to
   * that time has happened.
   */
  advance({ until = Infinity, events = Infinity }: Stretch): boolean {
    assert(until >= this.now, "a rehearsal goes on and not back");
    return sealed(() => this.#advance(until, this.events + events));
  }

  /** What came since the last look, and how it stands now. */
  glimpse(): Glimpse {
    const watch = this.#watch;
    watch.tellDue();
    const happenings = watch.happenings.sort((one, other) => one.at - other.at);
    const { samples } = watch;
    watch.happenings = [];
    watch.samples = [];
    const { batches } = this.#world.visits.mailing;
    const snapshot = watch.snapshot();
    return { snapshot, samples, happenings, batches, rehearsal: this.#rehearsal };
  }

  /** What came of it: not complete before it is over. */
  result(): Rehearsal {
    return this.#rehearsal ?? sealed(() => this.#world.result(false));
  }

  /**
   * Makes an intervention now or plans it for later. Null where it is taken; else why not, and
   * nothing has changed. Whether one of later can be made is seen when its time comes.
   */
  intervene(intervention: Intervention): string | null {
    if (this.isOver) return "the sale is over";
    if (intervention.at < this.now) return "what is past cannot be changed";
    if (intervention.at === this.now) {
      const why = refusalOf(intervention, this.#course);
      if (why !== null) return why;
    }
    if (this.#interventions.length >= INTERVENTIONS_MAX) return "there are too many changes";
    const later = this.#interventions.findIndex(({ at }) => at > intervention.at);
    const place = later === -1 ? this.#interventions.length : later;
    this.#interventions.splice(place, 0, intervention);
    // Its tick is brought to an end, so that what comes of it can be seen.
    if (intervention.at === this.now) this.advance({ until: this.now });
    return null;
  }

  #advance(until: Ticks, lastEvent: number): boolean {
    const watch = this.#watch;
    while (!this.isOver && this.events < lastEvent) {
      const change = this.#interventions[this.#made]?.at ?? Infinity;
      const stop = Math.min(until, watch.nextMark, change);
      const end = this.#world.advance({ until: stop, events: lastEvent - this.events });
      if (end === "over") this.#end();
      // Short of the stop there was a look at whether all is at rest.
      if (end !== "until" || this.now < stop) continue;
      if (this.now === watch.nextMark) watch.look();
      else if (this.#hasChangeNow()) this.#simulation.schedule(this.now, this.#changes, this.#made);
      else if (this.now === until) return true;
    }
    return this.isOver;
  }

  /** Whether an intervention's time has come; those of one tick follow one another. */
  #hasChangeNow(): boolean {
    if (this.#interventions[this.#made]?.at !== this.now || this.#planned > this.#made)
      return false;
    this.#planned += 1;
    return true;
  }

  /** The intervention whose time has come. */
  #make(): void {
    const intervention = this.#interventions[this.#made];
    assert(intervention?.at === this.now, "an intervention is made at its time");
    this.#made += 1;
    const why = refusalOf(intervention, this.#course);
    if (why !== null) {
      this.refused.push({ intervention, why });
      const text = `${changeText(intervention)}: could not be made, ${why}`;
      this.#watch.tell({ kind: "intervention", severity: "warning", text });
      return;
    }
    makeIntervention(intervention, this.#course);
    if (intervention.kind === "fault") {
      const { fault } = intervention;
      this.#course.faults = [...this.#course.faults, fault];
      this.#watch.expect(fault);
    }
    const text = changeText(intervention);
    this.#watch.tell({ kind: "intervention", severity: "info", text });
  }

  #end(): void {
    this.isOver = true;
    this.#rehearsal = this.#world.result(true);
    const text = "the sale is over and everything has come to rest";
    this.#watch.tell({ kind: "end", severity: "info", text });
  }
}
