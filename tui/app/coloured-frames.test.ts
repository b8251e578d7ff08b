/** Home as each theme draws it, its codes in a form that can be read. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Environment } from "../terminal/capabilities.ts";
import { WatchedApp } from "./testing/watched-app.ts";

const started = process.cwd();
const golden = (name: string) => resolve(started, `tui/app/frames/home-${name}.txt`);
const folder = mkdtempSync(join(tmpdir(), "coloured-frames-"));
const SIXTEEN: Environment = { TERM: "xterm", COLORTERM: "" };
const ESCAPE = String.fromCharCode(27);

beforeAll(() => {
  copyFileSync(resolve("scenarios/small-drop.yaml"), join(folder, "small-drop.yaml"));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

async function frameOf(words: readonly string[], environment: Environment = {}): Promise<string> {
  const watched = new WatchedApp({ columns: 80, rows: 24, words, environment });
  await vi.waitFor(() => {
    watched.draw();
    expect(stripVTControlCharacters(watched.lines.join("\n"))).toContain("valid");
  });
  await watched.close();
  return watched.lines.join("\n");
}

/** ESC [ 1;36 m as {1;36}. */
const readable = (frame: string) =>
  frame
    .replaceAll(new RegExp(`${ESCAPE}\\[([0-9;]*)m`, "gu"), (_, codes) => `{${codes}}`)
    .replaceAll(/ +$/gmu, "");

it.each([
  ["dark", ["--theme=dark"], {}],
  ["light", ["--theme=light"], {}],
  ["16-colours", ["--theme=dark"], SIXTEEN],
  ["no-colour", ["--no-color"], {}],
] as const)("is drawn in the theme %s", async (name, words, environment) => {
  const frame = readable(await frameOf(words, environment));
  expect(frame).not.toContain(ESCAPE);
  await expect(frame).toMatchFileSnapshot(golden(name));
});

it("is drawn with the signs of ASCII alone where it is asked to", async () => {
  const frame = readable(await frameOf(["--charts=ascii", "--no-color"]));
  expect(frame).toMatch(/^[\p{ASCII}\n]+$/u);
  await expect(frame).toMatchFileSnapshot(golden("ascii"));
});
