/**
 * A line of a web server's access log as an event of a recording: the common and the combined
 * format of Apache and nginx, with the name of the host or the words of syslog before it, and the
 * format of Amazon's load balancers.
 */

import { readTime, type TimeRule } from "./recorded-time.ts";
import { type RequestReading, requestOf } from "./told-request.ts";

/**
 * The host that was asked, where the log has it: with a port, or with a client's address behind it.
 */
const HOST =
  "(?:[^\\s[\\]]+:\\d{1,5} (?=[^\\s-])|[a-z][\\w.-]*\\.[a-z]{2,} (?=[\\da-f]*[.:][\\da-f.:]+ ))?";
/** host ident user [time] "request" status bytes, and what a server adds: "referer" "agent" time. */
const COMMON = new RegExp(
  `^${HOST}(\\S+) \\S+ ("(?:[^"\\\\]|\\\\.)*"|[^"[]+?) \\[([^\\]]+)\\] "((?:[^"\\\\]|\\\\.)*)" (\\d{3}) (?:\\d+|-)(?: "(?:[^"\\\\]|\\\\.)*" "(?:[^"\\\\]|\\\\.)*")?(?: (\\d+(?:\\.\\d+)?))?`,
  "u",
);
/** Syslog's words end with the program that wrote the line. */
const SYSLOG = /^(?:<\d+>)?[^"[]{0,120}?(?:\[\d+\])?: (?=\S)/u;

export function readAccessLine(line: string, times: TimeRule): RequestReading {
  const match = COMMON.exec(line) ?? COMMON.exec(line.replace(SYSLOG, ""));
  if (match === null) return readBalancerLine(line, times);
  const [, host, user, written, request, status, tail] = match;
  const time = readTime(written ?? "", times);
  if ("why" in time) return time;
  const words = (request ?? "").split(" ");
  if (words.length < 2) return { why: "its request is none" };
  const shopper = user === "-" || user === '"-"' || user === '""' ? host : user;
  // nginx writes seconds with a fraction, Apache's %D microseconds.
  const took = tail === undefined ? null : Number(tail) * (tail.includes(".") ? 1_000 : 1 / 1_000);
  return requestOf({ method: words[0], path: words[1], status, shopper, took }, time);
}

/** type time balancer client:port target three times (seconds) status … "request" … */
const BALANCER =
  /^(?:https?|h2|grpcs?|wss?) (\S+) \S+ (\S+):\d+ \S+ (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (\d{3}|-) \S+ \d+ \d+ "(\S+) (\S+) [^"]*"/u;

function readBalancerLine(line: string, times: TimeRule): RequestReading {
  const match = BALANCER.exec(line);
  if (match === null) return { why: "not a line of the common or combined log format" };
  const [, written = "", shopper, ...rest] = match;
  const time = readTime(written, times);
  if ("why" in time) return time;
  const [status, method, path] = rest.slice(3);
  const parts = rest.slice(0, 3).map(Number);
  // -1 stands for what never came.
  const took = parts.some((seconds) => seconds < 0)
    ? null
    : parts.reduce((sum, seconds) => sum + seconds, 0) * 1_000;
  return requestOf({ method, path, status, shopper, took }, time);
}
