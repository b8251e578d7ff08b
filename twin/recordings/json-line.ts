/**
 * A request as a line of JSON, by the names that servers give to what they tell: nginx, Caddy,
 * Traefik, Node's loggers, and the logs of Cloudflare, Fastly and Google. What is told may stand in
 * an object within, such as `request`.
 */
import { readTime, type TimeRule } from "./recorded-time.ts";
import { type RequestReading, requestOf } from "./told-request.ts";

/** Letters and digits of the names alone, in lower case; the first that is there is taken. */
const NAMES = {
  time: [
    ...["time", "timestamp", "timeiso8601", "ts", "at", "date", "datetime", "timelocal", "msec"],
    ...[
      "edgestarttimestamp",
      "starttime",
      "startutc",
      "startlocal",
      "eventtime",
      "requesttimestamp",
    ],
  ],
  method: ["method", "requestmethod", "verb", "httpmethod", "clientrequestmethod"],
  path: [
    ...["path", "uri", "url", "requesturi", "requestpath", "requesturl", "target", "originalurl"],
    ...["clientrequesturi", "clientrequestpath", "httppath"],
  ],
  status: [
    ...["status", "statuscode", "responsestatus", "edgeresponsestatus", "downstreamstatus"],
    ...["httpstatus", "httpstatuscode", "responsecode", "code"],
  ],
  shopper: [
    ...["user", "userid", "shopper", "session", "sessionid", "remoteuser", "clientip", "remoteip"],
    ...["remoteaddr", "remoteaddress", "ip", "ipaddress", "clientaddr", "clienthost", "host"],
  ],
  millis: ["millis", "durationms", "responsetime", "responsetimems", "latencyms", "elapsedms"],
  seconds: ["requesttime", "duration", "latency"],
} as const;

/** An address; a host that is none is the shop's own. */
const ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|\[?[\da-f]*:[\da-f:.]*\]?)(?::\d+)?$/iu;
/** Seconds that no request takes: then they are nanoseconds. */
const SECONDS_MAX = 100_000;

export function readJsonLine(line: string, times: TimeRule): RequestReading {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return { why: "not JSON" };
  }
  if (typeof told !== "object" || told === null || Array.isArray(told))
    return { why: "not an object of JSON" };
  const values = valuesOf(told);
  const text = (names: readonly string[]) => {
    const found = names.find((name) => values.has(name));
    return found === undefined ? undefined : values.get(found);
  };
  const time = readTime(text(NAMES.time) ?? "", times);
  if ("why" in time) return time;
  const [method, path] = (values.get("request") ?? "").split(" ");
  return requestOf(
    {
      method: text(NAMES.method) ?? method,
      path: text(NAMES.path) ?? path,
      status: text(NAMES.status),
      shopper: text(NAMES.shopper),
      took: tookOf(text(NAMES.millis), text(NAMES.seconds)),
    },
    time,
  );
}

/** Milliseconds. */
function tookOf(millis: string | undefined, seconds: string | undefined): number | null {
  if (millis !== undefined) return Number(millis);
  if (seconds === undefined) return null;
  const [, number, unit] = /^([\d.]+) *(ns|us|µs|ms|s)?$/u.exec(seconds) ?? [];
  const value = Number(number ?? Number.NaN);
  if (unit !== undefined && unit !== "s")
    return unit === "ms" ? value : value / (unit === "ns" ? 1e6 : 1e3);
  return value > SECONDS_MAX ? value / 1e6 : value * 1_000;
}

/** Objects within objects within the line are looked into, no deeper. */
const DEPTH_MAX = 2;

/** Texts and numbers by their names; those of the line itself go before those of objects within. */
function valuesOf(told: object): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let level: readonly object[] = [told];
  for (let depth = 0; depth <= DEPTH_MAX && level.length > 0; depth += 1) {
    const within: object[] = [];
    for (const record of level)
      for (const [key, value] of Object.entries(record)) {
        if (typeof value === "object" && value !== null && !Array.isArray(value))
          within.push(value);
        else take(values, key, value);
      }
    level = within;
  }
  return values;
}

function take(values: Map<string, string>, key: string, value: unknown): void {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "" || text === "-") return;
  const name = plainName(key);
  if (values.has(name) || (name === "host" && !ADDRESS.test(text))) return;
  values.set(name, text);
}

/** Keys that a log has are few; what has more is not remembered. */
const PLAIN_MAX = 10_000;
const plainNames = new Map<string, string>();

function plainName(key: string): string {
  const known = plainNames.get(key);
  if (known !== undefined) return known;
  const plain = key.toLowerCase().replaceAll(/[^a-z\d]/gu, "");
  if (plainNames.size < PLAIN_MAX) plainNames.set(key, plain);
  return plain;
}
