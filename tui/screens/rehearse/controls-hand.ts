/** The hand on the controls: which one is selected, and what a press or a typed value changes. */
import type { Ticks } from "../../../engine/time.ts";
import {
  type Control,
  changeTo,
  readValue,
  steppedValue,
  valueText,
} from "../../model/controls.ts";
import { faultChoices } from "../../model/fault-menu.ts";
import type { SteppedClient } from "../../worker/stepped-client.ts";
import type { Host } from "../screen.ts";
import type { RehearsedPlan } from "./rehearsed-plan.ts";

/** Does something with the rehearsal that is open, if there still is one. */
type WithClient = (act: (client: SteppedClient, of: RehearsedPlan) => void) => void;

export class ControlsHand {
  /** The place of the selected control; that of the faults is after the last one. */
  selected = 0;
  readonly #host: Host;
  readonly #with: WithClient;

  constructor(host: Host, withClient: WithClient) {
    this.#host = host;
    this.#with = withClient;
  }

  move(by: number, controls: readonly Control[]): void {
    this.selected = Math.max(0, Math.min(controls.length, this.selected + by));
    this.#host.redraw();
  }

  /** So many steps; the faults have no steps. */
  change(steps: number, controls: readonly Control[], of: RehearsedPlan): void {
    const control = controls[this.selected];
    if (control === undefined) this.#host.tell({ severity: "info", text: "enter chooses a fault" });
    else this.#set(control, steppedValue(control, steps, of));
  }

  /** Asks for a value, or which fault there is to be. */
  async open(controls: readonly Control[], of: RehearsedPlan, now: Ticks): Promise<void> {
    const control = controls[this.selected];
    if (control === undefined) return this.inject(of, now);
    const value = valueText(control.id, control.value).replaceAll(",", "");
    const answer = await this.#host.ask({ label: control.label, value });
    if (answer === null) return;
    const wanted = readValue(control, answer);
    if (typeof wanted === "string") this.#host.tell({ severity: "warning", text: wanted });
    else this.#set(control, wanted);
  }

  async inject(of: RehearsedPlan, now: Ticks): Promise<void> {
    const choices = faultChoices(of.plan.world, now);
    const texts = choices.map(({ text }) => text);
    const place = await this.#host.choose("What is to break now?", texts);
    const choice = place === null ? undefined : choices[place];
    if (choice !== undefined) this.#with((client) => client.intervene(choice.change));
  }

  #set(control: Control, value: number): void {
    this.#with((client, of) => {
      const change = changeTo(control, value, of);
      const stays = `${control.label} stays as it is: it is at its bound.`;
      if (change === null) this.#host.tell({ severity: "info", text: stays });
      else client.intervene(change);
    });
  }
}
