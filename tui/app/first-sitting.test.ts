/** A planner's first sitting, from the first key to the terminal as it was. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { Tmux } from "./testing/tmux.ts";

/** What a terminal is like that nobody has left anything behind in. */
const AS_BEFORE = { alternate: "0", cursor: "1", mouse: "0", wrap: "1", settings: true };

/** A whole sale is played, twenty rehearsals are compared: a busy machine takes its time. */
const SITTING_MILLIS_MAX = 240_000;

await describeWithServer("tmux", "a first sitting in a real terminal", ({ url }) => {
  const tmux = new Tmux(url);
  afterAll(() => tmux.close());

  it(
    "finds a sale, runs, changes and compares it, reports, and quits",
    async () => {
      const pane = await tmux.start("", { columns: 160, rows: 40 });
      const press = (...keys: readonly string[]) => tmux.keys(pane, ...keys);
      const shows = (text: string) => tmux.shows(pane, text);

      await shows("scenarios valid");
      await press("/", "black-fri");
      await shows("enter takes it");
      await press("Enter");
      await shows("1/17  /black-fri");
      await press("Enter");
      await shows("Rehearsal · webstore-black-friday · batched");
      await shows("▶");

      // Back to before the second batch, however far the rehearsal has come by now.
      await press("Space", "t");
      await shows("Go to");
      await press("C-u", "06:05", "Enter");
      await shows("06:05:00 ⏸");
      await press("l");
      await shows("14.8min → 15.8min");
      await press("Space", "+", "+", "+");
      const over = await shows("■ over");
      expect(over).toContain("--change");

      await press("s");
      await shows("Saved: ");
      await press("r");
      const shown = await shows("The report is ");
      const own = /The report is (\S+\.html)/u.exec(shown)?.[1] ?? "";
      expect(readFileSync(own, "utf8")).toMatch(/<title>[^<]*webstore-black-friday/u);

      await press("c");
      await shows("against  B simultaneous");
      // Three pairs are enough of a comparison for a report.
      await shows("A − B over 3 pairs");
      await press("x");
      await shows("stopped");
      await press("r");
      await shows("HTML report to write");
      const both = join(pane.folder, "both.html");
      await press("C-u", both, "Enter");
      await shows("both.html is written");
      expect(readFileSync(both, "utf8")).toContain("simultaneous");

      await press("q");
      await shows("Recent runs");
      await press("q");
      const { code, terminal, screen } = await tmux.ended(pane);
      expect({ code, terminal }).toEqual({ code: 0, terminal: AS_BEFORE });
      expect(screen.match(/^Written: /gmu)).toHaveLength(3);
    },
    SITTING_MILLIS_MAX,
  );
});
