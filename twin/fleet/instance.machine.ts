/**
 * The life of an instance as a picture: ordered it boots, then warms up, then serves until it is
 * removed and drains. An instance that crashes restarts its application and warms up once more.
 * One that is ordered for the warm pool is parked when it has warmed up, and only has to start when
 * it is called.
 * The fleet runs on a table built from this machine (`instance-table.ts`).
 */
import { setup } from "xstate";

/**
 * `elapsed`: the time that the present state takes is over. `emptied`: no request is left inside.
 * `lose`: its zone is lost, and it with it. `park`: into the warm pool. `start`: out of it.
 */
export type InstanceEvent = "elapsed" | "remove" | "emptied" | "crash" | "lose" | "park" | "start";

export const instanceMachine = setup({
  types: { events: {} as { type: InstanceEvent } },
}).createMachine({
  id: "instance",
  initial: "booting",
  states: {
    booting: { on: { elapsed: "warming", remove: "gone", lose: "gone" } },
    warming: { on: { elapsed: "serving", park: "pooled", remove: "gone", lose: "gone" } },
    pooled: { on: { start: "starting", remove: "gone", lose: "gone" } },
    starting: { on: { elapsed: "serving", remove: "gone", lose: "gone" } },
    serving: { on: { remove: "draining", crash: "restarting", lose: "gone" } },
    draining: { on: { elapsed: "gone", emptied: "gone", crash: "gone", lose: "gone" } },
    restarting: { on: { elapsed: "warming", remove: "gone", lose: "gone" } },
    gone: { type: "final" },
  },
});
