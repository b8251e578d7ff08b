/** `rehearse calibrate`: measures the running store, and scores its own predictions of it. */
/// <reference types="node" />
import { resolve } from "node:path";
import * as Command from "@effect/cli/Command";
import { Effect, Either, Option } from "effect";
import { missesOf, scoreCell } from "../../twin/calibration/accuracy.ts";
import type { LedgerChoice } from "../calibration/store-under-test.ts";
import {
  type AccuracyPage,
  accuracyMarkdown,
  accuracyResult,
  type CalibrationReport,
  calibrationText,
} from "../report/accuracy-text.ts";
import { canonicalJson } from "../report/json.ts";
import { VERSION } from "../version.ts";
import { withInterrupts } from "./interrupts.ts";
import { calibrateOptions } from "./options.ts";
import { type OutputFile, outputFiles, writeOutput } from "./outputs.ts";
import { reasonOf } from "./reasons.ts";
import { EXIT_DONE, EXIT_INTERRUPTED, EXIT_TOLERANCE, Shell, VerbFailure } from "./shell.ts";

const REDIS_URL = "REHEARSE_REDIS_URL";
const POSTGRES_URL = "REHEARSE_POSTGRES_URL";
const MILLIS_PER_MINUTE = 60_000;

/** How long and how often; `cellsMax` null for all. */
interface Effort {
  readonly seconds: number;
  readonly repeats: number;
  /** Of a held-out load: its middle one is what a prediction is held to. */
  readonly heldOutRepeats: number;
  readonly warmUpSeconds: number;
  readonly cellsMax: number | null;
  readonly shoppers: number;
  readonly few: boolean;
}

const WHOLE: Effort = {
  seconds: 4.8,
  repeats: 3,
  heldOutRepeats: 5,
  warmUpSeconds: 5,
  cellsMax: null,
  shoppers: 4_000,
  few: false,
};
const QUICK: Effort = {
  seconds: 0.4,
  repeats: 1,
  heldOutRepeats: 1,
  warmUpSeconds: 0.2,
  cellsMax: 6,
  shoppers: 200,
  few: true,
};

export const calibrateCommand = Command.make("calibrate", calibrateOptions, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const outputs = yield* outputFiles(flags.out, { formats: ["json", "md"], reads: [] });
    const { tellsProcessorTime } = yield* Effect.promise(
      () => import("../calibration/processor-time.ts"),
    );
    if (!tellsProcessorTime()) return yield* Effect.fail(NO_PROCESSOR_TIME);
    const ledgers = yield* ledgersOf(flags, shell.environment);
    const effort = flags.quick ? QUICK : WHOLE;
    const stopped = new AbortController();
    const onProgress = (line: string) => {
      if (shell.watched) process.stderr.write(`${line}\n`);
    };
    const reports: CalibrationReport[] = [];
    const ended = yield* withInterrupts(
      () => stopped.abort(),
      Effect.forEach(ledgers, (ledger) =>
        Effect.tryPromise({
          try: async () => {
            const asked = { ledger, validates: flags.validate, signal: stopped.signal, onProgress };
            reports.push(await calibrated(asked, effort));
          },
          catch: (cause) =>
            stopped.signal.aborted
              ? new VerbFailure("calibrate: interrupted.", EXIT_INTERRUPTED)
              : new VerbFailure(`calibrate: ${reasonOf(cause).replace(/\.$/u, "")}.`),
        }),
      ),
    ).pipe(Effect.either);
    // Minutes of measurements of one ledger are not lost with the other's.
    if (reports.length > 0)
      yield* publish({ reports, repeat: repeatOf(flags) }, { flags, outputs });
    if (Either.isLeft(ended)) return yield* Effect.fail(ended.left);
  }),
);

const NO_PROCESSOR_TIME = new VerbFailure(
  "calibrate: this system does not tell the CPU time of threads in /proc; calibrate on Linux.",
);

interface CalibrateFlags {
  readonly validate: boolean;
  readonly quick: boolean;
  readonly memory: boolean;
  readonly redis: Option.Option<string>;
  readonly postgres: Option.Option<string>;
  readonly out: readonly string[];
}

/** SQLite where nothing else is named; a validation takes it and the servers. */
function ledgersOf(
  flags: CalibrateFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Effect.Effect<readonly LedgerChoice[], VerbFailure> {
  const redis = Option.getOrElse(flags.redis, () => environment[REDIS_URL] ?? "");
  const postgres = Option.getOrElse(flags.postgres, () => environment[POSTGRES_URL] ?? "");
  if (flags.memory) return Effect.succeed([{ kind: "memory" }]);
  if (redis === "" && postgres === "") return Effect.succeed([{ kind: "sqlite" }]);
  if (redis === "" || postgres === "") {
    return Effect.fail(
      new VerbFailure("calibrate: several nodes stand on both; give --redis and --postgres."),
    );
  }
  const servers = { kind: "servers", redis, postgres } as const;
  return Effect.succeed(flags.validate ? [{ kind: "sqlite" }, servers] : [servers]);
}

interface Asked {
  readonly ledger: LedgerChoice;
  readonly validates: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

async function calibrated(asked: Asked, effort: Effort): Promise<CalibrationReport> {
  const { ledger, validates, signal, onProgress } = asked;
  const { CalibrationSession } = await import("../calibration/calibration-session.ts");
  const { validate } = await import("../calibration/validate.ts");
  const several = ledger.kind === "servers" && validates;
  const began = performance.now();
  const session = await CalibrationSession.start({
    program: resolve(process.argv[1] as string),
    version: VERSION,
    ledger,
    instances: several ? 2 : 1,
    ...effort,
    signal,
    onProgress,
  });
  try {
    const found = await session.calibrate();
    const cells = validates ? await validate(session, found, { ...effort, several }) : [];
    const minutes = (performance.now() - began) / MILLIS_PER_MINUTE;
    const { disturbed } = session;
    return { profile: found.profile, cells: cells.map(scoreCell), disturbed, minutes };
  } finally {
    await session.stop();
  }
}

interface Publication {
  readonly flags: CalibrateFlags & { readonly json: boolean };
  readonly outputs: readonly OutputFile<"json" | "md">[];
}

const publish = (page: AccuracyPage, { flags, outputs }: Publication) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const { reports } = page;
    const misses = reports.flatMap(({ cells }) => (cells.length === 0 ? [] : missesOf(cells)));
    yield* shell.exitWith(misses.length === 0 ? EXIT_DONE : EXIT_TOLERANCE);
    const [only] = reports;
    // A calibration alone is its profile.
    const isPage = flags.validate || only === undefined;
    const json = canonicalJson(isPage ? accuracyResult(page) : only.profile);
    yield* shell.print(flags.json ? json : calibrationText(page, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      writeOutput(path, format === "json" ? json : accuracyMarkdown(page)),
    );
  });

/** Addresses with passwords are not repeated. */
function repeatOf({ validate, quick, memory, redis, out }: CalibrateFlags): string {
  return [
    "rehearse calibrate",
    ...(validate ? ["--validate"] : []),
    ...(quick ? ["--quick"] : []),
    ...(memory ? ["--memory"] : []),
    ...(Option.isSome(redis) ? ["--redis URL --postgres URL"] : []),
    ...out.map((path) => `--out ${path}`),
  ].join(" ");
}
