/**
 * A broken assumption of the store: the program is wrong, not its input. It is never caught on
 * the way up. The store keeps its own copy because its rules import nothing.
 */
class BrokenAssumption extends Error {
  override readonly name = "BrokenAssumption";
}

/** Ends the program with {@link BrokenAssumption} unless the condition holds. Stays on everywhere. */
export function assert(condition: boolean, assumption: string): asserts condition {
  if (!condition) throw new BrokenAssumption(`assumption broken: ${assumption}`);
}
