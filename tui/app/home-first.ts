/**
 * Home at once, and the other screens when their code is there: it is three times as much, and a
 * first frame that waited for it would come late. No input is taken before, so nobody can ask for a
 * screen that is not there yet.
 */
/// <reference types="node" />
import { resolve } from "node:path";
import { assert } from "../../engine/assert.ts";
import { SCREENS, type ScreenId } from "../keys/key-table.ts";
import { HomeScreen } from "../screens/home/home.ts";
import type { Host } from "../screens/screen.ts";
import { RunStore } from "../state/runs.ts";
import type { Environment } from "../terminal/capabilities.ts";
import type { ScreenMakers } from "./app.ts";

export class HomeFirst {
  readonly makers: ScreenMakers;
  readonly #environment: Environment;
  readonly #keeps: boolean;
  readonly #runs: RunStore;
  #others: Required<ScreenMakers> | null = null;

  constructor(environment: Environment, keeps: boolean) {
    this.#environment = environment;
    this.#keeps = keeps;
    this.#runs = new RunStore(environment);
    const maker = (id: ScreenId) => [id, (host: Host) => this.#make(id, host)] as const;
    this.makers = Object.fromEntries(SCREENS.map(maker));
  }

  /** Whether every screen can be made. */
  get complete(): boolean {
    return this.#others !== null;
  }

  async load(): Promise<void> {
    const { screensOf } = await import("./screens.ts");
    const verbs = resolve(process.argv[1] ?? "");
    this.#others = screensOf(this.#environment, { verbs, keeps: this.#keeps, runs: this.#runs });
  }

  #make(id: ScreenId, host: Host) {
    if (id === "home") {
      const now = () => Date.now();
      return new HomeScreen(host, { environment: this.#environment, runs: this.#runs, now });
    }
    assert(this.#others !== null, "no screen is asked for before it is there");
    return this.#others[id](host);
  }
}
