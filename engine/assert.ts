/**
 * A broken assumption: the program is wrong, not its input. It is never caught on the way up,
 * so a rehearsal ends at the first one instead of printing figures that cannot be trusted.
 */
export class BrokenAssumption extends Error {
  override readonly name = "BrokenAssumption";
}

/** Ends the run with {@link BrokenAssumption} unless the condition holds. Stays on in every run. */
export function assert(condition: boolean, assumption: string): asserts condition {
  if (!condition) throw new BrokenAssumption(`assumption broken: ${assumption}`);
}
