/** A plan of a scenario file, with the values that were changed in it. */
export interface PlanChoice {
  readonly path: string;
  /** The scenario's first where it is not there. */
  readonly plan?: string;
  /** As `--set` takes them. */
  readonly sets: readonly string[];
  /** The share of full size; fitted where it is not there. */
  readonly scale?: number;
  readonly seed?: string;
  /** What is changed while it runs, as `--change` takes it. */
  readonly changes?: readonly string[];
  /** What is changed in the plan to set it against itself, as `--what-if` takes it. */
  readonly whatIfs?: readonly string[];
}
