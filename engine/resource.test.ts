import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Behaviour, Interrupt, type Process, Processes } from "./process.ts";
import { type ClaimOptions, Preempted, Resource, type ResourceOptions } from "./resource.ts";
import { Simulation } from "./simulation.ts";
import { SECOND } from "./time.ts";

interface Shop {
  readonly simulation: Simulation;
  readonly processes: Processes;
  readonly tills: Resource;
  readonly diary: string[];
  /** A shopper who comes at a second, wants a till for some seconds, and tells the diary. */
  come(name: string, at: number, service: number, claim?: ClaimOptions): Process;
}

function shop(options: Partial<ResourceOptions> = {}): Shop {
  const simulation = new Simulation({ seed: "resource.test" });
  const processes = new Processes(simulation);
  const tills = new Resource(processes, { name: "tills", capacity: 1, ...options });
  const diary: string[] = [];
  function* shopper(name: string, at: number, service: number, options?: ClaimOptions): Behaviour {
    yield at * SECOND;
    const claim = tills.request(options);
    yield claim;
    diary.push(`${simulation.now / SECOND} ${name} ${claim.state}`);
    if (claim.state !== "held") return;
    yield service * SECOND;
    claim.release();
  }
  const come: Shop["come"] = (name, at, service, claim) =>
    processes.start(name, shopper(name, at, service, claim));
  return { simulation, processes, tills, diary, come };
}

describe("a resource", () => {
  it("serves first come, first served, as many at once as it has units", () => {
    const { simulation, come, diary, tills } = shop({ capacity: 2 });
    come("ann", 0, 10);
    come("bob", 1, 5);
    come("cat", 2, 5);
    come("dan", 3, 5);
    simulation.run();
    expect(diary).toEqual(["0 ann held", "1 bob held", "6 cat held", "10 dan held"]);
    expect(tills.inUse).toBe(0);
    expect(tills.use.peak).toBe(2);
    expect(tills.waitTotal).toBe((4 + 7) * SECOND);
    expect(tills.use.integral(simulation.now)).toBe(25 * SECOND);
  });

  it("serves the urgent first, and equals in the order they came", () => {
    const { simulation, come, diary } = shop();
    come("ann", 0, 10);
    come("bob", 1, 1, { priority: 5 });
    come("cat", 2, 1, { priority: -1 });
    come("dan", 3, 1, { priority: 5 });
    come("eve", 4, 1);
    simulation.run();
    expect(diary.map((line) => line.split(" ")[1])).toEqual(["ann", "cat", "eve", "bob", "dan"]);
  });

  it("does not let small claims starve a large one", () => {
    const { simulation, come, diary } = shop({ capacity: 3 });
    come("ann", 0, 10, { amount: 2 });
    come("big", 1, 1, { amount: 3 });
    come("small", 2, 1, { amount: 1 });
    simulation.run();
    expect(diary).toEqual(["0 ann held", "10 big held", "11 small held"]);
  });

  it("turns away who finds the queue full (balking)", () => {
    const { simulation, come, diary, tills } = shop({ queueLimit: 1 });
    come("ann", 0, 10);
    come("bob", 1, 1);
    come("cat", 2, 1);
    come("dan", 12, 1, { queueLimit: 0 });
    simulation.run();
    expect(diary).toEqual(["0 ann held", "2 cat balked", "10 bob held", "12 dan held"]);
    expect(tills.counts).toEqual({ granted: 3, balked: 1, reneged: 0, withdrawn: 0, preempted: 0 });
  });

  it("lets go who has waited long enough (reneging), and those behind move up", () => {
    const { simulation, come, diary, tills } = shop({ capacity: 2 });
    come("ann", 0, 10);
    come("big", 1, 1, { amount: 2, patience: 3 * SECOND });
    come("cat", 2, 1);
    simulation.run();
    expect(diary).toEqual(["0 ann held", "4 big reneged", "4 cat held"]);
    expect(tills.counts.reneged).toBe(1);
  });

  it("does not time out a claim that is granted in the same instant", () => {
    const { simulation, come, diary } = shop();
    come("ann", 0, 4);
    come("bob", 1, 1, { patience: 3 * SECOND });
    simulation.run();
    // Ann's departure was scheduled first, so at second 4 bob is served, not lost.
    expect(diary[1]).toMatch(/^4 bob (held|reneged)$/);
    expect(simulation.pending).toBe(0);
  });

  it("gives units out when its capacity grows, and takes them back as they are released", () => {
    const { simulation, processes, come, diary, tills } = shop();
    come("ann", 0, 10);
    come("bob", 1, 10);
    come("cat", 2, 10);
    function* manager(): Behaviour {
      yield 3 * SECOND;
      tills.setCapacity(3);
      yield 1 * SECOND;
      tills.setCapacity(0);
      expect(tills.inUse).toBe(3);
      yield 20 * SECOND;
      expect(tills.inUse).toBe(0);
      tills.setCapacity(1);
    }
    processes.start("manager", manager());
    come("dan", 5, 1);
    simulation.run();
    expect(diary).toEqual(["0 ann held", "3 bob held", "3 cat held", "24 dan held"]);
  });

  it("evicts the least urgent where it is told to", () => {
    const { simulation, processes, come, tills } = shop({ capacity: 3 });
    const holders = [5, 0, 5].map((priority, index) => come(`h${index}`, index, 100, { priority }));
    function* manager(): Behaviour {
      yield 10 * SECOND;
      tills.setCapacity(1, { evict: true });
      expect(tills.inUse).toBe(1);
    }
    processes.start("manager", manager());
    simulation.run();
    expect(holders.map(({ outcome }) => outcome.kind)).toEqual([
      "interrupted",
      "ended",
      "interrupted",
    ]);
    expect(tills.counts.preempted).toBe(2);
  });

  it("gives the place of the least urgent holder to a claim that preempts", () => {
    const { simulation, processes, come, diary, tills } = shop();
    function* patient(): Behaviour<number> {
      let left = 10 * SECOND;
      for (let attempts = 0; attempts < 5 && left > 0; attempts++) {
        const claim = tills.request({ priority: 5 });
        yield claim;
        const began = simulation.now;
        try {
          yield left;
          left = 0;
          claim.release();
        } catch (error) {
          if (!(error instanceof Interrupt && error.cause instanceof Preempted)) throw error;
          expect(error.cause.claim).toBe(claim);
          expect(claim.state).toBe("preempted");
          left -= simulation.now - began;
        }
      }
      return simulation.now;
    }
    const process = processes.start("patient", patient());
    come("equal", 1, 1, { priority: 5, preempt: true });
    come("urgent", 4, 3, { priority: 0, preempt: true });
    simulation.run();
    // Urgent takes 4 to 7, equal has waited longer than the rest of patient's work: 7 to 8, then 8
    // to 14.
    expect(diary).toEqual(["4 urgent held", "7 equal held"]);
    expect(process.outcome).toEqual({ kind: "ended", value: 14 * SECOND });
  });

  it("preempts nobody where even all of them would not make room", () => {
    const { simulation, come, diary, tills } = shop({ capacity: 2 });
    come("low", 0, 10, { priority: 5 });
    come("high", 0, 20, { priority: 0 });
    come("both", 1, 1, { priority: 1, amount: 2, preempt: true });
    simulation.run();
    expect(tills.counts.preempted).toBe(0);
    expect(diary.at(-1)).toBe("20 both held");
  });

  it("gets back what a process held when it ends, however it ends", () => {
    const { simulation, processes, come, diary, tills } = shop({ capacity: 2 });
    function* careless(): Behaviour {
      yield tills.request();
      yield tills.request();
      yield 5 * SECOND;
    }
    processes.start("careless", careless());
    const victim = processes.start("victim", careless());
    come("next", 1, 1);
    function* killer(): Behaviour {
      yield 7 * SECOND;
      victim.interruptWith("out");
    }
    processes.start("killer", killer());
    simulation.run();
    // At 5 the first of the careless ends: one unit for the second of them, one for who came next.
    expect(diary).toEqual(["5 next held"]);
    expect(victim.outcome.kind).toBe("interrupted");
    expect([tills.inUse, tills.waiting]).toEqual([0, 0]);
  });

  it("withdraws the claim of a process that is interrupted while it waits", () => {
    const { simulation, processes, come, diary, tills } = shop();
    come("ann", 0, 10);
    const bob = come("bob", 1, 10);
    come("cat", 2, 1);
    function* phone(): Behaviour {
      yield 3 * SECOND;
      bob.interruptWith("home");
    }
    processes.start("phone", phone());
    simulation.run();
    expect(diary).toEqual(["0 ann held", "10 cat held"]);
    expect(tills.counts.withdrawn).toBe(1);
  });

  it("passes on a unit granted in the very instant its process is interrupted", () => {
    const { simulation, processes, come, diary, tills } = shop({ capacity: 0 });
    const ann = come("ann", 0, 10);
    come("bob", 1, 1);
    const open = simulation.defineEvent("open", () => {
      tills.setCapacity(1);
      ann.interruptWith("home");
    });
    simulation.schedule(5 * SECOND, open, 0);
    simulation.run();
    expect(diary).toEqual(["5 bob held"]);
    expect([tills.inUse, processes.alive]).toEqual([0, 0]);
  });

  it("never has more in use than its capacity, and loses no claim, whatever happens", () => {
    const visit = fc.record({
      at: fc.nat(30),
      service: fc.nat(10),
      amount: fc.integer({ min: 1, max: 3 }),
      priority: fc.integer({ min: 0, max: 2 }),
      patience: fc.option(fc.nat(10), { nil: undefined }),
      preempt: fc.boolean(),
      interruptAt: fc.option(fc.nat(40), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 25 }), (visits) => {
        const { simulation, come, tills, processes } = shop({ capacity: 3, queueLimit: 6 });
        const shoppers = visits.map(({ at, service, amount, priority, preempt, patience }, index) =>
          come(`${index}`, at, service, {
            amount,
            priority,
            preempt,
            ...(patience === undefined ? {} : { patience: patience * SECOND }),
          }),
        );
        const call = simulation.defineEvent("call", (index) => {
          shoppers[index].interruptWith("call");
        });
        for (const [index, { interruptAt }] of visits.entries()) {
          if (interruptAt !== undefined) simulation.schedule(interruptAt * SECOND, call, index);
        }
        simulation.onEvent(() => {
          expect(tills.inUse).toBeLessThanOrEqual(3);
          expect(tills.waiting).toBeLessThanOrEqual(6);
        });
        expect(simulation.run()).toBe("drained");
        expect([tills.inUse, tills.waiting, processes.alive]).toEqual([0, 0, 0]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
