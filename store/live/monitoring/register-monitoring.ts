/**
 * Watches a live store beside its API: `/metrics` for Prometheus, the alerts that are firing, and
 * a line of the log for every request. To be registered before the server listens; the store must
 * have been made with the parts of {@link WatchedParts}.
 */
import type { FastifyInstance } from "fastify";
import { FLAG, listOf, oneOf, shape, TEXT, TIME } from "../http/schemas.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";
import { logRequests } from "./store-log.ts";

const ALERTS_MAX = 100;
const NUMBER = { type: "number" };
const ALERT = shape({
  name: TEXT,
  severity: oneOf("page", "ticket"),
  since: TIME,
  value: { type: ["number", "null"] },
  unit: TEXT,
  threshold: NUMBER,
  why: TEXT,
  about: TEXT,
  todo: TEXT,
});

const RULE = shape({
  name: TEXT,
  severity: oneOf("page", "ticket"),
  unit: TEXT,
  threshold: NUMBER,
  value: { type: ["number", "null"], description: "at the last look of this worker" },
  firing: FLAG,
});

export function registerMonitoring(
  server: FastifyInstance,
  options: Omit<MonitorOptions, "store">,
): Monitor {
  const monitor = new Monitor(server, { ...options, store: server.desk.store });
  options.watched.process.watch(server);
  logRequests(server);
  server.addHook("onListen", (done) => {
    monitor.start();
    done();
  });
  server.addHook("onClose", () => monitor.stop());
  server.register(async (scope) => {
    scope.get(
      "/metrics",
      {
        config: { policy: "operator", priority: null },
        schema: { summary: "Metrics for Prometheus", hide: true },
      },
      async (_request, reply) => {
        reply.type("text/plain; version=0.0.4; charset=utf-8");
        return reply.send(await monitor.text());
      },
    );
    scope.get(
      "/api/admin/alerts",
      {
        config: { policy: "operator", priority: null },
        schema: {
          summary: "What somebody has to look at now, why, and what to do",
          security: [{ admin: [] }],
          response: {
            200: shape({ firing: listOf(ALERT, ALERTS_MAX), rules: listOf(RULE, ALERTS_MAX) }),
          },
        },
      },
      async (_request, reply) => {
        const { firing, rules } = monitor.alerts;
        return reply.send({ firing, rules });
      },
    );
  });
  return monitor;
}
