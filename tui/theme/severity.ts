/** How bad something is, with the sign and the colour that say so. */
import type { Role } from "./theme.ts";

export type Severity = "ok" | "info" | "warning" | "critical";

export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = {
  ok: "✓",
  info: "●",
  warning: "▲",
  critical: "✗",
};

export const SEVERITY_ROLES: Readonly<Record<Severity, Role>> = {
  ok: "good",
  info: "first",
  warning: "warning",
  critical: "bad",
};
