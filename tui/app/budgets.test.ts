/**
 * What drawing may cost: sections 3.3 and 7 of the design. Times depend on the machine and on who
 * else uses it, so they are told and never gated on: the CPU time of a frame is held to that of a
 * loop measured beside it, and a key to the order of things.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { RehearseScreen } from "../screens/rehearse/rehearse.ts";
import { RunStore } from "../state/runs.ts";
import { CourseByHand } from "../worker/testing/course-by-hand.ts";
import { screensOf } from "./screens.ts";
import { BUNDLE, WatchedApp } from "./testing/watched-app.ts";

const CLEAR = new RegExp(`${String.fromCharCode(27)}\\[[23]J`, "u");
const FRAMES_PER_SECOND = 10;
const BYTES_PER_SECOND_MAX = 60_000;
const CORE_SHARE_MAX = 0.15;
/** What 20 MB in ten minutes leave for twenty seconds. */
const HEAP_MAX = 700_000;
/** CPU time of `calibrationLoop` on the machine that the budget was set for; seconds. */
const CALIBRATION_SECONDS = 0.04;

const MILLIS_OF_FRAME = 1_000 / FRAMES_PER_SECOND;
const environment = { XDG_STATE_HOME: "/nonexistent" };

let course: CourseByHand | null = null;
const watched = new WatchedApp({
  screens: {
    ...screensOf(environment, { verbs: BUNDLE }),
    rehearse: (host) =>
      new RehearseScreen(host, {
        environment,
        runs: new RunStore(environment),
        now: () => 0,
        startClient: (listener) => {
          course = new CourseByHand(listener);
          return course;
        },
      }),
  },
});
// Black Friday from the first batch on, a minute of it in each frame.
const path = "scenarios/webstore-black-friday.yaml";
watched.open({ screen: "rehearse", choice: { path, plan: "batched", sets: [], scale: 0.005 } });
afterAll(() => watched.close());

/** The rehearsal goes on between the frames; `drawn` is given the drawing of each. */
function playFrames(count: number, drawn: (draw: () => void) => void = (draw) => draw()): void {
  for (let frame = 0; frame < count; frame += 1) {
    course?.putForward(MILLIS_OF_FRAME);
    drawn(() => watched.draw());
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

describe("drawing a rehearsal that plays, ten frames a second,", () => {
  it("sends at most 60 kB/s and clears nothing", () => {
    playFrames(5);
    watched.sent();
    playFrames(100);
    const sent = watched.sent();
    expect(sent).not.toMatch(CLEAR);
    const perSecond = (Buffer.byteLength(sent) / 100) * FRAMES_PER_SECOND;
    expect(perSecond).toBeLessThanOrEqual(BYTES_PER_SECOND_MAX);
    told(`${(perSecond / 1_000).toFixed(1)} kB/s`);
  });

  it("takes at most 15 % of a core", () => {
    calibrationLoop();
    playFrames(50);
    const shares = [1, 2, 3].map(() => {
      const unit = cpuSeconds(calibrationLoop);
      let drawing = 0;
      playFrames(40, (draw) => {
        drawing += cpuSeconds(draw);
      });
      return ((drawing / 40) * FRAMES_PER_SECOND * CALIBRATION_SECONDS) / unit;
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
    playFrames(100);
    watched.sent();
    const before = heap();
    playFrames(FRAMES_PER_SECOND * 20);
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
        const pressed = performance.now();
        watched.app.take({ kind: "key", name: count % 2 === 0 ? "j" : "k" });
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
