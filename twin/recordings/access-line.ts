/**
 * A line of a web server's access log as an event of a recording: the common and the combined
 * format of Apache and nginx, or JSON with one request a line.
 */
import type { RecordedRequest } from "./recorded-event.ts";
import { readTime, type TimeReading, type TimeRule } from "./recorded-time.ts";

export type RequestReading =
  | { readonly event: RecordedRequest; readonly time: Exclude<TimeReading, { why: string }> }
  | { readonly why: string };

/** host ident user [time] "request" status bytes, and what a server adds: "referer" "agent" time. */
const COMMON =
  /^(\S+) \S+ (\S+) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*")?(?: (\d+(?:\.\d+)?))?/u;

export function readCommonLine(line: string, times: TimeRule): RequestReading {
  const match = COMMON.exec(line);
  if (match === null) return { why: "not a line of the common or combined log format" };
  const [, host, user, written, request, status, tail] = match;
  const time = readTime(written ?? "", times);
  if ("why" in time) return time;
  const words = (request ?? "").split(" ");
  if (words.length < 2) return { why: "its request is none" };
  const shopper = user === "-" ? host : user;
  // nginx writes seconds with a fraction, Apache's %D microseconds.
  const took = tail === undefined ? null : Number(tail) * (tail.includes(".") ? 1_000 : 1 / 1_000);
  return requestOf({ method: words[0], path: words[1], status, shopper, took }, time);
}

/** Names that servers give to what is told, the first that is there. */
const KEYS = {
  time: ["time", "timestamp", "@timestamp", "time_iso8601", "ts", "at", "date", "time_local"],
  method: ["method", "request_method", "verb", "http_method"],
  path: ["path", "uri", "url", "request_uri", "target"],
  status: ["status", "status_code", "statusCode", "response_status", "code"],
  shopper: ["user", "user_id", "shopper", "session", "remote_user", "remote_addr", "ip", "host"],
  millis: ["millis", "duration_ms", "responseTime", "response_time_ms", "latency_ms"],
  seconds: ["request_time", "duration", "response_time", "latency"],
} as const;

export function readJsonLine(line: string, times: TimeRule): RequestReading {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return { why: "not JSON" };
  }
  if (typeof told !== "object" || told === null || Array.isArray(told))
    return { why: "not an object of JSON" };
  const record = told as Readonly<Record<string, unknown>>;
  const text = (keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const value = record[key];
      if (typeof value === "string" && value !== "" && value !== "-") return value;
      if (typeof value === "number") return String(value);
    }
    return undefined;
  };
  const time = readTime(text(KEYS.time) ?? "", times);
  if ("why" in time) return time;
  const [method, path] = (text(["request"]) ?? "").split(" ");
  const millis = text(KEYS.millis);
  const seconds = text(KEYS.seconds);
  const took = millis !== undefined ? Number(millis) : seconds && Number(seconds) * 1_000;
  return requestOf(
    {
      method: text(KEYS.method) ?? method,
      path: text(KEYS.path) ?? path,
      status: text(KEYS.status),
      shopper: text(KEYS.shopper),
      took: typeof took === "number" ? took : null,
    },
    time,
  );
}

interface Told {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly status: string | undefined;
  readonly shopper: string | undefined;
  /** Milliseconds. */
  readonly took: number | null;
}

function requestOf(
  { method, path, status, shopper, took }: Told,
  time: Exclude<TimeReading, { why: string }>,
): RequestReading {
  if (method === undefined || !/^[A-Z]{3,10}$/u.test(method)) return { why: "its request is none" };
  if (path === undefined || path === "") return { why: "its path is missing" };
  const code = Number(status);
  if (!(code >= 100 && code <= 599)) return { why: "its status is none" };
  const event: RecordedRequest = {
    kind: "Request",
    at: time.at,
    ...(shopper === undefined ? {} : { shopper }),
    method,
    path: path.replace(/[?#].*$/u, ""),
    status: code,
    ...(took === null || !Number.isFinite(took) || took < 0 ? {} : { millis: took }),
  };
  return { event, time };
}
