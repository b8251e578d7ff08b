/**
 * Takes the machine's clocks, timers and chance away while a rehearsal computes. Whoever reaches
 * for one ends the run with {@link BrokenAssumption}: the fence in `npm run check` reads our own
 * source, this one catches what a dependency does. Outside {@link sealed} everything is as it was.
 */
import { BrokenAssumption } from "../../engine/assert.ts";

type Globals = Record<string, unknown>;

/**
 * Effect stamps each new fiber with `Date.now()` for its own display. The stamp is never read in
 * a rehearsal, so whoever starts a fiber grants exactly one reading, and it answers zero.
 */
let grantedClockReadings = 0;

/** Lets the next reading of `Date.now()` through; it answers 0. */
export function grantFiberStamp(): void {
  grantedClockReadings = 1;
}

/** Takes back a reading that was granted and not used. */
export function revokeFiberStamp(): void {
  grantedClockReadings = 0;
}

function refuse(name: string): never {
  throw new BrokenAssumption(
    `assumption broken: ${name} was used inside a rehearsal, where time and chance come from the seed`,
  );
}

const refusing = (name: string) => () => refuse(name);

function sealedNow(): number {
  if (grantedClockReadings > 0) {
    grantedClockReadings -= 1;
    return 0;
  }
  return refuse("Date.now");
}

function sealedDate(RealDate: DateConstructor): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, values: readonly unknown[]) =>
      values.length === 0 ? refuse("new Date()") : Reflect.construct(target, values),
    apply: () => refuse("Date()"),
    get: (target, key) => (key === "now" ? sealedNow : Reflect.get(target, key)),
  });
}

const TIMERS = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"] as const;

/** Runs `compute` with clocks, timers and chance refused; puts them back however it ends. */
export function sealed<A>(compute: () => A): A {
  const globals = globalThis as unknown as Globals;
  const random = Math.random;
  const RealDate = globals.Date as DateConstructor;
  const performance = globals.performance as { now: () => number };
  const crypto = globals.crypto as Globals;
  const performanceNow = performance.now;
  const timers = TIMERS.map((name) => globals[name]);
  Math.random = refusing("Math.random");
  globals.Date = sealedDate(RealDate);
  performance.now = refusing("performance.now");
  crypto.getRandomValues = refusing("crypto.getRandomValues");
  crypto.randomUUID = refusing("crypto.randomUUID");
  for (const name of TIMERS) globals[name] = refusing(name);
  try {
    return compute();
  } finally {
    Math.random = random;
    globals.Date = RealDate;
    performance.now = performanceNow;
    // Own properties were put over the prototype's methods; without them the real ones are back.
    delete crypto.getRandomValues;
    delete crypto.randomUUID;
    TIMERS.forEach((name, index) => {
      globals[name] = timers[index];
    });
  }
}
