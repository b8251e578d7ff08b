import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../twin/scenario/decode.ts";
import { scenarioJsonSchema } from "../twin/scenario/json-schema.ts";
import type { Scenario } from "../twin/scenario/scenario.ts";
import { starterScenario } from "../twin/scenario/starter.ts";

const FOLDER = new URL(".", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

function decoded(text: string, path: string): Scenario {
  const scenario = decodeScenario({ text, path });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario;
}

describe("the scenario files", () => {
  it("are at least the three of the white paper's rehearsal", () => {
    expect(FILES).toEqual(
      expect.arrayContaining([
        "small-drop.yaml",
        "webstore-after-christmas.yaml",
        "webstore-black-friday.yaml",
      ]),
    );
  });

  it.each(FILES)("%s is sound, named after its file and points editors to the schema", (file) => {
    const text = read(file);
    expect(decoded(text, file).name).toBe(file.replace(".yaml", ""));
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./scenario.schema.json");
  });

  it("each have a golden that is checked", () => {
    const { goldens } = JSON.parse(read("golden/manifest.json"));
    const kept = goldens.map(({ scenario }: { scenario: string }) => scenario.replace("../", ""));
    expect(kept.sort()).toEqual(FILES.toSorted());
  });

  it("rehearse first what happened and then what if", () => {
    const plans = (file: string) => decoded(read(file), file).plans.map((plan) => plan.name);
    expect(plans("webstore-black-friday.yaml")).toEqual(["batched", "simultaneous"]);
    expect(plans("webstore-after-christmas.yaml")).toEqual(["simultaneous", "batched"]);
  });
});

describe("the starter scenario", () => {
  it("is sound as it stands", () => {
    const scenario = decoded(starterScenario(), "starter.yaml");
    expect(scenario.plans).toHaveLength(2);
    expect(scenario.expect.length).toBeGreaterThan(0);
  });
});

describe("the committed JSON Schema", () => {
  it("is current; renew it with: rehearse schema > scenarios/scenario.schema.json", () => {
    expect(read("scenario.schema.json")).toBe(scenarioJsonSchema());
  });
});
