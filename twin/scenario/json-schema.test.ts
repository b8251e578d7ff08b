import { describe, expect, it } from "vitest";
import { DEFAULT_SOURCES } from "./default-sources.ts";
import { type Form, OFFER_DEFAULTS, SELLER_DEFAULTS, WORLD_DEFAULTS } from "./defaults.ts";
import { scenarioJsonSchema } from "./json-schema.ts";
import { isForm, layer } from "./overrides.ts";

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const SCHEMA = JSON.parse(scenarioJsonSchema()) as Node & { readonly $defs: Record<string, Node> };

function nodes(node: Node, path = ""): { path: string; node: Node }[] {
  const inside = [node.items, ...(node.anyOf ?? [])].filter((inner) => inner !== undefined);
  return [
    { path, node },
    ...inside.flatMap((inner) => nodes(inner, path).slice(1)),
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
      nodes(child, path === "" ? key : `${path}.${key}`),
    ),
  ];
}

describe("the JSON Schema", () => {
  it("is the same text every time", () => {
    expect(scenarioJsonSchema()).toBe(scenarioJsonSchema());
  });

  it("asks for no more than a minimal file has", () => {
    expect(SCHEMA.required).toEqual([
      "name",
      "seed",
      "starts",
      "lasts",
      "sellers",
      "audience",
      "plans",
    ]);
    expect(SCHEMA.properties?.audience?.required).toEqual(["recipients"]);
    expect(SCHEMA.properties?.platform?.required).toEqual([]);
  });

  it("describes every key", () => {
    const silent = nodes(SCHEMA).filter(({ path, node }) => path !== "" && !node.description);
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(nodes(SCHEMA).length).toBeGreaterThan(150);
  });

  it("refuses unknown keys in every section", () => {
    const open = nodes(SCHEMA).filter(
      ({ path, node }) =>
        node.properties !== undefined &&
        node.additionalProperties !== false &&
        path !== "plans" &&
        path !== "expect",
    );
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  it("says the default of a key, and where it comes from", () => {
    const visits = SCHEMA.properties?.audience?.properties?.visits;
    expect(visits?.default).toBe("16%");
    expect(visits?.description).toContain("Default: 16% (assumed");
  });

  it("lets a plan override a part of any section", () => {
    const plan = SCHEMA.properties?.plans?.additionalProperties as Node;
    expect(plan.required).toEqual(["launch"]);
    expect(plan.properties?.audience?.required).toEqual([]);
    expect(Object.keys(plan.properties ?? {})).toContain("platform");
  });
});

describe("the sources of defaults", () => {
  it("stand at keys that have a default", () => {
    const defaults = layer(WORLD_DEFAULTS, {
      sellers: {
        ...SELLER_DEFAULTS,
        catalog: { "sale-price": {}, discount: 0, popularity: 0 },
        stock: {},
      },
      promotions: { offers: OFFER_DEFAULTS["exit-intent"] },
    });
    for (const path of DEFAULT_SOURCES.keys()) {
      let here: unknown = defaults;
      for (const step of path.split(".")) here = isForm(here) ? (here as Form)[step] : undefined;
      expect(here, path).toBeDefined();
    }
  });
});
