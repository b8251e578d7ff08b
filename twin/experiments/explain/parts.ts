/**
 * Every part that an explanation can make perfect, in the order in which parts of (nearly) equal effect
 * are named. The list is open: a new part of the store or the twin is one {@link Part} more.
 * Promotions are none: they win orders that would not be, so what is perfect of them is no loss.
 */
import type { PlanSpec } from "../../scenario/scenario.ts";
import { bots, limits, waitingRoom } from "./door-parts.ts";
import type { Part } from "./part.ts";
import { cdn, database, faults, neighbours, scaling, servers } from "./platform-parts.ts";
import { authentication, declines, payments, stock } from "./shop-parts.ts";

export const PARTS: readonly Part[] = [
  // First: servers that are enough without other sellers or a fault are not too few, though more would do.
  neighbours,
  faults,
  servers,
  scaling,
  database,
  cdn,
  payments,
  declines,
  authentication,
  waitingRoom,
  bots,
  limits,
  // Last: units that bots hold are not short, though more of them would do as well as no bots.
  stock,
];

/** The parts that a plan has, in the order of the list. */
export function partsOf(plan: PlanSpec): readonly Part[] {
  return PARTS.filter((part) => part.applies(plan));
}

/** The plan with these parts perfect, whatever order they are given in. */
export function perfected(plan: PlanSpec, parts: readonly Part[]): PlanSpec {
  return PARTS.filter((part) => parts.includes(part)).reduce(
    (made, part) => part.perfected(made),
    plan,
  );
}
