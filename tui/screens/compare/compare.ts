/**
 * Compare: two plans of a scenario with the same shoppers, rehearsed in the background, seed after
 * seed; who does better, by how much and how surely.
 */
import { createElement, type ReactElement } from "react";
import type { RunResult } from "../../../twin/result.ts";
import type { Scenario } from "../../../twin/scenario/scenario.ts";
import { previewScale } from "../../../twin/stepped/preview-scale.ts";
import {
  type Compared,
  comparisonCharts,
  intervalsOf,
  intervalTime,
} from "../../model/comparison-charts.ts";
import { comparisonRows, explanationOf, SORTS } from "../../model/comparison-table.ts";
import { scaleWord } from "../../model/preview-scale.ts";
import { runFile } from "../../report/report-files.ts";
import { verdictOf } from "../../report/verdict.ts";
import type { Background } from "../../worker/background-rehearsals.ts";
import {
  experimentOf,
  isRefusal,
  type Opponents,
  opponentsOf,
  type Refusal,
  scenarioOf,
} from "../opponents.ts";
import { PairedRehearsals } from "../paired-rehearsals.ts";
import type { ActionsOf, Frame, Host, PaneArea, Request, Screen, Status } from "../screen.ts";
import { writtenFile } from "../written-file.ts";
import { comparePanes } from "./compare-layout.ts";
import { type ComparePicture, CompareView } from "./compare-view.tsx";

/** Seeds to begin with, and how many more at a time. */
const SEEDS = 8;

const NOTHING_COMPARED = "nothing is compared yet: a names a scenario file";
const NOTHING_YET = [
  "Nothing is compared yet.",
  "",
  "Press a and name a scenario file, or mark two plans on Home and press c there.",
];

export class CompareScreen implements Screen {
  readonly id = "compare";
  readonly actions: ActionsOf<"compare">;
  readonly #host: Host;
  readonly #rehearsals: PairedRehearsals;
  readonly #background: Background;
  #opponents: Opponents | null = null;
  #refused: readonly string[] = [];
  #scale = 1;
  #seeds = SEEDS;
  #cursor = 0;
  #difference = false;
  #sort = 0;
  #filter = "";
  #selected = 0;
  #explained: string | null = null;

  /** `clock` tells how long it took; the machine's where left out. */
  constructor(host: Host, background: Background, clock?: () => number) {
    this.#host = host;
    this.#background = background;
    this.#rehearsals = new PairedRehearsals({ background, onChange: () => host.redraw(), clock });
    this.actions = this.#handlers();
  }

  /** What is shown, as the verb prints it; null before the first comparison. */
  get result(): RunResult | null {
    return this.#rehearsals.result;
  }

  show(request: Request): void {
    if (request.screen !== "compare") return;
    const opponents = opponentsOf(request.choices);
    const scale = request.choices[0].scale ?? request.choices[1].scale ?? null;
    if (isRefusal(opponents)) this.#refuse(opponents);
    else this.#begin(opponents, scale);
  }

  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return comparePanes(size);
  }

  view(frame: Frame): ReactElement {
    return createElement(CompareView, { picture: this.#picture(), frame });
  }

  status(): Status {
    const { state, failure, finished, asked, seconds } = this.#rehearsals;
    if (this.#refused.length > 0) return { severity: "critical", text: this.#refused[0] ?? "" };
    if (state === "failed") return { severity: "critical", text: failure };
    if (state === "idle") return { severity: "info", text: "nothing is compared yet" };
    const done = `${finished} of ${asked} rehearsals`;
    if (state === "running") return { severity: "info", text: `${done} · x stops` };
    if (state === "stopped") return { severity: "warning", text: `stopped at ${done}` };
    const missed = this.#rehearsals.result?.expectations.filter(({ met }) => met === false).length;
    const text = `${done} in ${seconds.toFixed(1)} s`;
    return (missed ?? 0) > 0
      ? { severity: "warning", text: `${text} · ${missed} goal${missed === 1 ? "" : "s"} missed` }
      : { severity: "ok", text };
  }

  spoken(): readonly string[] {
    const picture = this.#picture();
    if (picture.compared === null) return picture.empty;
    const rows = picture.rows.map(
      ({ metric, first, second, difference }) =>
        `${metric}: A ${first}, B ${second}, ${difference}`,
    );
    return [picture.heading, picture.progress, ...picture.verdict, ...rows];
  }

  summary(): readonly string[] {
    const { result } = this.#rehearsals;
    return result === null ? [] : [...verdictOf(result).sentences, result.repeat];
  }

  unsaved(): null {
    return null;
  }

  async close(): Promise<void> {
    this.#rehearsals.stop();
    await this.#background.close();
  }

  #handlers(): ActionsOf<"compare"> {
    const after = (change: () => void) => () => {
      change();
      this.#host.redraw();
    };
    const cursor = (by: number) => after(() => this.#moveCursor(by));
    const row = (to: (selected: number) => number) => after(() => this.#select(to));
    return {
      "pick.first": () => void this.#pick("first"),
      "pick.second": () => void this.#pick("second"),
      swap: () => this.#swap(),
      less: cursor(-1),
      more: cursor(1),
      "much-less": cursor(-10),
      "much-more": cursor(10),
      difference: after(() => {
        if (this.#opponents === null) {
          this.#say(NOTHING_COMPARED);
          return;
        }
        this.#difference = !this.#difference;
      }),
      again: () => this.#again(),
      "full-size": () => this.#fullSize(),
      sort: after(() => {
        if (this.#opponents === null) {
          this.#say(NOTHING_COMPARED);
          return;
        }
        this.#sort = (this.#sort + 1) % SORTS.length;
        this.#selected = 0;
      }),
      report: () => void this.#write("html", "HTML report to write"),
      markdown: () => void this.#write("md", "Markdown to write"),
      stop: () => this.#stopOrGoOn(),
      up: row((selected) => selected - 1),
      down: row((selected) => selected + 1),
      "page.up": row((selected) => selected - PAGE),
      "page.down": row((selected) => selected + PAGE),
      first: row(() => 0),
      last: row(() => Number.MAX_SAFE_INTEGER),
      filter: () => void this.#askFilter(),
      open: after(() => {
        this.#explained = this.#rows()[this.#selected]?.metric ?? null;
      }),
      back: after(() => this.#back()),
    };
  }

  #begin(opponents: Opponents, asked: number | null): void {
    const full = scenarioOf(opponents, 1);
    if (isRefusal(full)) {
      this.#refuse(full);
      return;
    }
    const plans = plansOf(opponents, full);
    this.#opponents = opponents;
    this.#refused = [];
    this.#scale = asked ?? previewScale({ plans });
    this.#seeds = SEEDS;
    this.#cursor = 0;
    this.#selected = 0;
    this.#explained = null;
    this.#rehearse();
  }

  #rehearse(): void {
    if (this.#opponents === null) return;
    const scenario = scenarioOf(this.#opponents, this.#scale);
    const experiment = isRefusal(scenario)
      ? scenario
      : experimentOf(this.#opponents, scenario, { seeds: this.#seeds, scale: this.#scale });
    if (isRefusal(experiment)) {
      this.#refuse(experiment);
      return;
    }
    this.#rehearsals.start(experiment);
    this.#host.redraw();
  }

  #refuse({ lines }: Refusal): void {
    this.#refused = lines;
    this.#host.redraw();
  }

  async #pick(which: "first" | "second"): Promise<void> {
    const opponents = this.#opponents;
    if (opponents === null) {
      await this.#pickFile();
      return;
    }
    const scenario = scenarioOf(opponents, 1);
    if (isRefusal(scenario)) {
      this.#refuse(scenario);
      return;
    }
    const names = scenario.plans.map(({ name }) => name);
    const words = scenario.plans.map(({ name, description }) => `${name}  ${description}`);
    const place = await this.#host.choose(which === "first" ? "Plan A" : "Plan B", words);
    const picked = place === null ? undefined : names[place];
    if (picked === undefined) return;
    const other = which === "first" ? "second" : "first";
    // The plan that stands on the other side already changes places with this one.
    const rest = opponents[other] === picked ? opponents[which] : opponents[other];
    this.#opponents = { ...opponents, [which]: picked, [other]: rest };
    this.#rehearse();
  }

  async #pickFile(): Promise<void> {
    const label = "Scenario file whose first two plans are compared";
    const path = await this.#host.ask({ label, value: "scenarios/" });
    if (path === null) return;
    const scenario = scenarioOf({ path, sets: [], whatIf: null }, 1);
    if (isRefusal(scenario)) {
      this.#refuse(scenario);
      return;
    }
    const [first, second] = scenario.plans.map(({ name }) => name);
    if (first === undefined || second === undefined) {
      this.#refuse({ lines: [`${path} has one plan; a comparison takes two.`] });
      return;
    }
    this.#begin({ path, sets: [], whatIf: null, carried: "", first, second, seed: null }, null);
  }

  #swap(): void {
    this.#change((opponents) => {
      const { first, second } = opponents;
      this.#opponents = { ...opponents, first: second, second: first };
    });
  }

  #again(): void {
    this.#change(() => {
      this.#seeds += SEEDS;
    });
  }

  #fullSize(): void {
    if (this.#opponents !== null && this.#scale === 1) this.#say("this is full size");
    else {
      this.#change(() => {
        this.#scale = 1;
      });
    }
  }

  /** Changes what is compared and rehearses it. */
  #change(change: (opponents: Opponents) => void): void {
    if (this.#opponents === null) {
      this.#say(NOTHING_COMPARED);
      return;
    }
    change(this.#opponents);
    this.#rehearse();
  }

  #stopOrGoOn(): void {
    const { state } = this.#rehearsals;
    if (state === "running") this.#rehearsals.stop();
    else if (state === "stopped") this.#rehearse();
    else this.#say("nothing is being rehearsed");
  }

  #say(text: string): void {
    this.#host.tell({ severity: "info", text });
  }

  #moveCursor(by: number): void {
    const compared = this.#compared();
    if (compared === null) {
      this.#say(NOTHING_COMPARED);
      return;
    }
    const last = intervalsOf(comparisonCharts(compared, { difference: false })) - 1;
    this.#cursor = Math.max(0, Math.min(last, this.#cursor + by));
  }

  #select(to: (selected: number) => number): void {
    const last = Math.max(0, this.#rows().length - 1);
    this.#selected = Math.max(0, Math.min(last, to(this.#selected)));
    if (this.#explained !== null) this.#explained = this.#rows()[this.#selected]?.metric ?? null;
  }

  async #askFilter(): Promise<void> {
    const value = this.#filter;
    const asked = await this.#host.ask({ label: "Figures with this in their name", value });
    if (asked === null) return;
    this.#filter = asked.trim();
    this.#selected = 0;
    this.#host.redraw();
  }

  #back(): void {
    if (this.#explained !== null) this.#explained = null;
    else this.#filter = "";
  }

  async #write(format: "html" | "md", label: string): Promise<void> {
    const { result } = this.#rehearsals;
    if (result === null) {
      this.#say(NOTHING_COMPARED);
      return;
    }
    const value = `${result.scenario}-compare.${format}`;
    await writtenFile(this.#host, { label, value, text: () => runFile(result, format) });
  }

  #compared(): Compared | null {
    const { result, experiment } = this.#rehearsals;
    const [first, second] = experiment?.plans.map(({ name }) => name) ?? [];
    if (result === null || first === undefined || second === undefined) return null;
    const [ofFirst, ofSecond] = [this.#rehearsals.of(first), this.#rehearsals.of(second)];
    return { result, first, second, ofFirst, ofSecond };
  }

  #rows() {
    const compared = this.#compared();
    const sort = SORTS[this.#sort] ?? "as listed";
    return compared === null ? [] : comparisonRows(compared, { sort, filter: this.#filter });
  }

  #words(): Pick<ComparePicture, "verdict" | "goals" | "notice"> {
    const { result } = this.#rehearsals;
    const notice = this.#opponents?.carried ?? "";
    if (this.#refused.length > 0 || result === null)
      return { verdict: this.#refused, goals: [], notice };
    const { compared, missed } = verdictOf(result);
    return { verdict: compared, goals: missed, notice };
  }

  #picture(): ComparePicture {
    const compared = this.#compared();
    const { asked, finished, state } = this.#rehearsals;
    const opponents = this.#opponents;
    const size = this.#scale === 1 ? "full size" : `${scaleWord(this.#scale)} of full size`;
    const seeds =
      state === "running" ? `${finished}/${asked} rehearsals` : `${this.#seeds} seeds each`;
    const order = this.#sort === 0 ? "" : ` ${SORTS[this.#sort]}`;
    const search = this.#filter === "" ? "" : ` “${this.#filter}”`;
    return {
      heading: opponents === null ? "" : `A ${opponents.first} ━  against  B ${opponents.second} ┄`,
      progress: opponents === null ? "" : `${seeds} · ${size}`,
      ...this.#words(),
      compared: compared !== null && compared.ofFirst.length > 0 ? compared : null,
      charts: compared === null ? [] : comparisonCharts(compared, { difference: this.#difference }),
      cursor: this.#cursor,
      cursorTime: compared === null ? "" : intervalTime(compared, this.#cursor),
      rows: this.#rows(),
      selected: this.#selected,
      tableRemark: `o sort${order}  / filter${search}  enter explain`,
      explanation:
        compared === null || this.#explained === null
          ? null
          : explanationOf(compared, this.#explained),
      empty: opponents === null ? NOTHING_YET : ["The first rehearsals are under way …"],
    };
  }
}

const PAGE = 8;

function plansOf({ first, second }: Opponents, { plans }: Scenario) {
  return plans.filter(({ name }) => name === first || name === second);
}
