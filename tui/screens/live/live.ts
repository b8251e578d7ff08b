/**
 * The screen Live: a running store, watched. It reads and changes nothing; what is acknowledged,
 * put off or noted is kept on this machine.
 */
import type { ReactElement } from "react";
import { DEFAULT_TARGET, targetOf } from "../../live/store-client.ts";
import { StoreFollower } from "../../live/store-follower.ts";
import { foreignText } from "../../model/foreign-text.ts";
import {
  type AlertEntry,
  acknowledge,
  heedAlerts,
  rung,
  snooze,
  withNote,
} from "../../model/live-alerts.ts";
import { liveLayout } from "../../model/live-layout.ts";
import {
  type LiveChoices,
  type LiveView,
  liveSpoken,
  liveStatus,
  liveView,
} from "../../model/live-view.ts";
import type { LiveWatch } from "../../model/live-watch.ts";
import type { LiveState } from "../../state/live-state.ts";
import type {
  ActionsOf,
  Frame,
  Host,
  PaneArea,
  Press,
  Request,
  Screen,
  Status,
} from "../screen.ts";
import { rehearsedScenario } from "./rehearsed-scenario.ts";
import { type Scrolled, viewOfLive } from "./view-of-live.tsx";

const TICK_MILLIS = 1_000;
const PAGE = 10;

export interface LiveScreenOptions {
  readonly state: LiveState;
  /** The token of an operator, for a store on another machine. */
  readonly token: string | null;
  readonly everyMillis?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Of the times that are shown, minutes ahead of UTC. */
  readonly zoneMinutes?: number;
}

export class LiveScreen implements Screen {
  readonly id = "live";
  readonly #host: Host;
  readonly #options: LiveScreenOptions;
  readonly #ticks: NodeJS.Timeout;
  #follower: StoreFollower;
  #target: string;
  #entries: readonly AlertEntry[];
  #selected = 0;
  #isOpened = false;
  #isClosed = false;
  #filter = "";
  /** The first line that each list shows. */
  #scrolled: Scrolled = { items: 0, events: 0 };
  #closing: Promise<unknown> = Promise.resolve();

  constructor(host: Host, options: LiveScreenOptions) {
    this.#host = host;
    this.#options = options;
    const { target, saleLog } = options.state.memory;
    this.#target = target ?? DEFAULT_TARGET;
    this.#entries = options.state.alertsOf(this.#target);
    this.#follower = this.#follow(saleLog);
    // How long a store has been away is told by the second, between looks that are far apart.
    this.#ticks = setInterval(() => {
      if (this.watch.connection.kind === "away") host.redraw();
    }, TICK_MILLIS);
    this.#ticks.unref();
  }

  readonly actions: ActionsOf<"live"> = {
    connect: () => void this.#connect(),
    acknowledge: () => this.#change((entry) => acknowledge(entry, this.#now())),
    snooze: () => this.#change((entry) => snooze(entry, this.#now())),
    note: () => void this.#note(),
    bell: () => this.#toggleBell(),
    up: (press) => this.#move(press, -1),
    down: (press) => this.#move(press, 1),
    "page.up": (press) => this.#move(press, -PAGE),
    "page.down": (press) => this.#move(press, PAGE),
    first: (press) => this.#move(press, Number.NEGATIVE_INFINITY),
    last: (press) => this.#move(press, Number.POSITIVE_INFINITY),
    open: () => this.#openAlert(),
    forecast: () => void this.#askForecast(),
    filter: () => void this.#askFilter(),
    back: () => this.#goBack(),
  };

  /** All that is known of the store now. */
  get watch(): LiveWatch {
    return this.#follower.watch;
  }

  /** What the watcher did here. */
  get choices(): LiveChoices {
    const { bell } = this.#options.state.memory;
    const [selected, isOpened, filter] = [this.#selected, this.#isOpened, this.#filter];
    return { entries: this.#entries, selected, isOpened, bell, filter };
  }

  get model(): LiveView {
    const { zoneMinutes = -new Date().getTimezoneOffset() } = this.#options;
    return liveView(this.watch, this.choices, { now: this.#now(), zoneMinutes });
  }

  show(request: Request): void {
    if (request.screen === "live") this.#connectTo(request.target, null);
  }

  panes({ columns, rows }: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return liveLayout({ columns, rows }, this.watch.saleLog !== null).areas;
  }

  view(frame: Frame): ReactElement {
    return viewOfLive(this.model, { frame, scrolled: this.#scrolled });
  }

  status(): Status {
    return liveStatus(this.watch, this.choices, this.#now());
  }

  spoken(): readonly string[] {
    return liveSpoken(this.model);
  }

  unsaved(): string | null {
    return this.watch.connection.kind === "up" ? "A live sale is being watched." : null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#ticks);
    await this.#follower.close();
    await this.#closing;
    if (this.#entries.length > 0) this.#keep();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #follow(saleLog: string | null): StoreFollower {
    const { token, everyMillis, now } = this.#options;
    const follower = new StoreFollower({
      target: this.#target,
      token,
      saleLog,
      ...(everyMillis !== undefined && { everyMillis }),
      ...(now !== undefined && { now }),
      onLook: () => {
        if (follower === this.#follower) this.#heed(follower.watch);
      },
    });
    follower.start();
    return follower;
  }

  #heed({ connection, firing }: LiveWatch): void {
    if (connection.kind === "up") {
      const before = this.#entries;
      const heeded = heedAlerts(before, firing, this.#now());
      const rings = rung(heeded, this.#now());
      this.#entries = rings ?? heeded;
      const { bell } = this.#options.state.memory;
      if (rings !== null && bell) this.#host.ring();
      if (rings !== null || statesOf(before) !== statesOf(heeded)) this.#keep();
    }
    this.#host.redraw();
  }

  #keep(): void {
    const problem = this.#options.state.rememberAlerts(this.#target, this.#entries);
    if (problem !== null) this.#host.tell({ severity: "warning", text: problem });
  }

  async #connect(): Promise<void> {
    const label = "Address of the store";
    const answer = await this.#host.ask({ label, value: this.#target });
    if (answer === null) return;
    const file = await this.#host.ask({
      label: "Sale log that it records (serve --record), none where empty",
      value: this.#options.state.memory.saleLog ?? "",
    });
    if (file !== null) this.#connectTo(answer, file.trim() === "" ? null : file.trim());
  }

  #connectTo(address: string, saleLog: string | null): void {
    const target = targetOf(address);
    if (target === null) {
      const text = `${foreignText(address)} is no http or https address of a store`;
      this.#host.tell({ severity: "warning", text });
      return;
    }
    const { state } = this.#options;
    if (this.#entries.length > 0) this.#keep();
    this.#closing = Promise.all([this.#closing, this.#follower.close()]);
    this.#target = target;
    this.#entries = state.alertsOf(target);
    this.#selected = 0;
    this.#scrolled = { items: 0, events: 0 };
    const problem = state.remember({ target, saleLog });
    this.#follower = this.#follow(saleLog);
    if (problem !== null) this.#host.tell({ severity: "warning", text: problem });
    this.#host.redraw();
  }

  /** Changes the selected alert, and says where there is none. */
  #change(changed: (entry: AlertEntry) => AlertEntry): void {
    const place = this.#selected;
    const entry = this.#entries[place];
    if (entry === undefined) {
      this.#host.tell({ severity: "info", text: "there is no alert" });
      return;
    }
    this.#entries = this.#entries.with(place, changed(entry));
    this.#keep();
    this.#host.redraw();
  }

  async #note(): Promise<void> {
    const entry = this.#entries[this.#selected];
    if (entry === undefined) {
      this.#host.tell({ severity: "info", text: "there is no alert" });
      return;
    }
    const note = await this.#host.ask({ label: `Note on ${entry.name}`, value: entry.note });
    if (note === null) return;
    // While it was written others may have begun above it.
    const { name, firstSeenAt } = entry;
    const place = this.#entries.findIndex(
      (one) => one.name === name && one.firstSeenAt === firstSeenAt,
    );
    if (place < 0) return;
    this.#selected = place;
    this.#change((one) => withNote(one, foreignText(note.trim())));
  }

  /** Rehearses the scenario of the sale beside everything else; the band is drawn once that is done. */
  async #askForecast(): Promise<void> {
    const { sale } = this.watch;
    const guess = sale === null ? "" : `scenarios/${sale.name}.yaml`;
    const label = "Scenario of the sale, to rehearse it (nothing takes the forecast away)";
    const path = await this.#host.ask({ label, value: guess });
    if (path === null) return;
    const follower = this.#follower;
    if (path.trim() === "") {
      follower.rehearsed = null;
      this.#host.redraw();
      return;
    }
    this.#host.tell({ severity: "info", text: `${foreignText(path)} is rehearsed` });
    const isGone = () => this.#isClosed || this.#follower !== follower;
    const found = await rehearsedScenario(path.trim(), isGone);
    if (isGone()) return;
    if ("why" in found) this.#host.tell({ severity: "warning", text: foreignText(found.why) });
    else {
      follower.rehearsed = found;
      const text = `the band is that of ${found.forecast.seeds} rehearsals`;
      this.#host.tell({ severity: "ok", text });
    }
    this.#host.redraw();
  }

  #toggleBell(): void {
    const bell = !this.#options.state.memory.bell;
    this.#options.state.remember({ bell });
    const text = bell ? "the bell rings on a critical alert" : "the bell is off";
    this.#host.tell({ severity: "info", text });
  }

  #move({ pane }: Press, by: number): void {
    const within = (at: number, count: number) => Math.max(0, Math.min(count - 1, at + by));
    const { items, events } = this.model;
    if (pane === "items") {
      this.#scrolled = { ...this.#scrolled, items: within(this.#scrolled.items, items.length) };
    } else if (pane === "events") {
      const count = events?.length ?? 0;
      this.#scrolled = { ...this.#scrolled, events: within(this.#scrolled.events, count) };
    } else {
      this.#selected = within(this.#selected, this.#entries.length);
    }
    this.#host.redraw();
  }

  #openAlert(): void {
    if (this.#entries.length === 0) {
      this.#host.tell({ severity: "info", text: "there is no alert" });
      return;
    }
    this.#isOpened = !this.#isOpened;
    this.#host.redraw();
  }

  async #askFilter(): Promise<void> {
    const label = "Items and events with these words";
    const answer = await this.#host.ask({ label, value: this.#filter });
    if (answer === null) return;
    this.#filter = answer.trim();
    this.#scrolled = { items: 0, events: 0 };
    this.#host.redraw();
  }

  #goBack(): void {
    if (this.#isOpened) this.#isOpened = false;
    else this.#filter = "";
    this.#host.redraw();
  }
}

/** What of the entries is worth writing down at once. */
function statesOf(entries: readonly AlertEntry[]): string {
  return entries
    .map(({ name, firstSeenAt, endedAt }) => `${name} ${firstSeenAt} ${endedAt}`)
    .join();
}
