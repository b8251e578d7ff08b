/**
 * The pictures of the README and the documentation: the real screens with real rehearsals, as SVG.
 * `npm run pictures` writes them anew; here they are held to what the screens show now.
 */
import { resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SCREEN_NAMES, type ScreenId } from "../keys/key-table.ts";
import { CompareScreen } from "../screens/compare/compare.ts";
import { RehearseScreen } from "../screens/rehearse/rehearse.ts";
import type { PlanChoice } from "../screens/screen.ts";
import { rehearsed } from "../screens/testing/driven-screens.ts";
import { RunStore } from "../state/runs.ts";
import { Emulator } from "../terminal/emulator.ts";
import { screenPicture } from "../terminal/screen-picture.ts";
import { startSteppedClient } from "../worker/stepped-client.ts";
import { InProcess } from "../worker/testing/in-process.ts";
import { bundledWorker } from "../worker/testing/worker-text.ts";
import { screensOf } from "./screens.ts";
import { BUNDLE, WatchedApp } from "./testing/watched-app.ts";

const BYTES_MAX = 60_000;
const path = "scenarios/small-drop.yaml";
const CHOICE: PlanChoice = { path, plan: "batched", sets: [], seed: "1" };

const environment = { XDG_STATE_HOME: "/nonexistent" };

const watched = new WatchedApp({
  words: ["--theme", "dark", "--no-state"],
  screens: {
    ...screensOf(environment, { verbs: BUNDLE }),
    rehearse: (host) =>
      new RehearseScreen(host, {
        environment,
        runs: new RunStore(environment),
        now: () => 0,
        startClient: (listener) => startSteppedClient(listener, program),
      }),
    compare: (host) => new CompareScreen(host, new InProcess()),
  },
});
let program = "";
afterAll(() => watched.close());

/** Holds the screen in front to its picture in the documentation. */
async function expectPicture(screen: ScreenId, what: string): Promise<void> {
  watched.draw();
  const cells = (await watched.emulator()).cells();
  const title = `Rehearse, the screen ${SCREEN_NAMES[screen]}: ${what}`;
  const picture = screenPicture(cells, { title, ground: "dark" });
  expect(Buffer.byteLength(picture)).toBeLessThan(BYTES_MAX);
  await expect(picture).toMatchFileSnapshot(resolve(`docs/pictures/${screen}.svg`));
}

/** Waits until the screen says that it has all it wants to show. */
async function until(settled: () => boolean): Promise<void> {
  while (!settled()) await new Promise((resolve) => setImmediate(resolve));
}

const { app } = watched;

describe("the picture of", () => {
  it("Home shows the scenarios and what the selected one expects", async () => {
    const home = app.screenOf("home");
    watched.draw();
    await until(() => !("settled" in home) || home.settled === true);
    await expectPicture("home", "scenarios and what they expect");
  });

  it("Rehearse shows a sale on its way", async () => {
    program = await bundledWorker();
    watched.open({ screen: "rehearse", choice: { ...CHOICE, scale: 0.1 } });
    const rehearse = app.front as RehearseScreen;
    const model = () => rehearse.model();
    await until(() => model()?.pace.startsWith("▶") === true);
    await watched.press("space");
    await until(() => model()?.pace.startsWith("⏸") === true);
    await watched.press("t", "ctrl+u", ..."18:09:00", "enter");
    await until(() => model()?.time === "18:09:00" && model()?.pace.startsWith("⏸") === true);
    await expectPicture("rehearse", "a sale on its way, its figures and its goals");
  });

  it("Compare shows two plans and which is better", async () => {
    const other = { path, plan: "simultaneous", sets: [] };
    watched.open({ screen: "compare", choices: [{ ...CHOICE, scale: 0.1 }, other] });
    await rehearsed(app.front);
    // The status row answers the key then; how long this machine took stood there before.
    await watched.press("x");
    await expectPicture("compare", "two plans with the same seeds, and which is better");
  });
});
describe("a picture", () => {
  it("keeps text as text, in its place and colour, and escapes it", async () => {
    const emulator = await Emulator.open(20, 3);
    await emulator.write(
      "a <b> & c\r\n\u001b[38;2;86;180;233m  blue\u001b[0m \u001b[7mback\u001b[0m",
    );
    const picture = screenPicture(emulator.cells(), { title: "T & <t>", ground: "light" });
    expect(picture).toContain('<title id="t">T &amp; &lt;t&gt;</title>');
    expect(picture).toContain(">a &lt;b&gt; &amp; c</text>");
    // Two cells from the left margin, in the second row.
    expect(picture).toContain('<text x="26.8" y="40" fill="#56b4e9" textLength="33.6">blue</text>');
    expect(picture).toContain('<rect x="68.8" y="27" width="33.6" height="17" fill="#1e1e1e"/>');
    expect(picture).toContain('fill="#ffffff" textLength="33.6">back</text>');
  });
});
