/**
 * What drawing may cost: sections 3.3 and 7 of the design. Times depend on the machine and on who
 * else uses it, so they are told and never gated on: the CPU time of a frame is held to that of a
 * loop measured beside it, and a key to the order of things.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { Box } from "ink";
import { createElement, type ReactElement } from "react";
import { afterAll, describe, expect, it } from "vitest";
import { chartLines } from "../components/chart.ts";
import { Pane } from "../components/pane.tsx";
import type { Frame, Host, Screen } from "../screens/screen.ts";
import { WatchedApp } from "./testing/watched-app.ts";

const CLEAR = new RegExp(`${String.fromCharCode(27)}\\[[23]J`, "u");
const FRAMES_PER_SECOND = 10;
const BYTES_PER_SECOND_MAX = 60_000;
const CORE_SHARE_MAX = 0.15;
/** What 20 MB in ten minutes leave for twenty seconds. */
const HEAP_MAX = 700_000;
/** CPU time of `calibrationLoop` on the machine that the budget was set for; seconds. */
const CALIBRATION_SECONDS = 0.04;

/** As much as the screen Rehearse draws: seven figures, four charts that grow, a log. */
class Busy implements Screen {
  readonly id = "home";
  readonly actions = { down: () => this.#host.redraw() };
  readonly #host: Host;
  tick = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  panes({ columns, rows }: Pick<Frame, "columns" | "rows">) {
    return [{ name: "all", column: 0, row: 0, columns, rows }];
  }

  view(frame: Frame): ReactElement {
    const figures = Array.from({ length: 7 }, (_, place) =>
      createElement(Pane, {
        key: place,
        title: `FIGURE ${place}`,
        lines: [` ${this.tick * (place + 1)}`, ` ▲ ${this.tick % 97}/min`],
        columns: 17,
        rows: 4,
        frame,
      }),
    );
    const charts = [0, 2].map((row) =>
      createElement(
        Box,
        { key: row },
        [0, 1].map((column) => this.#chart(row + column, frame)),
      ),
    );
    const log = Array.from({ length: 6 }, (_, line) => ` 20:2${line}  event ${this.tick - line}`);
    return createElement(
      Box,
      { flexDirection: "column" },
      createElement(Box, {}, figures),
      charts,
      createElement(Pane, { title: "Events", lines: log, columns: 120, rows: 8, frame }),
    );
  }

  #chart(place: number, frame: Frame) {
    const values = Array.from({ length: 100 }, (_, step) =>
      step > this.tick % 100 ? Number.NaN : 50 + 40 * Math.sin(step / (4 + place)),
    );
    const { theme, charset } = frame;
    const lines = chartLines({
      width: 58,
      height: 9,
      series: [{ values, role: "first" }],
      goal: 80,
      axis: String,
      times: [{ at: 0, text: "20:00" }],
      theme,
      charset,
    });
    const title = `Chart ${place}`;
    return createElement(Pane, { key: place, title, lines, columns: 60, rows: 11, frame });
  }

  show(): void {}
  status() {
    return { severity: "ok", text: `frame ${this.tick}` } as const;
  }
  spoken(): readonly string[] {
    return [];
  }
  unsaved(): null {
    return null;
  }
  async close(): Promise<void> {}
}

let screen: Busy | null = null;
const watched = new WatchedApp({
  screens: {
    home: (host) => {
      screen = new Busy(host);
      return screen;
    },
  },
});
afterAll(() => watched.close());

function drawFrames(count: number): void {
  for (let frame = 0; frame < count; frame += 1) {
    (screen as Busy).tick += 1;
    watched.draw();
  }
}

const cpuSeconds = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

/** Work like that of drawing: pieces of text that are put together and looked through. */
function calibrationLoop(): number {
  let found = 0;
  for (let round = 0; round < 2_000; round += 1) {
    let text = "";
    for (let piece = 0; piece < 100; piece += 1)
      text += String.fromCharCode(0x2800 + (piece % 256));
    found += text.split("").filter((one) => one > "⠐").length + text.replace(/[⠀-⠟]/gu, "").length;
  }
  return found;
}

describe("drawing ten frames a second of a busy screen", () => {
  it("sends at most 60 kB/s and clears nothing", () => {
    drawFrames(5);
    watched.sent();
    drawFrames(100);
    const sent = watched.sent();
    expect(sent).not.toMatch(CLEAR);
    const perSecond = (Buffer.byteLength(sent) / 100) * FRAMES_PER_SECOND;
    expect(perSecond).toBeLessThanOrEqual(BYTES_PER_SECOND_MAX);
    told(`${(perSecond / 1_000).toFixed(1)} kB/s`);
  });

  it("takes at most 15 % of a core", () => {
    calibrationLoop();
    drawFrames(50);
    const shares = [1, 2, 3].map(() => {
      const unit = cpuSeconds(calibrationLoop);
      const frame = cpuSeconds(() => drawFrames(40)) / 40;
      return (frame * FRAMES_PER_SECOND * CALIBRATION_SECONDS) / unit;
    });
    told(
      `${(Math.min(...shares) * 100).toFixed(1)} % of a core, unit ${(cpuSeconds(calibrationLoop) * 1_000).toFixed(0)} ms`,
    );
    expect(Math.min(...shares)).toBeLessThanOrEqual(CORE_SHARE_MAX);
  });

  it("keeps nothing of the frames that were drawn", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    drawFrames(100);
    watched.sent();
    const before = heap();
    drawFrames(FRAMES_PER_SECOND * 20);
    watched.forget();
    const grown = heap() - before;
    told(`${(grown / 1_000).toFixed(0)} kB more after 20 s of frames`);
    expect(grown).toBeLessThanOrEqual(HEAP_MAX);
  });
});

describe("a key", () => {
  it("is drawn before anything that waits for a timer or a message, with a busy worker beside", async () => {
    const worker = new Worker("for (;;);", { eval: true });
    try {
      const millis: number[] = [];
      for (let count = 0; count < 40; count += 1) {
        watched.app.redraw();
        const order: string[] = [];
        const timer = new Promise<void>((resolve) => {
          setTimeout(() => resolve(void order.push("timer")), 0);
        });
        watched.sent();
        (screen as Busy).tick += 1;
        const pressed = performance.now();
        watched.app.take({ kind: "key", name: "j" });
        await Promise.resolve();
        if (watched.sent() !== "") order.push("frame");
        millis.push(performance.now() - pressed);
        await timer;
        expect(order).toEqual(["frame", "timer"]);
      }
      millis.sort((one, other) => one - other);
      told(`key to frame: p95 ${millis[37]?.toFixed(1)} ms`);
    } finally {
      await worker.terminate();
    }
  });
});

/** A figure of this run, for who reads the log. */
function told(figure: string): void {
  process.stdout.write(`  drawing: ${figure}\n`);
}
