/**
 * `rehearse follow`: the figures of a running store, a line every few seconds. It reads and
 * changes nothing; the screen Live shows the same figures.
 */
/// <reference types="node" />
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { DEFAULT_TARGET, targetOf } from "../live/store-client.ts";
import { StoreFollower } from "../live/store-follower.ts";
import { followLine, followRecord, warningLines, warningNames } from "../model/live-record.ts";
import type { LiveWatch } from "../model/live-watch.ts";
import { rehearsedFor } from "./follow-forecast.ts";
import { SIGNALS } from "./interrupts.ts";
import { durationFlag, followOptions, jsonOption, toneOptions } from "./options.ts";
import {
  EXIT_DONE,
  EXIT_INTERRUPTED,
  EXIT_MISSED,
  EXIT_USAGE,
  Shell,
  VerbFailure,
} from "./shell.ts";

/** An operator's token comes from the environment: others on the machine see a command line. */
const TOKEN_VARIABLE = "REHEARSE_ADMIN_TOKEN";
const EVERY = { least: 500, most: 3_600_000, otherwise: 2_000 };
const FOR = { least: 500, most: 604_800_000, otherwise: null };

export const followCommand = Command.make(
  "follow",
  { ...followOptions, json: jsonOption, ...toneOptions },
  (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const given = Option.getOrElse(flags.target, () => DEFAULT_TARGET);
      const target = targetOf(given);
      if (target === null) {
        return yield* Effect.fail(
          new VerbFailure(
            `--target must be an http or https address without a password in it, as in ${DEFAULT_TARGET}.`,
          ),
        );
      }
      const everyMillis = yield* durationFlag("every", flags.every, EVERY);
      const forMillis = yield* durationFlag("for", flags.for, FOR);
      const rehearsed = yield* rehearsedFor(flags);
      const follower = new StoreFollower({
        rehearsed,
        target,
        token: shell.environment[TOKEN_VARIABLE] || null,
        saleLog: Option.getOrNull(flags.saleLog),
        everyMillis,
      });
      const zoneMinutes = -new Date().getTimezoneOffset();
      let warned = "";
      const tell = (watch: LiveWatch, at: number) => {
        if (flags.json) return shell.print(`${JSON.stringify(followRecord(watch, at))}\n`);
        const warnings = warningLines(watch, at);
        // Said again only when something else has left its band.
        const left = warningNames(watch, at);
        const news = left === warned ? [] : warnings;
        warned = left;
        return shell.print(`${[followLine(watch, at, zoneMinutes), ...news].join("\n")}\n`);
      };
      const code = yield* followed({ follower, forMillis, tell });
      yield* shell.exitWith(code);
    }),
);

interface Following {
  readonly follower: StoreFollower;
  readonly forMillis: number | null;
  readonly tell: (watch: LiveWatch, at: number) => Effect.Effect<void, VerbFailure>;
}

/** Looks and tells until the time is over or a signal comes; answers with the exit code. */
const followed = ({ follower, forMillis, tell }: Following) =>
  Effect.gen(function* () {
    const stop = yield* stopSignal;
    stop.signal.addEventListener("abort", () => void follower.close());
    const began = performance.now();
    let wasCritical = false;
    for (let looks = 0; ; looks += 1) {
      yield* Effect.promise(() => follower.look());
      if (stop.signal.aborted) return EXIT_INTERRUPTED;
      const { watch } = follower;
      wasCritical ||= watch.firing.some(({ severity }) => severity === "critical");
      const { connection, target, saleLog } = watch;
      if (looks === 0 && connection.kind === "away") {
        return yield* Effect.fail(
          new VerbFailure(
            `rehearse: the store at ${target} cannot be followed: ${connection.reason}.`,
          ),
        );
      }
      if (looks === 0 && saleLog !== null && saleLog.problem !== null) {
        const { path, problem } = saleLog;
        return yield* Effect.fail(new VerbFailure(`rehearse: --sale-log ${path}: ${problem}.`));
      }
      yield* tell(watch, Date.now());
      const left = forMillis === null ? Infinity : forMillis - (performance.now() - began);
      if (left <= 0) {
        if (wasCritical) return EXIT_MISSED;
        return connection.kind === "away" ? EXIT_USAGE : EXIT_DONE;
      }
      yield* Effect.promise(() => stop.pause(Math.min(left, follower.pauseMillis)));
      if (stop.signal.aborted) return EXIT_INTERRUPTED;
    }
  }).pipe(Effect.scoped);

/** Ctrl+C and SIGTERM, and a pause that they end. */
const stopSignal = Effect.acquireRelease(
  Effect.sync(() => {
    const stopped = new AbortController();
    const stop = () => stopped.abort();
    for (const signal of SIGNALS) process.once(signal, stop);
    const pause = (millis: number) => pauseFor(millis, stopped.signal);
    return { signal: stopped.signal, stop, pause };
  }),
  ({ stop }) =>
    Effect.sync(() => {
      for (const signal of SIGNALS) process.off(signal, stop);
    }),
);

function pauseFor(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener("abort", end);
  });
}
