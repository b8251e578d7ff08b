/**
 * What is told to somebody whose request was not done: a problem as of RFC 9457, in
 * `application/problem+json`. Its `type` names the kind of problem for good, its other members say
 * what can be done next. No problem says anything of the inside of the store.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { PROBLEM_TITLES } from "./problem-titles.ts";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** What problems say beside their type, title and status; see the schema of a problem. */
export interface ProblemMembers {
  readonly detail?: string;
  readonly [member: string]: unknown;
}

export interface Problem extends ProblemMembers {
  /** A path of the shop that stands for the kind, as in `/problems/sold-out`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

/** How a problem looks in a page; null where it is told in JSON. */
export type ProblemPage = (problem: Problem, request: FastifyRequest) => string | null;

declare module "fastify" {
  interface FastifyRequest {
    /** The kind of problem that was told, as in `sold-out`; null where none was. */
    problem: string | null;
  }
}

const PROBLEM_PATH = "/problems/";
const SECOND = 1_000;
/** How long to stay away where nothing better is known. */
const RETRY_AFTER_SECONDS = 1;

/** `SoldOut` as `sold-out`. */
export function nameOf(tag: string): string {
  return tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

export function problemOf(tag: string, status: number, members: ProblemMembers = {}): Problem {
  const title = PROBLEM_TITLES[tag] ?? "The request was not done";
  return { type: `${PROBLEM_PATH}${nameOf(tag)}`, title, status, ...members };
}

/** The problem of a tagged answer: the answer's own members, without its tag. */
export function problemOfAnswer(answer: { readonly _tag: string }, status: number): Problem {
  const { _tag, ...members } = answer;
  return problemOf(_tag, status, members);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = problem;
  reply.request.problem = problem.type.slice(PROBLEM_PATH.length);
  reply.code(status);
  reply.header("cache-control", "no-store");
  const wait = waitSeconds(problem);
  if (wait !== null) reply.header("retry-after", wait);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  const page = reply.server.problemPage?.(problem, reply.request) ?? null;
  if (page !== null) return reply.type("text/html; charset=utf-8").send(page);
  return reply.header("content-type", PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
}

/** Whole seconds for `Retry-After`, or null where coming back changes nothing by itself. */
function waitSeconds({ status, retryAfterMillis, retryAfterSeconds }: Problem): number | null {
  if (typeof retryAfterMillis === "number")
    return Math.max(1, Math.ceil(retryAfterMillis / SECOND));
  if (typeof retryAfterSeconds === "number") return Math.max(1, retryAfterSeconds);
  return status === 429 || status === 503 ? RETRY_AFTER_SECONDS : null;
}
