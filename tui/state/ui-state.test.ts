import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LOOKS, UiState } from "./ui-state.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(content: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), "rehearse-state-"));
  folders.push(folder);
  if (content !== null) writeFileSync(join(folder, "ui.json"), content);
  return folder;
}

const kept = (folder: string) => readFileSync(join(folder, "ui.json"), "utf8");

describe("what the screens remember", () => {
  it("is found again at the next start, and no half file is left beside it", () => {
    const folder = join(folderWith(null), "made", "when", "needed");
    const state = new UiState(folder);
    expect(state.looks).toEqual(LOOKS);
    state.changeLooks({ theme: "light", reducedMotion: true });
    state.remember("home.pane", "runs");
    const next = new UiState(folder);
    expect(next.looks).toEqual({ ...LOOKS, theme: "light", reducedMotion: true });
    expect(next.recall("home.pane")).toBe("runs");
    expect(next.recall("toString")).toBeNull();
    expect(next.problem).toBeNull();
    expect(readdirSync(folder)).toEqual(["ui.json"]);
  });

  it.each(["", "{", "[]", "null", '"x"', '{"theme":"light"}', '{"version":"1"}'])(
    "is that of a first start where the file holds %j, and that is said",
    (content) => {
      const state = new UiState(folderWith(content));
      expect(state.looks).toEqual(LOOKS);
      expect(state.problem).toContain("ui.json could not be read");
    },
  );

  it("leaves out what means nothing", () => {
    const content = JSON.stringify({
      version: 1,
      theme: "pink",
      charts: "ascii",
      highContrast: "yes",
      remembered: { "home.pane": 7, "live.target": "http://127.0.0.1:8080" },
    });
    const state = new UiState(folderWith(content));
    expect(state.looks).toEqual({ ...LOOKS, charts: "ascii" });
    expect(state.recall("home.pane")).toBeNull();
    expect(state.recall("live.target")).toBe("http://127.0.0.1:8080");
  });

  it("does not write over the file of a newer version", () => {
    const content = '{"version":2,"theme":"sepia"}';
    const folder = folderWith(content);
    const state = new UiState(folder);
    state.changeLooks({ theme: "dark" });
    expect(state.looks.theme).toBe("dark");
    expect(kept(folder)).toBe(content);
    expect(state.problem).toContain("newer version");
  });

  it("says so once where it cannot be written, and goes on", () => {
    const file = join(folderWith("{}"), "ui.json");
    const state = new UiState(join(file, "below-a-file"));
    state.changeLooks({ theme: "dark" });
    expect(state.looks.theme).toBe("dark");
    expect(state.problem).toContain("could not be written");
  });
});
