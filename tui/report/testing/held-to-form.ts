/** Holds documents and their interfaces against the forms that describe them. */
import { Schema } from "effect";

/** The document of a JSON text, taken by its form with nothing left over and nothing changed. */
export function takenBy<Form, Json>(form: Schema.Schema<Form, Json>, text: string): Form {
  const json: unknown = JSON.parse(text);
  const taken = Schema.decodeUnknownSync(form, { onExcessProperty: "error" })(json);
  if (canonical(taken) !== canonical(json)) throw new Error("the form changes what it takes");
  return taken;
}

/** With the keys of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/**
 * What JSON keeps of a type: every key, and whether it may be missing; every text as any text; every
 * number with the null that stands for one that is none.
 */
export type KeptInJson<Told> = Told extends number | null
  ? number | null
  : Told extends string
    ? string
    : Told extends boolean
      ? boolean
      : { readonly [Key in keyof Told]: KeptInJson<Told[Key]> };
