/**
 * The phases of a sale as a picture. It is told the time and never looks at a clock; the store's
 * hot paths ask `phaseAt` instead, and a test holds the two together. A pause is no phase of its own
 * here: it stands beside the clock.
 */
import { setup } from "xstate";
import type { SaleTimes } from "./sale.ts";

/** The time is now `now`, milliseconds since 1970. */
interface TimePassed {
  readonly type: "time passed";
  readonly now: number;
}

export const saleMachine = setup({
  types: {
    context: {} as SaleTimes,
    input: {} as SaleTimes,
    events: {} as TimePassed,
  },
  guards: {
    earlyAccessReached: ({ context, event }) => event.now >= context.earlyAccessAt,
    publicReached: ({ context, event }) => event.now >= context.publicAt,
    closeReached: ({ context, event }) => event.now >= context.closesAt,
  },
}).createMachine({
  id: "sale",
  context: ({ input }) => input,
  initial: "scheduled",
  states: {
    scheduled: {
      on: {
        "time passed": [
          { guard: "closeReached", target: "closed" },
          { guard: "publicReached", target: "public" },
          { guard: "earlyAccessReached", target: "early-access" },
        ],
      },
    },
    "early-access": {
      on: {
        "time passed": [
          { guard: "closeReached", target: "closed" },
          { guard: "publicReached", target: "public" },
        ],
      },
    },
    public: {
      on: { "time passed": { guard: "closeReached", target: "closed" } },
    },
    closed: { type: "final" },
  },
});
