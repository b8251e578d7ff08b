/**
 * Lines of the W3C's extended log format, as IIS and Amazon CloudFront write it: a line of `#Fields`
 * names what stands in those below it. Its times are in UTC.
 */
import { readTime, type TimeRule, UTC } from "./recorded-time.ts";
import { type RequestReading, requestOf } from "./told-request.ts";

/** Places in a line, by the names of the fields. */
export type ExtendedFields = ReadonlyMap<string, number>;

/** Null for a line that names no fields. */
export function extendedFields(line: string): ExtendedFields | null {
  const [, named] = /^#Fields:\s*(.*)$/iu.exec(line) ?? [];
  if (named === undefined) return null;
  return new Map(
    named
      .trim()
      .split(/\s+/u)
      .map((name, place) => [name.toLowerCase(), place]),
  );
}

export function readExtendedLine(
  line: string,
  fields: ExtendedFields,
  times: TimeRule,
): RequestReading {
  const words = line.split(line.includes("\t") ? "\t" : " ");
  const word = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const text = words[fields.get(name) ?? -1]?.trim();
      if (text !== undefined && text !== "" && text !== "-") return text;
    }
    return undefined;
  };
  const time = readTime(`${word("date") ?? ""} ${word("time") ?? ""}`, { ...times, zone: UTC });
  if ("why" in time) return time;
  const took = word("time-taken");
  return requestOf(
    {
      method: word("cs-method"),
      path: word("cs-uri-stem", "cs-uri"),
      status: word("sc-status"),
      shopper: word("cs-username", "c-ip"),
      // CloudFront writes seconds with a fraction, IIS milliseconds.
      took: took === undefined ? null : Number(took) * (took.includes(".") ? 1_000 : 1),
    },
    time,
  );
}
