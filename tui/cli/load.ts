/**
 * `rehearse load`: the shoppers of a rehearsal as HTTP requests to a store that runs, each at the
 * time at which the rehearsal's shopper asks, whatever the store's answers do.
 */
/// <reference types="node" />
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { MILLISECOND } from "../../engine/time.ts";
import { saleSetupOf } from "../../twin/adapters/sale-setup.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { DEFAULT_TARGET, StoreAway, StoreClient, targetOf } from "../live/store-client.ts";
import {
  isThisMachine,
  type LiveSale,
  liveSale,
  otherCatalog,
  standsAt,
} from "../load/live-sale.ts";
import { loadGoals } from "../load/load-goals.ts";
import { LoadPart, type LoadPartOptions } from "../load/load-part.ts";
import { CONNECTIONS_MAX, TIME_LIMIT_MILLIS } from "../load/open-loop.ts";
import {
  ownPart,
  type Part,
  type PartNews,
  PartProcesses,
  servePart,
} from "../load/part-processes.ts";
import { canonicalJson } from "../report/json.ts";
import { loadMarkdown, loadText } from "../report/load-text.ts";
import { VERSION } from "../version.ts";
import { chosenPlan } from "./experiment.ts";
import { withInterrupts } from "./interrupts.ts";
import { loadResult } from "./load-result.ts";
import {
  connectionsFlag,
  durationFlag,
  loadOptions,
  processesFlag,
  scaleFlag,
  scenarioArgument,
  seedFlag,
  speedFlag,
} from "./options.ts";
import { outputFiles, writeOutput } from "./outputs.ts";
import { reasonOf } from "./reasons.ts";
import { repeatCommand } from "./repeat.ts";
import { type ScenarioFile, scenarioFile } from "./scenario-file.ts";
import { Shell, VerbFailure } from "./shell.ts";
import { shopperSigner } from "./shopper-signer.ts";

const FROM = { least: 0, most: 604_800_000, otherwise: 0 };
const FOR = { least: 100, most: 604_800_000, otherwise: null };
/** A store under load may answer late; before the load it does not. */
const STORE_MILLIS = 10_000;
const DRAW_EVERY_MILLIS = 500;
/** Bytes that tell the shoppers of one load from those of another. */
const MARK_BYTES = 6;

const FORMATS = ["json", "md"] as const;

export const loadCommand = Command.make(
  "load",
  { scenario: scenarioArgument, ...loadOptions },
  ({ scenario: path, ...flags }) =>
    Effect.gen(function* () {
      const load = yield* askedLoad(path, flags);
      const part = ownPart();
      const make = (news: PartNews) => new LoadPart(partOptions(load, news, part));
      if (part !== null) return yield* Effect.promise(() => servePart(make));
      const outputs = yield* outputFiles(flags.out, { formats: FORMATS, reads: [path] });
      const sale = yield* saleAt(load);
      const mark = randomBytes(MARK_BYTES).toString("base64url");
      const news = { waitingRoom: sale.waitingRoom, mark };
      const { processes } = load;
      const sent = yield* run(processes === 1 ? make(news) : new PartProcesses(processes, news));
      const result = resultOf(load, { path, sale, flags, ...sent });
      const shell = yield* Shell;
      for (const { path: file, format } of outputs) {
        yield* writeOutput(file, format === "json" ? canonicalJson(result) : loadMarkdown(result));
      }
      if (flags.json) yield* shell.print(canonicalJson(result));
      else yield* shell.print(loadText(result, { colour: shell.colour }));
      yield* shell.exitWith(result.exit.code);
    }),
);

type LoadFlags = Omit<Command.Command.ParseConfig<typeof loadOptions>, never>;

interface AskedLoad {
  readonly file: ScenarioFile;
  readonly plan: PlanSpec;
  readonly seed: string;
  readonly target: string;
  readonly fromMillis: number;
  readonly forMillis: number;
  /** Whether all of the sale is sent. */
  readonly isWhole: boolean;
  readonly speed: number;
  readonly processes: number;
  readonly connectionsMax: number;
  readonly sign: ReturnType<typeof shopperSigner> | null;
}

/** What can be wrong with the flags and the file is told before the store is asked anything. */
const askedLoad = (path: string, flags: LoadFlags) =>
  Effect.gen(function* () {
    const given = Option.getOrElse(flags.target, () => DEFAULT_TARGET);
    const target = targetOf(given);
    if (target === null) return yield* fail(WRONG_TARGET);
    if (!flags.allowRemote && !isThisMachine(target)) {
      return yield* fail(
        `load: ${target} is not on this machine. A load can bring down a store that is not yours to test; with --allow-remote it is sent.`,
      );
    }
    const scale = yield* scaleFlag(flags.scale);
    const file = yield* scenarioFile({ path, sets: flags.set, scale });
    const plan = yield* chosenPlan(file.scenario, flags.plan);
    const seed = (yield* seedFlag(flags.seed)) ?? file.scenario.seed;
    const speed = yield* speedFlag(flags.speed);
    const from = Option.map(flags.from, (text) => text.replace(/^\+/, ""));
    const fromMillis = yield* durationFlag("from", from, FROM);
    const asked = yield* durationFlag("for", flags.for, FOR);
    const lasts = plan.world.lasts / MILLISECOND;
    if (fromMillis >= lasts) {
      return yield* fail(
        `load: --from is after the end of the sale, which lasts ${lasts / 1_000} s.`,
      );
    }
    const rest = (lasts - fromMillis) / speed;
    const data = Option.getOrNull(flags.data);
    const sign = data === null ? null : yield* signer(data, { plan, seed });
    return {
      file,
      plan,
      seed,
      target,
      fromMillis,
      forMillis: Math.min(asked ?? rest, rest),
      isWhole: fromMillis === 0 && (asked ?? rest) >= rest,
      speed,
      processes: (yield* processesFlag(flags.processes)) ?? processesOfMachine(),
      connectionsMax: (yield* connectionsFlag(flags.connections)) ?? CONNECTIONS_MAX,
      sign,
    } satisfies AskedLoad;
  });

const WRONG_TARGET = `--target must be an http or https address without a password in it, as in ${DEFAULT_TARGET}.`;

const fail = (line: string) => Effect.fail(new VerbFailure(line));

const signer = (data: string, of: { readonly plan: PlanSpec; readonly seed: string }) =>
  Effect.try({
    try: () => shopperSigner(data, of),
    catch: (cause) => new VerbFailure(`load: --data ${data}: ${reasonOf(cause)}`),
  });

/** The store has the other half of the machine. */
function processesOfMachine(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

function partOptions(
  load: AskedLoad,
  { waitingRoom, mark }: PartNews,
  part: { readonly place: number; readonly of: number } | null,
): LoadPartOptions {
  const { plan, seed, target, fromMillis, forMillis, speed, processes, sign } = load;
  const from = fromMillis * MILLISECOND;
  return {
    plan,
    seed,
    target,
    window: { from, to: from + Math.round(forMillis * speed * MILLISECOND) },
    speed,
    waitingRoom,
    items: plan.world.sellers.flatMap(({ items }) =>
      items.map(({ sku }) => ({ sku, product: `product-${sku}` })),
    ),
    part: part ?? { place: 0, of: 1 },
    sign: sign === null ? null : (shopper, invited) => sign({ mark, shopper, invited }),
    connectionsMax: Math.max(1, Math.floor(load.connectionsMax / processes)),
    timeLimitMillis: TIME_LIMIT_MILLIS,
  };
}

/** The sale that the store serves; fails where it is another, or over. */
const saleAt = ({ target, plan, seed }: AskedLoad) =>
  Effect.gen(function* () {
    const client = new StoreClient({ target, timeLimitMillis: STORE_MILLIS });
    const ask = (path: string) => client.json(path);
    const sale = yield* asking(target, () => liveSale(ask));
    if (sale === null) return yield* fail(`load: ${target} is no store of Rehearse.`);
    const { catalog } = saleSetupOf(plan.world, seed);
    const other = yield* asking(target, () => otherCatalog(ask, catalog.listings));
    if (other !== null) {
      return yield* fail(
        `load: the store at ${target} serves another sale, ${sale.name}: ${other}. Start it with: rehearse serve --scenario FILE, the same FILE.`,
      );
    }
    if (sale.phase === "closed" || sale.phase === "scheduled") {
      const why = sale.phase === "closed" ? "is over" : "has not begun";
      return yield* fail(`load: the sale at ${target} ${why}; open one that is on.`);
    }
    return sale;
  });

function asking<A>(target: string, ask: () => Promise<A>): Effect.Effect<A, VerbFailure> {
  return Effect.tryPromise({
    try: ask,
    catch: (cause) => {
      if (!(cause instanceof StoreAway)) throw cause;
      return new VerbFailure(`load: the store at ${target} cannot be asked: ${cause.message}.`);
    },
  });
}

/** Sends until all is answered, or until a signal comes; then what was under way is given up. */
const run = (part: Part) =>
  Effect.gen(function* () {
    const { watched } = yield* Shell;
    const stop = new AbortController();
    const sending = Effect.tryPromise({
      try: async () => {
        const outcome = await whileDrawn(watched ? part : null, async () => {
          await part.ready();
          return part.run(Date.now(), stop.signal);
        });
        return { outcome, complete: !stop.signal.aborted };
      },
      catch: (cause) => new VerbFailure(`load: it could not be sent: ${reasonOf(cause)}.`),
    });
    return yield* withInterrupts(() => stop.abort(), sending);
  });

async function whileDrawn<A>(part: Part | null, send: () => Promise<A>): Promise<A> {
  if (part === null) return send();
  const began = performance.now();
  const timer = setInterval(() => {
    const { sent, answered, refused, failed } = part.progress;
    const seconds = Math.round((performance.now() - began) / 1_000);
    const line = `${seconds} s  ${sent} sent  ${answered} answered  ${refused} refused  ${failed} failed`;
    process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }, DRAW_EVERY_MILLIS);
  try {
    return await send();
  } finally {
    clearInterval(timer);
    process.stderr.write("\r\u001b[K");
  }
}

interface Sent {
  readonly path: string;
  readonly sale: LiveSale;
  readonly flags: LoadFlags;
  readonly outcome: Parameters<typeof loadResult>[1];
  readonly complete: boolean;
}

function resultOf(load: AskedLoad, { path, sale, flags, outcome, complete }: Sent) {
  const { file, plan, seed, target, fromMillis, forMillis, isWhole, speed, processes } = load;
  const words = [
    `--target ${target}`,
    ...(flags.allowRemote ? ["--allow-remote"] : []),
    ...(fromMillis === 0 ? [] : [`--from ${fromMillis}ms`]),
    ...(Option.isNone(flags.for) ? [] : [`--for ${flags.for.value}`]),
    ...(Option.isNone(flags.speed) ? [] : [`--speed ${flags.speed.value}`]),
  ];
  const scale = Option.getOrNull(flags.scale);
  const of = { verb: "load", path, plan: plan.name, seed, sets: flags.set, scale };
  const { scenario } = file;
  return loadResult(
    {
      scenario: scenario.name,
      plan: plan.name,
      seed,
      scale: scenario.scale,
      target,
      version: VERSION,
      complete,
      repeat: [repeatCommand(of), ...words].join(" "),
      saleStoodAt: Math.round(standsAt(sale, plan.world)),
      window: { from: fromMillis, for: forMillis, speed },
      processes,
      signed: load.sign !== null,
      currency: plan.world.currency,
      goals: loadGoals(outcome, { scenario, plan, isWhole: isWhole && complete }),
    },
    outcome,
  );
}
