/**
 * Who may ask for a route. Every route declares it in its `config`, and one that does not is
 * refused when it is registered: a forgotten policy is a failed start and never an open door.
 */
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from "fastify";
import type { Priority } from "../../core/load-shedding.ts";

/**
 * `public`: anybody. `shopper`: whoever brings a signed identity. `gateway`: a payment gateway,
 * whose signature over the body the route checks itself. `admin`: who runs the sale. `operator`:
 * who watches it.
 */
export const ROUTE_POLICIES = ["public", "shopper", "gateway", "admin", "operator"] as const;
export type RoutePolicy = (typeof ROUTE_POLICIES)[number];

declare module "fastify" {
  interface FastifyContextConfig {
    policy?: RoutePolicy;
    /** What is refused first under load; null is never refused. By the policy where left out. */
    priority?: Priority | null;
  }
}

/** What stands before the routes of each policy; none answers for a policy without a guard. */
export type RouteGuards = Readonly<Record<RoutePolicy, readonly onRequestHookHandler[]>>;

export interface DeclaredRoute {
  readonly method: string;
  /** With its parameters, as in `/api/orders/:order`. */
  readonly url: string;
  readonly policy: RoutePolicy;
  readonly schema: RouteOptions["schema"];
}

/** Refuses routes without a policy, guards the others, and answers with the list as it grows. */
export function enforcePolicies(
  server: FastifyInstance,
  guards: RouteGuards,
): readonly DeclaredRoute[] {
  const declared: DeclaredRoute[] = [];
  server.addHook("onRoute", (route) => {
    const { method, url, schema, config } = route;
    const policy = config?.policy;
    if (policy === undefined || !ROUTE_POLICIES.includes(policy)) {
      throw new Error(
        `the route ${method} ${url} declares no policy: set config.policy to one of ` +
          ROUTE_POLICIES.join(", "),
      );
    }
    route.onRequest = [...guards[policy], ...handlersOf(route.onRequest)];
    for (const each of [method].flat()) declared.push({ method: each, url, policy, schema });
  });
  return declared;
}

function handlersOf(hooks: RouteOptions["onRequest"]): onRequestHookHandler[] {
  if (hooks === undefined) return [];
  return [hooks].flat() as onRequestHookHandler[];
}
