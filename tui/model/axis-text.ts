/** Values of an axis in at most five cells: `800`, `1.2k`, `64k`, `1.5M`. */
export function axisText(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500_000) return short(value / 1_000_000_000, "B");
  if (size >= 999_500) return short(value / 1_000_000, "M");
  if (size >= 1_000) return short(value / 1_000, "k");
  return size >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** Milliseconds of an axis: `450ms`, `1.5ms`, `1.2s`, `30s`, `2min`. */
export function axisMillis(value: number): string {
  if (value === 0) return "0";
  if (value < 10) return `${trimmed(value)}ms`;
  if (value < 1_000) return `${Math.round(value)}ms`;
  if (value < 120_000) return `${trimmed(value / 1_000)}s`;
  return `${Math.round(value / 60_000)}min`;
}

function short(value: number, unit: string): string {
  return `${trimmed(value)}${unit}`;
}

function trimmed(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}
