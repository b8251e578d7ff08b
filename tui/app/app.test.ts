import { stripVTControlCharacters } from "node:util";
import { createElement } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { Lines } from "../components/lines.tsx";
import { paneLines } from "../components/pane.tsx";
import { alignLeft, widthOf } from "../components/text-width.ts";
import type { Act, Frame, Host, PaneArea, Screen } from "../screens/screen.ts";
import { WatchedApp, type WatchOptions } from "./testing/watched-app.ts";

/** A screen of two panes that says which keys it was given. */
class Recorder implements Screen {
  readonly id = "home";
  readonly given: string[] = [];
  readonly actions: Readonly<Record<string, Act>>;
  readonly host: Host;
  lost: string | null = null;
  broken = false;

  constructor(host: Host) {
    this.host = host;
    const note = (action: string) => (press: { pane: string }) => {
      this.given.push(`${action}@${press.pane}`);
    };
    const actions = ["up", "down", "open", "back", "mark"];
    this.actions = Object.fromEntries(actions.map((action) => [action, note(action)]));
  }

  panes({ columns, rows }: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    const half = Math.floor(columns / 2);
    return [
      { name: "left", column: 0, row: 0, columns: half, rows },
      { name: "right", column: half, row: 0, columns: columns - half, rows },
    ];
  }

  view(frame: Frame) {
    if (this.broken) throw new Error("a view broke");
    const { columns, rows, focus, expanded } = frame;
    const shown = expanded ? [{ name: focus, columns }] : this.panes(frame);
    const panes = shown.map((pane) =>
      paneLines({
        title: pane.name,
        lines: [],
        ...pane,
        rows,
        focused: pane.name === focus,
        frame,
      }),
    );
    const lines = Array.from({ length: rows }, (_, row) =>
      alignLeft(panes.map((lines) => lines[row] ?? "").join(""), columns),
    );
    return createElement(Lines, { lines, columns });
  }

  show(): void {}
  status() {
    return { severity: "ok", text: "recording" } as const;
  }
  spoken(): readonly string[] {
    return [`given ${this.given.length}`];
  }
  summary(): readonly string[] {
    return Array.from({ length: 15 }, (_, line) => `done ${line}`);
  }
  unsaved(): string | null {
    return this.lost;
  }
  async close(): Promise<void> {}
}

const open: WatchedApp[] = [];
afterEach(async () => {
  for (const watched of open.splice(0)) await watched.close();
});

function start(options: WatchOptions = {}) {
  let recorder: Recorder | null = null;
  const home = (host: Host) => {
    recorder = new Recorder(host);
    return recorder;
  };
  const watched = new WatchedApp({ screens: { home }, ...options });
  open.push(watched);
  return { watched, screen: recorder as unknown as Recorder };
}

const mouse = (kind: "press" | "wheel-up" | "wheel-down", column: number, row: number) =>
  ({ kind: "mouse", mouse: { kind, column, row } }) as const;

/** Where a text stands on the screen. */
function placeOf(lines: readonly string[], text: string) {
  const row = lines.findIndex((line) => line.includes(text));
  return { row, column: widthOf((lines[row] ?? "").slice(0, lines[row]?.indexOf(text))) };
}

describe("the application", () => {
  it("gives a screen its keys with the pane that has the focus", async () => {
    const { watched, screen } = start();
    await watched.press("j", "tab", "enter", "shift+tab", "space", "f5");
    expect(screen.given).toEqual(["down@left", "open@right", "mark@left"]);
  });

  it("draws a pane alone and back, and escape closes that first", async () => {
    const { watched, screen } = start();
    await watched.press("tab", "e");
    expect((await watched.screen())[0]).toMatch(/^╭─ right ─+╮$/);
    await watched.press("escape");
    expect((await watched.screen())[0]).toContain("left");
    await watched.press("escape");
    expect(screen.given).toEqual(["back@right"]);
  });

  it("shows the focus without colours", async () => {
    const { watched } = start({ words: ["--no-color"] });
    expect(watched.lines[0]).toContain("\u001b[7m left \u001b[0m");
    await watched.press("tab");
    expect(watched.lines[0]).toContain("\u001b[7m right \u001b[0m");
    expect(watched.lines[0]).not.toContain("\u001b[7m left");
  });

  it("takes the mouse: panes, hints, the wheel", async () => {
    const { watched, screen } = start();
    await watched.take(mouse("press", 100, 5));
    await watched.take(mouse("wheel-down", 100, 5));
    const hint = placeOf(await watched.screen(), "space mark");
    await watched.take(mouse("press", hint.column, hint.row));
    expect(screen.given).toEqual(["down@right", "mark@right"]);
    const help = placeOf(await watched.screen(), "? help");
    await watched.take(mouse("press", help.column, help.row));
    expect((await watched.screen()).join("\n")).toContain("Help · Home");
  });

  it("leaves with 130 at ctrl+c, also below a question, and never by escape", async () => {
    const { watched, screen } = start();
    await watched.press("escape", "escape");
    expect(watched.left).toEqual([]);
    void screen.host.ask({ label: "Name", value: "" });
    await watched.press("ctrl+c");
    expect(watched.left).toEqual([130]);
  });

  it("quits at once where nothing would be lost, and asks where something would", async () => {
    const { watched, screen } = start();
    screen.lost = "A rehearsal is not saved.";
    await watched.press("q");
    expect(watched.left).toEqual([]);
    expect((await watched.screen()).join("\n")).toContain("A rehearsal is not saved.");
    await watched.press("escape");
    screen.lost = null;
    await watched.press("q");
    expect(watched.left).toEqual([0]);
  });

  it("answers questions in the order in which they were laid, the newest first", async () => {
    const { watched, screen } = start();
    const name = screen.host.ask({ label: "Name", value: "drop" });
    const sure = screen.host.confirm("Sure?");
    await watched.press("down", "enter", "backspace", "space", "x", "enter");
    expect(await sure).toBe(true);
    expect(await name).toBe("dro x");
    await watched.press("j");
    expect(screen.given).toEqual(["down@left"]);
  });

  it("finds a command by parts of its words", async () => {
    const { watched, screen } = start();
    await watched.press(":", ..."mkplns".split(""), "enter");
    expect(screen.given).toEqual(["mark@left"]);
  });

  it("changes theme and charts from its menu, which stays until it is left", async () => {
    const { watched } = start();
    await watched.press("T", ..."light".split(""), "enter", ..."ascii".split(""), "enter");
    expect((await watched.screen()).join("\n")).toContain("Theme and accessibility");
    await watched.press("escape");
    expect(watched.app.appearance.theme.ground).toBe("light");
    expect((await watched.screen())[0]).toMatch(/^\+- left -+\+/);
  });

  it("shows nothing but ASCII where nothing else can be shown", async () => {
    const { watched, screen } = start({ words: ["--charts", "ascii"] });
    for (const keys of [["?"], ["escape", "T"], ["escape", ":"]]) {
      await watched.press(...keys);
      expect(watched.lines.join("")).toMatch(/^\p{ASCII}+$/u);
    }
    await watched.press("escape");
    screen.host.tell({ severity: "critical", text: "売 “é” \u001b[2J\nrest" });
    watched.resize(60, 15);
    expect(watched.lines).toEqual(["80x24 needed, now 60x15".padEnd(60)]);
    watched.resize(80, 24);
    expect(stripVTControlCharacters(watched.lines.at(-1) ?? "")).toContain(' x ?? "?" rest');
    expect(watched.lines.join("")).toMatch(/^\p{ASCII}+$/u);
  });

  it("lets the tabs give way to a status that needs their room", async () => {
    const { watched, screen } = start({ columns: 80, rows: 24 });
    const last = () => stripVTControlCharacters(watched.lines.at(-1) ?? "");
    expect(last()).toMatch(/^ ✓ recording +\[1 Home\] $/u);
    screen.host.tell({ severity: "critical", text: "x".repeat(70) });
    watched.draw();
    expect(last()).toMatch(/^ ✗ x{70} +\[1\] $/u);
    screen.host.tell({ severity: "critical", text: "x".repeat(76) });
    watched.draw();
    expect(last()).toMatch(/^ ✗ x{76} +$/u);
    await watched.press("f5", "j");
    expect(last()).toContain("[1 Home]");
  });

  it("keeps ten lines of what was done, for the terminal it leaves", () => {
    const { watched } = start();
    expect(watched.app.summary()).toHaveLength(10);
  });

  it("shortens the tabs where the status needs their room, and tells again what was written", async () => {
    const { watched, screen } = start();
    const file = `/home/a-planner/${"a-folder/".repeat(7)}the-report.html`;
    expect((await watched.screen()).at(-1)).toMatch(/recording .* \[1 Home\]/u);
    screen.host.tell({ severity: "ok", text: `The report is ${file}`, file });
    watched.draw();
    expect((await watched.screen()).at(-1)).toMatch(/report\.html .*\[1\]/u);
    await watched.press("j");
    expect((await watched.screen()).at(-1)).toContain("[1 Home]");
    expect(watched.app.summary().at(-1)).toBe(`Written: ${file}`);
  });

  it("tells of a view that breaks", async () => {
    const { watched, screen } = start();
    screen.broken = true;
    await watched.press("j", "j");
    expect(watched.defects.map(String)).toEqual(["Error: a view broke"]);
  });
});

describe("a frame", () => {
  it("fits every size from 60 × 15 to 240 × 70, and says so where it cannot", async () => {
    const { watched } = start();
    await watched.press("?");
    for (const columns of [60, 79, 80, 119, 120, 200, 240]) {
      for (const rows of [15, 23, 24, 35, 36, 70]) {
        watched.resize(columns, rows);
        const fits = columns >= 80 && rows >= 24;
        expect(watched.lines.length).toBe(fits ? rows : 1);
        for (const line of watched.lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        const needed = `80×24 needed, now ${columns}×${rows}`;
        expect(watched.lines[0]?.includes(needed)).toBe(!fits);
      }
    }
  });

  it("holds the whole help at 80 × 24 by moving, and what is searched", async () => {
    const { watched } = start({ columns: 80, rows: 24 });
    await watched.press("?");
    expect((await watched.screen()).join("\n")).toContain("mark two plans or runs to compare");
    await watched.press("G");
    expect((await watched.screen()).join("\n")).toContain("Mouse");
    await watched.press("/", "p", "i", "c", "t", "enter");
    const found = (await watched.screen()).join("\n");
    expect(found).toContain("an SVG picture of the screen");
    expect(found).not.toContain("command palette");
    await watched.press("escape", "escape");
    expect((await watched.screen()).join("\n")).not.toContain("Help");
  });
});
