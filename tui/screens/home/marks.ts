/** What a planner marked on Home to be compared: up to two plans or runs. */
import type { PlanChoice } from "../screen.ts";

export interface Mark {
  /** The same for the same plan or run. */
  readonly key: string;
  /** A plan is one choice, a saved comparison is two. */
  readonly choices: readonly PlanChoice[];
}

const MARKS_MAX = 2;

export class Marks {
  #marks: readonly Mark[] = [];

  get count(): number {
    return this.#marks.length;
  }

  get choices(): readonly PlanChoice[] {
    return this.#marks.flatMap(({ choices }) => choices);
  }

  has(key: string): boolean {
    return this.#marks.some((mark) => mark.key === key);
  }

  /** Marks it or takes its mark away; the answer is why it was not marked, or null. */
  toggle(mark: Mark): string | null {
    if (this.has(mark.key)) this.#marks = this.#marks.filter(({ key }) => key !== mark.key);
    else if (this.count === MARKS_MAX)
      return "Two are marked already: c compares them, esc clears the marks.";
    else this.#marks = [...this.#marks, mark];
    return null;
  }

  clear(): void {
    this.#marks = [];
  }
}

/** Each choice once, in their order. */
export function distinct(choices: readonly PlanChoice[]): readonly PlanChoice[] {
  const seen = new Map(choices.map((choice) => [JSON.stringify(choice), choice]));
  return [...seen.values()];
}
