/** What a line of a web server's log says of a request, whatever its form, as an event. */
import type { RecordedRequest } from "./recorded-event.ts";
import type { TimeReading } from "./recorded-time.ts";

export type RequestReading =
  | { readonly event: RecordedRequest; readonly time: Exclude<TimeReading, { why: string }> }
  | { readonly why: string };

export interface ToldRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly status: string | undefined;
  readonly shopper: string | undefined;
  /** Milliseconds. */
  readonly took: number | null;
}

/** An address with the port of a connection: the next one has another. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+):\d+|\[(.+)\](?::\d+)?)$/u;

export function requestOf(
  { method, path, status, shopper, took }: ToldRequest,
  time: Exclude<TimeReading, { why: string }>,
): RequestReading {
  if (method === undefined || !/^[A-Z]{3,10}$/u.test(method)) return { why: "its request is none" };
  if (path === undefined || path === "") return { why: "its path is missing" };
  const code = Number(status);
  if (!(code >= 100 && code <= 599)) return { why: "its status is none" };
  const who = shopper?.replace(WITH_PORT, "$1$2");
  const event: RecordedRequest = {
    kind: "Request",
    at: time.at,
    ...(who === undefined || who === "" ? {} : { shopper: who }),
    method,
    path: path.replace(/[?#].*$/u, "").replace(/^[a-z]+:\/\/[^/]*/iu, "") || "/",
    status: code,
    ...(took === null || !Number.isFinite(took) || took < 0 ? {} : { millis: took }),
  };
  return { event, time };
}
