/** Time zones by their names, such as Europe/London, with summer time and its changes. */
import { offsetZone, UTC, type Zone, type ZonedTime } from "../../twin/recordings/recorded-time.ts";

const HOUR = 3_600_000;
/** Every change of every zone falls on a whole quarter of an hour in UTC. */
const QUARTER = 900_000;
/** No change of a clock in this century is further from a local time than this. */
const NEAR = 26 * HOUR;

/** A zone of the IANA database, or an offset such as +02:00; null where there is none so named. */
export function zoneNamed(name: string): Zone | null {
  if (/^(?:utc|z)$/iu.test(name)) return UTC;
  const fixed = offsetZone(name);
  if (fixed !== null) return fixed;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    return null;
  }
  return { name, utcOf: (local) => utcOf(local, offsetsOf(format)) };
}

/** Milliseconds that the zone is ahead of UTC at a moment, remembered by the quarter of an hour. */
function offsetsOf(format: Intl.DateTimeFormat): (at: number) => number {
  const known = knownOffsets.get(format) ?? new Map<number, number>();
  knownOffsets.set(format, known);
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    if (known.size >= KNOWN_MAX) known.clear();
    const offset = askedOffset(format, quarter * QUARTER);
    known.set(quarter, offset);
    return offset;
  };
}

const KNOWN_MAX = 100_000;
const knownOffsets = new WeakMap<Intl.DateTimeFormat, Map<number, number>>();

function askedOffset(format: Intl.DateTimeFormat, at: number): number {
  const parts = format.formatToParts(at);
  const word = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours, minutes, seconds] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/u.exec(word) ?? [];
  const size =
    Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1e3;
  return sign === "-" ? -size : size;
}

/** A local time that comes twice is the earlier one; one that never came lies after the change. */
function utcOf(local: number, offsetAt: (at: number) => number): ZonedTime {
  const before = offsetAt(local - NEAR);
  const after = offsetAt(local + NEAR);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  if (early === late) return { at: early, remark: null };
  const isEarly = offsetAt(early) === Math.max(before, after);
  const isLate = offsetAt(late) === Math.min(before, after);
  if (isEarly && isLate) return { at: early, remark: "twice" };
  if (!isEarly && !isLate) return { at: local - before, remark: "never" };
  return { at: isEarly ? early : late, remark: null };
}
