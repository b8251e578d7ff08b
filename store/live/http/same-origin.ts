/**
 * Whether a request that a browser signs with a cookie was meant by its shopper. A request that
 * changes something has to come from the shop's own pages: the browser says so in
 * `Sec-Fetch-Site`, an older one in `Origin`. One that says neither must be of a kind that no page
 * of another site can send unasked. Source: OWASP ASVS 5.0, 3.5.1 to 3.5.3.
 */
import type { FastifyRequest } from "fastify";

/** These change nothing, so it does no harm to be made to send them. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

export function isMeant(request: FastifyRequest): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  const { headers } = request;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  if (origin !== undefined) return isOwn(origin, request.host);
  return headers["content-type"]?.startsWith("application/json") === true;
}

function isOwn(origin: string, host: string): boolean {
  const cut = origin.indexOf("://");
  return cut > 0 && origin.slice(cut + 3) === host;
}
