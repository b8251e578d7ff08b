/** Faults that are well written and yet cannot be: out of the sale's time, of nothing, twice at once. */
import type { Ticks } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { ticksSince } from "./date.ts";
import type { Finding } from "./problem.ts";
import { toSale } from "./resolve.ts";
import type { World } from "./schema.ts";
import { type FaultForm, keysOfFault } from "./schema-faults.ts";
import { writeDuration } from "./units.ts";

const FAULTS_MAX = 100;
/** Beyond a hundredfold a part is not slow but down. */
const TIMES_MAX = 100;
const ROUNDING = 1e-9;

export function checkFaults(world: World): Finding[] {
  const { faults } = world;
  if (faults.length > FAULTS_MAX) {
    return [finding("faults", `more than ${FAULTS_MAX}`, "split the file", faults.length)];
  }
  return faults.flatMap((fault, place) => {
    const at = `faults.${place}`;
    const keys = checkKeys(fault, at);
    if (keys.length > 0) return keys;
    return [
      ...checkTime(world, fault, at),
      ...checkNetwork(world, fault, at),
      ...checkAmount(world, fault, at),
      ...checkOverlap(world, fault, place),
    ];
  });
}

/** Keys that the kind does not take, and the one that nearly all need. */
function checkKeys(fault: FaultForm, at: string): Finding[] {
  const { kind } = fault;
  const taken = keysOfFault(kind);
  const foreign = Object.entries(fault).filter(
    ([name]) => name !== "at" && name !== "kind" && !taken.includes(name),
  );
  const takes = `${kind} takes ${taken.join(", ")}`;
  return where(
    ...foreign.map(([name]) => ({
      ...finding(`${at}.${name}`, `means nothing for ${kind}`, takes),
      atKey: true,
    })),
    taken.includes("for") &&
      fault.for === undefined &&
      finding(`${at}.for`, "is missing", "say how long, like for: 5min"),
    "share" in fault &&
      "instances" in fault &&
      finding(`${at}.share`, "stands beside a number of instances", "give one of the two"),
  );
}

/** From when to when, ticks. */
function spanOf(world: World, fault: FaultForm): readonly [Ticks, Ticks] {
  const from = ticksSince(world.starts, fault.at);
  return [from, from + (fault.for ?? 0)];
}

function checkTime(world: World, fault: FaultForm, at: string): Finding[] {
  const [from, to] = spanOf(world, fault);
  const { closesAt } = toSale(world);
  const { lasts } = world;
  return where(
    from < 0 && finding(`${at}.at`, "lies before the scenario starts", "starts is the earliest"),
    from >= closesAt &&
      finding(
        `${at}.at`,
        "begins when the sale is over",
        `the sale closes ${writeDuration(closesAt)} after the start`,
      ),
    from >= 0 &&
      from < closesAt &&
      to > lasts &&
      finding(
        `${at}.for`,
        "outlasts the scenario",
        `at most ${writeDuration(lasts - from)}; the scenario lasts ${writeDuration(lasts)}`,
      ),
  );
}

function checkNetwork(world: World, fault: FaultForm, at: string): Finding[] {
  const { network } = fault;
  if (network === undefined) return [];
  const gateway = world.payments[network];
  if (gateway === null) {
    const suggestion = "open payments.fallback, or write network: primary";
    return [finding(`${at}.network`, "there is no fallback network", suggestion, network)];
  }
  const lost =
    gateway.error +
    gateway["time-out-before-capture"] +
    gateway["time-out-after-capture"] +
    (fault.error ?? 0) +
    (fault["time-out-before-capture"] ?? 0) +
    (fault["time-out-after-capture"] ?? 0);
  return where(
    lost > 1 + ROUNDING &&
      finding(
        at,
        `with the network's own, errors and time-outs add up to ${(lost * 100).toFixed(2)}%`,
        "together they are at most 100%; where nothing gets through, write kind: gateway-outage",
      ),
    fault.rate === 0 &&
      finding(`${at}.rate`, "lets nothing through", "write kind: gateway-outage", "0/s"),
  );
}

function checkAmount(world: World, fault: FaultForm, at: string): Finding[] {
  const { cdn, fleet } = world.platform;
  const ratio = fault["hit-ratio"] ?? -1;
  const beyond = `more than ${TIMES_MAX} times`;
  return where(
    ratio >= cdn["hit-ratio"] &&
      finding(
        `${at}.hit-ratio`,
        "is no lower than the network's own",
        "below platform.cdn.hit-ratio",
      ),
    fault.share === 0 && finding(`${at}.share`, "loses nothing", "such as 50%", fault.share),
    (fault.instances ?? 0) > fleet.max &&
      finding(
        `${at}.instances`,
        "is more than the fleet can have",
        `at most ${fleet.max}`,
        fault.instances,
      ),
    (fault.zone ?? 0) > fleet.zones &&
      finding(
        `${at}.zone`,
        "there is no such zone",
        `from 1 to platform.fleet.zones, ${fleet.zones}`,
        fault.zone,
      ),
    (fault.times ?? 0) > TIMES_MAX &&
      finding(`${at}.times`, beyond, "such as 5, or an outage", fault.times),
    (fault.latency ?? 0) > TIMES_MAX &&
      finding(`${at}.latency`, beyond, "such as 4, or an outage", fault.latency),
  );
}

/** A fault that lasts while one of its kind on the same part, earlier in the list, does. */
function checkOverlap(world: World, fault: FaultForm, place: number): Finding[] {
  const [from, to] = spanOf(world, fault);
  const other = world.faults.slice(0, place).find((one) => {
    const [begins, ends] = spanOf(world, one);
    return isOfSamePart(one, fault) && from < ends && begins < to;
  });
  if (other === undefined) return [];
  const [begins, ends] = spanOf(world, other);
  const span = `+${writeDuration(Math.max(0, begins))} to +${writeDuration(Math.max(0, ends))}`;
  return [
    finding(
      `faults.${place}.at`,
      `overlaps the ${fault.kind} from ${span}`,
      "let one end before the next begins, or make one of the two",
    ),
  ];
}

function isOfSamePart(one: FaultForm, other: FaultForm): boolean {
  return one.kind === other.kind && one.network === other.network && one.zone === other.zone;
}
