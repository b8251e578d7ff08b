/**
 * The course of one stepped rehearsal under commands: what is played, where to and how fast, and
 * which interventions were made, taken back and made again. It computes in slices of some
 * milliseconds and knows no thread: whoever owns it gives it commands between two slices.
 *
 * Going back, undo and redo are the same: the rehearsal runs again from its seed with the
 * interventions that stand now, up to the instant that is wanted.
 */
import { assert } from "../../engine/assert.ts";
import { HOUR, MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import { type Change, type Intervention, interventionOf } from "../../twin/stepped/intervention.ts";
import { SteppedRehearsal } from "../../twin/stepped/stepped-rehearsal.ts";
import type { Speed, SteppedInput, SteppedState } from "./stepped-client.ts";
import type { SteppedCommand, SteppedReport } from "./stepped-protocol.ts";

/** A slice is to take no longer, so that a command is heard soon. */
const SLICE_MILLIS = 8;
const SLICE_EVENTS_MIN = 256;
const SLICE_EVENTS_MAX = 65_536;
/** Quiet hours hold few events, but are sampled all the same. */
const SLICE_TICKS_MAX: Ticks = HOUR;
/** Between two updates while it plays, and between two words about a seek. */
const UPDATE_MILLIS = 100;
/** While it plays at a speed it goes on so often. */
const FRAME_MILLIS = 20;
/** What computing has fallen behind its speed by more than this is not made up for. */
const LAG_MILLIS_MAX = 250;

export type CourseReport = SteppedReport extends infer One
  ? One extends SteppedReport
    ? Omit<One, "course">
    : never
  : never;

export interface SteppedCourseOptions {
  readonly input: SteppedInput;
  readonly report: (report: CourseReport) => void;
  /** Milliseconds of wall time. */
  readonly clock: () => number;
}

type CourseCommand = Exclude<SteppedCommand, { readonly kind: "open" }>;

export class SteppedCourse {
  readonly #options: SteppedCourseOptions;
  #rehearsal: SteppedRehearsal;
  /** In the order in which they were made, and those taken back, the last one last. */
  #made: readonly Intervention[] = [];
  #undone: readonly Intervention[] = [];
  #playing = false;
  #speed: Speed = "max";
  /** Where it is on its way to; null where it is not seeking. */
  #seek: Ticks | null = null;
  /** What waits until it is there. */
  #waiting: CourseCommand[] = [];
  /** Nothing of this rehearsal has been told yet. */
  #isNew = true;
  /** From where and when on it plays at its speed. */
  #anchor = { at: 0, millis: 0 };
  #sliceEvents = SLICE_EVENTS_MIN;
  #toldAtMillis = Number.NEGATIVE_INFINITY;
  #computedMillis = 0;
  #computedEvents = 0;

  constructor(options: SteppedCourseOptions) {
    this.#options = options;
    this.#rehearsal = this.#fresh();
    this.#tell();
  }

  command(command: CourseCommand): void {
    const waits = command.kind === "intervene" || command.kind === "step";
    if (waits && this.#seek !== null) {
      this.#waiting.push(command);
      return;
    }
    switch (command.kind) {
      case "play":
        this.#play(command.speed);
        return;
      case "pace":
        this.#speed = command.speed;
        this.#anchorHere();
        break;
      case "play-or-pause":
        if (!this.#playing) {
          this.#play(this.#speed);
          return;
        }
        this.#playing = false;
        break;
      case "pause":
        this.#playing = false;
        break;
      case "step":
        this.#step(command.of);
        break;
      case "seek":
        this.#seekTo(command.to);
        return;
      case "intervene":
        if (!this.#intervene(command.change)) return;
        break;
      case "undo":
      case "redo":
        this[command.kind]();
        return;
    }
    if (this.#seek === null) this.#tell();
  }

  /** Computes a slice; milliseconds until it wants to go on: 0 at once, Infinity never by itself. */
  work(): number {
    if (this.#seek !== null) return this.#workTowards(this.#seek);
    if (!this.#playing) return Infinity;
    const goal = this.#goal();
    if (goal <= this.#rehearsal.now) return FRAME_MILLIS;
    const isThere = this.#slice(goal);
    const now = this.#options.clock();
    if (this.#rehearsal.isOver) this.#playing = false;
    if (!this.#playing || now - this.#toldAtMillis >= UPDATE_MILLIS) this.#tell();
    if (isThere) return this.#playing ? FRAME_MILLIS : Infinity;
    if (this.#speed !== "max" && this.#lagMillis(now) > LAG_MILLIS_MAX) this.#anchorHere();
    return 0;
  }

  #play(speed: Speed): void {
    this.#speed = speed;
    this.#playing = !this.#rehearsal.isOver;
    this.#anchorHere();
    if (this.#seek === null) this.#tell();
  }

  #step(of: "event" | "minute"): void {
    this.#playing = false;
    if (of === "event") this.#compute({ events: 1 });
    // A minute of a large sale is long: it goes in slices, so that a command is heard meanwhile.
    else if (!this.#rehearsal.isOver) this.#seek = this.#rehearsal.now + MINUTE;
  }

  /** True where it is taken. */
  #intervene(change: Change): boolean {
    const intervention = interventionOf(change, this.#rehearsal.now);
    const why = this.#rehearsal.intervene(intervention);
    if (why === null) {
      this.#made = [...this.#made, intervention];
      this.#undone = [];
      return true;
    }
    this.#options.report({ kind: "refused", why });
    return false;
  }

  undo(): void {
    const last = this.#made.at(-1);
    if (last === undefined) return;
    this.#made = this.#made.slice(0, -1);
    this.#undone = [...this.#undone, last];
    this.#runAgain(this.#seek ?? this.#rehearsal.now);
  }

  redo(): void {
    const last = this.#undone.at(-1);
    if (last === undefined) return;
    this.#undone = this.#undone.slice(0, -1);
    this.#made = [...this.#made, last];
    this.#runAgain(this.#seek ?? this.#rehearsal.now);
  }

  #seekTo(to: Ticks): void {
    const goal = Math.round(Math.min(Math.max(0, to), this.#options.input.plan.world.lasts));
    if (goal < this.#rehearsal.now) this.#runAgain(goal);
    else this.#seek = goal;
  }

  #runAgain(to: Ticks): void {
    this.#rehearsal = this.#fresh();
    this.#isNew = true;
    this.#seek = to;
  }

  #fresh(): SteppedRehearsal {
    const { plan, seed, interventions = [] } = this.#options.input;
    const all = [...interventions, ...this.#made];
    return new SteppedRehearsal({ plan, seed, interventions: all });
  }

  #workTowards(goal: Ticks): number {
    const { clock, report } = this.#options;
    if (!this.#slice(goal) && !this.#rehearsal.isOver) {
      if (clock() - this.#toldAtMillis < UPDATE_MILLIS) return 0;
      this.#toldAtMillis = clock();
      report({ kind: "seeking", seek: { at: this.#rehearsal.now, to: goal } });
      return 0;
    }
    this.#seek = null;
    if (this.#rehearsal.isOver) this.#playing = false;
    this.#anchorHere();
    this.#tell();
    for (const command of this.#waiting.splice(0)) this.command(command);
    return 0;
  }

  /** Where its speed wants it to be by now. */
  #goal(): Ticks {
    if (this.#speed === "max") return Infinity;
    const since = this.#options.clock() - this.#anchor.millis;
    return this.#anchor.at + Math.floor(since * MILLISECOND * this.#speed);
  }

  #lagMillis(now: number): number {
    assert(this.#speed !== "max", "what goes as fast as it can is never late");
    const played = (this.#rehearsal.now - this.#anchor.at) / MILLISECOND / this.#speed;
    return now - this.#anchor.millis - played;
  }

  #anchorHere(): void {
    this.#anchor = { at: this.#rehearsal.now, millis: this.#options.clock() };
  }

  /** True where everything up to the goal has happened. */
  #slice(goal: Ticks): boolean {
    const until = Math.min(goal, this.#rehearsal.now + SLICE_TICKS_MAX);
    return this.#compute({ until, events: this.#sliceEvents }) && until === goal;
  }

  #compute(stretch: { readonly until?: Ticks; readonly events?: number }): boolean {
    const { clock } = this.#options;
    const rehearsal = this.#rehearsal;
    const { events } = rehearsal;
    const started = clock();
    const isThere = rehearsal.advance(stretch);
    const took = clock() - started;
    this.#computedMillis += took;
    this.#computedEvents += rehearsal.events - events;
    if (took > SLICE_MILLIS) this.#sliceEvents = Math.max(SLICE_EVENTS_MIN, this.#sliceEvents / 2);
    else if (took < SLICE_MILLIS / 2 && rehearsal.events - events >= this.#sliceEvents)
      this.#sliceEvents = Math.min(SLICE_EVENTS_MAX, this.#sliceEvents * 2);
    return isThere;
  }

  get #state(): SteppedState {
    if (this.#rehearsal.isOver) return "ended";
    if (this.#seek !== null) return "seeking";
    return this.#playing ? "playing" : "paused";
  }

  #tell(): void {
    const { interventions } = this.#rehearsal;
    const eventsPerSecond =
      this.#computedMillis === 0 ? 0 : (this.#computedEvents / this.#computedMillis) * 1_000;
    this.#options.report({
      kind: "update",
      update: {
        state: this.#state,
        speed: this.#speed,
        glimpse: this.#rehearsal.glimpse(),
        anew: this.#isNew,
        interventions: [...interventions],
        undoes: this.#made.at(-1) ?? null,
        redoes: this.#undone.at(-1) ?? null,
        eventsPerSecond: Math.round(eventsPerSecond),
      },
    });
    this.#isNew = false;
    this.#computedMillis = 0;
    this.#computedEvents = 0;
    this.#toldAtMillis = this.#options.clock();
  }
}
