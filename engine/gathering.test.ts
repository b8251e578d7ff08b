import { describe, expect, it } from "vitest";
import { Gathering } from "./gathering.ts";
import { type Behaviour, type Process, Processes } from "./process.ts";
import { Simulation } from "./simulation.ts";
import { SECOND } from "./time.ts";

function bus(options: { size: number; patience?: number }): {
  simulation: Simulation;
  gathering: Gathering;
  left: string[];
  come(name: string, at: number): Process;
} {
  const simulation = new Simulation({ seed: "gathering.test" });
  const processes = new Processes(simulation);
  const gathering = new Gathering(processes, { name: "bus", ...options });
  const left: string[] = [];
  function* rider(name: string, at: number): Behaviour {
    yield at * SECOND;
    yield gathering;
    left.push(`${simulation.now / SECOND} ${name}`);
  }
  return {
    simulation,
    gathering,
    left,
    come: (name, at) => processes.start(name, rider(name, at)),
  };
}

describe("a gathering", () => {
  it("leaves when it is full, with everybody who waited", () => {
    const { simulation, gathering, left, come } = bus({ size: 3 });
    for (const [index, name] of ["a", "b", "c", "d"].entries()) come(name, index);
    simulation.run();
    expect([...left].sort()).toEqual(["2 a", "2 b", "2 c"]);
    expect(gathering.left).toEqual({ batches: 1, members: 3 });
    expect(gathering.waiting).toBe(1);
  });

  it("leaves half empty when its first member has waited long enough", () => {
    const { simulation, gathering, left, come } = bus({ size: 3, patience: 5 * SECOND });
    come("a", 1);
    come("b", 4);
    come("c", 7);
    simulation.run();
    expect(left).toEqual(["6 a", "6 b", "12 c"]);
    expect(gathering.left).toEqual({ batches: 2, members: 3 });
  });

  it("does not count who has gone home", () => {
    const { simulation, gathering, left, come } = bus({ size: 2, patience: 5 * SECOND });
    const a = come("a", 0);
    come("b", 2);
    const home = simulation.defineEvent("home", () => {
      a.interruptWith("home");
    });
    simulation.schedule(SECOND, home, 0);
    simulation.run();
    expect(left).toEqual(["7 b"]);
    expect(gathering.left.members).toBe(1);
  });
});
