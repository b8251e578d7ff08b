/**
 * `rehearse serve`: the live store. It opens the sale that its folder holds, or the one that it is
 * given where the folder is new, and serves until it is told to stop.
 */
/// <reference types="node" />
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { saleSetupFrom } from "../../twin/adapters/sale-setup.ts";
import { VERSION } from "../version.ts";
import { chosenPlan } from "./experiment.ts";
import {
  clusterFlag,
  logLevelFlag,
  networksFlag,
  planOption,
  portFlag,
  scaleFlag,
  serveOptions,
  setOption,
  toneOptions,
  webhookFlag,
} from "./options.ts";
import { reasonOf } from "./reasons.ts";
import { scenarioFile } from "./scenario-file.ts";
import { EXIT_INTERRUPTED, Shell, VerbFailure } from "./shell.ts";

/** Where a store is kept that is not told where. */
const FOLDER = "rehearse-data";
const HOST = "127.0.0.1";
const PORT = 8_080;
const MAIL_URL = "REHEARSE_MAIL_URL";
const REDIS_URL = "REHEARSE_REDIS_URL";
const POSTGRES_URL = "REHEARSE_POSTGRES_URL";

type LiveModule = typeof import("../../store/live/open-store.ts");

interface ServeFlags {
  readonly scenario: Option.Option<string>;
  readonly plan: Option.Option<string>;
  readonly set: readonly string[];
  readonly scale: Option.Option<string>;
  readonly demo: boolean;
  readonly data: Option.Option<string>;
  readonly memory: boolean;
  readonly redis: Option.Option<string>;
  readonly postgres: Option.Option<string>;
  readonly host: Option.Option<string>;
  readonly port: Option.Option<string>;
  readonly cluster: Option.Option<string>;
  readonly https: boolean;
  readonly trustProxy: readonly string[];
  readonly export: Option.Option<string>;
  readonly mail: Option.Option<string>;
  readonly mailFrom: Option.Option<string>;
  readonly shopUrl: Option.Option<string>;
  readonly record: Option.Option<string>;
  readonly logLevel: Option.Option<string>;
  readonly alertWebhook: Option.Option<string>;
  readonly adminNetwork: readonly string[];
  readonly quiet: boolean;
}

export const serveCommand = Command.make(
  "serve",
  { ...serveOptions, plan: planOption, set: setOption, ...toneOptions },
  (flags) =>
    Effect.gen(function* () {
      const contradiction = contradictionIn(flags);
      if (contradiction !== null) return yield* Effect.fail(new VerbFailure(contradiction));
      const checked = yield* checkedFlags(flags);
      const live = yield* Effect.promise(() => import("../../store/live/open-store.ts"));
      if (Option.isSome(flags.export)) return yield* exportTo(live, flags, flags.export.value);
      const place = live.workerPlace();
      const { workers } = checked;
      const greet = greeter({ ...flags, isLogged: checked.logLevel !== "silent" });
      if (workers > 1 && place === null) return yield* watch(live, { workers, greet, ...flags });
      const sale = yield* saleOf(flags, live);
      const request = {
        ...checked,
        sale,
        folder: folderOf(flags),
        ...serversOf(flags),
        host: Option.getOrElse(flags.host, () => HOST),
        secure: flags.https,
        trustProxy: flags.trustProxy,
        record: Option.getOrNull(flags.record),
        version: VERSION,
        mails: mailsOf(flags),
        worker: place ?? 0,
      };
      const store = yield* attempt(live, () => live.openStore(request));
      // Whoever reads that it is open may tell it to stop.
      const stopped = untilTold(() => store.stop());
      if (place === null) yield* greet(greeting(store));
      live.tellServing(store.url);
      yield* Effect.promise(() => stopped);
      live.endServing();
    }),
);

/** A URL with a password comes from the environment, which other users cannot list. */
function addressOf(flag: Option.Option<string>, variable: string): string | null {
  const address = Option.getOrElse(flag, () => process.env[variable] ?? "");
  return address === "" ? null : address;
}

/** What is named for all stores of a machine is not for one in memory. */
function serversOf({ memory, redis, postgres }: ServeFlags) {
  if (memory) return { redis: Option.getOrNull(redis), postgres: Option.getOrNull(postgres) };
  return { redis: addressOf(redis, REDIS_URL), postgres: addressOf(postgres, POSTGRES_URL) };
}

function mailsOf({ mail, mailFrom, shopUrl }: ServeFlags) {
  const to = addressOf(mail, MAIL_URL);
  if (to === null) return null;
  const from = Option.getOrElse(mailFrom, () => "");
  return { to, from, shopUrl: Option.getOrNull(shopUrl) };
}

/** What can be wrong is told before anything is started. */
const checkedFlags = (flags: ServeFlags) =>
  Effect.gen(function* () {
    const adminNetworks = yield* networksFlag(flags.adminNetwork);
    return {
      port: (yield* portFlag(flags.port)) ?? PORT,
      workers: (yield* clusterFlag(flags.cluster)) ?? 1,
      logLevel: (yield* logLevelFlag(flags.logLevel)) ?? "silent",
      alertWebhook: yield* webhookFlag(flags.alertWebhook),
      ...(adminNetworks !== null && { adminNetworks }),
    };
  });

function folderOf({ memory, data }: ServeFlags): string | null {
  return memory ? null : Option.getOrElse(data, () => FOLDER);
}

/** Where a person is told that the store is open: stdout, unless the log has it to itself. */
function greeter({ quiet, isLogged }: { readonly quiet: boolean; readonly isLogged: boolean }) {
  return (text: string) =>
    Effect.gen(function* () {
      if (quiet) return;
      const shell = yield* Shell;
      yield* isLogged ? shell.say(text.trimEnd()) : shell.print(text);
    });
}

function contradictionIn(flags: ServeFlags): string | null {
  const { scenario, demo, memory, data, cluster } = flags;
  if (mailsOf(flags)?.from === "") {
    return "serve: mails are from somebody; add --mail-from ADDRESS.";
  }
  if (demo && Option.isSome(scenario)) {
    return "serve: --scenario and --demo each name a sale; give one of them.";
  }
  if (Option.isSome(flags.export) && Option.isSome(flags.record)) {
    return "serve: --export opens no sale that could be recorded; leave it out, or leave --record out.";
  }
  if (!memory) return null;
  if (Option.isSome(data))
    return "serve: --memory keeps nothing; leave it out, or leave --data out.";
  if (Option.isSome(flags.redis) && Option.isNone(flags.postgres)) {
    return "serve: --memory keeps nothing that a gate could stand for; leave it out, or leave --redis out.";
  }
  if (Option.isSome(cluster)) {
    return "serve: workers share what is on disk; leave --memory out, or leave --cluster out.";
  }
  return null;
}

const saleOf = (flags: ServeFlags, { drawSeed }: LiveModule) =>
  Effect.gen(function* () {
    const { scenario, demo, plan, set } = flags;
    if (Option.isNone(scenario)) return demo ? ("demo" as const) : null;
    const scale = yield* scaleFlag(flags.scale);
    const file = yield* scenarioFile({ path: scenario.value, sets: set, scale });
    const { world } = yield* chosenPlan(file.scenario, plan);
    const { name } = file.scenario;
    return saleSetupFrom({ name, world }, { now: Date.now(), drawSeed: drawSeed() });
  });

function attempt<A>(live: LiveModule, open: () => Promise<A>): Effect.Effect<A, VerbFailure> {
  return Effect.tryPromise({
    try: open,
    catch: (cause) =>
      new VerbFailure(
        cause instanceof live.FolderProblem
          ? `serve: ${cause.message}`
          : `serve: the store could not be started: ${reasonOf(cause)}.`,
      ),
  });
}

/** Writes the pages that are the same for everybody, and serves nothing. */
const exportTo = (live: LiveModule, flags: ServeFlags, target: string) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const sale = yield* saleOf(flags, live);
    const { postgres } = serversOf(flags);
    const request = { sale, folder: folderOf(flags), postgres };
    const { files, bytes } = yield* attempt(live, () => live.exportSale(request, target));
    const size = `${(bytes / 1_024).toFixed(0)} KiB`;
    yield* shell.print(
      `${files} files, ${size}, are in ${target}; serve them at the store's own address.\n`,
    );
  });

interface Watched extends Pick<ServeFlags, "data"> {
  readonly workers: number;
  readonly greet: ReturnType<typeof greeter>;
}

/** The first process of a cluster, which serves nothing itself. */
const watch = (live: LiveModule, { workers: count, data, greet }: Watched) =>
  Effect.gen(function* () {
    const folder = Option.getOrElse(data, () => FOLDER);
    const endSandbox = yield* attempt(live, () => live.shareSandbox(folder));
    const unlock = yield* Effect.tapError(
      attempt(live, async () => live.lockFolder(folder)),
      () => Effect.promise(endSandbox),
    );
    const workers = live.startWorkers(count);
    process.on("SIGHUP", () => void workers.restart());
    const stopped = untilTold(async () => {
      workers.stop();
      await workers.ended;
      await endSandbox();
      unlock();
    });
    const url = yield* attempt(live, () => workers.serving);
    yield* greet(`${count} workers serve at ${url}\nCtrl+C stops them.\n`);
    yield* Effect.promise(() => stopped);
  });

interface Greeted {
  readonly url: string;
  readonly sale: string;
  readonly ledger: string;
  readonly payments: string;
  readonly admin: string;
  readonly mails: string | null;
  readonly changes: string | null;
}

function greeting({ url, sale, ledger, payments, admin, mails, changes }: Greeted): string {
  return [
    `${sale}: open at ${url}`,
    `  API       under ${url}/api, described at ${url}/openapi.json`,
    `  orders    ${ledger}`,
    `  payments  ${payments}`,
    ...(mails === null ? [] : [`  mails     ${mails}`]),
    `  running   ${url}/api/admin from this machine, with the ${admin}`,
    ...(changes === null ? [] : [`  note      ${changes}`]),
    "Ctrl+C stops the store; what was told to a shopper is kept.",
    "",
  ].join("\n");
}

/** Ends with the first signal, in order; a second one ends the process at once. */
function untilTold(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = false;
    const onSignal = () => {
      if (told) process.exit(EXIT_INTERRUPTED);
      told = true;
      stop().then(resolve, reject);
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  });
}
