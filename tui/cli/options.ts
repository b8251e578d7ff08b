/**
 * The flags as the parser takes them. Values come in as text and are checked here, so that every
 * wrong one is answered by one line that says what would be right.
 */
import * as Args from "@effect/cli/Args";
import * as Options from "@effect/cli/Options";
import { Effect, Option } from "effect";
import { isNetworkBlock } from "../../store/live/http/network-block.ts";
import { LOG_LEVELS, type LogLevel } from "../../store/live/monitoring/log-level.ts";
import { SEEDS_MAX } from "../../twin/experiments/jobs.ts";
import { isSeed, SEED_RULE } from "../../twin/scenario/seed.ts";
import { flagNamed } from "./flags.ts";
import { VerbFailure } from "./shell.ts";

/** More workers than this help nobody and cost memory. */
const WORKERS_MAX = 256;
/** A port of this machine each, of which there are some 28,000 to one address. */
const CONNECTIONS_LIMIT = 20_000;
const SPEED_MIN = 0.01;
const SPEED_MAX = 100;

const about = (name: string) => flagNamed(name)?.about ?? "";
const text = (name: string) =>
  Options.text(name).pipe(Options.withDescription(about(name)), Options.optional);
const repeated = (name: string) =>
  Options.text(name).pipe(Options.withDescription(about(name)), Options.repeated);
const toggle = (name: string) => Options.boolean(name).pipe(Options.withDescription(about(name)));

export const scenarioArgument = Args.text({ name: "scenario" });

export const toneOptions = { quiet: toggle("quiet"), noColor: toggle("no-color") };

export const closedFormOption = toggle("closed-form");
export const updateOption = toggle("update");
export const forceOption = toggle("force");
export const planOption = text("plan");
export const plansOption = text("plans");
export const jsonOption = toggle("json");
export const setOption = repeated("set");
export const scaleOption = text("scale");
export const changeOption = repeated("change");

export const outputOptions = {
  json: jsonOption,
  out: repeated("out"),
  timing: toggle("timing"),
  workers: text("workers"),
};

export const experimentOptions = {
  seed: text("seed"),
  seeds: text("seeds"),
  set: setOption,
  scale: scaleOption,
  events: text("events"),
  ...outputOptions,
  ...toneOptions,
};

export const whatIfOption = repeated("what-if");
export const explainOption = toggle("explain");

export const explainOptions = {
  seeds: text("seeds"),
  scale: scaleOption,
  json: jsonOption,
  out: repeated("out"),
  workers: text("workers"),
  ...toneOptions,
};

export const reportOptions = { json: jsonOption, out: repeated("out"), ...toneOptions };

export const importOptions = {
  as: text("as"),
  columns: text("columns"),
  zone: text("zone"),
  out: text("out"),
  force: toggle("force"),
  json: jsonOption,
  ...toneOptions,
};

export const replayOptions = {
  as: text("as"),
  columns: text("columns"),
  zone: text("zone"),
  scenario: text("scenario"),
  plan: planOption,
  set: setOption,
  change: changeOption,
  process: text("process"),
  seed: text("seed"),
  seeds: text("seeds"),
  scale: scaleOption,
  sample: text("sample"),
  speed: text("speed"),
  loops: text("loops"),
  gaps: text("gaps"),
  dryRun: toggle("dry-run"),
  json: jsonOption,
  out: repeated("out"),
  ...toneOptions,
};

export const fitOptions = {
  as: text("as"),
  columns: text("columns"),
  zone: text("zone"),
  scenario: text("scenario"),
  json: jsonOption,
  out: repeated("out"),
  ...toneOptions,
};

export const serveOptions = {
  scenario: text("scenario"),
  scale: scaleOption,
  demo: toggle("demo"),
  data: text("data"),
  memory: toggle("memory"),
  host: text("host"),
  port: text("port"),
  cluster: text("cluster"),
  redis: text("redis"),
  postgres: text("postgres"),
  https: toggle("https"),
  trustProxy: repeated("trust-proxy"),
  export: text("export"),
  mail: text("mail"),
  mailFrom: text("mail-from"),
  shopUrl: text("shop-url"),
  record: text("record"),
  logLevel: text("log-level"),
  alertWebhook: text("alert-webhook"),
  adminNetwork: repeated("admin-network"),
};

export const calibrateOptions = {
  validate: toggle("validate"),
  quick: toggle("quick"),
  memory: toggle("memory"),
  redis: text("redis"),
  postgres: text("postgres"),
  json: jsonOption,
  out: repeated("out"),
  ...toneOptions,
};

export const followOptions = {
  target: text("target"),
  saleLog: text("sale-log"),
  for: text("for"),
  every: text("every"),
  scenario: text("scenario"),
  plan: planOption,
  set: setOption,
  seeds: text("seeds"),
  scale: scaleOption,
};

export const loadOptions = {
  target: text("target"),
  allowRemote: toggle("allow-remote"),
  plan: planOption,
  seed: text("seed"),
  set: setOption,
  scale: scaleOption,
  from: text("from"),
  for: text("for"),
  speed: text("speed"),
  processes: text("processes"),
  connections: text("connections"),
  data: text("data"),
  json: jsonOption,
  out: repeated("out"),
  ...toneOptions,
};

const DURATION_MILLIS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

export interface DurationBounds<Otherwise> {
  /** Milliseconds. */
  readonly least: number;
  readonly most: number;
  /** What it is where the flag is not there. */
  readonly otherwise: Otherwise;
}

/** A duration as `30s`, `500ms`, `10m`, `2h`, in milliseconds. */
export function durationFlag<Otherwise>(
  flag: string,
  given: Option.Option<string>,
  { least, most, otherwise }: DurationBounds<Otherwise>,
): Effect.Effect<number | Otherwise, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(otherwise);
  const [, count = "", unit = ""] =
    /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|min|h)$/.exec(given.value) ?? [];
  const millis = Number(count || Number.NaN) * (DURATION_MILLIS[unit] ?? Number.NaN);
  if (millis >= least && millis <= most) return Effect.succeed(millis);
  const from = least < 1_000 ? `${least}ms` : `${least / 1_000}s`;
  return Effect.fail(
    new VerbFailure(
      `--${flag} must be a duration from ${from} to ${most / 3_600_000}h, as in 30s or 5m (got ${given.value}).`,
    ),
  );
}

/** A whole number between bounds, or the line that says so; null where the flag is not there. */
function wholeNumber(
  flag: string,
  given: Option.Option<string>,
  bounds: { readonly min: number; readonly max: number },
): Effect.Effect<number | null, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(null);
  const value = /^\d{1,9}$/.test(given.value) ? Number(given.value) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return Effect.succeed(value);
  return Effect.fail(
    new VerbFailure(
      `--${flag} must be a whole number from ${bounds.min} to ${bounds.max} (got ${given.value}).`,
    ),
  );
}

export const portFlag = (given: Option.Option<string>) =>
  wholeNumber("port", given, { min: 0, max: 65_535 });

export const clusterFlag = (given: Option.Option<string>) =>
  wholeNumber("cluster", given, { min: 1, max: WORKERS_MAX });

/** Null where it is `auto` or not there. */
export const processesFlag = (given: Option.Option<string>) =>
  wholeNumber(
    "processes",
    Option.filter(given, (value) => value !== "auto"),
    { min: 1, max: WORKERS_MAX },
  );

export const connectionsFlag = (given: Option.Option<string>) =>
  wholeNumber("connections", given, { min: 1, max: CONNECTIONS_LIMIT });

/** `200%` or `2`: how many times as fast. 1 where the flag is not there. */
export function speedFlag(given: Option.Option<string>): Effect.Effect<number, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(1);
  const found = /^(\d{1,6}(?:\.\d{1,6})?)(%?)$/.exec(given.value);
  const value = found === null ? Number.NaN : Number(found[1]) / (found[2] === "%" ? 100 : 1);
  if (value >= SPEED_MIN && value <= SPEED_MAX) return Effect.succeed(value);
  return Effect.fail(
    new VerbFailure(
      `--speed must be from ${SPEED_MIN * 100}% to ${SPEED_MAX * 100}%, for example 200% (got ${given.value}).`,
    ),
  );
}

export function logLevelFlag(
  given: Option.Option<string>,
): Effect.Effect<LogLevel | null, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(null);
  const level = LOG_LEVELS.find((each) => each === given.value);
  if (level !== undefined) return Effect.succeed(level);
  const line = `--log-level must be one of ${LOG_LEVELS.join(", ")} (got ${given.value}).`;
  return Effect.fail(new VerbFailure(line));
}

/** An address that messages are sent to; it may hold a secret, so a wrong one is not repeated. */
export function webhookFlag(
  given: Option.Option<string>,
): Effect.Effect<string | null, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(null);
  const url = URL.canParse(given.value) ? new URL(given.value) : null;
  if (url?.protocol === "https:" || url?.protocol === "http:") return Effect.succeed(given.value);
  const line = "--alert-webhook must be an http or https address, as in https://alerts.example/in.";
  return Effect.fail(new VerbFailure(line));
}

/** Addresses or blocks of them; null where the flag is not there. */
export function networksFlag(
  given: readonly string[],
): Effect.Effect<readonly string[] | null, VerbFailure> {
  const wrong = given.find((network) => !isNetworkBlock(network));
  if (wrong === undefined) return Effect.succeed(given.length === 0 ? null : given);
  return Effect.fail(
    new VerbFailure(
      `--admin-network must be an address or a block of them, as in 10.1.0.0/16 (got ${wrong}).`,
    ),
  );
}

export const seedsFlag = (given: Option.Option<string>) =>
  wholeNumber("seeds", given, { min: 1, max: SEEDS_MAX });

export const workersFlag = (given: Option.Option<string>) =>
  wholeNumber("workers", given, { min: 1, max: WORKERS_MAX });

/** `5%` or `0.05`: more than nothing and at most full size. 1 where the flag is not there. */
export function scaleFlag(given: Option.Option<string>): Effect.Effect<number, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(1);
  const found = /^(\d{1,3}(?:\.\d{1,9})?|\.\d{1,9})(%?)$/.exec(given.value);
  const value = found === null ? Number.NaN : Number(found[1]) / (found[2] === "%" ? 100 : 1);
  if (value > 0 && value <= 1) return Effect.succeed(value);
  return Effect.fail(
    new VerbFailure(
      `--scale must be a share above 0 % and up to 100 %, for example 5% (got ${given.value}).`,
    ),
  );
}

/** The seed as it was given, held to the rule that a scenario file's seed is held to. */
export function seedFlag(given: Option.Option<string>): Effect.Effect<string | null, VerbFailure> {
  if (Option.isNone(given)) return Effect.succeed(null);
  return isSeed(given.value)
    ? Effect.succeed(given.value)
    : Effect.fail(new VerbFailure(`--seed must be ${SEED_RULE}.`));
}
