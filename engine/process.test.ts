import { describe, expect, it } from "vitest";
import { BrokenAssumption } from "./assert.ts";
import { within } from "./limited-wait.ts";
import {
  type Behaviour,
  Interrupt,
  type Process,
  Processes,
  ProcessFailure,
  Signal,
} from "./process.ts";
import { Simulation } from "./simulation.ts";
import { MINUTE, SECOND } from "./time.ts";

function world(): { simulation: Simulation; processes: Processes; diary: string[] } {
  const simulation = new Simulation({ seed: "process.test" });
  return { simulation, processes: new Processes(simulation), diary: [] };
}

describe("a process", () => {
  it("goes on when its delay is over, and ends with a value", () => {
    const { simulation, processes } = world();
    const seen: number[] = [];
    function* walker(): Behaviour<string> {
      seen.push(simulation.now);
      yield 3 * SECOND;
      seen.push(simulation.now);
      yield 2 * SECOND;
      return "home";
    }
    const process = processes.start("walker", walker());
    expect(process.outcome).toEqual({ kind: "going" });
    expect(simulation.run()).toBe("drained");
    expect(seen).toEqual([0, 3 * SECOND]);
    expect(process.outcome).toEqual({ kind: "ended", value: "home" });
    expect([simulation.now, processes.alive]).toEqual([5 * SECOND, 0]);
  });

  it("runs in the order in which it became ready, never inside another", () => {
    const { simulation, processes, diary } = world();
    function* child(name: string): Behaviour {
      diary.push(`${name} begins`);
      yield 0;
      diary.push(`${name} ends`);
    }
    function* parent(): Behaviour {
      yield SECOND;
      processes.start("first", child("first"));
      processes.start("second", child("second"));
      diary.push("parent goes on");
    }
    processes.start("parent", parent());
    simulation.run();
    expect(diary).toEqual([
      "parent goes on",
      "first begins",
      "second begins",
      "first ends",
      "second ends",
    ]);
  });

  it("waits for the end of another, and does not wait for one that has ended", () => {
    const { simulation, processes } = world();
    function* baker(): Behaviour<number> {
      yield MINUTE;
      return 12;
    }
    const loaves = processes.start("baker", baker());
    const times: number[] = [];
    function* buyer(late: number): Behaviour {
      yield late;
      yield loaves;
      times.push(simulation.now);
      expect(loaves.outcome).toEqual({ kind: "ended", value: 12 });
    }
    processes.start("early", buyer(0));
    processes.start("late", buyer(2 * MINUTE));
    simulation.run();
    expect(times).toEqual([MINUTE, 2 * MINUTE]);
  });

  it("names itself in the error that ends the run", () => {
    const { simulation, processes } = world();
    // biome-ignore lint/correctness/useYield: it fails before it waits, which is the point.
    function* clumsy(): Behaviour {
      throw new TypeError("dropped it");
    }
    processes.start("waiter 7", clumsy());
    expect(() => simulation.run()).toThrow(ProcessFailure);
  });

  it("stays a broken assumption where it broke one, with its name added", () => {
    const { simulation, processes } = world();
    function* wrong(): Behaviour {
      yield -1;
    }
    processes.start("waiter 8", wrong());
    expect(() => simulation.run()).toThrow(BrokenAssumption);
  });

  it("is refused when more are alive than the limit allows", () => {
    const simulation = new Simulation({ seed: "limit" });
    const processes = new Processes(simulation, { limit: 2 });
    function* sleeper(): Behaviour {
      yield SECOND;
    }
    processes.start("one", sleeper());
    processes.start("two", sleeper());
    expect(() => processes.start("three", sleeper())).toThrow("below their limit");
    simulation.run();
    expect(() => processes.start("again", sleeper())).not.toThrow();
  });

  it("is reported while it has not ended", () => {
    const { simulation, processes } = world();
    function* sleeper(): Behaviour {
      yield MINUTE;
    }
    processes.start("sleeper", sleeper());
    simulation.run({ until: SECOND });
    expect([...processes.unfinished()].map((process) => process.name)).toEqual(["sleeper"]);
  });
});

describe("an interrupt", () => {
  it("reaches the generator where it waits, and may be caught", () => {
    const { simulation, processes, diary } = world();
    function* sleeper(): Behaviour<number> {
      try {
        yield MINUTE;
      } catch (error) {
        expect(error).toBeInstanceOf(Interrupt);
        diary.push(`woken at ${simulation.now / SECOND}: ${(error as Interrupt).cause}`);
      }
      yield SECOND;
      return simulation.now;
    }
    const process = processes.start("sleeper", sleeper());
    function* alarm(): Behaviour {
      yield 5 * SECOND;
      expect(process.interruptWith("fire")).toBe(true);
      expect(process.interruptWith("flood")).toBe(false);
    }
    processes.start("alarm", alarm());
    simulation.run();
    expect(diary).toEqual(["woken at 5: fire"]);
    expect(process.outcome).toEqual({ kind: "ended", value: 6 * SECOND });
    expect(simulation.now).toBe(6 * SECOND);
  });

  it("ends who does not catch it, runs its `finally`, and wakes who waits for it", () => {
    const { simulation, processes, diary } = world();
    function* sleeper(): Behaviour {
      try {
        yield MINUTE;
      } finally {
        diary.push("tidied up");
      }
    }
    const process = processes.start("sleeper", sleeper());
    function* friend(): Behaviour {
      yield process;
      diary.push(`friend knows at ${simulation.now / SECOND}`);
    }
    function* alarm(): Behaviour {
      yield SECOND;
      process.interruptWith("fire");
    }
    processes.start("friend", friend());
    processes.start("alarm", alarm());
    simulation.run();
    expect(process.outcome).toEqual({ kind: "interrupted", cause: "fire" });
    expect(diary).toEqual(["tidied up", "friend knows at 1"]);
    expect(process.interruptWith("late")).toBe(false);
  });

  it("comes from an event of any model as well as from a process", () => {
    const { simulation, processes } = world();
    function* sleeper(): Behaviour {
      yield MINUTE;
    }
    const process = processes.start("sleeper", sleeper());
    const outage = simulation.defineEvent("outage", () => {
      process.interruptWith("outage");
    });
    simulation.schedule(SECOND, outage, 0);
    expect(simulation.run()).toBe("drained");
    expect(process.outcome).toEqual({ kind: "interrupted", cause: "outage" });
    expect(simulation.now).toBe(SECOND);
  });

  it("leaves nobody in a queue: who is interrupted is not woken again", () => {
    const { simulation, processes, diary } = world();
    const doors = new Signal(processes);
    function* guest(name: string): Behaviour {
      yield doors;
      diary.push(name);
    }
    const guests = ["ann", "bob", "cat"].map((name) => processes.start(name, guest(name)));
    function* host(): Behaviour {
      yield SECOND;
      guests[1].interruptWith("called home");
      expect(doors.size).toBe(2);
      doors.fire();
      // Already woken, not yet run: the interrupt still arrives first.
      guests[2].interruptWith("called home");
    }
    processes.start("host", host());
    simulation.run();
    expect(diary).toEqual(["ann"]);
  });

  it("is not sent to oneself", () => {
    const { simulation, processes } = world();
    let self: Process | null = null;
    function* odd(): Behaviour {
      yield SECOND;
      self?.interruptWith("why");
    }
    self = processes.start("odd", odd());
    expect(() => simulation.run()).toThrow("does not interrupt itself");
  });
});

describe("a wait with a limit", () => {
  it("ends when what was waited for comes, or when the patience ends", () => {
    const { simulation, processes, diary } = world();
    const doors = new Signal(processes);
    function* guest(name: string, patience: number): Behaviour {
      const wait = within(processes, doors, patience);
      yield wait;
      diary.push(`${name} ${wait.expired ? "left" : "came in"} at ${simulation.now / SECOND}`);
      yield 10 * SECOND;
    }
    function* host(): Behaviour {
      yield 5 * SECOND;
      doors.fire();
    }
    processes.start("ann", guest("ann", 2 * SECOND));
    processes.start("bob", guest("bob", MINUTE));
    processes.start("host", host());
    simulation.run();
    expect(diary).toEqual(["ann left at 2", "bob came in at 5"]);
    expect(simulation.now).toBe(15 * SECOND);
  });
});

it("the same seed and the same processes give the same digest", () => {
  const run = (): string => {
    const { simulation, processes } = world();
    const random = simulation.random("walk");
    function* walker(left: number): Behaviour {
      yield Math.round(random.exponential() * SECOND);
      if (left > 0) processes.start("next", walker(left - 1));
    }
    for (let index = 0; index < 20; index++) processes.start("walker", walker(20));
    simulation.run();
    return simulation.digest.hex();
  };
  expect(run()).toBe(run());
});
