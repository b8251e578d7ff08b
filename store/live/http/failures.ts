/**
 * What a request is told that no route could answer: wrong bodies, unknown paths, methods that are
 * not declared, a system behind a port that is down, and whatever nobody thought of. The last is
 * written to the log with everything and told to the shopper with nothing.
 */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { PROBLEM_CONTENT_TYPE, type Problem, problemOf, sendProblem } from "./problem.ts";
import type { DeclaredRoute } from "./route-policy.ts";
import type { HeaderRow } from "./security-headers.ts";

/** Kinds of problems by the status that the framework gives them. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [400, "BadRequest"],
  [404, "NotFound"],
  [408, "RequestTimeout"],
  [413, "BodyTooLarge"],
  [415, "UnsupportedMediaType"],
  [431, "HeadersTooLarge"],
]);

export function answerProblems(server: FastifyInstance, declared: readonly DeclaredRoute[]): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    sendProblem(reply, problemOfError(error, request));
  });
  server.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    const allow = methodsOf(declared, path);
    if (allow.length === 0) return sendProblem(reply, problemOf("NotFound", 404));
    reply.header("allow", allow.join(", "));
    return sendProblem(reply, problemOf("MethodNotAllowed", 405, { allow }));
  });
}

function problemOfError(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof PortUnavailable) {
    request.log.error({ err: error }, "a port cannot answer");
    return problemOf("Unavailable", 503);
  }
  const { statusCode = 500, validation, validationContext } = error;
  if (validation !== undefined) {
    const noKey = validationContext === "headers";
    return problemOf(noKey ? "KeyRequired" : "BadRequest", 400, { detail: error.message });
  }
  if (statusCode >= 400 && statusCode < 500) return problemOfStatus(statusCode);
  request.log.error({ err: error }, "a request failed");
  return problemOf("ServerError", 500);
}

function problemOfStatus(status: number): Problem {
  return problemOf(KINDS.get(status) ?? "BadRequest", status);
}

/** Faults that the framework finds before any hook has run, as a path that cannot be decoded. */
export function sendFrameworkProblem(error: FastifyError, reply: FastifyReply): void {
  sendProblem(reply, problemOfStatus(error.statusCode === 404 ? 404 : 400));
}

/** The methods that are declared for a path; none where the path is unknown. */
function methodsOf(declared: readonly DeclaredRoute[], path: string): readonly string[] {
  const parts = path.split("/");
  const fits = declared.filter(({ url }) => isPathOf(url.split("/"), parts));
  return [...new Set(fits.map(({ method }) => method))].sort();
}

function isPathOf(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false;
  return pattern.every((part, place) => part === parts[place] || isParameter(part, parts[place]));
}

function isParameter(part: string, value: string): boolean {
  return part.startsWith(":") && value !== "";
}

/** Statuses of what cannot be read as HTTP at all. */
const CONNECTION_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

export function refuseConnection(
  error: Error & { readonly code?: string },
  socket: Socket,
  headers: readonly HeaderRow[],
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CONNECTION_STATUS[error.code ?? ""] ?? 400;
  const body = JSON.stringify(problemOfStatus(status));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
