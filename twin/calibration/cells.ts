/**
 * The loads of a calibration, and those that are held out of it to score its predictions. Loads
 * are shares of what keeps the store about as busy as it should ever be, so that they fit any
 * machine.
 */
import type { CellKind, LoadCell, Mix, Phase } from "./load-cell.ts";
import { ROUTES } from "./load-cell.ts";

const USUAL: Mix = { home: 15, product: 35, stock: 25, cart: 15, order: 8, declined: 2 };
const BUYING: Mix = { product: 20, stock: 15, cart: 30, order: 30, declined: 5 };
const BROWSING: Mix = { home: 30, product: 45, stock: 25 };
const LOOKING: Mix = { product: 30, stock: 70 };
const CARTS: Mix = { product: 40, cart: 50, order: 10 };
const RUSH: Mix = { cart: 30, order: 60, declined: 10 };
const EVEN: Mix = { home: 1, product: 1, stock: 1, cart: 1, order: 1, declined: 1 };
const DECLINES: Mix = { product: 30, cart: 30, order: 28, declined: 12 };
const WINDOW: Mix = { home: 50, product: 30, stock: 20 };
const CHECKOUT: Mix = { stock: 15, cart: 15, order: 60, declined: 10 };
/** Units of the item that all orders of a sell-out are for. */
const SCARCE = { scarceUnits: 40 };

interface Steady {
  readonly name: string;
  readonly kind: CellKind;
  readonly mix: Mix;
  readonly loads: readonly number[];
  readonly over?: Partial<LoadCell>;
}

export interface CellTimes {
  /** Of a steady load; a stepped one has three parts of half as long. */
  readonly seconds: number;
}

function steady({ name, kind, mix, loads, over = {} }: Steady, seconds: number): LoadCell[] {
  return loads.map((load) => ({
    name: `${name} at ${load}`,
    kind,
    mix,
    phases: [{ seconds, load }],
    ...over,
  }));
}

/** Each route alone at two loads, and mixes at some; `few` for a look in seconds. */
export function calibrationCells({ seconds }: CellTimes, few = false): readonly LoadCell[] {
  const kind = "calibration";
  const loads = few ? [0.5] : [0.3, 0.75];
  const alone = ASKED.flatMap((route) =>
    steady({ name: route, kind, mix: { [route]: 1 }, loads }, seconds),
  );
  const refused = { name: "refused", kind, mix: { order: 1 }, loads, over: SCARCE } as const;
  alone.push(...steady(refused, seconds));
  if (few)
    return [...alone, ...steady({ name: "usual", kind, mix: USUAL, loads: [0.3, 0.7] }, seconds)];
  return [
    ...alone,
    ...steady({ name: "usual", kind, mix: USUAL, loads: [0.15, 0.45, 0.8] }, seconds),
    ...steady({ name: "buying", kind, mix: BUYING, loads: [0.3, 0.65, 0.95] }, seconds),
    ...steady({ name: "window", kind, mix: WINDOW, loads: [0.45, 0.9] }, seconds),
    ...steady({ name: "checkout", kind, mix: CHECKOUT, loads: [0.35, 0.75] }, seconds),
  ];
}

/** What can be asked for at any time: an order is refused only where an item is sold out. */
const ASKED = ROUTES.filter((route) => route !== "refused");

/** Loads to find out how much the store can be asked at all, and to warm it up. */
export function warmUpCells(perSecond: number, seconds: number): readonly LoadCell[] {
  const mixes: readonly (readonly [string, Mix])[] = [
    ["everything", EVEN],
    ...ASKED.map((route) => [route, { [route]: 1 }] as const),
  ];
  return mixes.map(([name, mix]) => ({
    name: `warm-up ${name}`,
    kind: "calibration",
    mix,
    phases: [{ seconds, load: perSecond }],
  }));
}

/** Loads that no calibration has seen. `several` for a ledger that several instances share. */
export function heldOutCells(times: CellTimes, several: boolean): readonly LoadCell[] {
  const { seconds } = times;
  const of = (one: Steady) => steady(one, seconds);
  return [
    ...of({ name: "usual", kind: "rate", mix: USUAL, loads: [0.25, 0.35, 0.55, 0.65, 0.9, 1] }),
    ...of({ name: "browsing", kind: "mix", mix: BROWSING, loads: [0.3, 0.6, 0.85] }),
    ...of({ name: "looking", kind: "mix", mix: LOOKING, loads: [0.4, 0.8] }),
    ...of({ name: "carts", kind: "mix", mix: CARTS, loads: [0.3, 0.6, 0.85] }),
    ...of({ name: "rush", kind: "mix", mix: RUSH, loads: [0.3, 0.45, 0.6, 0.85] }),
    ...of({ name: "even", kind: "mix", mix: EVEN, loads: [0.5, 0.8] }),
    ...paymentCells(of),
    ...steppedCells(times),
    ...batchCells(times),
    ...of({
      name: "sell-out",
      kind: "sell-out",
      mix: { order: 1 },
      loads: [0.4, 0.7],
      over: SCARCE,
    }),
    ...(several ? severalCells(times) : []),
  ];
}

function paymentCells(of: (one: Steady) => LoadCell[]): readonly LoadCell[] {
  const slow = (from: number, to: number): Steady => ({
    name: `payments ${from} to ${to} ms later`,
    kind: "payments",
    mix: BUYING,
    loads: [0.4, 0.7],
    over: { paymentMillis: { from, to } },
  });
  return [
    ...of({ name: "declines", kind: "payments", mix: DECLINES, loads: [0.4, 0.7] }),
    ...of(slow(40, 120)),
    ...of(slow(150, 400)),
  ];
}

function steppedCells({ seconds }: CellTimes): readonly LoadCell[] {
  const step = (name: string, mix: Mix, low: number, high: number): LoadCell => ({
    name: `${name} from ${low} to ${high} and back`,
    kind: "step",
    mix,
    phases: [low, high, low].map((load): Phase => ({ seconds: seconds / 2, load })),
  });
  return [
    step("usual", USUAL, 0.2, 0.8),
    step("usual", USUAL, 0.3, 1.1),
    step("browsing", BROWSING, 0.2, 1),
    step("rush", RUSH, 0.2, 0.8),
  ];
}

/** The same shoppers, mailed all at once and in batches. */
function batchCells({ seconds }: CellTimes): readonly LoadCell[] {
  const requests = 160;
  return [1, 2, 4, 8].map((count) => ({
    name: count === 1 ? "all at once" : `in ${count} batches`,
    kind: "batch",
    mix: BROWSING,
    phases: [{ seconds, load: 0.2 }],
    batches: { requests, count, everySeconds: (seconds - 1.5) / count, overSeconds: 0.05 },
  }));
}

function severalCells({ seconds }: CellTimes): readonly LoadCell[] {
  const late = { instances: 2, joinsAtSeconds: seconds / 2 };
  const two = (over: Partial<LoadCell>) => (one: Omit<Steady, "kind">, kind: CellKind) =>
    steady({ ...one, kind, over }, seconds);
  return [
    ...two({ instances: 2 })({ name: "two, usual", mix: USUAL, loads: [0.5, 0.9] }, "instances"),
    ...two({ instances: 2 })(
      { name: "two, browsing", mix: BROWSING, loads: [0.6, 1] },
      "instances",
    ),
    ...two(late)({ name: "the second late, usual", mix: USUAL, loads: [0.5, 0.8] }, "late"),
  ];
}

/** A few of each kind, for a look in seconds. */
export function fewCells(cells: readonly LoadCell[], count: number): readonly LoadCell[] {
  const every = Math.max(1, Math.floor(cells.length / count));
  return cells.filter((_, place) => place % every === 0).slice(0, count);
}
