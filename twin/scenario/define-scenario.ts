/**
 * Scenarios written in TypeScript: the same keys and units as the file, with the compiler to check
 * the keys while one types. The value goes through the decoder of the file, so that both ways mean
 * the same and are refused for the same reasons.
 */
import { decodeScenario } from "./decode.ts";
import type { ScenarioProblem } from "./problem.ts";
import type { Scenario } from "./scenario.ts";
import type { HeaderForm, PlanForm, WorldForm } from "./schema.ts";

/** Any part of a section; what is left out has its default. */
type Given<Section> = Section extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Section extends object
    ? { readonly [Key in keyof Section]?: Given<Section[Key]> }
    : Section;

type World = Given<typeof WorldForm.Encoded>;
type Header = typeof HeaderForm.Encoded;
type Plan = Given<typeof PlanForm.Encoded>;

/** A launch plan and whatever it overrides. */
type PlanDefinition = World &
  Omit<Plan, "launch"> & { readonly launch: NonNullable<Plan["launch"]> };

/** A scenario in the file's spelling. */
type ScenarioDefinition = World &
  Given<Omit<Header, "name" | "seed">> &
  Pick<Header, "name" | "seed"> &
  Pick<typeof WorldForm.Encoded, "starts" | "lasts"> & {
    readonly sellers: NonNullable<World["sellers"]>;
    readonly audience: NonNullable<World["audience"]>;
    readonly plans: Readonly<Record<string, PlanDefinition>>;
  };

/** Gives the definition its type and nothing else, as in `export const sale = defineScenario({…})`. */
export function defineScenario(definition: ScenarioDefinition): ScenarioDefinition {
  return definition;
}

/** The scenario a definition stands for; lines in problems are those of its JSON. */
export function decodeDefinition(options: {
  readonly definition: ScenarioDefinition;
  /** Where the definition stands, for messages. */
  readonly path: string;
  readonly sets?: readonly string[];
  readonly scale?: number;
}): Scenario | ScenarioProblem[] {
  const { definition, ...rest } = options;
  return decodeScenario({ text: JSON.stringify(definition, null, 2), ...rest });
}
