/** How schemas describe what they hold, and the forms of figures and ends, which results share. */
import { Schema } from "effect";

export const told = <A, I>(schema: Schema.Schema<A, I>, description: string) =>
  schema.annotations({ description });

/** JSON has null for a number that is none. */
export const Measured = Schema.NullOr(Schema.Number);

export const EstimateForm = Schema.Struct({
  mean: told(Measured, "Mean over the seeds that measured it; null where none did."),
  low: told(Measured, "Lower bound of the 95 % Student-t interval; the mean where n is 1."),
  high: told(Measured, "Upper bound of that interval; the mean where n is 1."),
  n: told(Schema.Number, "Seeds that measured it."),
});

/** `codes` says which there are. */
export const exitForm = (codes: string) =>
  Schema.Struct({ code: told(Schema.Number, codes), reason: Schema.String });
