/**
 * The screen Replay: a past sale beside what the twin makes of it. The verb `replay` computes it,
 * in a process of its own, so that every number here is the verb's; the screen plays along what it
 * answered. A sale log without a scenario shows whether the store's rules answer as it has it.
 */
import type { ReactElement } from "react";
import { foreignText } from "../../model/foreign-text.ts";
import {
  chartsOf,
  furthestApart,
  hasLedgers,
  intervalsOf,
  intervalTime,
  ledgerLines,
  missedOf,
  momentLines,
  type ShownResult,
} from "../../model/replay-picture.ts";
import {
  aboutOf,
  figureTable,
  headline,
  meaningOf,
  replayMarkdown,
} from "../../report/replay-text.ts";
import { VerbProcess } from "../../worker/verb-process.ts";
import type { ActionsOf, Frame, Host, PaneArea, Request, Screen, Status } from "../screen.ts";
import { writtenFile } from "../written-file.ts";
import { CHARTS_MAX, replayPanes } from "./replay-layout.ts";
import { resultIn, type Subject, troubleIn, wordsOf } from "./replay-question.ts";
import { type ReplayPicture, ReplayView } from "./replay-view.tsx";

/** Intervals a second. */
const SPEEDS = [1, 2, 5, 10, 25, 50] as const;
const SPEED_FIRST = 2;
const SECOND_MILLIS = 1_000;
const LEAP = 10;
const PAGE = 8;
const REMEMBERED = "replay.recording";
const EXAMPLE = "scenarios/past-sales/small-drop-live/log.ndjson";

const NOTHING_YET = [
  "No recording is open: o opens one (orders, counts, an access log, a sale log, published figures),",
  "s replays it in the shop of a scenario. scenarios/past-sales/ holds some.",
];

export class ReplayScreen implements Screen {
  readonly id = "replay";
  readonly #host: Host;
  readonly #program: string;
  #subject: Subject | null = null;
  #running: VerbProcess | null = null;
  #result: ShownResult | null = null;
  /** Why there is no result; nothing where there is one, or none was asked for. */
  #trouble: readonly string[] = [];
  #head = 0;
  #selected = 0;
  #speed = SPEED_FIRST;
  #differs = true;
  #playing: NodeJS.Timeout | null = null;
  #closing: Promise<unknown> = Promise.resolve();

  /** `program` is the command line's own file. */
  constructor(host: Host, program: string) {
    this.#host = host;
    this.#program = program;
  }

  readonly actions: ActionsOf<"replay"> = {
    recording: () => void this.#askRecording(),
    scenario: () => void this.#askScenario(),
    refit: () => this.#refit(),
    pause: () => this.#pause(),
    less: () => this.#move(-1),
    more: () => this.#move(1),
    "much-less": () => this.#move(-LEAP),
    "much-more": () => this.#move(LEAP),
    "mark.next": () => this.#toApart(1),
    "mark.previous": () => this.#toApart(-1),
    faster: () => this.#setSpeed(1),
    slower: () => this.#setSpeed(-1),
    difference: () => this.#toggleDifference(),
    markdown: () => void this.#writeMarkdown(),
    stop: () => this.#stop(),
    up: () => this.#select(-1),
    down: () => this.#select(1),
    "page.up": () => this.#select(-PAGE),
    "page.down": () => this.#select(PAGE),
    first: () => this.#move(Number.NEGATIVE_INFINITY),
    last: () => this.#move(Number.POSITIVE_INFINITY),
    open: () => void this.#askRecording(),
  };

  /** What the verb answered last; null where nothing is replayed, or not yet. */
  get result(): ShownResult | null {
    return this.#result;
  }

  show(request: Request): void {
    if (request.screen !== "replay") return;
    const { recording, scenario = null } = request;
    this.#replay({ recording, scenario, process: "recorded" });
  }

  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return replayPanes(size, this.#chartNames());
  }

  view(frame: Frame): ReactElement {
    return ReplayView({ picture: this.#picture(), frame });
  }

  status(): Status {
    const [trouble] = this.#trouble;
    if (trouble !== undefined) return { severity: "critical", text: trouble };
    if (this.#running !== null) return { severity: "info", text: `${this.#name()} is replayed …` };
    const result = this.#result;
    if (result === null) return { severity: "info", text: "no recording is open" };
    const { code, reason } = result.exit;
    if (code === 0) return { severity: "ok", text: reason };
    return { severity: code === 1 ? "critical" : "warning", text: reason };
  }

  spoken(): readonly string[] {
    const { heading, about, moment, rows } = this.#picture();
    return [this.status().text, heading, about, ...moment, ...rows.map((row) => row.join(", "))];
  }

  unsaved(): string | null {
    return null;
  }

  async close(): Promise<void> {
    this.#pauseNow();
    this.#end();
    await this.#closing;
  }

  async #askRecording(): Promise<void> {
    const value = this.#subject?.recording ?? this.#host.recall(REMEMBERED) ?? EXAMPLE;
    const path = await this.#host.ask({ label: "Recording to replay", value });
    if (path === null || path.trim() === "") return;
    this.#replay({ recording: path.trim(), scenario: null, process: "recorded" });
  }

  async #askScenario(): Promise<void> {
    const subject = this.#subject;
    if (subject === null) {
      this.#sayNothingOpen();
      return;
    }
    const label =
      "Scenario whose shop it is replayed in (nothing: the shop that the recording shows)";
    const path = await this.#host.ask({ label, value: subject.scenario ?? "" });
    if (path === null) return;
    const scenario = path.trim() === "" ? null : path.trim();
    this.#replay({ ...subject, scenario });
  }

  #refit(): void {
    const subject = this.#subject;
    if (subject === null) {
      this.#sayNothingOpen();
      return;
    }
    const process = subject.process === "recorded" ? "fitted" : "recorded";
    this.#replay({ ...subject, process });
  }

  /** Ends what is under way, and has the verb replay another. */
  #replay(subject: Subject): void {
    this.#pauseNow();
    this.#end();
    this.#subject = subject;
    this.#result = null;
    this.#trouble = [];
    this.#head = 0;
    this.#selected = 0;
    this.#host.remember(REMEMBERED, subject.recording);
    const running = new VerbProcess(this.#program, wordsOf(subject));
    this.#running = running;
    running.answered.then(({ out, err }) => {
      if (this.#running !== running) return;
      this.#running = null;
      const result = resultIn(out);
      if (result === null) this.#trouble = troubleIn(err);
      else this.#result = result;
      this.#host.tell(this.status());
      this.#host.redraw();
    });
    this.#host.tell(this.status());
    this.#host.redraw();
  }

  #end(): void {
    const running = this.#running;
    this.#running = null;
    if (running !== null) this.#closing = Promise.all([this.#closing, running.stop()]);
  }

  #stop(): void {
    if (this.#running === null) {
      this.#say("nothing is under way");
      return;
    }
    this.#end();
    this.#trouble = [`${this.#name()} was stopped; F or o replays it again`];
    this.#host.tell({ severity: "info", text: this.#trouble[0] ?? "" });
    this.#host.redraw();
  }

  #pause(): void {
    if (this.#intervals() === 0) {
      this.#sayNothingOpen();
      return;
    }
    if (this.#playing === null) {
      if (this.#head >= this.#intervals() - 1) this.#head = 0;
      this.#play();
      this.#say(this.#speedText());
    } else {
      this.#pauseNow();
      this.#say("paused");
    }
    this.#host.redraw();
  }

  #play(): void {
    const millis = SECOND_MILLIS / (SPEEDS[this.#speed] ?? 1);
    this.#playing = setInterval(() => {
      this.#head = Math.min(this.#intervals() - 1, this.#head + 1);
      if (this.#head === this.#intervals() - 1) this.#pauseNow();
      this.#host.redraw();
    }, millis);
    this.#playing.unref();
  }

  #pauseNow(): void {
    if (this.#playing !== null) clearInterval(this.#playing);
    this.#playing = null;
  }

  #setSpeed(by: number): void {
    this.#speed = Math.max(0, Math.min(SPEEDS.length - 1, this.#speed + by));
    if (this.#playing !== null) {
      this.#pauseNow();
      this.#play();
    }
    this.#say(this.#speedText());
    this.#host.redraw();
  }

  #speedText(): string {
    return `${SPEEDS[this.#speed]} intervals a second`;
  }

  #move(by: number): void {
    const intervals = this.#intervals();
    if (intervals === 0) {
      this.#sayNothingOpen();
      return;
    }
    this.#head = Math.max(0, Math.min(intervals - 1, this.#head + by));
    this.#host.redraw();
  }

  #toApart(direction: 1 | -1): void {
    const result = this.#result;
    if (result === null || hasLedgers(result)) {
      this.#sayNothingOpen();
      return;
    }
    const places = furthestApart(result);
    const next =
      direction === 1
        ? places.find((place) => place > this.#head)
        : places.findLast((place) => place < this.#head);
    if (next === undefined) {
      this.#say("they are nowhere further apart that way");
      return;
    }
    this.#head = next;
    this.#host.redraw();
  }

  #select(by: number): void {
    const count = this.#rows().length;
    if (count === 0) {
      this.#sayNothingOpen();
      return;
    }
    this.#selected = Math.max(0, Math.min(count - 1, this.#selected + by));
    this.#host.redraw();
  }

  #toggleDifference(): void {
    if (this.#intervals() === 0) {
      this.#sayNothingOpen();
      return;
    }
    this.#differs = !this.#differs;
    this.#host.redraw();
  }

  async #writeMarkdown(): Promise<void> {
    const result = this.#result;
    if (result === null || hasLedgers(result)) {
      this.#sayNothingOpen();
      return;
    }
    const value = "replay.md";
    const text = () => replayMarkdown(result);
    await writtenFile(this.#host, { label: "Markdown to write", value, text });
  }

  #sayNothingOpen(): void {
    const text = this.#running === null ? "nothing is replayed here" : "it is still under way";
    this.#say(text);
  }

  #say(text: string): void {
    this.#host.tell({ severity: "info", text });
  }

  #name(): string {
    return foreignText(this.#subject?.recording ?? "");
  }

  #intervals(): number {
    const result = this.#result;
    return result === null || hasLedgers(result) ? 0 : intervalsOf(result);
  }

  #chartNames(): readonly string[] {
    const result = this.#result;
    if (result === null || hasLedgers(result)) return [];
    return chartsOf(result, CHARTS_MAX).map(({ name }) => name);
  }

  /** Of the table of figures, or the lines of a ledger, what can be moved along. */
  #rows(): readonly (readonly string[])[] {
    const result = this.#result;
    if (result === null) return [];
    if (hasLedgers(result)) return ledgerLines(result).map((line) => [foreignText(line)]);
    return figureTable(result).rows;
  }

  #picture(): ReplayPicture {
    const result = this.#result;
    const base = {
      selected: this.#selected,
      head: this.#head,
      differs: this.#differs,
      rows: this.#rows(),
    };
    if (result === null) {
      const under = this.#running === null ? NOTHING_YET : [this.status().text];
      const empty = this.#trouble.length > 0 ? this.#trouble : under;
      return { ...base, ...NOTHING, heading: this.#name(), empty };
    }
    if (hasLedgers(result)) {
      return { ...base, ...NOTHING, heading: this.#name(), about: result.exit.reason };
    }
    const missed = missedOf(result.figures);
    const time = result.every === 0 ? "" : intervalTime(result, this.#head);
    const sign = this.#playing === null ? "‖" : "▶";
    return {
      ...base,
      heading: foreignText(headline(result)),
      about: foreignText(aboutOf(result)),
      clock: time === "" ? "" : `${time} UTC ${sign} ${this.#speedText()}`,
      verdict: meaningOf(result).map(foreignText),
      isMissed: missed > 0,
      empty: [],
      charts: chartsOf(result, CHARTS_MAX),
      result,
      heads: figureTable(result).heads,
      moment: momentLines(result, this.#head),
      time,
      repeat: foreignText(result.repeat),
    };
  }
}

const NOTHING = {
  ...{ about: "", clock: "", verdict: [], isMissed: false, empty: [], charts: [] },
  ...{ result: null, heads: [], moment: [], time: "", repeat: "" },
} as const;
