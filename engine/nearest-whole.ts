/**
 * The whole number nearest to x, the greater of two as near: what `Math.round` gives wherever x is
 * not within a last digit of a half. `Math.round` is compiled to a jump that falls either way for a
 * random fraction, and a processor that guesses wrong half of the time takes longer over it than
 * over a normal draw; this form has no jump.
 */
export function nearestWhole(x: number): number {
  return Math.floor(x + 0.5);
}
