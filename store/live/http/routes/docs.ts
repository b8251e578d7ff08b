/** The description of the API, and a page to read it and to try it at. All of it comes from here. */
import type { FastifyInstance } from "fastify";
import { DOCS_PAGE, DOCS_SCRIPT, DOCS_STYLE } from "../docs-page.ts";

const CONFIG = { policy: "public", priority: "unknown" } as const;
const KEPT = "public, max-age=300";

export async function docsRoutes(server: FastifyInstance): Promise<void> {
  const files = [
    { url: "/docs", type: "text/html; charset=utf-8", text: () => DOCS_PAGE },
    { url: "/docs/try.js", type: "text/javascript; charset=utf-8", text: () => DOCS_SCRIPT },
    { url: "/docs/style.css", type: "text/css; charset=utf-8", text: () => DOCS_STYLE },
    {
      url: "/openapi.json",
      type: "application/json",
      text: () => JSON.stringify(server.swagger()),
    },
  ];
  for (const { url, type, text } of files) {
    server.get(url, { config: CONFIG, schema: { hide: true } }, (_request, reply) =>
      reply.header("cache-control", KEPT).type(type).send(text()),
    );
  }
}
