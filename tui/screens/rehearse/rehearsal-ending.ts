/** The end of a rehearsal: its result, saved, reported, and handed on to other screens. */
import type { Rehearsal, RunResult } from "../../../twin/result.ts";
import type { Intervention } from "../../../twin/stepped/intervention.ts";
import type { Course } from "../../model/course.ts";
import { showReport } from "../../state/reports.ts";
import type { RunStore } from "../../state/runs.ts";
import type { Environment } from "../../terminal/capabilities.ts";
import type { Host, Severity } from "../screen.ts";
import { choiceOf, type RehearsedPlan, runResultOf } from "./rehearsed-plan.ts";

interface EndingOptions {
  readonly environment: Environment;
  readonly runs: RunStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class RehearsalEnding {
  /** Null while the sale goes on. */
  result: RunResult | null = null;
  /** The file that it was saved in. */
  saved: string | null = null;
  #rehearsal: Rehearsal | null = null;
  readonly #host: Host;
  readonly #options: EndingOptions;

  constructor(host: Host, options: EndingOptions) {
    this.#host = host;
    this.#options = options;
  }

  forget(): void {
    this.result = null;
    this.saved = null;
    this.#rehearsal = null;
  }

  hear(of: RehearsedPlan, { rehearsal, interventions }: Course): void {
    if (rehearsal === this.#rehearsal) return;
    this.forget();
    this.#rehearsal = rehearsal;
    if (rehearsal !== null) this.result = runResultOf(of, interventions, rehearsal);
  }

  unsaved(): string | null {
    if (this.result === null || this.saved !== null) return null;
    return `The rehearsal of ${this.result.scenario} is not saved.`;
  }

  save(): void {
    const result = this.#finished();
    if (result === null) return;
    if (this.saved !== null) {
      this.#tell("info", `It is saved already: ${this.saved}`);
      return;
    }
    const saved = this.#options.runs.save(result, this.#options.now());
    if (typeof saved === "string") this.#tell("critical", saved);
    else {
      this.saved = saved.path;
      this.#host.tell({ severity: "ok", text: `Saved: ${saved.path}`, file: saved.path });
    }
  }

  async report(): Promise<void> {
    const result = this.#finished();
    if (result !== null) this.#host.tell(await showReport(result, this.#options.environment));
  }

  /** With another plan of the scenario as it is planned. */
  compare(of: RehearsedPlan, interventions: readonly Intervention[]): void {
    const choice = choiceOf(of, interventions);
    const other = of.scenario.plans.find(({ name }) => name !== of.plan.name);
    if (other === undefined) {
      this.#tell("info", `${of.scenario.name} has only one plan: w plays with it.`);
      return;
    }
    const choices = [choice, { ...choiceOf(of, []), plan: other.name }] as const;
    this.#host.open({ screen: "compare", choices });
  }

  whatIf(of: RehearsedPlan, interventions: readonly Intervention[]): void {
    // A lever answers at once in a world of its own size, however large this one is.
    const { scale: _, ...choice } = choiceOf(of, interventions);
    this.#host.open({ screen: "what-if", choice });
  }

  #finished(): RunResult | null {
    if (this.result === null)
      this.#tell("info", "The sale is not over yet: t goes to a time, + is faster.");
    return this.result;
  }

  #tell(severity: Severity, text: string): void {
    this.#host.tell({ severity, text });
  }
}
