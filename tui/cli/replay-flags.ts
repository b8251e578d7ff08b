/** How a recording is played, from the flags of `replay`. */
import { Effect, Option } from "effect";
import type { Playing } from "../../twin/replay/recorded-course.ts";
import type { ReplayProcess } from "../../twin/replay/replay-result.ts";
import { durationFlag } from "./options.ts";
import { VerbFailure } from "./shell.ts";

/** The flags as the parser gives them. */
export interface ReplayFlags {
  readonly as: Option.Option<string>;
  readonly columns: Option.Option<string>;
  readonly zone: Option.Option<string>;
  readonly scenario: Option.Option<string>;
  readonly plan: Option.Option<string>;
  readonly set: readonly string[];
  readonly change: readonly string[];
  readonly process: Option.Option<string>;
  readonly seed: Option.Option<string>;
  readonly seeds: Option.Option<string>;
  /** Of a scenario that stands for published figures. */
  readonly scale: Option.Option<string>;
  readonly sample: Option.Option<string>;
  readonly speed: Option.Option<string>;
  readonly loops: Option.Option<string>;
  readonly gaps: Option.Option<string>;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly out: readonly string[];
}

const LOOPS_MAX = 1_000;
const SPEED = { least: 0.001, most: 1_000 };
/** A gap that is kept, milliseconds. */
const GAPS = { least: 500, most: 3_600_000, otherwise: null };

export const playingFlags = (flags: ReplayFlags): Effect.Effect<Playing, VerbFailure> =>
  Effect.gen(function* () {
    const speed = yield* ratio("speed", flags.speed, SPEED);
    const gapMillisMax = yield* durationFlag("gaps", flags.gaps, GAPS);
    const loops = Number(Option.getOrElse(flags.loops, () => "1"));
    if (!Number.isInteger(loops) || loops < 1 || loops > LOOPS_MAX)
      return yield* Effect.fail(
        new VerbFailure(
          `--loops must be a whole number from 1 to ${LOOPS_MAX} (got ${Option.getOrElse(flags.loops, () => "")}).`,
        ),
      );
    return { speed, loops, gapMillisMax };
  });

/** Who comes: the recorded arrivals where the flag is not there. */
export const processFlag = (
  given: Option.Option<string>,
): Effect.Effect<ReplayProcess, VerbFailure> => {
  const name = Option.getOrElse(given, () => "recorded");
  if (name === "recorded" || name === "fitted") return Effect.succeed(name);
  return Effect.fail(new VerbFailure(`--process must be recorded or fitted (got ${name}).`));
};

/** The part of the shoppers to replay, above 0 to 1. */
export const sampleFlag = (given: Option.Option<string>): Effect.Effect<number, VerbFailure> =>
  ratio("sample", given, { least: 0.000_001, most: 1 });

/** A percentage, or a plain number, as a ratio; 1 where the flag is not there. */
function ratio(
  flag: string,
  given: Option.Option<string>,
  { least, most }: { readonly least: number; readonly most: number },
): Effect.Effect<number, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(1);
  const found = /^(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})(%?)$/.exec(given.value);
  const value = found === null ? Number.NaN : Number(found[1]) / (found[2] === "%" ? 100 : 1);
  if (value >= least && value <= most) return Effect.succeed(value);
  const percent = (share: number) => `${Number((share * 100).toPrecision(6))}%`;
  const bounds = `from ${percent(least)} to ${percent(most)}`;
  return Effect.fail(
    new VerbFailure(`--${flag} must be a percentage ${bounds}, as in 50% (got ${given.value}).`),
  );
}
