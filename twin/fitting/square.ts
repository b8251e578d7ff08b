/** x times x: the same bits on every engine, which `**` does not promise. */
export function square(x: number): number {
  return x * x;
}
