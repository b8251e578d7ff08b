/** Numbers and times as people read them, without the machine's locale: the same text everywhere. */

/** Milliseconds in the largest unit that keeps them readable. */
export function durationText(millis: number): string {
  const size = Math.abs(millis);
  if (size < 1_000) return `${plainNumber(millis, size < 10 ? 1 : 0)} ms`;
  if (size < 120_000) return `${plainNumber(millis / 1_000, 2)} s`;
  if (size < 7_200_000) return `${plainNumber(millis / 60_000, 1)} min`;
  if (size < 172_800_000) return `${plainNumber(millis / 3_600_000, 1)} h`;
  return `${plainNumber(millis / 86_400_000, 1)} d`;
}

/** With commas between thousands and at most `decimals` places; a whole number has none. */
export function plainNumber(value: number, decimals: number): string {
  const fixed = Math.abs(value).toFixed(Number.isInteger(value) ? 0 : decimals);
  const [whole = "0", fraction] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const minus = value < 0 && Number(fixed) !== 0 ? "-" : "";
  return `${minus}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}
