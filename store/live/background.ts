/**
 * What a live store does while nobody asks: puts lapsed holds back on sale, ends orders that were
 * left open, lets the next shoppers in, sends the surveys that are due. Each round waits for its
 * own end before the next, and one that fails is told of and tried again.
 */
import { Effect } from "effect";
import type { LeftOrders } from "./left-orders.ts";
import type { LiveStore } from "./live-store.ts";
import type { SurveyCalendar } from "./survey-calendar.ts";

export interface BackgroundRound {
  readonly name: string;
  readonly everyMillis: number;
  readonly run: () => Promise<unknown>;
}

/** Lapsed holds are back on sale within this time, as in a rehearsal. */
const SWEEP_EVERY = 1_000;
const RECONCILE_EVERY = 5_000;
const ADMIT_EVERY = 1_000;
const SURVEY_EVERY = 30_000;
/** A pause is everywhere within this time. */
const CONTROL_EVERY = 500;

/** Longer than a checkout that is alive may go without writing to the ledger. */
export function quietForMillis({ settings }: LiveStore): number {
  const { timeLimitMillis, backoff, lookUpsPerLostAnswer } = settings.payment;
  return (timeLimitMillis + backoff.maxMillis) * (2 + lookUpsPerLostAnswer);
}

/** What every process does: a pause that another has noted is to be heard of by all. */
export function controlRound(store: LiveStore): BackgroundRound {
  return roundsOf(store)("control", CONTROL_EVERY, store.control.refresh);
}

/** What every process does for the orders that it has begun itself. */
export function leftOrdersRound(store: LiveStore, left: LeftOrders): BackgroundRound {
  return roundsOf(store)("left-orders", RECONCILE_EVERY, left.endThem(store.reconciliation));
}

function roundsOf({ parts }: LiveStore) {
  return (name: string, everyMillis: number, program: Effect.Effect<unknown, unknown>) => ({
    name,
    everyMillis,
    run: async () => {
      await Effect.runPromise(program);
      await parts.durable();
    },
  });
}

/** What one process of a machine does for all. */
export function backgroundRounds(
  store: LiveStore,
  calendar: SurveyCalendar,
): readonly BackgroundRound[] {
  const { admission, surveys } = store;
  const round = roundsOf(store);
  const rounds = [
    round("sweep", SWEEP_EVERY, store.holdSweep.sweep),
    round("reconcile", RECONCILE_EVERY, store.reconciliation.reconcile(quietForMillis(store))),
    round(
      "survey",
      SURVEY_EVERY,
      Effect.zipRight(
        Effect.promise(() => calendar.plan()),
        surveys.surveysDue,
      ),
    ),
  ];
  if (admission !== null) {
    rounds.push(round("admit", ADMIT_EVERY, admission.admitDue(null)));
    rounds.push(round("expire-tickets", ADMIT_EVERY, admission.expireDue));
  }
  return rounds;
}

/** Runs the rounds until the answer is called, which resolves when the last of them has ended. */
export function startRounds(
  rounds: readonly BackgroundRound[],
  onFailure: (round: string, failure: unknown) => void,
): () => Promise<void> {
  const stops = rounds.map((round) => startRound(round, onFailure));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

function startRound(
  { name, everyMillis, run }: BackgroundRound,
  onFailure: (round: string, failure: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const next = (): void => {
    timer = setTimeout(() => {
      running = run()
        .catch((failure: unknown) => onFailure(name, failure))
        .then(() => {
          if (!stopped) next();
        }) as Promise<void>;
    }, everyMillis);
  };
  next();
  return async () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    await running;
  };
}
