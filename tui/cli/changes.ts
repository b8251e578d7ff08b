/**
 * What `--change` says: a time, and behind it a path and a value as a scenario file spells them.
 *
 *     +27min launch.every=12min
 *     +30min platform.fleet.min=20
 *     +20min fault={ kind: gateway-outage, for: 5min }
 *
 * Values mean what they mean in the file, at a smaller scale as well.
 */
import { Effect } from "effect";
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import { parseTimePoint, ticksSince } from "../../twin/scenario/date.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { parseSetting } from "../../twin/scenario/overrides.ts";
import { nearest, renderProblem, type ScenarioProblem } from "../../twin/scenario/problem.ts";
import { scaledCapacity, scaledSize } from "../../twin/scenario/scale.ts";
import type { FaultSpec, FleetSpec, PlanSpec } from "../../twin/scenario/scenario.ts";
import {
  parseCount,
  parseDuration,
  type Reading,
  writeDuration,
} from "../../twin/scenario/units.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import { refusedBefore } from "../../twin/stepped/refused-before.ts";
import { readText, type ScenarioFile } from "./scenario-file.ts";
import { VerbFailure } from "./shell.ts";

/** More in one command than anybody types. */
const CHANGES_MAX = 100;

const PATHS = [
  "launch.every",
  "platform.fleet.min",
  "platform.fleet.max",
  "waiting-room.capacity",
  "fault",
] as const;
type ChangePath = (typeof PATHS)[number];

const EXAMPLE = "Write it like --change '+27min launch.every=12min'.";

export interface Changed {
  readonly file: ScenarioFile;
  /** Null where there is none to change. */
  readonly plan: PlanSpec | null;
}

/** In the order of the command; the first that is wrong is told. */
export function changesOf(
  written: readonly string[],
  { file, plan }: Changed,
): Effect.Effect<readonly Intervention[], VerbFailure> {
  if (written.length === 0 || plan === null) return Effect.succeed([]);
  if (written.length > CHANGES_MAX)
    return Effect.fail(new VerbFailure(`--change is given more than ${CHANGES_MAX} times.`));
  return Effect.flatMap(readText(file.path), (text) => {
    const reading = new Changes(file, plan, text);
    const interventions: Intervention[] = [];
    for (const change of written) {
      const found = reading.read(change);
      if ("wrong" in found) {
        const line = `--change ${change}: ${found.wrong}`;
        return Effect.fail(new VerbFailure(line));
      }
      interventions.push(found);
    }
    const refused = refusedBefore(interventions, plan);
    if (refused === null) return Effect.succeed(interventions);
    const place = interventions.indexOf(refused.intervention);
    return Effect.fail(new VerbFailure(`--change ${written[place]}: ${refused.why}.`));
  });
}

interface Wrong {
  readonly wrong: string;
}

class Changes {
  readonly #file: ScenarioFile;
  readonly #plan: PlanSpec;
  readonly #text: string;

  constructor(file: ScenarioFile, plan: PlanSpec, text: string) {
    this.#file = file;
    this.#plan = plan;
    this.#text = text;
  }

  read(written: string): Intervention | Wrong {
    const [, moment, rest] = /^(\S+)\s+(.+)$/su.exec(written.trim()) ?? [];
    if (moment === undefined || rest === undefined)
      return { wrong: `is not a time and what changes then. ${EXAMPLE}` };
    const at = this.#timeOf(moment);
    if (typeof at !== "number") return at;
    const equals = rest.indexOf("=");
    const name = rest.slice(0, Math.max(equals, 0)).trim();
    if (equals < 1) return { wrong: `${rest} is not of the form path=value. ${EXAMPLE}` };
    const path = PATHS.find((one) => one === name);
    if (path === undefined) {
      const near = nearest(name, PATHS);
      const hint = near === null ? `It may be ${PATHS.join(", ")}.` : `Did you mean ${near}?`;
      return { wrong: `${name} cannot be changed on the way. ${hint}` };
    }
    return this.#changeOf(path, rest.slice(equals + 1).trim(), { at, moment });
  }

  #timeOf(moment: string): Ticks | Wrong {
    const point = parseTimePoint(moment);
    if (!point.ok) return wrong(moment, point);
    const { starts, lasts } = this.#plan.world;
    const at = ticksSince(starts, point.value);
    if (at >= 0 && at < lasts) return at;
    return { wrong: `${moment} is not a time of the sale, which begins at +0s.` };
  }

  #changeOf(
    path: ChangePath,
    value: string,
    when: { readonly at: Ticks; readonly moment: string },
  ): Intervention | Wrong {
    const { at } = when;
    const { scale } = this.#file;
    if (path === "fault") return this.#faultOf(value, when);
    if (path === "launch.every") return this.#gapOf(value, at);
    const count = parseCount(value);
    if (!count.ok) return wrong(value, count);
    if (count.value < 1) return { wrong: `${path} is at least 1 (got ${value}).` };
    if (path === "waiting-room.capacity") {
      if (this.#plan.world.waitingRoom === null)
        return { wrong: `plan ${this.#plan.name} has no waiting room.` };
      return { kind: "room-capacity", at, capacity: scaledCapacity(count.value, scale) };
    }
    if (this.#plan.world.autoscaler.kind === "serverless")
      return {
        wrong: `plan ${this.#plan.name} runs on functions: there are no instances to bound.`,
      };
    const size = scale === 1 ? count.value : scaledSize(this.#fleetOfFile(), count.value, scale);
    const bounds =
      path === "platform.fleet.min" ? { min: size, max: null } : { min: null, max: size };
    return { kind: "instances", at, ...bounds };
  }

  #gapOf(value: string, at: Ticks): Intervention | Wrong {
    const every = parseDuration(value);
    if (!every.ok) return wrong(value, every);
    const { lasts } = this.#plan.world;
    if (every.value > lasts)
      return { wrong: `a gap is no longer than the sale, ${writeDuration(lasts)} (got ${value}).` };
    return { kind: "batch-gap", at, every: every.value };
  }

  /** The fleet as the file has it, at full size. */
  #fleetOfFile(): FleetSpec {
    const { path, sets } = this.#file;
    const scenario = decodeScenario({ text: this.#text, path, sets });
    assert(!Array.isArray(scenario), "a scenario was decoded before");
    const plan = scenario.plans.find(({ name }) => name === this.#plan.name);
    assert(plan !== undefined, "a plan was found before");
    return plan.world.fleet;
  }

  /** Read as if the file had it, so that it is held to the file's own rules. */
  #faultOf(
    value: string,
    { at, moment }: { readonly at: Ticks; readonly moment: string },
  ): Intervention | Wrong {
    const read = parseSetting(`fault=${value}`);
    const form = "value" in read ? read.value : null;
    if (typeof form !== "object" || form === null || Array.isArray(form))
      return {
        wrong: `${value} is not a fault. Write it like fault={ kind: cdn-outage, for: 5min }.`,
      };
    if ("at" in form) return { wrong: "fault.at: stands before the change already. Leave it out." };
    const faults = JSON.stringify([{ at: moment, ...form }]);
    const { path, sets, scale } = this.#file;
    const place = `plans.${this.#plan.name}.faults`;
    const asked = { text: this.#text, path, sets: [...sets, `${place}=${faults}`], scale };
    const scenario = decodeScenario(asked);
    if (Array.isArray(scenario)) return { wrong: this.#problemOf(scenario, `${place}.0`) };
    const [fault] = this.#faultsIn(scenario.plans);
    assert(fault !== undefined, "a plan that is given a fault has it");
    return { kind: "fault", at, fault };
  }

  #faultsIn(plans: readonly PlanSpec[]): readonly FaultSpec[] {
    return plans.find(({ name }) => name === this.#plan.name)?.world.faults ?? [];
  }

  #problemOf([problem]: readonly ScenarioProblem[], place: string): string {
    assert(problem !== undefined, "a fault that is refused has a problem");
    const path = problem.path.replace(place, "fault");
    const [, said = ""] =
      /^ ?: ?(.*)$/su.exec(renderProblem({ ...problem, file: "", line: 0, path })) ?? [];
    return said;
  }
}

function wrong(value: string, reading: Reading<unknown> & { readonly ok: false }): Wrong {
  return { wrong: `${value}: ${reading.why}. ${sentence(reading.instead)}` };
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
