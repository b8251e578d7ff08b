import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Rehearsal } from "../../twin/result.ts";
import { rehearse } from "../../twin/world.ts";
import {
  type BackgroundJob,
  BackgroundRehearsals,
  type RehearsalBatch,
} from "./background-rehearsals.ts";
import { smallPlan } from "./testing/small-plan.ts";
import { bundledWorker } from "./testing/worker-text.ts";

const plan = smallPlan([], 0.2);
const jobs = ["one", "two", "three"].map((seed): BackgroundJob => ({ plan, seed }));

let background: BackgroundRehearsals;
beforeAll(async () => {
  background = new BackgroundRehearsals({ workers: 2, program: await bundledWorker() });
});
afterAll(() => background.close());

interface Done {
  readonly rehearsals: readonly (Rehearsal | undefined)[];
  readonly failures: readonly string[];
}

/** A batch to its end; `during` is called with it after each rehearsal. */
function done(
  work: readonly BackgroundJob[],
  on: BackgroundRehearsals = background,
  during: (batch: RehearsalBatch) => void = () => {},
): Promise<Done> {
  return new Promise((resolve) => {
    const rehearsals: Rehearsal[] = [];
    const failures: string[] = [];
    const batch = on.submit(work, {
      onRehearsed: (place, rehearsal) => {
        rehearsals[place] = rehearsal;
        during(batch);
      },
      onFailed: (place, why) => {
        failures[place] = why;
      },
      onEnd: () => resolve({ rehearsals, failures }),
    });
  });
}

describe("rehearsals in the background", () => {
  it("are those of the main thread, each told of as it comes, batch after batch", async () => {
    const shares: number[] = [];
    const first = await done(jobs, background, ({ progress }) => shares.push(progress));
    expect(first.rehearsals).toEqual(jobs.map((job) => rehearse(job)));
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect([shares.length, shares.at(-1)]).toEqual([3, 1]);
    const interventions = [{ kind: "instances", at: 0, min: 3, max: 3 }] as const;
    const [changed] = (await done([{ plan, seed: "one", interventions }])).rehearsals;
    expect(changed?.metrics["instances.peak"]).toBe(3);
  });

  it("tell nothing more once they are cancelled, and leave the workers to others", async () => {
    const large = smallPlan(["audience.recipients=200k"]);
    let told = 0;
    const hear = () => {
      told += 1;
    };
    const never = background.submit(
      Array.from({ length: 8 }, (_, index) => ({ plan: large, seed: String(index) })),
      { onRehearsed: hear, onFailed: hear, onEnd: hear },
    );
    const next = done(jobs.slice(0, 1));
    never.cancel();
    expect((await next).rehearsals).toHaveLength(1);
    await done(jobs.slice(1, 2));
    expect(told).toBe(0);
  });

  it("that cannot be are told of with the reason, and so is a worker that ends", async () => {
    const impossible: BackgroundJob = {
      plan,
      seed: "one",
      interventions: [{ kind: "room-capacity", at: 0, capacity: 5 }],
    };
    const { failures } = await done([impossible]);
    expect(failures[0]).toMatch(/no waiting room/);
    const broken = new BackgroundRehearsals({ workers: 1, program: "process.exit(3)" });
    const lost = await done(jobs.slice(0, 2), broken);
    expect(lost.failures).toHaveLength(2);
    await broken.close();
  });
});
