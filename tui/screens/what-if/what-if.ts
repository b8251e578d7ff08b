/**
 * What-if: a plan of a scenario with its levers. After each change base and now are rehearsed with
 * the same seeds in a small world, and what the change brings stands there in a moment.
 */
import { createElement, type ReactElement } from "react";
import type { RunResult } from "../../../twin/result.ts";
import { whatIfSettings } from "../../../twin/scenario/what-if.ts";
import { SCALES } from "../../../twin/stepped/preview-scale.ts";
import { LeverChanges } from "../../model/lever-changes.ts";
import { type Lever, moved } from "../../model/levers.ts";
import { leverScale } from "../../model/preview-scale.ts";
import { nameOfFile, savedScenario } from "../../model/saved-scenario.ts";
import type { Background } from "../../worker/background-rehearsals.ts";
import { experimentOf, isRefusal, scenarioOf } from "../opponents.ts";
import { KeptRehearsals, PairedRehearsals } from "../paired-rehearsals.ts";
import type {
  ActionsOf,
  Frame,
  Host,
  PaneArea,
  PlanChoice,
  Request,
  Screen,
  Status,
} from "../screen.ts";
import { writtenFile } from "../written-file.ts";
import { type CarriedLevers, carriedLevers } from "./carried-levers.ts";
import { LeverMoves } from "./lever-moves.ts";
import { choiceOf, opponentsOf, type Subject, subjectOf } from "./subject.ts";
import { spokenOf, whatIfPicture } from "./what-if-picture.ts";
import { type WhatIfPicture, WhatIfView, whatIfPanes } from "./what-if-view.tsx";

/** Pairs of rehearsals to begin with, and how many more at a time. */
const PAIRS = 8;
const NO_PLAN = "no plan is opened yet: p opens one";

export class WhatIfScreen implements Screen {
  readonly id = "what-if";
  readonly actions: ActionsOf<"what-if">;
  readonly #host: Host;
  readonly #background: Background;
  readonly #kept = new KeptRehearsals();
  readonly #pairs: PairedRehearsals;
  readonly #moves: LeverMoves;
  #subject: Subject | null = null;
  #changes = LeverChanges.none([]);
  #carried: CarriedLevers = { changes: this.#changes, text: "" };
  #saved: readonly string[] = [];
  #refused = "";
  #selected = 0;
  #count = PAIRS;
  #scale = 1;
  #metric = "revenue";

  /** `clock` tells how long an answer took; the machine's where left out. */
  constructor(host: Host, background: Background, clock?: () => number) {
    this.#host = host;
    this.#background = background;
    this.#pairs = new PairedRehearsals({
      background,
      onChange: () => this.#told(),
      kept: this.#kept,
      clock,
    });
    this.#moves = new LeverMoves(background, this.#kept, () => host.redraw());
    this.actions = this.#handlers();
  }

  /** What is shown, as the verb prints it; null before a plan is opened. */
  get result(): RunResult | null {
    return this.#pairs.result;
  }

  show(request: Request): void {
    if (request.screen === "what-if") this.#open(request.choice);
  }

  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return whatIfPanes(size);
  }

  view(frame: Frame): ReactElement {
    return createElement(WhatIfView, { picture: this.#picture(), frame });
  }

  status(): Status {
    const { state, failure, pairs, firstAnswer, seconds } = this.#pairs;
    if (this.#refused !== "") return { severity: "critical", text: this.#refused };
    if (state === "failed") return { severity: "critical", text: failure };
    if (this.#subject === null) return { severity: "info", text: "no plan is opened yet" };
    const first = firstAnswer === null ? "" : ` · first answer after ${secondsText(firstAnswer)}`;
    if (state === "running")
      return { severity: "info", text: `${pairs} of ${this.#count} pairs${first}` };
    const broken = this.#picture().goals.filter(
      ({ base, now }) => (now ?? base).met === false,
    ).length;
    const text = `${pairs} pairs in ${secondsText({ seconds })}${first}`;
    return broken > 0
      ? { severity: "warning", text: `${broken} goal${broken === 1 ? "" : "s"} missed · ${text}` }
      : { severity: "ok", text };
  }

  spoken(): readonly string[] {
    return spokenOf(this.#picture());
  }

  summary(): readonly string[] {
    const { result } = this.#pairs;
    return result === null || this.#changes.written.length === 0 ? [] : [result.repeat];
  }

  unsaved(): string | null {
    const { written } = this.#changes;
    if (written.length === 0 || written.join("\n") === this.#saved.join("\n")) return null;
    return `${written.length} change${written.length === 1 ? "" : "s"} of What-if not saved.`;
  }

  async close(): Promise<void> {
    this.#moves.stop();
    this.#pairs.stop();
    await this.#background.close();
  }

  #handlers(): ActionsOf<"what-if"> {
    const select = (to: (selected: number) => number) => () => {
      const last = Math.max(0, this.#changes.levers.length - 1);
      this.#selected = Math.max(0, Math.min(last, to(this.#selected)));
      this.#host.redraw();
    };
    return {
      less: () => this.#move(-1),
      more: () => this.#move(1),
      "much-less": () => this.#move(-10),
      "much-more": () => this.#move(10),
      reset: () => this.#turn((lever) => lever.base),
      type: () => void this.#type(),
      open: () => void this.#type(),
      undo: () => this.#go(this.#changes.undone(), "there is nothing to undo"),
      redo: () => this.#go(this.#changes.redone(), "there is nothing to redo"),
      again: () => this.#again(),
      larger: () => this.#resize(1),
      smaller: () => this.#resize(-1),
      moved: () => this.#nextMetric(),
      plan: () => void this.#pickPlan(),
      filter: () => void this.#addLever(),
      save: () => void this.#save(),
      compare: () => this.#compare(),
      rehearse: () => this.#rehearseIt(),
      up: select((selected) => selected - 1),
      down: select((selected) => selected + 1),
      "page.up": select((selected) => selected - PAGE),
      "page.down": select((selected) => selected + PAGE),
      first: select(() => 0),
      last: select(() => Number.MAX_SAFE_INTEGER),
    };
  }

  #open(choice: PlanChoice): void {
    const subject = subjectOf(choice);
    if (isRefusal(subject)) {
      this.#refuse(subject.lines);
      return;
    }
    this.#subject = subject;
    const { changes, text } = carriedLevers(subject.board, choice);
    this.#changes = changes;
    this.#carried = { changes, text };
    this.#saved = [];
    this.#selected = 0;
    this.#count = PAIRS;
    this.#scale = choice.scale ?? leverScale(subject.plan);
    this.#rehearse();
  }

  /** Where the value stands in the file helps nobody who turned a lever. */
  #refuse([line = ""]: readonly string[]): void {
    const place = `${this.#subject?.path ?? ""}:`;
    const isPlaced = line.startsWith(place);
    this.#refused = isPlaced ? line.slice(place.length).replace(/^[\d:]* /u, "") : line;
    this.#host.redraw();
  }

  /** Base and now with the same seeds; base alone where nothing is changed. */
  #rehearse(): void {
    this.#moves.stop();
    if (this.#subject === null) return;
    const opponents = opponentsOf(this.#subject, this.#changes.written);
    const scenario = scenarioOf(opponents, this.#scale);
    if (isRefusal(scenario)) {
      this.#refuse(scenario.lines);
      return;
    }
    const size = { seeds: this.#count, scale: this.#scale };
    const experiment = experimentOf(opponents, scenario, size);
    if (isRefusal(experiment)) {
      this.#refuse(experiment.lines);
      return;
    }
    this.#refused = "";
    this.#pairs.start(experiment);
    this.#host.redraw();
  }

  /** When base and now are there, the levers are tried one by one. */
  #told(): void {
    this.#host.redraw();
    const { state, experiment } = this.#pairs;
    const now = experiment?.plans[0];
    const subject = this.#subject;
    if (state !== "done" || subject === null || experiment === null || now === undefined) return;
    const scenarioWith = (changes: readonly string[]) =>
      scenarioOf(opponentsOf(subject, changes), this.#scale);
    this.#moves.start({ changes: this.#changes, experiment, now, scenarioWith });
  }

  get #lever(): Lever | null {
    return this.#changes.levers[this.#selected] ?? null;
  }

  #move(steps: number): void {
    this.#turn((lever) => moved(lever, this.#changes.valueOf(lever), steps));
  }

  #turn(to: (lever: Lever) => number): void {
    const lever = this.#lever;
    if (lever === null) {
      this.#say(NO_PLAN);
      return;
    }
    const next = this.#changes.turned(lever, to(lever));
    if (next === this.#changes) this.#say(`${lever.label} is at its end, or as it was`);
    else this.#go(next, "");
  }

  #go(changes: LeverChanges | null, otherwise: string): void {
    if (changes === null) {
      this.#say(otherwise);
      return;
    }
    this.#changes = changes;
    this.#rehearse();
  }

  async #type(): Promise<void> {
    const lever = this.#lever;
    if (lever === null) {
      this.#say(NO_PLAN);
      return;
    }
    const { kind, path } = lever;
    const value = kind.write(this.#changes.valueOf(lever));
    const asked = await this.#host.ask({ label: path, value });
    if (asked === null) return;
    const number = kind.read(asked.trim());
    if (number === null)
      this.#refuse([`${path}: ${asked} is no value of its kind, such as ${value}`]);
    else this.#turn(() => number);
  }

  #again(): void {
    if (this.#subject === null) {
      this.#say(NO_PLAN);
      return;
    }
    this.#count += PAIRS;
    this.#rehearse();
  }

  #resize(by: 1 | -1): void {
    if (this.#subject === null) {
      this.#say(NO_PLAN);
      return;
    }
    const next = SCALES[SCALES.findIndex((scale) => scale >= this.#scale) + by];
    if (next === undefined) {
      this.#say(by > 0 ? "this is full size" : "there is no smaller world");
      return;
    }
    this.#scale = next;
    this.#rehearse();
  }

  #nextMetric(): void {
    if (this.#subject === null) {
      this.#say(NO_PLAN);
      return;
    }
    const metrics = this.#picture().rows.map(({ metric }) => metric);
    this.#metric = metrics[(metrics.indexOf(this.#metric) + 1) % metrics.length] ?? this.#metric;
    this.#host.redraw();
  }

  async #pickPlan(): Promise<void> {
    const subject = this.#subject;
    if (subject === null) {
      const asked = await this.#host.ask({ label: "Scenario file", value: "scenarios/" });
      if (asked !== null) this.#open({ path: asked.trim(), sets: [] });
      return;
    }
    const { plans } = subject.scenario;
    const words = plans.map(({ name, description }) => `${name}  ${description}`);
    const place = await this.#host.choose("Plan", words);
    const plan = place === null ? undefined : plans[place];
    if (plan === undefined) return;
    const { path, sets, seed } = subject;
    this.#open({ path, sets, plan: plan.name, ...(seed === null ? {} : { seed }) });
  }

  async #addLever(): Promise<void> {
    const board = this.#subject?.board;
    if (board === undefined) {
      this.#say(NO_PLAN);
      return;
    }
    const { paths } = board;
    const place = await this.#host.choose("A lever for any value of the scenario", paths);
    const lever = place === null ? null : board.leverAt(paths[place] ?? "");
    if (lever === null) return;
    const { levers } = this.#changes;
    const there = levers.findIndex(({ path }) => path === lever.path);
    if (there < 0) this.#changes = this.#changes.adding(lever);
    this.#selected = there < 0 ? levers.length : there;
    this.#host.redraw();
  }

  /** The changes as `--set` takes them; null where there are none, and the planner was told. */
  #settings(): { readonly subject: Subject; readonly sets: readonly string[] } | null {
    const subject = this.#subject;
    const changes = this.#changes.written;
    if (subject === null || changes.length === 0) {
      this.#say("nothing is changed yet");
      return null;
    }
    const { text, path, plan } = subject;
    const settings = whatIfSettings({ text, path, plan: plan.name, changes });
    const sets = settings.flatMap((one) => (typeof one === "string" ? [one] : []));
    return { subject, sets: [...subject.sets, ...sets] };
  }

  async #save(): Promise<void> {
    const found = this.#settings();
    if (found === null) return;
    const { subject, sets } = found;
    const value = subject.path.replace(/(\.ya?ml)?$/iu, "-what-if.yaml");
    const changes = this.#changes.written;
    const path = await writtenFile(this.#host, {
      label: "Scenario to write",
      value,
      text: (name) =>
        savedScenario({ text: subject.text, path: name, sets, name: nameOfFile(name) }),
    });
    if (path !== null) this.#saved = changes;
  }

  #compare(): void {
    const whatIfs = this.#changes.written;
    if (this.#subject === null || whatIfs.length === 0) {
      this.#say("nothing is changed yet");
      return;
    }
    const base = { ...choiceOf(this.#subject), scale: 1 };
    this.#host.open({ screen: "compare", choices: [{ ...base, whatIfs }, base] });
  }

  #rehearseIt(): void {
    const subject = this.#subject;
    if (subject === null) {
      this.#say(NO_PLAN);
      return;
    }
    const sets = this.#changes.written.length === 0 ? subject.sets : this.#settings()?.sets;
    const choice = { ...choiceOf(subject), sets: sets ?? subject.sets };
    this.#host.open({ screen: "rehearse", choice });
  }

  #say(text: string): void {
    this.#host.tell({ severity: "info", text });
  }

  #picture(): WhatIfPicture {
    return whatIfPicture({
      subject: this.#subject,
      refused: this.#refused,
      changes: this.#changes,
      carried: this.#changes === this.#carried.changes ? this.#carried.text : "",
      selected: this.#selected,
      pairs: this.#pairs,
      moves: this.#moves,
      count: this.#count,
      scale: this.#scale,
      metric: this.#metric,
    });
  }
}

const PAGE = 8;

function secondsText({ seconds }: { readonly seconds: number }): string {
  return `${seconds.toFixed(2)} s`;
}
