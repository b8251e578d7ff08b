import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import { rehearse } from "../../twin/world.ts";
import {
  type SteppedClient,
  type SteppedListener,
  type SteppedUpdate,
  startSteppedClient,
} from "./stepped-client.ts";
import { smallPlan } from "./testing/small-plan.ts";
import { bundledWorker } from "./testing/worker-text.ts";

const plan = smallPlan();
const SEED = "client";

type Told = {
  readonly update?: SteppedUpdate;
  readonly refused?: string;
  readonly failed?: string;
};

/** What a client tells, to be waited for one after the other. */
class Ear implements SteppedListener {
  readonly #told: Told[] = [];
  #wake: () => void = () => {};

  onUpdate = (update: SteppedUpdate) => this.#take({ update });
  onRefused = (refused: string) => this.#take({ refused });
  onFailed = (failed: string) => this.#take({ failed });

  async next(): Promise<Told> {
    for (;;) {
      const told = this.#told.shift();
      if (told !== undefined) return told;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The first update that is so; a refusal or a failure before it is none. */
  async update(is: (update: SteppedUpdate) => boolean = () => true): Promise<SteppedUpdate> {
    for (;;) {
      const { update, refused, failed } = await this.next();
      if (update === undefined) throw new Error(refused ?? failed);
      if (is(update)) return update;
    }
  }

  #take(told: Told): void {
    this.#told.push(told);
    this.#wake();
  }
}

let program = "";
const started: SteppedClient[] = [];
beforeAll(async () => {
  program = await bundledWorker();
});
afterAll(() => Promise.all(started.map((client) => client.close())));

function start(): { readonly client: SteppedClient; readonly ear: Ear } {
  const ear = new Ear();
  const client = startSteppedClient(ear, program);
  started.push(client);
  return { client, ear };
}

const at = (time: number) => (update: SteppedUpdate) => update.glimpse.snapshot.now === time;
const isPaused = ({ state }: SteppedUpdate) => state === "paused";

describe("a rehearsal behind a thread", () => {
  it("opens paused, steps, plays to its end and is the one that nobody stops", async () => {
    const { client, ear } = start();
    client.open({ plan, seed: SEED });
    const opened = await ear.update();
    expect(opened).toMatchObject({ state: "paused", anew: true, undoes: null, redoes: null });
    expect(opened.glimpse.snapshot.events).toBe(0);
    client.step("event");
    expect((await ear.update()).glimpse.snapshot.events).toBe(1);
    const { now } = opened.glimpse.snapshot;
    client.step("minute");
    expect((await ear.update()).glimpse.snapshot.now).toBeGreaterThanOrEqual(now + MINUTE);
    client.play("max");
    const ended = await ear.update(({ state }) => state === "ended");
    expect(ended.glimpse.rehearsal).toEqual(rehearse({ plan, seed: SEED }));
  });

  it("goes back and forth; an undo comes to the same instant without the change", async () => {
    const { client, ear } = start();
    client.open({ plan, seed: SEED });
    client.seek(4 * MINUTE);
    const there = await ear.update(at(4 * MINUTE));
    client.seek(10 * MINUTE);
    const later = await ear.update(at(10 * MINUTE));
    expect(later.anew).toBe(false);
    client.seek(4 * MINUTE);
    const back = await ear.update(at(4 * MINUTE));
    expect(back).toMatchObject({ state: "paused", anew: true });
    expect(back.glimpse.snapshot).toEqual(there.glimpse.snapshot);
    expect(back.glimpse.samples.at(-1)?.at).toBe(4 * MINUTE);

    client.intervene({ kind: "instances", min: 4, max: 4 });
    const changed = await ear.update();
    expect(changed.glimpse.snapshot.instances).toMatchObject({ warming: 2, max: 4 });
    expect(changed.undoes).toMatchObject({ kind: "instances", at: 4 * MINUTE });
    client.undo();
    const undone = await ear.update(isPaused);
    expect(undone.glimpse.snapshot).toEqual(there.glimpse.snapshot);
    expect(undone).toMatchObject({ interventions: [], undoes: null, anew: true });
    client.redo();
    const redone = await ear.update(isPaused);
    expect(redone.interventions).toEqual(changed.interventions);
    expect(redone.glimpse.snapshot).toEqual(changed.glimpse.snapshot);
    client.intervene({ kind: "room-capacity", capacity: 5 });
    expect((await ear.next()).refused).toMatch(/no waiting room/);
  });

  it("obeys while it computes: a newer seek replaces one under way, and a pause is heard", async () => {
    const { client, ear } = start();
    client.open({ plan: smallPlan(["audience.recipients=40k"]), seed: SEED });
    await ear.update();
    for (let time = 28; time > 2; time -= 2) client.seek(time * MINUTE);
    let told = 0;
    await ear.update((update) => {
      told += 1;
      return at(4 * MINUTE)(update);
    });
    expect(told).toBeLessThan(4);
    client.play("max");
    await ear.update(({ state }) => state === "playing");
    client.pause();
    const stopped = await ear.update(({ state }) => state !== "playing");
    expect(stopped.state).toBe("paused");
  });

  it("plays at the speed that it is told", async () => {
    const { client, ear } = start();
    client.open({ plan, seed: SEED });
    await ear.update();
    const begun = performance.now();
    client.play(600);
    await ear.update(({ glimpse }) => glimpse.snapshot.now >= 100 * SECOND);
    const seconds = (performance.now() - begun) / 1_000;
    expect(seconds).toBeGreaterThan(0.15);
    // Pressed one after the other, before a word of the first could come back.
    client.pause();
    client.pace("max");
    const paused = await ear.update(({ speed }) => speed === "max");
    expect(paused.state).toBe("paused");
    client.playOrPause();
    client.playOrPause();
    client.playOrPause();
    expect((await ear.update(({ state }) => state === "ended")).speed).toBe("max");
  });

  it("tells of a thread that died, in a plain sentence, and starts another thread", async () => {
    const ear = new Ear();
    const client = startSteppedClient(ear, "throw new Error('no memory left')");
    started.push(client);
    client.open({ plan, seed: SEED });
    expect((await ear.next()).failed).toBe("the rehearsal ended early: no memory left.");
    client.play("max");
    client.open({ plan, seed: SEED });
    expect((await ear.next()).failed).toContain("no memory left");
  });
});
