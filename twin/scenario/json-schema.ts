/**
 * The scenario file as a JSON Schema, drawn from the schemas that decode it and from the defaults,
 * so that what an editor shows is what the decoder does.
 */
import { JSONSchema, type Schema } from "effect";
import { defaultSource } from "./default-sources.ts";
import {
  CATALOG_DEFAULTS,
  type Form,
  GATEWAY_DEFAULTS,
  HEADER_DEFAULTS,
  LAUNCH_DEFAULTS,
  OFFER_DEFAULTS,
  SELLER_DEFAULTS,
  STOCK_DEFAULTS,
  WORLD_DEFAULTS,
} from "./defaults.ts";
import { isDistribution, isForm } from "./overrides.ts";
import { HeaderForm, PlanForm, WorldForm } from "./schema.ts";

const DEFAULTS: Form = {
  ...HEADER_DEFAULTS,
  ...WORLD_DEFAULTS,
  sellers: { ...SELLER_DEFAULTS, catalog: CATALOG_DEFAULTS, stock: STOCK_DEFAULTS },
  payments: { ...(WORLD_DEFAULTS.payments as Form), fallback: GATEWAY_DEFAULTS },
};

/** The JSON Schema as text, the same bytes every time. */
export function scenarioJsonSchema(): string {
  const definitions: Record<string, unknown> = {};
  const header = drawn(HeaderForm, definitions);
  const world = withProfileFile(withOffers(withGateway(drawn(WorldForm, definitions))));
  const plan = drawn(PlanForm, definitions);
  const launch = withDefaults(propertiesOf(plan).launch, LAUNCH_DEFAULTS);
  const overrides = Object.fromEntries(
    Object.entries(propertiesOf(world)).map(([key, section]) => [key, partial(section)]),
  );
  const file = withDefaults(
    {
      type: "object",
      required: [...required(header), ...required(world), "plans"],
      properties: { ...propertiesOf(header), ...propertiesOf(world), plans: {} },
      additionalProperties: false,
    },
    DEFAULTS,
  ) as Form;
  const plans = {
    type: "object",
    description:
      "Launch plans by name; each may override any section of the file. The first leads.",
    minProperties: 1,
    additionalProperties: {
      ...plan,
      properties: { ...propertiesOf(plan), launch, ...overrides },
    },
  };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Rehearse scenario",
    ...file,
    properties: { ...propertiesOf(file), plans },
    $defs: definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function drawn<Value, Written>(
  schema: Schema.Schema<Value, Written>,
  definitions: Record<string, unknown>,
): Form {
  const { $schema: _, $defs, ...rest } = JSONSchema.make(schema);
  Object.assign(definitions, $defs ?? {});
  return { ...rest };
}

/** The fallback's schema says `none`; a gateway like the primary is the other choice. */
function withGateway(world: Form): Form {
  const properties = propertiesOf(world);
  const payments = properties.payments as Form;
  const { primary, fallback } = propertiesOf(payments) as { primary: Form; fallback: Form };
  const { description, ...none } = fallback;
  const { description: _, ...gateway } = primary;
  const choice = { description, anyOf: [none, gateway] };
  const filled = { ...payments, properties: { ...propertiesOf(payments), fallback: choice } };
  return { ...world, properties: { ...properties, payments: filled } };
}

/** A profile is given page by page, or as the file that was measured. */
function withProfileFile(world: Form): Form {
  const properties = propertiesOf(world);
  const platform = properties.platform as Form;
  const { profile } = propertiesOf(platform) as { profile: Form };
  const { description, ...pages } = profile;
  const file = { type: "string", description: "A file that rehearse calibrate wrote." };
  const choice = { description, anyOf: [file, pages] };
  const filled = { ...platform, properties: { ...propertiesOf(platform), profile: choice } };
  return { ...world, properties: { ...properties, platform: filled } };
}

/** The list of offers is empty by default; an offer in it has defaults by its trigger. */
function withOffers(world: Form): Form {
  const properties = propertiesOf(world);
  const promotions = properties.promotions as Form;
  const { offers } = propertiesOf(promotions) as { offers: Form };
  const at = ["promotions", "offers"];
  const items = withDefaults(offers.items, OFFER_DEFAULTS["exit-intent"], at);
  const filled = {
    ...promotions,
    properties: { ...propertiesOf(promotions), offers: { ...offers, items } },
  };
  return { ...world, properties: { ...properties, promotions: filled } };
}

function propertiesOf(node: Form): Form {
  return isForm(node.properties) ? node.properties : {};
}

function required(node: Form): string[] {
  return Array.isArray(node.required) ? node.required.map(String) : [];
}

/** The node with its defaults and their sources said, and with no key required that has one. */
function withDefaults(node: unknown, defaults: unknown, path: readonly string[] = []): unknown {
  if (!isForm(node)) return node;
  if (Array.isArray(node.anyOf) && isForm(defaults)) {
    const choices = node.anyOf.map((choice) =>
      isForm(choice) && isForm(choice.properties) ? withDefaults(choice, defaults, path) : choice,
    );
    return { ...node, anyOf: choices };
  }
  if (isForm(node.items) && isForm(defaults)) {
    return { ...node, items: withDefaults(node.items, defaults, path) };
  }
  if (isForm(node.properties) && isForm(defaults) && !isDistribution(defaults)) {
    const properties = Object.entries(node.properties).map(([key, child]) => [
      key,
      withDefaults(child, defaults[key], [...path, key]),
    ]);
    const stillRequired = required(node).filter((key) => !isComplete(node, key, defaults[key]));
    return { ...node, required: stillRequired, properties: Object.fromEntries(properties) };
  }
  if (defaults === undefined) return node;
  const source = defaultSource(path);
  const said = `${node.description} Default: ${written(defaults)}${source === null ? "" : ` (${source})`}.`;
  return { ...node, description: said, default: defaults };
}

/** A default on one line, the way the file spells it. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (!isForm(value)) return String(value);
  const keys = Object.entries(value).map(([key, inner]) => `${key}: ${written(inner)}`);
  return `{ ${keys.join(", ")} }`;
}

/** True where the defaults alone make the key whole, so that a file may leave it out. */
function isComplete(node: Form, key: string, value: unknown): boolean {
  if (value === undefined) return false;
  const child = propertiesOf(node)[key];
  if (!isForm(value) || !isForm(child) || isDistribution(value)) return true;
  if (child.items !== undefined) return false;
  return required(child).every((inner) => isComplete(child, inner, value[inner]));
}

/** A section of which a plan may give any part; lists and distributions are given whole. */
function partial(node: unknown): unknown {
  if (!isForm(node)) return node;
  if (Array.isArray(node.anyOf)) return { ...node, anyOf: node.anyOf.map(partial) };
  if (!isForm(node.properties)) return node;
  const properties = Object.entries(node.properties).map(([key, child]) => [key, partial(child)]);
  return { ...node, required: [], properties: Object.fromEntries(properties) };
}
