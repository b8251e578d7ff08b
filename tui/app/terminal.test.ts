import { afterAll, expect, it } from "vitest";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { Tmux } from "./testing/tmux.ts";

/** What a terminal is like that nobody has left anything behind in. */
const FREE = { alternate: "0", cursor: "1", mouse: "0", wrap: "1" };
const AS_BEFORE = { ...FREE, settings: true };

const HOME = "Scenarios";

await describeWithServer("tmux", "the screens in a real terminal", ({ url }) => {
  const tmux = new Tmux(url);
  afterAll(() => tmux.close());

  it("open, move, show the help, fit a new size, and end by q with the terminal as it was", async () => {
    const begun = performance.now();
    const pane = await tmux.start("--no-state");
    await tmux.shows(pane, "1 Home");
    process.stdout.write(`first frame after ${Math.round(performance.now() - begun)} ms\n`);
    await tmux.keys(pane, "j", "?");
    await tmux.shows(pane, "Help · Home");
    await tmux.resize(pane, 60, 20);
    await tmux.shows(pane, "80×24 needed, now 60×20");
    await tmux.resize(pane, 110, 32);
    await tmux.shows(pane, "Help · Home");
    await tmux.keys(pane, "Escape");
    // A lone escape waits a moment for a sequence, and so must the next key.
    while ((await tmux.screen(pane)).includes("Help · Home"));
    expect(await tmux.screen(pane)).toContain(HOME);
    await tmux.keys(pane, "q");
    expect(await tmux.ended(pane)).toMatchObject({ code: 0, terminal: AS_BEFORE });
  });

  it("leave the terminal as it was at ctrl+c, SIGTERM, SIGHUP", async () => {
    const ends = [
      { code: 130, end: "C-c" },
      { code: 143, end: "SIGTERM" },
      { code: 129, end: "SIGHUP" },
    ] as const;
    const found = await Promise.all(
      ends.map(async ({ end }) => {
        const pane = await tmux.start("--no-state");
        await tmux.shows(pane, "1 Home");
        if (end === "C-c") await tmux.keys(pane, end);
        else process.kill(await tmux.processOf(pane), end);
        const { code, terminal } = await tmux.ended(pane);
        return { code, terminal };
      }),
    );
    expect(found).toEqual(ends.map(({ code }) => ({ code, terminal: AS_BEFORE })));
  });

  it("stop at ctrl+z and go on where they were; a defect gives the terminal back and is said", async () => {
    const pane = await tmux.start("--no-state");
    await tmux.shows(pane, "1 Home");
    await tmux.keys(pane, "C-z");
    await tmux.shows(pane, "IT HAS STOPPED");
    expect(await tmux.state(pane)).toEqual(FREE);
    await tmux.keys(pane, "Enter");
    await tmux.shows(pane, "1 Home");
    await tmux.keys(pane, "?");
    await tmux.shows(pane, "Help · Home");
    // A broken assumption from outside: what no handler of the program foresees.
    const broken = await tmux.start("--no-state", {
      before: `NODE_OPTIONS='--import "data:text/javascript,process.once(\`SIGUSR2\`,()=>{throw new Error(\`broken\`)})"'`,
    });
    await tmux.shows(broken, "1 Home");
    process.kill(await tmux.processOf(broken), "SIGUSR2");
    const { code, terminal, screen } = await tmux.ended(broken);
    expect({ code, terminal }).toEqual({ code: 1, terminal: AS_BEFORE });
    expect(screen).toContain("this is a defect of Rehearse, not of your input: broken");
    await tmux.keys(pane, "C-c");
    expect(await tmux.ended(pane)).toMatchObject({ code: 130, terminal: AS_BEFORE });
  });

  it("are heard as lines on the normal screen with --screen-reader", async () => {
    const pane = await tmux.start("--no-state --screen-reader");
    await tmux.shows(pane, "Screen Home, pane");
    await tmux.keys(pane, "T");
    await tmux.shows(pane, "4: [ ] High contrast");
    await tmux.keys(pane, "4", "Enter");
    await tmux.shows(pane, "4: [✓] High contrast");
    await tmux.keys(pane, "C-c");
    const { code, terminal, screen } = await tmux.ended(pane);
    expect({ code, terminal }).toEqual({ code: 130, terminal: AS_BEFORE });
    expect(screen).toContain("Menu: Theme and accessibility");
  });

  it("are not opened on a terminal that cannot place its cursor", async () => {
    const pane = await tmux.start("", { before: "TERM=dumb" });
    const { code } = await tmux.ended(pane);
    expect(code).toBe(0);
  });
});
