/** How the checks of a world say what they found. */
import type { Finding } from "./problem.ts";

export function finding(
  path: string,
  message: string,
  suggestion: string,
  value?: unknown,
): Finding {
  const steps = path.split(".").map((step) => (/^\d+$/u.test(step) ? Number(step) : step));
  return { path: steps, message, suggestion, value };
}

/** A list of findings with those that hold. */
export function where(...found: (Finding | false)[]): Finding[] {
  return found.filter((one) => one !== false);
}
