import { Context, Effect, FiberRef } from "effect";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND } from "../../engine/time.ts";
import { sealed } from "./sealed-globals.ts";
import { VirtualRuntime } from "./virtual-effect.ts";

function world() {
  const simulation = new Simulation({ seed: "lanes" });
  const runtime = new VirtualRuntime({ simulation, epochMillis: 0, services: Context.empty() });
  return { simulation, runtime };
}

describe("a lane", () => {
  it("runs one program after the other on one fiber", () => {
    const { runtime } = world();
    const fibers = new Set<unknown>();
    sealed(() => {
      for (let program = 0; program < 1_000; program += 1) {
        runtime.run(Effect.fiberId, (fiber) => fibers.add(fiber));
      }
    });
    expect(fibers.size).toBe(1);
  });

  it("leaves a program that sleeps alone: what starts meanwhile has another fiber", () => {
    const { simulation, runtime } = world();
    const fibers = new Set<unknown>();
    sealed(() => {
      for (let program = 0; program < 10; program += 1) {
        const sleeps = Effect.zipRight(runtime.sleep(SECOND), Effect.fiberId);
        runtime.run(sleeps, (fiber) => fibers.add(fiber));
      }
      simulation.run();
    });
    expect(fibers.size).toBe(10);
  });

  it("ends the run of a program that sets a reference of its fiber for good", () => {
    const { runtime } = world();
    const reference = FiberRef.unsafeMake("as before");
    runtime.run(Effect.locally(Effect.void, reference, "for a while"), () => {});
    const lasting = FiberRef.set(reference, "for good");
    expect(() => {
      for (let program = 0; program < 1_000; program += 1) runtime.run(lasting, () => {});
    }).toThrow(/references of its fiber/);
  });
});
