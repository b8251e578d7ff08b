/** Bulkheads in the fleet: what one seller does to another on the same instances. */
import { describe, expect, it } from "vitest";
import type { RandomStream } from "../../engine/random.ts";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import type { SideBySideSpec } from "../scenario/scenario.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { Fleet, OK, type Outcome, REFUSED } from "./fleet.ts";
import { askedFor } from "./jobs.ts";

const CPU = 50 * MILLISECOND;
const NEIGHBOUR = 1;

interface Load {
  readonly cores: number;
  readonly backlog: number;
  /** Requests per second of the sale and of the neighbour, and how many of each. */
  readonly sale: number;
  readonly neighbour: number;
  readonly seconds: number;
  readonly kept: number | null;
  /** The neighbour's. */
  readonly share: number;
}

interface Answer {
  readonly outcome: Outcome;
  readonly latency: Ticks;
}

/** One instance, the sale and one neighbour; the neighbour's requests are the same in every load. */
function loaded(load: Load) {
  const simulation = new Simulation({ seed: "bulkheads" });
  const sale: Answer[] = [];
  const neighbour: Answer[] = [];
  const pages = { landing: 1, list: 0, product: 0, cart: 0, checkout: 0, payment: 0 };
  const sideBySide: SideBySideSpec = {
    neighbours: [{ name: "other", rate: load.neighbour, pages, share: load.share }],
    bulkheads: load.kept === null ? null : { kept: load.kept },
    shedding: null,
  };
  const { cores, backlog } = load;
  const spec = fleetSpec({ cores, backlog, demand: { cpu: CPU, cv: 1.1 } });
  const told = (request: number, outcome: Outcome, latency: Ticks) => {
    sale[request] = { outcome, latency };
  };
  const fleet = new Fleet(simulation, spec, told, { sideBySide });
  fleet.tellOthers((_seller, request, outcome, latency) => {
    neighbour[request] = { outcome, latency };
  });
  const work = simulation.random("test.work");
  stream(simulation, "sale", load.sale, load.seconds, (n) => fleet.submit(n, LANDING, n, 1));
  stream(simulation, "neighbour", load.neighbour, load.seconds, (n) =>
    fleet.submitFor(NEIGHBOUR, n, askedFor(LANDING, 0, NEIGHBOUR), work.at(n)),
  );
  simulation.run();
  return { fleet, sale, neighbour, simulation };
}

function stream(
  simulation: Simulation,
  name: string,
  perSecond: number,
  seconds: number,
  send: (n: number) => void,
): void {
  if (perSecond === 0) return;
  const gaps: RandomStream = simulation.random(`test.${name}`);
  const event = simulation.defineEvent(`test.${name}`, (n) => {
    send(n);
    const gap = Math.round((gaps.exponential() * SECOND) / perSecond);
    if (simulation.now + gap < seconds * SECOND) simulation.scheduleAfter(gap, event, n + 1);
  });
  simulation.schedule(0, event, 0);
}

/** Of those who were served. */
function mean(answers: readonly Answer[]): Ticks {
  const served = answers.filter(({ outcome }) => outcome === OK);
  return served.reduce((sum, { latency }) => sum + latency, 0) / served.length;
}

const refused = (answers: readonly Answer[]) =>
  answers.filter(({ outcome }) => outcome === REFUSED).length;

/** The neighbour's two of eight cores are half busy; the sale asks for three times what there is. */
const rush: Load = {
  cores: 8,
  backlog: 400,
  sale: 480,
  neighbour: 20,
  seconds: 300,
  kept: 0,
  share: 0.25,
};

describe("bulkheads in an instance", () => {
  it("serve a seller whose part is never lent exactly as a server of their own would", () => {
    const beside = loaded({ ...rush, kept: 1 });
    const alone = loaded({ ...rush, cores: 2, backlog: 100, sale: 0, kept: null });
    expect(beside.neighbour).toHaveLength(alone.neighbour.length);
    expect(beside.neighbour).toEqual(alone.neighbour);
    expect(refused(beside.sale)).toBeGreaterThan(1_000);
  });

  it("keep a rush away from the neighbour where all that is idle is lent", () => {
    const quiet = mean(loaded({ ...rush, sale: 0 }).neighbour);
    const apart = loaded(rush);
    const shared = loaded({ ...rush, kept: null });
    expect(mean(apart.neighbour)).toBeLessThan(1.5 * quiet);
    expect(refused(apart.neighbour)).toBe(0);
    expect(mean(shared.neighbour)).toBeGreaterThan(20 * quiet);
    expect(refused(shared.neighbour)).toBeGreaterThan(1_000);
  });

  it("waste no core: what one seller leaves idle the other uses", () => {
    const { fleet, simulation } = loaded({ ...rush, neighbour: 0 });
    const busy = fleet.lifecycle.instances.busyTicks(0, simulation.now) / simulation.now;
    expect(busy / 8).toBeGreaterThan(0.98);
  });

  it("refuse a seller whose own part of the backlog is full, and nobody else", () => {
    const { sale, neighbour } = loaded({ ...rush, neighbour: 480, sale: 20 });
    expect(refused(neighbour)).toBeGreaterThan(1_000);
    expect(refused(sale)).toBe(0);
  });

  it("lose nobody, whatever the instance goes through", () => {
    const { fleet, sale, neighbour } = loaded(rush);
    const { accepted, answered, refused: turnedAway } = fleet.figures;
    expect(fleet.inFlight).toBe(0);
    expect(accepted).toBe(answered);
    expect(accepted + turnedAway).toBe(sale.length + neighbour.length);
  });

  it("begin anew with an instance that crashed", () => {
    const simulation = new Simulation({ seed: "crash" });
    const outcomes: Outcome[] = [];
    const pages = { landing: 1, list: 0, product: 0, cart: 0, checkout: 0, payment: 0 };
    const fleet = new Fleet(
      simulation,
      fleetSpec({ cores: 2, backlog: 10 }),
      (request, outcome) => {
        outcomes[request] = outcome;
      },
      {
        sideBySide: {
          neighbours: [{ name: "other", rate: 1, pages, share: 0.5 }],
          bulkheads: { kept: 1 },
          shedding: null,
        },
      },
    );
    const submit = (from: number, to: number) => {
      for (let n = from; n < to; n += 1) fleet.submit(n, LANDING, n, 1);
    };
    submit(0, 6);
    fleet.lifecycle.crash(0);
    expect(new Set(outcomes)).toEqual(new Set([2]));
    simulation.run({ until: 500 * SECOND });
    submit(6, 12);
    simulation.run();
    expect(outcomes.slice(6)).toEqual(Array.from({ length: 6 }, () => OK));
    expect(fleet.inFlight).toBe(0);
  });
});
