/** Home: the scenarios of this folder. */
/// <reference types="node" />
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createElement, type ReactElement } from "react";
import { Pane } from "../../components/pane.tsx";
import type { Act, Frame, Host, PaneArea, Screen, Status } from "../screen.ts";

/** Where scenario files are looked for, below the working folder. */
const FOLDERS = [".", "scenarios"];

export class HomeScreen implements Screen {
  readonly id = "home";
  readonly actions: Readonly<Record<string, Act>> = {
    up: () => this.#move(-1),
    down: () => this.#move(1),
  };
  readonly #host: Host;
  readonly #paths: readonly string[];
  #selected = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#paths = scenarioPaths();
  }

  show(): void {}

  panes({ columns, rows }: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
    return [{ name: "scenarios", column: 0, row: 0, columns, rows }];
  }

  #move(by: number): void {
    const last = Math.max(0, this.#paths.length - 1);
    this.#selected = Math.max(0, Math.min(last, this.#selected + by));
    this.#host.redraw();
  }

  view(frame: Frame): ReactElement {
    const lines = this.#paths.map((path, place) => {
      const line = ` ${path}`;
      return place === this.#selected ? frame.theme.paint("selected", line) : line;
    });
    const { columns, rows } = frame;
    return createElement(Pane, { title: "Scenarios", lines, columns, rows, focused: true, frame });
  }

  status(): Status {
    return { severity: "ok", text: `${this.#paths.length} scenarios` };
  }

  spoken(): readonly string[] {
    return this.#paths;
  }

  unsaved(): null {
    return null;
  }

  async close(): Promise<void> {}
}

function scenarioPaths(): readonly string[] {
  return FOLDERS.flatMap((folder) => {
    try {
      const names = readdirSync(folder).filter((name) => /\.ya?ml$/u.test(name));
      return names.sort().map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
}
