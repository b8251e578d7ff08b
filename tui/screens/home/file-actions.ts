/**
 * What Home does to files: new, duplicate, edit, delete. It asks before anything is lost, touches
 * nothing outside the working folder, and says what came of it.
 */
import { runRow } from "../../model/saved-run-row.ts";
import type { RunStore, SavedRun } from "../../state/runs.ts";
import {
  copyName,
  duplicateScenario,
  type FileOutcome,
  isBelowHere,
  newScenario,
  removeScenario,
} from "../../state/scenario-files.ts";
import type { Environment } from "../../terminal/capabilities.ts";
import type { Host, Severity } from "../screen.ts";

export interface FileActionOptions {
  readonly environment: Environment;
  readonly runs: RunStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class FileActions {
  readonly #host: Host;
  readonly #options: FileActionOptions;
  readonly #onChange: (path: string | null) => void;

  /** `onChange` is told that files changed, with the path that is to be selected. */
  constructor(host: Host, options: FileActionOptions, onChange: (path: string | null) => void) {
    this.#host = host;
    this.#options = options;
    this.#onChange = onChange;
  }

  async new(): Promise<void> {
    const path = await this.#host.ask({ label: "New scenario file", value: "scenario.yaml" });
    if (path === null) return;
    this.#made(newScenario(path.trim()), "is written: E opens it in your editor");
  }

  async duplicate(path: string | undefined): Promise<void> {
    if (path === undefined) return this.#tell("warning", NO_SCENARIO);
    const copy = await this.#host.ask({ label: `Copy of ${path}`, value: copyName(path) });
    if (copy !== null) this.#made(duplicateScenario(path, copy.trim()), "is a copy");
  }

  async edit(path: string | undefined): Promise<void> {
    if (path === undefined) return this.#tell("warning", NO_SCENARIO);
    const { VISUAL = "", EDITOR = "" } = this.#options.environment;
    const words = (VISUAL || EDITOR || "vi").split(" ").filter((word) => word !== "");
    const [program = "vi", ...flags] = words;
    const code = await this.#host.lend([program, ...flags, path]);
    if (code === null)
      this.#tell("critical", `${program} could not be started. $EDITOR names the editor.`);
    else if (code !== 0) this.#tell("warning", `${program} ended with code ${code}.`);
    this.#onChange(path);
  }

  async delete(path: string | undefined): Promise<void> {
    if (path === undefined) return this.#tell("warning", NO_SCENARIO);
    if (!isBelowHere(path))
      return this.#tell("warning", `${path} is not below this folder and is left alone.`);
    if (await this.#host.confirm(`Delete the file ${path}?`))
      this.#made(removeScenario(path), "is deleted");
  }

  async deleteRun(run: SavedRun | undefined): Promise<void> {
    if (run === undefined) return this.#tell("warning", "No run is saved yet.");
    const { when, what } = runRow(run, this.#options.now());
    if (!(await this.#host.confirm(`Delete the saved run of ${when}, ${what}?`))) return;
    const why = this.#options.runs.remove(run);
    if (why === null) this.#tell("ok", `The run of ${when} is deleted: ${run.path}`);
    else this.#tell("critical", why);
    this.#onChange(null);
  }

  #made(outcome: FileOutcome, words: string): void {
    if (outcome.kind === "refused") this.#tell("critical", outcome.why);
    else this.#tell("ok", `${outcome.path} ${words}.`);
    this.#onChange(outcome.kind === "done" ? outcome.path : null);
  }

  #tell(severity: Severity, text: string): void {
    this.#host.tell({ severity, text });
  }
}

const NO_SCENARIO = "There is no scenario here. n writes a starter.";
