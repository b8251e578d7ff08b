/**
 * Home: the scenarios of this folder with a preview of the selected plan, and the runs that were
 * saved. From here a plan is rehearsed, compared or played with.
 */
/// <reference types="node" />
import { createElement, type ReactElement } from "react";
import { Lines } from "../../components/lines.tsx";
import {
  filtered,
  type HomeModel,
  planOf,
  previewOf,
  type ScenarioPlace,
  scenarioRows,
} from "../../model/home.ts";
import { choicesOf } from "../../model/repeat-choice.ts";
import { runName, runRow } from "../../model/saved-run-row.ts";
import { showReport } from "../../state/reports.ts";
import type { RunStore, SavedRun } from "../../state/runs.ts";
import type { Environment } from "../../terminal/capabilities.ts";
import type { MousePress } from "../../terminal/key-reader.ts";
import type {
  ActionsOf,
  Frame,
  Host,
  PaneArea,
  PlanChoice,
  Press,
  Screen,
  Severity,
  Status,
} from "../screen.ts";
import { FileActions } from "./file-actions.ts";
import { HomeFiles, type ScenarioEntry } from "./home-files.ts";
import { homeLayout, homeLines, pointedAt } from "./home-lines.ts";
import { distinct, type Mark, Marks } from "./marks.ts";

export interface HomeOptions {
  readonly environment: Environment;
  readonly runs: RunStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const PAGE_ROWS = 10;

/** Under this name the scenario that was last gone into is remembered. */
const LAST_SCENARIO = "home.scenario";

export class HomeScreen implements Screen {
  readonly id = "home";
  readonly actions: ActionsOf<"home"> = {
    up: (press) => this.#move(press, -1),
    down: (press) => this.#move(press, 1),
    first: (press) => this.#move(press, Number.NEGATIVE_INFINITY),
    last: (press) => this.#move(press, Number.POSITIVE_INFINITY),
    "page.up": (press) => this.#move(press, -PAGE_ROWS),
    "page.down": (press) => this.#move(press, PAGE_ROWS),
    filter: () => void this.#askFilter(),
    open: (press) => this.#rehearse(press),
    back: () => this.#clear(),
    mark: (press) => this.#mark(press),
    rerun: (press) => this.#rerun(press),
    report: (press) => void this.#report(press),
    "what-if": (press) => this.#whatIf(press),
    compare: (press) => this.#compare(press),
    new: () => void this.#actions.new(),
    duplicate: () => void this.#actions.duplicate(this.#selected()?.path),
    edit: () => void this.#actions.edit(this.#selected()?.path),
    delete: ({ pane }) =>
      pane === "runs"
        ? void this.#actions.deleteRun(this.#runs()[this.#run])
        : void this.#actions.delete(this.#selected()?.path),
  };
  readonly #host: Host;
  readonly #options: HomeOptions;
  readonly #files: HomeFiles;
  readonly #actions: FileActions;
  #place: ScenarioPlace | null = null;
  #run = 0;
  #filter = "";
  readonly #marks = new Marks();

  constructor(host: Host, options: HomeOptions) {
    this.#host = host;
    this.#options = options;
    const last = host.recall(LAST_SCENARIO);
    if (last !== null) this.#place = { path: last, plan: null };
    this.#files = new HomeFiles(options.runs, () => host.redraw());
    this.#actions = new FileActions(host, options, (place) => {
      this.#place = place === null ? this.#place : { path: place, plan: null };
      this.#files.lookNow();
      this.#run = clamp(this.#run, this.#runs().length - 1);
      host.redraw();
    });
  }

  show(): void {
    this.#files.lookNow();
  }

  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    const { list, runs } = homeLayout(size);
    return [list, runs];
  }

  point(mouse: MousePress, press: Press): void {
    if (mouse.kind !== "press") this.#move(press, mouse.kind === "wheel-up" ? -1 : 1);
    else this.#pointAt(mouse, press);
  }

  view(frame: Frame): ReactElement {
    this.#files.look(this.#options.now());
    this.#drawn = frame;
    const lines = homeLines(this.model(), frame);
    return createElement(Lines, { lines, columns: frame.columns });
  }

  /** What it shows. */
  model(): HomeModel {
    const shown = this.#shown();
    const place = this.#selected();
    this.#files.wanted = place?.path ?? null;
    const rows = this.#rows();
    const now = this.#options.now();
    return {
      rows,
      selectedRow: Math.max(0, this.#rowOf(place)),
      scenarios: { shown: shown.length, all: this.#files.entries.length },
      filter: this.#filter,
      preview: previewOf({
        entry: this.#entry(),
        plan: place?.plan ?? null,
        runs: this.#files.runs,
        arrivals: (plan) => this.#files.arrivals(plan),
      }),
      runs: this.#runs().map((run) => ({ ...runRow(run, now), marked: this.#marks.has(run.path) })),
      selectedRun: this.#run,
      unreadable: this.#files.unreadable,
      marks: this.#marks.count,
    };
  }

  /** Whether every file was read. */
  get settled(): boolean {
    return this.#files.settled;
  }

  status(): Status {
    const { entries } = this.#files;
    const broken = entries.filter(({ reading }) => reading?.kind === "broken").length;
    const pending = entries.filter(({ reading }) => reading === null).length;
    if (broken > 0)
      return {
        severity: "critical",
        text: `${broken} of ${entries.length} scenarios are not valid`,
      };
    if (pending > 0)
      return { severity: "info", text: `${entries.length} scenarios, ${pending} to be read` };
    return {
      severity: "ok",
      text: `${entries.length} scenario${entries.length === 1 ? "" : "s"} valid`,
    };
  }

  spoken(): readonly string[] {
    const { preview, runs } = this.model();
    const place = this.#selected();
    const count = `${this.#files.entries.length} scenarios, ${runs.length} saved runs.`;
    if (place === null) return [count];
    const named = `Scenario ${place.path}${place.plan === null ? "" : `, plan ${place.plan}`}.`;
    if (preview.kind === "broken") return [named, ...preview.problems, count];
    if (preview.kind !== "plan") return [named, count];
    return [named, ...preview.facts.map(({ name, text }) => `${name}: ${text}.`), count];
  }

  unsaved(): null {
    return null;
  }

  async close(): Promise<void> {
    this.#files.close();
  }

  #drawn: Pick<Frame, "columns" | "rows"> | null = null;

  #shown(): readonly ScenarioEntry[] {
    return filtered(this.#files.entries, this.#filter);
  }

  #runs(): readonly SavedRun[] {
    const words = this.#filter.toLowerCase().split(/\s+/u);
    return this.#files.runs.filter(({ result }) => {
      const name = runName(result).toLowerCase();
      return words.every((word) => name.includes(word));
    });
  }

  /** The place of the cursor; the first scenario where it stood on one that is gone. */
  #selected(): ScenarioPlace | null {
    const shown = this.#shown();
    const own = shown.find(({ path }) => path === this.#place?.path);
    if (own !== undefined) return this.#place;
    const [first] = shown;
    return first === undefined ? null : { path: first.path, plan: null };
  }

  #entry(): ScenarioEntry | undefined {
    const place = this.#selected();
    return this.#files.entries.find(({ path }) => path === place?.path);
  }

  #rows() {
    const selected = this.#selected();
    return scenarioRows(this.#shown(), selected, (place) => this.#marks.has(keyOf(place)));
  }

  #rowOf(place: ScenarioPlace | null): number {
    return this.#rows().findIndex(
      (row) => row.place.path === place?.path && row.place.plan === place.plan,
    );
  }

  #move({ pane }: Press, by: number): void {
    if (pane === "runs") {
      this.#run = clamp(this.#run + by, this.#runs().length - 1);
      return;
    }
    const rows = this.#rows();
    const here = Math.max(0, this.#rowOf(this.#selected()));
    const next = rows[clamp(here + by, rows.length - 1)];
    if (next === undefined) return;
    // Upwards out of a scenario the cursor comes to the last plan of the one above.
    this.#place = by === -1 ? this.#fromBelow(next.place) : next.place;
  }

  #fromBelow(place: ScenarioPlace): ScenarioPlace {
    if (place.path === this.#selected()?.path) return place;
    const reading = this.#files.entries.find(({ path }) => path === place.path)?.reading;
    const last = reading?.kind === "valid" ? reading.scenario.plans.at(-1) : undefined;
    return { path: place.path, plan: last?.name ?? null };
  }

  #pointAt(mouse: MousePress, { pane }: Press): void {
    if (this.#drawn === null) return;
    const model = this.model();
    const index = pointedAt(model, { size: this.#drawn, pane, mouse });
    if (index === null) return;
    if (pane === "runs") this.#run = index;
    else this.#place = model.rows[index]?.place ?? this.#place;
  }

  #tell(severity: Severity, text: string): void {
    this.#host.tell({ severity, text });
  }

  /** The selected plan, or null with a word on why there is none. */
  #plan(): PlanChoice | null {
    const place = this.#selected();
    if (place === null) {
      this.#tell("warning", "There is no scenario. n writes a starter.");
      return null;
    }
    this.#files.readNow(place.path);
    const reading = this.#entry()?.reading;
    if (reading?.kind !== "valid") {
      this.#tell("critical", `${place.path} is not valid. E opens it in your editor.`);
      return null;
    }
    this.#host.remember(LAST_SCENARIO, place.path);
    const plan = planOf(reading.scenario, place.plan);
    return { path: place.path, sets: [], ...(plan === undefined ? {} : { plan: plan.name }) };
  }

  #rehearse(press: Press): void {
    if (press.pane === "runs") {
      this.#rerun(press);
      return;
    }
    const choice = this.#plan();
    if (choice !== null) this.#host.open({ screen: "rehearse", choice });
  }

  #whatIf({ pane }: Press): void {
    const choice = pane === "runs" ? (this.#choicesOfRun()?.[0] ?? null) : this.#plan();
    if (choice !== null) this.#host.open({ screen: "what-if", choice });
  }

  #choicesOfRun(): readonly PlanChoice[] | null {
    const run = this.#runs()[this.#run];
    if (run === undefined) {
      this.#tell("warning", "No run is saved yet.");
      return null;
    }
    const choices = choicesOf(run.result.repeat);
    if (choices === null)
      this.#tell("warning", `It cannot be rehearsed again: ${run.result.repeat}`);
    return choices;
  }

  /** The selected run; among the scenarios, the newest run of the selected plan. */
  #rerun({ pane }: Press): void {
    if (pane !== "runs" && !this.#toNewestRun()) return;
    const choices = this.#choicesOfRun();
    const [first, second] = choices ?? [];
    if (first === undefined) return;
    if (second === undefined) this.#host.open({ screen: "rehearse", choice: first });
    else this.#host.open({ screen: "compare", choices: [first, second] });
  }

  /** Selects the newest run of the selected plan; false with a word where there is none. */
  #toNewestRun(): boolean {
    const choice = this.#plan();
    const reading = this.#entry()?.reading;
    if (choice === null || reading?.kind !== "valid") return false;
    const place = this.#runs().findIndex(
      ({ result }) =>
        result.scenario === reading.scenario.name && (choice.plan ?? "") in result.plans,
    );
    if (place < 0) {
      this.#tell(
        "info",
        `No run of ${choice.plan} is saved yet: enter rehearses it, s saves the run.`,
      );
      return false;
    }
    this.#run = place;
    return true;
  }

  async #report({ pane }: Press): Promise<void> {
    if (pane !== "runs" && !this.#toNewestRun()) return;
    const run = this.#runs()[this.#run];
    if (run === undefined) this.#tell("warning", "No run is saved yet.");
    else this.#host.tell(await showReport(run.result, this.#options.environment));
  }

  #mark({ pane }: Press): void {
    const mark = pane === "runs" ? this.#runMark() : this.#planMark();
    const why = mark === null ? null : this.#marks.toggle(mark);
    if (why !== null) this.#tell("warning", why);
  }

  #planMark(): Mark | null {
    const choice = this.#plan();
    const place = this.#selected();
    return choice === null || place === null ? null : { key: keyOf(place), choices: [choice] };
  }

  #runMark(): Mark | null {
    const choices = this.#choicesOfRun();
    const run = this.#runs()[this.#run];
    return choices === null || run === undefined ? null : { key: run.path, choices };
  }

  /** The two that are marked; else the one that is marked, or the scenario's first, with the selected one. */
  #compare(press: Press): void {
    const marked = this.#marks.choices;
    const selected = press.pane === "runs" ? (this.#choicesOfRun() ?? []) : this.#selectedPlans();
    const [first, second] = distinct(marked.length >= 2 ? marked : [...marked, ...selected]);
    if (first !== undefined && second !== undefined)
      this.#host.open({ screen: "compare", choices: [first, second] });
    else if (first !== undefined)
      this.#tell("info", "A comparison takes two: space marks the other one.");
  }

  /** The selected plan, and the other plans of its scenario. */
  #selectedPlans(): readonly PlanChoice[] {
    const choice = this.#plan();
    const reading = this.#entry()?.reading;
    if (choice === null || reading?.kind !== "valid") return [];
    const others = reading.scenario.plans.filter(({ name }) => name !== choice.plan);
    return [choice, ...others.map(({ name }) => ({ ...choice, plan: name }))];
  }

  #clear(): void {
    if (this.#marks.count > 0) this.#marks.clear();
    else this.#setFilter("");
  }

  #setFilter(filter: string): void {
    this.#filter = filter.trim();
    this.#run = 0;
    this.#host.redraw();
  }

  async #askFilter(): Promise<void> {
    const answer = await this.#host.ask({ label: "Filter", value: this.#filter });
    if (answer !== null) this.#setFilter(answer);
  }
}

function keyOf({ path, plan }: ScenarioPlace): string {
  return `${path}\n${plan ?? ""}`;
}

function clamp(place: number, last: number): number {
  return Math.max(0, Math.min(last, place));
}
