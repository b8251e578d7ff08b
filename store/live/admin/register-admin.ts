/**
 * Administration of a live store over HTTP, beside its API: `registerAdmin(server)`. Its routes
 * are shut until the server is built with the guards of {@link adminGuards}.
 */
import type { FastifyInstance } from "fastify";
import { AdminDesk } from "./admin-desk.ts";
import { importRoutes } from "./import-routes.ts";
import { orderRoutes } from "./order-routes.ts";
import { saleRoutes } from "./sale-routes.ts";
import { stockRoutes } from "./stock-routes.ts";

export function registerAdmin(server: FastifyInstance): void {
  server.register(async (scope) => {
    const admin = new AdminDesk(scope.desk);
    saleRoutes(scope, admin);
    stockRoutes(scope, admin);
    orderRoutes(scope, admin);
    importRoutes(scope, admin);
  });
}
