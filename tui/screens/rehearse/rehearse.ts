/**
 * Rehearse: one plan, played in front of the planner. It can be paused, stepped, sought back and
 * forth and changed on the way; at its end it is the very result that its command prints.
 */
/// <reference types="node" />
import { createElement, type ReactElement } from "react";
import { MINUTE, type Ticks } from "../../../engine/time.ts";
import { Lines } from "../../components/lines.tsx";
import { type Control, controlsOf } from "../../model/controls.ts";
import {
  afterUpdate,
  type Course,
  firstSpeed,
  markBeside,
  marksOf,
  shownSpan,
  speedBeside,
  speedText,
  stateWord,
  UNSEEN,
} from "../../model/course.ts";
import { type RehearseModel, rehearseModel } from "../../model/rehearse.ts";
import { CHARTS, type ChartName } from "../../model/rehearse-charts.ts";
import { clockText, tickOf } from "../../model/sale-clock.ts";
import { timeAt } from "../../model/time-line.ts";
import type { RunStore } from "../../state/runs.ts";
import type { Environment } from "../../terminal/capabilities.ts";
import type { MousePress } from "../../terminal/key-reader.ts";
import type {
  SteppedClient,
  SteppedListener,
  SteppedSeek,
  SteppedUpdate,
} from "../../worker/stepped-client.ts";
import type {
  ActionsOf,
  Frame,
  Host,
  PaneArea,
  PlanChoice,
  Press,
  Request,
  Screen,
  Severity,
  Status,
} from "../screen.ts";
import { ControlsHand } from "./controls-hand.ts";
import { LogCursor } from "./log-cursor.ts";
import { RehearsalEnding } from "./rehearsal-ending.ts";
import { rehearseLayout, rehearsePanes } from "./rehearse-layout.ts";
import { emptyLines, rehearseLines } from "./rehearse-lines.ts";
import { choiceOf, type RehearsedPlan, rehearsedPlan, repeatOf } from "./rehearsed-plan.ts";

export interface RehearseOptions {
  readonly environment: Environment;
  readonly runs: RunStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly startClient: (listener: SteppedListener) => SteppedClient;
}

/** Under this name the speed that was chosen last is remembered. */
const SPEED = "rehearse.speed";
const PAGE_ROWS = 10;
/** Steps on the time line: this share of what it shows, and tenfold. */
const SEEK_SHARE = 0.01;

export class RehearseScreen implements Screen {
  readonly id = "rehearse";
  readonly actions: ActionsOf<"rehearse"> = {
    up: (press) => this.#move(press, -1),
    down: (press) => this.#move(press, 1),
    first: (press) => this.#end(press, -1),
    last: (press) => this.#end(press, 1),
    "page.up": (press) => this.#move(press, -PAGE_ROWS),
    "page.down": (press) => this.#move(press, PAGE_ROWS),
    filter: () => void this.#log.askFilter(),
    open: (press) => void this.#open(press),
    back: () => this.#log.setFilter(""),
    pause: () => this.#playOrPause(),
    "step.event": () => this.#with((client) => client.step("event")),
    "step.minute": () => this.#with((client) => client.step("minute")),
    faster: () => this.#changeSpeed(1),
    slower: () => this.#changeSpeed(-1),
    "mark.next": () => this.#seekMark(1),
    "mark.previous": () => this.#seekMark(-1),
    less: (press) => this.#change(press, -1),
    more: (press) => this.#change(press, 1),
    "much-less": (press) => this.#change(press, -10),
    "much-more": (press) => this.#change(press, 10),
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    inject: () => this.#with((_, of) => void this.#hand.inject(of, this.#now)),
    mark: () => this.#mark(),
    seek: () => void this.#askTime(),
    follow: () => this.#with(() => this.#log.toggleFollow()),
    scale: () => this.#toggleScale(),
    save: () => this.#ending.save(),
    report: () => void this.#ending.report(),
    compare: () => this.#with((_, of) => this.#ending.compare(of, this.#course.interventions)),
    "what-if": () => this.#with((_, of) => this.#ending.whatIf(of, this.#course.interventions)),
  };
  readonly #host: Host;
  readonly #options: RehearseOptions;
  #client: SteppedClient | null = null;
  #of: RehearsedPlan | null = null;
  #course: Course = UNSEEN;
  #seeking: SteppedSeek | null = null;
  readonly #ending: RehearsalEnding;
  readonly #hand: ControlsHand;
  #own: readonly Ticks[] = [];
  readonly #log: LogCursor;
  #problems: readonly string[] = [];
  #chart: ChartName = CHARTS[0];
  #drawn: Pick<Frame, "columns" | "rows"> = { columns: 0, rows: 0 };

  constructor(host: Host, options: RehearseOptions) {
    this.#host = host;
    this.#options = options;
    this.#log = new LogCursor(host, () => this.model()?.log.length ?? 0);
    this.#ending = new RehearsalEnding(host, options);
    this.#hand = new ControlsHand(host, (act) => this.#with(act));
  }

  show(request: Request): void {
    if (request.screen === "rehearse") this.#start(request.choice);
  }

  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return rehearsePanes(size);
  }

  point(mouse: MousePress, press: Press): void {
    if (mouse.kind !== "press") this.#move(press, mouse.kind === "wheel-up" ? -1 : 1);
    const { line } = rehearseLayout(this.#drawn);
    if (mouse.kind !== "press" || mouse.row !== line.row || this.#of === null) return;
    const at = timeAt(mouse.column - line.column, { columns: line.columns, span: this.#span });
    if (at !== null) this.#seek(at);
  }

  view(frame: Frame): ReactElement {
    this.#drawn = frame;
    this.#chart = CHARTS.find((name) => name === frame.focus) ?? this.#chart;
    const model = this.model();
    const lines =
      model === null
        ? emptyLines(this.#problems, frame)
        : rehearseLines(model, frame, this.#chart).slice(0, frame.rows);
    return createElement(Lines, { lines, columns: frame.columns });
  }

  /** What it shows; null before anything was opened. */
  model(): RehearseModel | null {
    const of = this.#of;
    if (of === null) return null;
    return rehearseModel({
      ...of,
      scenario: of.scenario.name,
      course: this.#course,
      seeking: this.#seeking,
      own: this.#own,
      follow: this.#log.follow,
      filter: this.#log.filter,
      selectedEvent: this.#log.selected,
      selectedControl: this.#hand.selected,
      result: this.#ending.result,
      saved: this.#ending.saved,
      repeat: repeatOf(of, this.#course.interventions),
    });
  }

  status(): Status {
    const of = this.#of;
    if (of === null) {
      const [problem] = this.#problems;
      return problem === undefined
        ? { severity: "info", text: "nothing is rehearsed yet" }
        : { severity: "critical", text: problem };
    }
    if (this.#ending.result !== null) {
      const { exit } = this.#ending.result;
      return { severity: exit.code === 0 ? "ok" : "critical", text: exit.reason };
    }
    const worst = this.#course.happenings.findLast(({ severity }) => severity !== "info");
    if (worst !== undefined)
      return {
        severity: worst.severity,
        text: `${clockText(of.plan.world, worst.at)} ${worst.text}`,
      };
    return { severity: "ok", text: stateWord(this.#course) };
  }

  spoken(): readonly string[] {
    const model = this.model();
    if (model === null) return ["Nothing is rehearsed yet.", ...this.#problems];
    const figures = model.figures.map(({ name, value, trend, goal }) => {
      const words = goal === null ? "" : `, goal ${goal.text} ${goal.state}`;
      return `${name.toLowerCase()} ${value} ${trend}${words}.`;
    });
    const last = model.log.at(-1);
    const end = model.end === null ? [] : [model.end.verdict, `Repeat: ${model.repeat}`];
    const log = last === undefined ? [] : [`${last.time} ${last.word} ${last.text}.`];
    return [
      `${model.title}, ${model.time}, ${model.pace}, ${model.size}.`,
      ...end,
      ...figures,
      ...log,
    ];
  }

  summary(): readonly string[] {
    const model = this.model();
    if (model === null) return [];
    return [`${model.title}: ${model.end?.verdict ?? `left at ${model.time}`}`, model.repeat];
  }

  unsaved(): string | null {
    return this.#ending.unsaved();
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }

  #start(choice: PlanChoice): void {
    const of = rehearsedPlan(choice);
    this.#course = UNSEEN;
    this.#seeking = null;
    this.#ending.forget();
    this.#own = [];
    this.#log.follow = true;
    this.#of = "plan" in of ? of : null;
    this.#problems = "plan" in of ? [] : of;
    if (!("plan" in of)) return;
    const { plan, seed, interventions } = of;
    this.#client ??= this.#options.startClient(this.#listener());
    this.#course = { ...UNSEEN, speed: firstSpeed(this.#host.recall(SPEED), plan) };
    this.#client.open({ plan, seed, interventions });
    this.#client.play(this.#course.speed);
  }

  #listener(): SteppedListener {
    return {
      onUpdate: (update) => this.#hear(update),
      onSeeking: (seek) => {
        this.#seeking = seek;
        this.#host.redraw();
      },
      onRefused: (why) => this.#tell("warning", `Not changed: ${why}.`),
      onFailed: (why) => {
        this.#client = null;
        this.#problems = [why];
        this.#of = null;
        this.#tell("critical", why);
      },
    };
  }

  #hear(update: SteppedUpdate): void {
    const of = this.#of;
    if (of === null) return;
    this.#course = afterUpdate(this.#course, update);
    if (this.#course.state !== "seeking") this.#seeking = null;
    this.#ending.hear(of, this.#course);
    this.#host.redraw();
  }

  #tell(severity: Severity, text: string): void {
    this.#host.tell({ severity, text });
  }

  /** Does something with the rehearsal that is open; says so where there is none. */
  #with(act: (client: SteppedClient, of: RehearsedPlan) => void): void {
    if (this.#client !== null && this.#of !== null) act(this.#client, this.#of);
    else this.#tell("info", "Nothing is rehearsed yet: choose a plan on Home.");
  }

  get #now(): Ticks {
    return this.#course.snapshot?.now ?? 0;
  }

  get #span(): Ticks {
    return this.#of === null ? 1 : shownSpan(this.#of.plan, this.#now);
  }

  #playOrPause(): void {
    this.#with((client) => {
      if (this.#course.state === "ended")
        this.#tell("info", "It is over: [ goes back, t to a time.");
      else client.playOrPause();
    });
  }

  #changeSpeed(by: 1 | -1): void {
    this.#with((client) => {
      const speed = speedBeside(this.#course.speed, by);
      this.#course = { ...this.#course, speed };
      client.pace(speed);
      this.#host.remember(SPEED, speedText(speed));
      this.#tell("info", `speed ${speedText(speed)}`);
    });
  }

  #seek(to: Ticks): void {
    this.#with((client, { plan }) => client.seek(Math.max(0, Math.min(plan.world.lasts, to))));
  }

  #seekMark(by: 1 | -1): void {
    this.#with((_, { plan }) => {
      const at = markBeside(marksOf(this.#course, plan, this.#own), this.#now, by);
      if (at !== null) this.#seek(at);
      else this.#seek(by < 0 ? 0 : plan.world.lasts);
    });
  }

  async #askTime(): Promise<void> {
    const of = this.#of;
    if (of === null) return this.#with(() => {});
    const value = clockText(of.plan.world, this.#now);
    const answer = await this.#host.ask({ label: "Go to (20:47, or +47min)", value });
    if (answer === null) return;
    const at = tickOf(of.plan.world, answer);
    if (at === null) this.#tell("warning", `${answer} is not a time of this sale.`);
    else this.#seek(at);
  }

  #controls(): readonly Control[] {
    return this.#of === null ? [] : controlsOf(this.#of, this.#course);
  }

  #move({ pane }: Press, by: number): void {
    if (pane === "events") this.#log.move(by);
    else this.#hand.move(by, this.#controls());
  }

  /** The first or the last line of the log; elsewhere the start or the end of the sale. */
  #end(press: Press, by: 1 | -1): void {
    if (press.pane === "events") this.#move(press, by * Infinity);
    else if (press.pane === "controls") this.#hand.move(by * Infinity, this.#controls());
    else this.#seek(by < 0 ? 0 : (this.#of?.plan.world.lasts ?? 0));
  }

  /** A control by so many steps; where another pane has the focus, the time. */
  #change({ pane }: Press, steps: number): void {
    if (pane !== "controls") {
      this.#seek(this.#now + Math.max(MINUTE / 6, Math.round(this.#span * SEEK_SHARE)) * steps);
      return;
    }
    this.#with((_, of) => this.#hand.change(steps, this.#controls(), of));
  }

  async #open({ pane }: Press): Promise<void> {
    if (pane === "events") {
      const row = this.model()?.log[this.model()?.selectedEvent ?? -1];
      if (row !== undefined) this.#seek(row.at);
      return;
    }
    if (pane !== "controls") return this.#askTime();
    this.#with((_, of) => void this.#hand.open(this.#controls(), of, this.#now));
  }

  #undo(): void {
    this.#with((client) => {
      if (this.#course.undoes === null) this.#tell("info", "There is nothing to undo.");
      else client.undo();
    });
  }

  #redo(): void {
    this.#with((client) => {
      if (this.#course.redoes === null) this.#tell("info", "There is nothing to redo.");
      else client.redo();
    });
  }

  #mark(): void {
    this.#with((_, { plan }) => {
      const now = this.#now;
      const marked = this.#own.includes(now);
      this.#own = marked ? this.#own.filter((at) => at !== now) : [...this.#own, now];
      const time = clockText(plan.world, now);
      this.#tell("info", marked ? `The mark at ${time} is gone.` : `${time} is marked.`);
    });
  }

  /** The same plan and changes at the other size, from the start. */
  #toggleScale(): void {
    this.#with((_, of) => {
      const { scale, ...choice } = choiceOf(of, this.#course.interventions);
      const quick = rehearsedPlan(choice);
      const preview = "plan" in quick ? quick.scale : 1;
      if (scale === 1 && preview === 1)
        return this.#tell("info", "It is rehearsed at full size already: it is quick enough.");
      this.#start(scale === 1 ? choice : { ...choice, scale: 1 });
    });
  }
}
