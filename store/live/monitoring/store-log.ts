/**
 * The store's log: one JSON object a line, so that nothing that a request brings can begin a line
 * of its own. What is written of a request is its number, method, route template, status and time;
 * no path, body, header, address or name of a shopper. Of an error it is kind, message and stack.
 * Should anything personal come into a line all the same, its value is left out.
 */
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import pino, { type DestinationStream, type Level } from "pino";
import type { LogLevel } from "./log-level.ts";

/** Bytes that wait for a slow reader of the log; lines beyond are dropped, for requests go first. */
const WAITING_BYTES_MAX = 4_194_304;

/** Never in a line, wherever they stand in what is logged. */
const PERSONAL = [
  "email",
  "address",
  "paymentToken",
  "person",
  "token",
  "authorization",
  "cookie",
  "shopper",
];
const PATHS = PERSONAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
/** These change nothing; all others are worth a line. */
const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export interface StoreLogOptions {
  readonly level: LogLevel;
  readonly worker?: number;
  /** Standard output by default. */
  readonly destination?: DestinationStream;
}

export function storeLog({ level, worker = 0, destination }: StoreLogOptions): FastifyBaseLogger {
  const options = {
    level,
    base: { pid: process.pid, worker },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PATHS, censor: "[left out]" },
    serializers: { err: errorLine, req: () => undefined, res: () => undefined },
  };
  return pino(options, destination ?? standardOutput());
}

/** Never waited for: a full pipe would hold up everybody who asks. */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, maxLength: WAITING_BYTES_MAX });
}

/** A driver's error may carry rows of a table beside its message: only what is named is written. */
function errorLine(error: Error & { readonly code?: unknown; readonly reason?: unknown }) {
  const { name, message, stack, code, reason } = error;
  return { type: name, message, stack, code, reason };
}

export function logRequests(server: FastifyInstance): void {
  server.addHook("onResponse", (request, reply, done) => {
    const { method, problem } = request;
    const level: Level = READS.has(method) ? "debug" : "info";
    const route = request.routeOptions.url ?? "unmatched";
    const millis = Math.round(reply.elapsedTime * 10) / 10;
    const told = problem ? { problem } : {};
    request.log[level]({ method, route, status: reply.statusCode, millis, ...told }, "request");
    done();
  });
}
