/** Opens the screens on this process's terminal and answers with the exit code. */
/// <reference types="node" />
import { spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { render } from "ink";
import { createElement } from "react";
import { CompareScreen } from "../screens/compare/compare.ts";
import { HomeScreen } from "../screens/home/home.ts";
import { WhatIfScreen } from "../screens/what-if/what-if.ts";
import { RunStore } from "../state/runs.ts";
import { charsetOf, colourDepthOf, type Environment, groundOf } from "../terminal/capabilities.ts";
import { Terminal } from "../terminal/terminal.ts";
import { themeOf } from "../theme/theme.ts";
import { BackgroundRehearsals } from "../worker/background-rehearsals.ts";
import { App, type AppOptions } from "./app.ts";
import { FrameView } from "./frame-view.tsx";

/** Between two frames that data alone asks for: ten a second. */
const FRAME_MILLIS = 100;

/** How each screen is made when it is first wanted. */
function screensOf(environment: Environment): AppOptions["screens"] {
  const runs = new RunStore(environment);
  const now = () => Date.now();
  return {
    home: (host) => new HomeScreen(host, { environment, runs, now }),
    compare: (host) => new CompareScreen(host, new BackgroundRehearsals()),
    "what-if": (host) => new WhatIfScreen(host, new BackgroundRehearsals()),
  };
}

export interface ScreenOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly colour: boolean;
  readonly mouse: boolean;
}

export async function openScreens(options: ScreenOptions): Promise<number> {
  const { environment, colour, mouse } = options;
  let leave: (code: number) => void = () => undefined;
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  let timer: NodeJS.Timeout | null = null;
  const draw = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    ink.rerender(element());
  };
  const app = new App({
    appearance: {
      theme: themeOf(groundOf(environment), colourDepthOf(environment, colour)),
      charset: charsetOf(environment),
    },
    screens: screensOf(environment),
    onChange: (when) => {
      if (when === "at-once") draw();
      else timer ??= setTimeout(draw, FRAME_MILLIS);
    },
    onLeave: leave,
    onPicture: () => undefined,
    lend: (program) => terminal.lend(() => runInTerminal(program)),
  });
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    mouse,
    onInput: (input) => app.take(input),
    onResize: draw,
    onSignal: leave,
  });
  const element = () =>
    createElement(FrameView, { app, columns: terminal.columns, rows: terminal.rows });
  terminal.enter();
  const ink = render(element(), {
    // In its debug mode Ink hands over each whole frame, which the frame writer draws by line.
    debug: true,
    stdout: frameSink(terminal),
    stdin: silentInput(),
    patchConsole: false,
    exitOnCtrlC: false,
  });
  try {
    return await left;
  } finally {
    if (timer !== null) clearTimeout(timer);
    terminal.leave();
    ink.unmount();
    await app.close();
  }
}

/** What Ink takes for a terminal: every write is a whole frame. */
function frameSink(terminal: Terminal): NodeJS.WriteStream {
  const sink = new PassThrough() as unknown as NodeJS.WriteStream;
  Object.defineProperty(sink, "columns", { get: () => terminal.columns });
  Object.defineProperty(sink, "rows", { get: () => terminal.rows });
  sink.write = (frame: string | Uint8Array) => {
    if (typeof frame === "string") terminal.writer.draw(frame.split("\n"), terminal.columns);
    return true;
  };
  return sink;
}

/** Ink reads no keys here: the terminal's own reader does. */
function silentInput(): NodeJS.ReadStream {
  return new PassThrough() as unknown as NodeJS.ReadStream;
}

function runInTerminal([program = "", ...words]: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: "inherit" });
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code));
  });
}
