/** The parts at the shop's door that can be made perfect: the waiting room, bots, limits. */
import type { Part } from "./part.ts";
import { withWorld } from "./platform-parts.ts";

export const waitingRoom: Part = {
  name: "waiting-room",
  perfect: "everybody walks straight in: nobody waits and nobody goes away at the door",
  applies: ({ world }) => world.waitingRoom !== null,
  perfected: (plan) => withWorld(plan, () => ({ waitingRoom: null })),
  distorts: (metric) => /^queue([.{]|$)/u.test(metric),
};

/** The raids are over as they begin, so that how shoppers fare beside them is still counted. */
export const bots: Part = {
  name: "bots",
  perfect: "no bot comes: there is no raid",
  applies: ({ world }) => world.bots.some(({ at, ends }) => ends > at),
  perfected: (plan) =>
    withWorld(plan, (world) => ({ bots: world.bots.map((raid) => ({ ...raid, ends: raid.at })) })),
  distorts: (metric) => /^bots([.{]|$)/u.test(metric),
};

/** Limits that hit bots alone, as no store can have them: the raid stays as limited as it was. */
export const limits: Part = {
  name: "limits",
  perfect: "no limit on requests, holds or people turns a shopper away; bots are limited as before",
  applies: ({ world }) => Object.values(world.limits).some((limit) => limit !== null),
  perfected: (plan) =>
    withWorld(plan, (world) => ({ limits: { ...world.limits, spareShoppers: true } })),
  // Shoppers whom no limit asks who they are leave no marks by which people are told apart.
  distorts: (metric) => metric === "units.people.share",
};
