import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { renderToString } from "ink";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionOf, SCREEN_KEYS } from "../../keys/key-table.ts";
import { StoreFollower } from "../../live/store-follower.ts";
import { followLine, followRecord } from "../../model/live-record.ts";
import { type LiveChoices, liveView } from "../../model/live-view.ts";
import type { LiveWatch } from "../../model/live-watch.ts";
import { LiveState } from "../../state/live-state.ts";
import { themeOf } from "../../theme/theme.ts";
import type { Host, Status } from "../screen.ts";
import { LiveScreen } from "./live.ts";
import { type FollowedStore, followedStore, OPERATOR_TOKEN } from "./testing/followed-store.ts";
import { onQuietMachine, withoutNames } from "./testing/quiet-machine.ts";
import { viewOfLive } from "./view-of-live.tsx";

const folder = mkdtempSync(join(tmpdir(), "rehearse-live-"));
const servers: Server[] = [];
const screens: LiveScreen[] = [];
let store: FollowedStore;
beforeAll(async () => {
  store = await followedStore(folder);
});
afterAll(async () => {
  for (const screen of screens) await screen.close();
  for (const server of servers) server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Somebody at the keys, who gives these answers to what they are asked. */
class Planner implements Host {
  readonly answers: (string | null)[] = [];
  readonly told: Status[] = [];
  readonly remembered = new Map<string, string>();
  rings = 0;
  redraw(): void {}
  open(): void {}
  ask(): Promise<string | null> {
    return Promise.resolve(this.answers.shift() ?? null);
  }
  confirm(): Promise<boolean> {
    return Promise.resolve(true);
  }
  choose(): Promise<number | null> {
    return Promise.resolve(null);
  }
  tell(status: Status): void {
    this.told.push(status);
  }
  ring(): void {
    this.rings += 1;
  }
  lend(): Promise<number | null> {
    return Promise.resolve(null);
  }
  recall(name: string): string | null {
    return this.remembered.get(name) ?? null;
  }
  remember(name: string, value: string): void {
    this.remembered.set(name, value);
  }
}

/** The screen as somebody with this state folder has it; it looks several times a second. */
function opened(state: LiveState, planner = new Planner()) {
  const screen = new LiveScreen(planner, {
    state,
    token: null,
    everyMillis: 150,
    now: () => store.clock.now,
    zoneMinutes: 0,
  });
  screens.push(screen);
  const press = (key: string, pane = "alerts") => {
    const action = actionOf("live", key) as keyof LiveScreen["actions"] | null;
    if (action === null) throw new Error(`no action for ${key}`);
    screen.actions[action]?.({ key, pane });
  };
  return { screen, planner, press };
}

function stateOf(name: string, target = store.origin, saleLog: string | null = store.saleLog) {
  const state = new LiveState(join(folder, name));
  state.remember({ target, saleLog });
  return state;
}

const figuresOf = (screen: LiveScreen) => screen.watch.figures;
const soon = { timeout: 5_000, interval: 20 };

const CHOICES = { entries: [], selected: 0, isOpened: false, bell: true, filter: "" };

interface Drawn {
  readonly columns: number;
  readonly rows: number;
  readonly focus?: string;
  readonly charset?: "braille" | "ascii";
}

function frameOf(watch: LiveWatch, choices: LiveChoices, drawn: Drawn): string {
  const { columns, rows, focus = "alerts", charset = "braille" } = drawn;
  const frame = { columns, rows, focus, charset, theme: themeOf("dark", "none"), expanded: false };
  const model = liveView(watch, choices, { now: store.clock.now, zoneMinutes: 0 });
  const view = viewOfLive(model, { frame, scrolled: { items: 0, events: 0 } });
  const codes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
  return withoutNames(renderToString(view, { columns }).replace(codes, ""));
}

/** `rehearse follow` as it is shipped, with the lines that it printed. */
async function followed(words: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [resolve("dist/rehearse.js"), "follow", ...words], {
    env: { ...process.env, REHEARSE_ADMIN_TOKEN: "", ...environment },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    err += text.toString();
  });
  const code = await new Promise<number | null>((end) => child.once("close", end));
  return { code, err, lines: out.trimEnd().split("\n") };
}

describe("the screen Live", () => {
  it("shows what is bought, who waits and what is left, as the verb does", async () => {
    const { screen } = opened(stateOf("shows"));
    await expect.poll(() => figuresOf(screen)?.orders, soon).toBe(0);
    for (let order = 0; order < 3; order += 1) await store.buy();
    for (let waiting = 0; waiting < 4; waiting += 1) await store.queueUp();
    await store.lookFor(0);
    const now = { orders: 3, ordersPerMinute: 3, queue: 4, stockLeft: 9_997, soldOut: 0 };
    await expect.poll(() => figuresOf(screen), soon).toMatchObject(now);
    const words = ["--target", store.origin, "--sale-log", store.saleLog, "--for", "500ms"];
    const { code, lines } = await followed([...words, "--every", "500ms", "--json"]);
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(0);
    const told = JSON.parse(lines.at(-1) ?? "");
    const { figures, ...rest } = followRecord(screen.watch, store.clock.now);
    expect(told.sale.name).toBe("Black Friday 2026");
    expect({ ...told.sale, clockAheadMillis: 0 }).toEqual({ ...rest.sale, clockAheadMillis: 0 });
    expect([told.goals, told.alerts]).toEqual([rest.goals, []]);
    for (const name of ["orders", "revenue", "queue", "stockLeft", "soldOut", "items"] as const) {
      expect(told.figures[name]).toEqual(figures?.[name]);
    }
    expect(told.figures.revenue).toEqual([{ currency: "USD", minor: 7_500 }]);
  });

  it("says every figure in the words of the verb's line", async () => {
    const [screen] = screens as [LiveScreen];
    const line = followLine(screen.watch, store.clock.now, 0);
    expect(screen.model.figures).toHaveLength(7);
    for (const { label, value } of screen.model.figures)
      expect(line).toContain(`${label} ${value}`);
    expect(screen.model.figures.map(({ value }) => value)).toEqual(
      expect.arrayContaining(["3", "$75", "4", "9,997"]),
    );
    expect(screen.spoken()).toEqual(expect.arrayContaining(["orders 3, 3/min"]));
  });

  it("is drawn whole at every size, and without colours", async () => {
    await screens[0]?.close();
    const { origin, saleLog, clock } = store;
    const follower = new StoreFollower({ target: origin, saleLog, now: () => clock.now });
    for (let step = 0; step < 27; step += 1) {
      clock.now += 10_000;
      if (step % 3 === 0) await store.queueUp();
      for (let order = 0; order < (step % 9) / 3; order += 1) await store.buy();
      await store.lookFor(0);
      await follower.look();
    }
    const watch = onQuietMachine(follower.watch);
    const sizes: readonly Drawn[] = [
      { columns: 120, rows: 34 },
      { columns: 80, rows: 22, focus: "stock" },
      { columns: 200, rows: 58, charset: "ascii" },
    ];
    for (const size of sizes) {
      const lines = frameOf(watch, CHOICES, size).split("\n");
      expect(lines).toHaveLength(size.rows);
      const name = `frames/live-${size.columns}x${size.rows}.txt`;
      await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(name);
    }
    await follower.close();
  });

  it("rings for a critical alert, which is snoozed, noted, acknowledged, and remembered", async () => {
    const state = stateOf("alerts");
    const { screen, planner, press } = opened(state);
    press("a");
    press("enter");
    expect(planner.told.map(({ text }) => text)).toEqual([
      "there is no alert",
      "there is no alert",
    ]);
    store.lose(7);
    await store.lookFor(40_000);
    const status = { severity: "critical", text: "1 alert: stock-out-of-step" };
    await expect.poll(() => screen.status(), soon).toEqual(status);
    expect(planner.rings).toBe(1);
    expect(screen.model.alerts[0]?.text).toContain("new: 1 items, threshold 1: TOASTER");
    expect((await followed(["--target", store.origin, "--for", "500ms"])).code).toBe(1);

    press("Z");
    expect(screen.status().severity).toBe("ok");
    expect(screen.model.alerts[0]?.text).toContain("snoozed 10 min");
    store.clock.now += 600_000;
    await expect.poll(() => planner.rings, soon).toBe(2);
    planner.answers.push("ann counts the shelf");
    press("n");
    press("enter");
    await expect
      .poll(() => screen.model.alerts.map(({ text }) => text).join("\n"), soon)
      .toContain("To do: Pause the sale");
    expect(screen.model.alerts[0]?.text).toContain("ann counts the shelf");
    const drawn = frameOf(onQuietMachine(screen.watch), screen.choices, { columns: 80, rows: 22 });
    expect(drawn).toMatch(/❯ ✗ CRIT [\d:]+ stock-out-of-step · new · ann counts the shelf/);
    expect(drawn).toMatch(/To do: Pause the sale;/);
    press("a");
    expect(screen.status()).toEqual({ severity: "ok", text: "Black Friday 2026" });
    press("escape");
    expect(screen.model.alerts).toHaveLength(1);

    const again = opened(new LiveState(join(folder, "alerts")));
    await expect.poll(() => figuresOf(again.screen), soon).not.toBeNull();
    expect(again.screen.model.alerts[0]?.text).toContain("acknowledged · ann counts the shelf");
    expect(again.planner.rings).toBe(0);

    store.lose(0);
    await store.lookFor(40_000);
    await expect.poll(() => screen.model.alerts[0]?.text, soon).toMatch(/^OK .* over/);
    for (const opened of screens) await opened.close();
  });

  it("takes every key of its section, and moves in its lists", async () => {
    const { screen, planner, press } = opened(stateOf("keys"));
    await expect.poll(() => figuresOf(screen), soon).not.toBeNull();
    for (const { keys } of SCREEN_KEYS.live) for (const key of keys) press(key);
    expect(new LiveState(join(folder, "keys")).memory.bell).toBe(false);
    press("b");
    expect(planner.told.at(-1)?.text).toBe("the bell rings on a critical alert");
    press("down", "items");
    press("G", "events");
    planner.answers.push("KETTLE");
    press("/");
    await expect
      .poll(() => screen.model.items.map(({ text }) => text), soon)
      .toEqual(["5,000 KETTLE"]);
    press("escape");
    expect(screen.model.items).toHaveLength(2);
    planner.answers.push("ftp://shop.example", "");
    press("c");
    await expect.poll(() => planner.told.at(-1)?.text, soon).toContain("no http or https address");
    planner.answers.push(store.origin.replace("http://", ""), "");
    press("c");
    await expect.poll(() => screen.watch.saleLog, soon).toBeNull();
    expect(new LiveState(join(folder, "keys")).memory).toMatchObject({ target: store.origin });
    expect(screen.panes({ columns: 120, rows: 34 }).map(({ name }) => name)).not.toContain(
      "events",
    );
  });
});

/** A server that answers as it is told, at an address of its own. */
async function standIn(answer: (path: string) => { status: number; body: string } | null) {
  const server = createServer(({ url = "" }, response) => {
    const said = answer(url);
    if (said === null) response.destroy();
    else response.writeHead(said.status).end(said.body);
  });
  servers.push(server);
  await new Promise<void>((open) => server.listen(0, "127.0.0.1", open));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a store that cannot be followed", () => {
  it("is away: the last figures stay, it is asked ever more seldom, and comes back", async () => {
    let up = true;
    const real = async (path: string) => (await fetch(`${store.origin}${path}`)).text();
    const answers = new Map<string, string>();
    for (const path of ["/metrics", "/api/admin/alerts", "/api/sale"])
      answers.set(path, await real(path));
    const target = await standIn((path) =>
      up ? { status: 200, body: answers.get(path) ?? "" } : null,
    );
    let now = 0;
    const orders = figuresOf(screens.at(-1) as LiveScreen)?.orders;
    const follower = new StoreFollower({ target, now: () => now });
    await follower.look();
    expect([follower.watch.figures?.orders, follower.pauseMillis]).toEqual([orders, 2_000]);
    up = false;
    const pauses: number[] = [];
    for (let look = 0; look < 6; look += 1) {
      now += 1_000;
      await follower.look();
      pauses.push(follower.pauseMillis);
    }
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const { watch } = follower;
    expect([watch.connection, watch.figures?.orders]).toMatchObject([
      { kind: "away", since: 1_000, tries: 6, reason: "the connection was broken off" },
      orders,
    ]);
    expect(liveView(watch, CHOICES, { now, zoneMinutes: 0 })).toMatchObject({
      isStale: true,
      age: "6 s old",
      notice: { severity: "critical", text: expect.stringContaining("for 5 s: the connection") },
    });
    up = true;
    await follower.look();
    expect(follower.watch.connection).toEqual({ kind: "up", at: now });
    await follower.close();
  });

  it("is told of in plain words, with exit code 2", async () => {
    const guarded = await standIn(() => ({ status: 401, body: "" }));
    const page = await standIn(() => ({ status: 200, body: "<!doctype html>" }));
    const other = await standIn(() => ({ status: 200, body: "up 1\n" }));
    const reasons = async (target: string, token: string | null = null) => {
      const follower = new StoreFollower({ target, token });
      await follower.look();
      await follower.close();
      const { connection } = follower.watch;
      return connection.kind === "away" ? connection.reason : connection.kind;
    };
    expect(await reasons(guarded)).toContain(
      "operators only (401): put a token into REHEARSE_ADMIN_TOKEN",
    );
    expect(await reasons(guarded, "x")).toContain("does not know the token");
    expect(await reasons(page)).toContain("line 1 of what it answers at /metrics cannot be read");
    expect(await reasons(other)).toContain("no store of Rehearse");
    expect(await reasons(store.origin.replace("http:", "https:"))).toContain("does not speak TLS");
    expect(await reasons("http://127.0.0.1:9")).toContain("bad port");
    expect(await reasons(store.origin, OPERATOR_TOKEN)).toBe("up");
    const { code, err } = await followed(["--target", page]);
    expect([code, err.split("\n")[0]]).toEqual([
      2,
      expect.stringMatching(/^rehearse: the store at \S+ cannot be followed: line 1 .*\.$/),
    ]);
  });

  it("is remembered, and a state file that cannot be read counts as none", () => {
    expect(new LiveState(join(folder, "shows")).memory.target).toBe(store.origin);
    const kept = JSON.parse(readFileSync(join(folder, "alerts", "live.json"), "utf8"));
    expect(kept.alerts[store.origin]).toHaveLength(1);
    for (const [index, text] of ["{", "[]", "null", '{"version":9,"target":"x"}'].entries()) {
      const broken = join(folder, `broken-${index}`);
      mkdirSync(broken);
      writeFileSync(join(broken, "live.json"), text);
      expect(new LiveState(broken).memory).toMatchObject({ target: null, bell: true, alerts: {} });
    }
  });
});
