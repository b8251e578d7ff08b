/**
 * The pictures of the README and the documentation: the real screens with real rehearsals, as SVG.
 * `npm run pictures` writes them anew; here they are held to what the screens show now.
 */
import { resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SCREEN_NAMES, type ScreenId } from "../keys/key-table.ts";
import { Emulator } from "../terminal/emulator.ts";
import { screenPicture } from "../terminal/screen-picture.ts";
import { WatchedApp } from "./testing/watched-app.ts";

const BYTES_MAX = 40_000;

const watched = new WatchedApp({ words: ["--theme", "dark", "--no-state"] });
afterAll(() => watched.close());

async function pictureOf(screen: ScreenId, what: string): Promise<string> {
  watched.draw();
  const cells = (await watched.emulator()).cells();
  const title = `Rehearse, the screen ${SCREEN_NAMES[screen]}: ${what}`;
  return screenPicture(cells, { title, ground: "dark" });
}

/** Waits until the screen says that it has all it wants to show. */
async function until(settled: () => boolean): Promise<void> {
  while (!settled()) await new Promise((resolve) => setImmediate(resolve));
}

describe("the picture of", () => {
  it("Home shows the scenarios and what the selected one expects", async () => {
    const home = watched.app.screenOf("home");
    watched.draw();
    await until(() => !("settled" in home) || home.settled === true);
    const picture = await pictureOf("home", "scenarios and what they expect");
    expect(Buffer.byteLength(picture)).toBeLessThan(BYTES_MAX);
    await expect(picture).toMatchFileSnapshot(resolve("docs/pictures/home.svg"));
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
