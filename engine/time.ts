/**
 * Time in the kernel: whole microseconds since the start of the simulation.
 * A safe integer holds 285 years of them, so no rehearsal can run out of time.
 */
export type Ticks = number;

export const MICROSECOND: Ticks = 1;
export const MILLISECOND: Ticks = 1_000;
export const SECOND: Ticks = 1_000_000;
export const MINUTE: Ticks = 60 * SECOND;
export const HOUR: Ticks = 60 * MINUTE;
export const DAY: Ticks = 24 * HOUR;
