/**
 * The quantities of `units.ts` and `date.ts` as schemas: the file's spelling on one side, the
 * twin's number on the other, and on both the example that an editor shows and an error gives.
 */
import { ParseResult, Schema } from "effect";
import { parseDate, parseTimePoint, type TimePoint } from "./date.ts";
import type { DistributionSpec } from "./scenario.ts";
import {
  type Amount,
  parseCount,
  parseDuration,
  parseFactor,
  parseMoney,
  parseRate,
  parseShare,
  parseSize,
  type Reading,
} from "./units.ts";

/** Between a message and its suggestion; no message or suggestion contains it. */
export const SUGGESTION_MARK = "\u0000";

function isWritten(value: unknown): value is string | number {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

interface Spelling {
  /** With its article, as in "a duration". */
  readonly what: string;
  readonly example: string;
  /** What editors check a text against; the decoder is the judge. */
  readonly pattern: string;
  /** True where a bare number is a right spelling as well. */
  readonly bare: boolean;
}

/** A schema for values that a text of its own spelling stands for. */
export function quantity<Value>(
  spelling: Spelling,
  parse: (written: string | number) => Reading<Value>,
) {
  const jsonSchema = spelling.bare
    ? { anyOf: [{ type: "number" }, { type: "string", pattern: spelling.pattern }] }
    : { type: "string", pattern: spelling.pattern };
  const message = `must be ${spelling.what}${SUGGESTION_MARK}write it like ${spelling.example}`;
  const written = Schema.declare(isWritten, { message: () => ({ message, override: true }) });
  const anything = Schema.declare((_: unknown): _ is Value => true);
  return Schema.transformOrFail(written, anything, {
    strict: true,
    decode: (value, _options, ast) => {
      const reading = parse(value);
      if (reading.ok) return ParseResult.succeed(reading.value);
      const why = `${reading.why}${SUGGESTION_MARK}${reading.instead}`;
      return ParseResult.fail(new ParseResult.Type(ast, value, why));
    },
    encode: (value) => ParseResult.succeed(String(value)),
  }).annotations({ jsonSchema });
}

const NUMBER = "[0-9][0-9_]*(\\.[0-9]+)?";

/** Ticks. */
export const Duration = quantity(
  {
    what: "a duration",
    example: "90s, 14.8min or 3d",
    pattern: `^(0|${NUMBER} ?(us|ms|s|min|h|d))$`,
    bare: false,
  },
  parseDuration,
);

/** Ticks, at least one. */
export const PositiveDuration = quantity(
  {
    what: "a duration",
    example: "90s, 14.8min or 3d",
    pattern: `^${NUMBER} ?(us|ms|s|min|h|d)$`,
    bare: false,
  },
  (written) => {
    const duration = parseDuration(written);
    if (!duration.ok || duration.value > 0) return duration;
    return { ok: false, why: "must be longer than nothing", instead: "write it like 90s" };
  },
);

const RATE_PATTERN = `^(0|${NUMBER}[kMB]? ?/ ?(ms|s|min|h|d))$`;

/** Events per second. */
export const Rate = quantity(
  { what: "a rate", example: "200/s or 5M/h", pattern: RATE_PATTERN, bare: false },
  (written) => parseRate(written),
);

/** Events per day. */
export const RatePerDay = quantity(
  { what: "a rate", example: "0.3/d", pattern: RATE_PATTERN, bare: false },
  (written) => parseRate(written, 86_400_000_000),
);

/** A ratio from 0 to 1. */
export const Share = quantity(
  { what: "a share", example: "16% or 0.16", pattern: `^${NUMBER} ?%?$`, bare: true },
  parseShare,
);

/** A whole number from 0. */
export const Count = quantity(
  { what: "a count", example: "110000, 110k or 5.27M", pattern: `^${NUMBER}[kMB]?$`, bare: true },
  parseCount,
);

/** A whole number from 1. */
export const CountFromOne = quantity(
  { what: "a count", example: "12 or 1.2k", pattern: `^${NUMBER}[kMB]?$`, bare: true },
  (written) => {
    const count = parseCount(written);
    if (!count.ok || count.value >= 1) return count;
    return { ok: false, why: "must be at least 1", instead: "write 1 or more" };
  },
);

/** A count from 1, or null where the file says none. */
export const CountOrNone = quantity<number | null>(
  {
    what: "a count, or none",
    example: "4, 1.2k or none",
    pattern: `^(none|${NUMBER}[kMB]?)$`,
    bare: true,
  },
  (written) => {
    if (written === "none") return { ok: true, value: null };
    const count = parseCount(written);
    if (!count.ok || count.value >= 1) return count;
    return { ok: false, why: "must be at least 1", instead: "write 1 or more, or none" };
  },
);

/** Events per second, or null where the file says none. */
export const RateOrNone = quantity<number | null>(
  {
    what: "a rate, or none",
    example: "20/min or none",
    pattern: `^(none|${NUMBER}[kMB]? ?/ ?(ms|s|min|h|d))$`,
    bare: false,
  },
  (written) => (written === "none" ? { ok: true, value: null } : parseRate(written)),
);

/** Ticks, at least one, or null where the file says none. */
export const DurationOrNone = quantity<number | null>(
  {
    what: "a duration, or none",
    example: "90s or none",
    pattern: `^(none|${NUMBER} ?(us|ms|s|min|h|d))$`,
    bare: false,
  },
  (written) => {
    if (written === "none") return { ok: true, value: null };
    const duration = parseDuration(written);
    if (!duration.ok || duration.value > 0) return duration;
    return { ok: false, why: "must be longer than nothing", instead: "write it like 90s, or none" };
  },
);

/** Bytes. */
export const Size = quantity(
  {
    what: "a size",
    example: "2GB or 512MB",
    pattern: `^${NUMBER} ?(B|KB|MB|GB|TB|KiB|MiB|GiB)$`,
    bare: false,
  },
  parseSize,
);

export const Money = quantity<Amount>(
  {
    what: "an amount of money",
    example: "$80, €12.50 or 80 USD",
    pattern: `^([$€£¥] ?)?${NUMBER}[kMB]?( ?[A-Z]{3})?$`,
    bare: true,
  },
  parseMoney,
);

const DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9:]{4,5})";

export const LocalDate = quantity(
  {
    what: "a date with an offset",
    example: "2011-11-25T06:00-05:00",
    pattern: `^${DATE_PATTERN}$`,
    bare: false,
  },
  (written) => parseDate(String(written)),
);

export const MomentOfSale = quantity<TimePoint>(
  {
    what: "a time",
    example: "+20min or 2011-11-25T06:00-05:00",
    pattern: `^(\\+${NUMBER} ?(us|ms|s|min|h|d)|${DATE_PATTERN})$`,
    bare: false,
  },
  parseTimePoint,
);

/** A plain number that is not negative: a shape, a mean, a coefficient. */
export const Factor = quantity(
  { what: "a plain number", example: "0.8", pattern: `^${NUMBER}$`, bare: true },
  parseFactor,
);

/** A plain number above 0. */
export const PositiveFactor = quantity(
  { what: "a number above 0", example: "0.671", pattern: `^${NUMBER}$`, bare: true },
  (written) => {
    const factor = parseFactor(written);
    if (!factor.ok || factor.value > 0) return factor;
    return { ok: false, why: "must be above 0", instead: "write it like 0.671" };
  },
);

/** A schema for one key of a section, with the line that an editor shows for it. */
export function key<Value, Written>(
  schema: Schema.Schema<Value, Written>,
  description: string,
): Schema.PropertySignature<":", Value, never, ":", Written> {
  return Schema.propertySignature(schema).annotations({ description });
}

/** A key that may be missing, where missing means something that no value says. */
export function optionalKey<Value, Written>(
  schema: Schema.Schema<Value, Written>,
  description: string,
) {
  return Schema.optionalWith(schema, { exact: true }).annotations({ description });
}

const cap = optionalKey(PositiveDuration, "Longer delays are cut to this.");

const distributionKinds = {
  constant: optionalKey(Duration, "Always the same duration."),
  exponential: optionalKey(
    Schema.Struct({ mean: key(PositiveDuration, "The mean."), cap }),
    "Exponential: without memory.",
  ),
  lognormal: optionalKey(
    Schema.Struct({
      median: key(PositiveDuration, "Half of the durations are shorter."),
      sigma: key(Factor, "Standard deviation of the logarithm."),
      cap,
    }),
    "Lognormal: the usual shape of human and machine delays.",
  ),
  "log-logistic": optionalKey(
    Schema.Struct({
      median: key(PositiveDuration, "Half of the durations are shorter."),
      shape: key(PositiveFactor, "The smaller, the heavier the tail."),
      cap,
    }),
    "Log-logistic: the shape of delays from mail to click.",
  ),
  weibull: optionalKey(
    Schema.Struct({
      median: key(PositiveDuration, "Half of the durations are shorter."),
      shape: key(PositiveFactor, "Under 1: who has waited long waits on."),
      cap,
    }),
    "Weibull: the usual shape of patience.",
  ),
};

/** The names a distribution can have; a section that holds only such keys is a distribution. */
export const DISTRIBUTION_KINDS: readonly string[] = [...Object.keys(distributionKinds), "mixture"];

function hasOneKind(form: object): string | true {
  const given = Object.keys(form).filter((name) => DISTRIBUTION_KINDS.includes(name));
  if (given.length === 1) return true;
  const suggestion = `give one of ${DISTRIBUTION_KINDS.join(", ")}`;
  if (given.length === 0) return `says no distribution${SUGGESTION_MARK}${suggestion}`;
  return `says ${given.length} distributions at once: ${given.join(", ")}${SUGGESTION_MARK}keep one`;
}

const Part = Schema.Struct({
  weight: key(PositiveFactor, "Share of this part, relative to the other parts."),
  ...distributionKinds,
}).pipe(Schema.filter(hasOneKind, { jsonSchema: {} }));

/** How durations are spread, as the file says it: a section with exactly one kind. */
export const DistributionForm = Schema.Struct({
  ...distributionKinds,
  mixture: optionalKey(Schema.NonEmptyArray(Part), "Several distributions, each with its weight."),
})
  .pipe(Schema.filter(hasOneKind, { jsonSchema: {} }))
  .annotations({ identifier: "Distribution" });

type KindForm = Omit<typeof Part.Type, "weight">;

/** The decoded distribution in the twin's own shape; exactly one kind is given. */
export function toDistribution(form: typeof DistributionForm.Type): DistributionSpec {
  if (form.mixture === undefined) return toKind(form);
  return {
    kind: "mixture",
    parts: form.mixture.map((part) => ({ weight: part.weight, of: toKind(part) })),
  };
}

function toKind(form: KindForm): DistributionSpec {
  if (form.exponential !== undefined) return { kind: "exponential", ...form.exponential };
  if (form.lognormal !== undefined) return { kind: "lognormal", ...form.lognormal };
  if (form["log-logistic"] !== undefined) return { kind: "log-logistic", ...form["log-logistic"] };
  if (form.weibull !== undefined) return { kind: "weibull", ...form.weibull };
  return { kind: "constant", value: form.constant ?? 0 };
}
