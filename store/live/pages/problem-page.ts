/**
 * What a browser is shown when a request was not done: in the shop's own looks, with what happened
 * and what to do next. Programs are told the same in JSON.
 */
import type { FastifyRequest } from "fastify";
import type { Problem } from "../http/problem.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page-frame.ts";
import { CART, HOME, PRODUCTS } from "./page-paths.ts";

interface Advice {
  readonly title: string;
  readonly words: string;
}

/** By the status; the kind of the problem is said in its own sentence. */
const ADVICE: ReadonlyMap<number, Advice> = new Map([
  [404, { title: "Nothing here", words: "The page is not there, or is somebody else's." }],
  [403, { title: "Not this way", words: "The shop could not take this request." }],
  [
    409,
    { title: "That did not go through", words: "Somebody was quicker, or it was done before." },
  ],
  [
    429,
    { title: "A little slower", words: "That was a lot at once. Wait a moment, then try again." },
  ],
  [
    503,
    {
      title: "The shop is very busy",
      words: "Many people are here at once. Nothing of yours is lost; try again in a moment.",
    },
  ],
]);
const OTHERWISE: Advice = {
  title: "That did not work",
  words: "Nothing was charged. Go back, and try once more.",
};

/** For pages alone: whoever asks the API, or takes no HTML, is told in JSON. */
export function problemPage(problem: Problem, request: FastifyRequest): string | null {
  const { accept = "" } = request.headers;
  if (!accept.includes("text/html") || isForPrograms(request.url)) return null;
  const { name: sale } = request.server.desk.store.setup;
  return String(problemHtml(problem, sale, request));
}

const PROGRAM_PATHS = ["/api/", "/admin", "/metrics", "/health", "/ready", "/openapi"];

function isForPrograms(url: string): boolean {
  return PROGRAM_PATHS.some((path) => url.startsWith(path));
}

function problemHtml(problem: Problem, sale: string, { method }: FastifyRequest): Html {
  const { status, title: kind } = problem;
  const { title, words } = ADVICE.get(status) ?? OTHERWISE;
  const again = status !== 404 && method === "GET";
  const main = html`<section class="result result-bad">
<p class="status-number" aria-hidden="true">${status}</p>
<h1>${title}</h1>
<p class="lead">${kind}. ${words}</p>
<div class="actions">
${again ? html`<a class="button" href="">Try again</a>` : html`<a class="button" href="${PRODUCTS}">See all items</a>`}
<a class="button button-quiet" href="${CART}">Your cart</a>
<a class="button button-quiet" href="${HOME}">Home</a>
</div></section>`;
  return page({ title, sale, main });
}
