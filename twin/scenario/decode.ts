/**
 * From the text of a scenario file to a scenario, or to everything that is wrong with it. The
 * layers are: defaults, the file, the command line's settings, and for each plan what the plan
 * itself overrides. Every plan's world is decoded and checked as a whole.
 */
import { Either, ParseResult, type Schema } from "effect";
import { assert } from "../../engine/assert.ts";
import { checkHeader, checkLaunch, checkWorld, inPlan } from "./checks.ts";
import { checkSwitches } from "./checks-switches.ts";
import {
  CATALOG_DEFAULTS,
  FAULT_DEFAULTS,
  type Form,
  GATEWAY_DEFAULTS,
  HEADER_DEFAULTS,
  LAUNCH_DEFAULTS,
  OFFER_DEFAULTS,
  SELLER_DEFAULTS,
  STOCK_DEFAULTS,
  WORLD_DEFAULTS,
} from "./defaults.ts";
import { RAID_DEFAULTS } from "./defaults-bots.ts";
import { metricProblem, parseExpectation } from "./expectation.ts";
import { findingsOf, valueAt } from "./findings.ts";
import {
  applySetting,
  isForm,
  layer,
  parseSetting,
  placeAtSetting,
  type Setting,
} from "./overrides.ts";
import { dotted, type Finding, type Path, type ScenarioProblem, unknownKey } from "./problem.ts";
import { toLaunch, toWorld } from "./resolve.ts";
import { scaleScenario } from "./scale.ts";
import type { ExpectationSpec, PlanSpec, Scenario, WorldSpec } from "./scenario.ts";
import {
  HEADER_KEYS,
  type Header,
  HeaderForm,
  PLAN_KEYS,
  PlanForm,
  WORLD_KEYS,
  type World,
  WorldForm,
} from "./schema.ts";
import { readSource, type Source } from "./source.ts";
import { isCurrencyCode } from "./units.ts";

/** Launch plans of one scenario. */
const PLANS_MAX = 64;
/** Problems told at once; who has more has a wrong file. */
const PROBLEMS_MAX = 50;

interface DecodeInput {
  readonly text: string;
  /** The file's name, for messages. */
  readonly path: string;
  /** `path=value`, as given to `--set`. */
  readonly sets?: readonly string[];
  /** A ratio above 0, at most 1; see `scale.ts`. */
  readonly scale?: number;
}

interface Layers {
  readonly source: Source;
  readonly settings: readonly Setting[];
  readonly form: Form;
}

function layersOf(input: DecodeInput): Layers | ScenarioProblem[] {
  const source = readSource(input.path, input.text);
  if (Array.isArray(source)) return source;
  const settings: Setting[] = [];
  for (const setting of (input.sets ?? []).map(parseSetting)) {
    if ("message" in setting) return [setting];
    settings.push(setting);
  }
  const form = withSettings(layer(layer(WORLD_DEFAULTS, HEADER_DEFAULTS), source.form), settings);
  return Array.isArray(form) ? form : { source, settings, form };
}

/** What a plan of a file comes to in the file's own spelling, its launch and every default in it. */
export function planForm(input: DecodeInput, plan: string): Form | ScenarioProblem[] {
  const layers = layersOf(input);
  if (Array.isArray(layers)) return layers;
  const { plans, ...common } = layers.form;
  const own = isForm(plans) && isForm(plans[plan]) ? plans[plan] : {};
  return complete(layer(common, withLaunch(own)));
}

/** The scenario, or every problem of its file in the order of the file. */
export function decodeScenario(input: DecodeInput): Scenario | ScenarioProblem[] {
  const layers = layersOf(input);
  if (Array.isArray(layers)) return layers;
  const decoding = new Decoding(layers);
  const scenario = decoding.scenario();
  if (decoding.problems.length > 0) return inOrder(decoding.problems);
  assert(scenario !== null, "a file without a problem is a scenario");
  return input.scale === undefined ? scenario : scaleScenario(scenario, input.scale);
}

function withSettings(form: Form, settings: readonly Setting[]): Form | ScenarioProblem[] {
  let set = form;
  for (const setting of settings) {
    const next = applySetting(set, setting);
    if (isProblem(next)) return [next];
    set = next;
  }
  return set;
}

function isProblem(value: Form | ScenarioProblem): value is ScenarioProblem {
  return "message" in value && "suggestion" in value && "column" in value;
}

function inOrder(problems: readonly ScenarioProblem[]): ScenarioProblem[] {
  return [...problems]
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, PROBLEMS_MAX);
}

/** What the plans of a file share. */
interface Common {
  readonly form: Form;
  /** Null where it has problems of its own. */
  readonly world: World | null;
  /** Null where the file gives none that can be read: then no amount is in a wrong one. */
  readonly currency: string | null;
}

const OPTIONS = { errors: "all", onExcessProperty: "error" } as const;

function keyOf(finding: Finding): string {
  return `${dotted(finding.path)}\n${finding.message}`;
}

/** One pass over one file; gathers problems instead of ending at the first. */
class Decoding {
  readonly problems: ScenarioProblem[] = [];
  private readonly seen = new Set<string>();
  private readonly specs = new Map<World, WorldSpec>();
  private readonly source: Source;
  private readonly settings: readonly Setting[];
  private readonly form: Form;

  constructor({ source, settings, form }: Layers) {
    this.source = source;
    this.settings = settings;
    this.form = form;
  }

  scenario(): Scenario | null {
    this.refuseUnknownKeys();
    const written = withSettings(this.source.form, this.settings);
    if (!Array.isArray(written)) this.report(checkSwitches(written, this.source.form));
    const header = this.decode(HeaderForm, pick(this.form, HEADER_KEYS), []);
    const worldForm = complete(pick(this.form, WORLD_KEYS));
    const world = this.decode(WorldForm, worldForm, []);
    const currency = header?.currency ?? currencyOf(this.form);
    if (world !== null) this.report(checkWorld(world, currency));
    if (header !== null) this.report(checkHeader(header));
    const expect = this.expectations(header?.expect ?? {}, ["expect"], currency);
    const plans = this.plans({ form: worldForm, world, currency });
    if (header === null || world === null || this.problems.length > 0) return null;
    return toScenario(header, expect, plans);
  }

  private refuseUnknownKeys(): void {
    const known = [...HEADER_KEYS, ...WORLD_KEYS, "plans"];
    this.report(unknownKeys(this.form, known, []));
  }

  private plans(common: Common): PlanSpec[] {
    const plans = this.form.plans;
    if (!isForm(plans) || Object.keys(plans).length === 0) {
      const message = plans === undefined ? "is missing" : "must be a section with a plan in it";
      const suggestion =
        "add plans: { batched: { launch: { batches: 4, every: 15min, each-over: 8min } } }";
      this.report([{ path: ["plans"], value: plans, message, suggestion }]);
      return [];
    }
    const names = Object.keys(plans);
    if (names.length > PLANS_MAX) {
      const message = `${names.length} plans are more than ${PLANS_MAX}`;
      this.report([{ path: ["plans"], message, suggestion: "split the file" }]);
      return [];
    }
    return names.flatMap((name) => this.plan(name, plans[name], common) ?? []);
  }

  private plan(name: string, form: unknown, common: Common): PlanSpec | null {
    const at: Path = ["plans", name];
    if (!/^[A-Za-z][A-Za-z0-9._-]{0,63}$/u.test(name)) {
      const suggestion = "a letter, then letters, digits, dots, _ or -";
      this.report([{ path: at, message: "is no name for a plan", suggestion, atKey: true }]);
      return null;
    }
    if (!isForm(form)) {
      const suggestion = "give it a launch: { batches: 1, each-over: 30min }";
      this.report([{ path: at, value: form, message: "must be a section", suggestion }]);
      return null;
    }
    this.report(unknownKeys(form, [...PLAN_KEYS, ...WORLD_KEYS], at));
    const plan = this.decode(PlanForm, withLaunch(pick(form, PLAN_KEYS)), at);
    const world = this.worldOf(name, pick(form, WORLD_KEYS), common);
    const expect = this.expectations(plan?.expect ?? {}, [...at, "expect"], common.currency);
    if (plan === null || world === null || common.currency === null) return null;
    this.report(inPlan(name, checkLaunch(plan.launch, world)));
    // A world with a problem may be one that cannot be built: of 10^12 products, say.
    if (this.problems.length > 0) return null;
    const spec = this.specOf(world, common.currency);
    return {
      name,
      description: plan.description ?? "",
      launch: toLaunch(plan.launch, world),
      world: spec,
      expect,
    };
  }

  /** Plans that override nothing share one world. */
  private specOf(world: World, currency: string): WorldSpec {
    const spec = this.specs.get(world) ?? toWorld(world, currency);
    this.specs.set(world, spec);
    return spec;
  }

  /** The plan's world; what is wrong in the file's own part has been told and is not told again. */
  private worldOf(plan: string, overrides: Form, common: Common): World | null {
    if (Object.keys(overrides).length === 0) return common.world;
    const form = complete(layer(common.form, overrides));
    const decoded = ParseResult.decodeUnknownEither(WorldForm, OPTIONS)(form);
    const findings = Either.isLeft(decoded)
      ? findingsOf(decoded.left, form)
      : checkWorld(decoded.right, common.currency);
    const news = findings.filter((finding) => !this.seen.has(keyOf(finding)));
    this.report(underPlan(news, { plan, overrides, file: this.source.form }));
    return Either.isRight(decoded) ? decoded.right : null;
  }

  private decode<Value, Written>(
    schema: Schema.Schema<Value, Written>,
    form: Form,
    at: Path,
  ): Value | null {
    const decoded = ParseResult.decodeUnknownEither(schema, OPTIONS)(form);
    if (Either.isRight(decoded)) return decoded.right;
    this.report(prefixed(findingsOf(decoded.left, form), at));
    return null;
  }

  private expectations(
    written: Readonly<Record<string, string>>,
    at: Path,
    currency: string | null,
  ): ExpectationSpec[] {
    return Object.entries(written).map(([metric, expect]) => {
      const parsed = parseExpectation({ metric, expect });
      const problem = "message" in parsed ? parsed : metricProblem(parsed, currency);
      if (problem !== null) this.report([{ ...problem, path: [...at, metric], value: expect }]);
      return { metric, expect };
    });
  }

  private report(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const key = keyOf(finding);
      if (this.seen.has(key)) continue;
      this.seen.add(key);
      this.problems.push(this.place(finding));
    }
  }

  private place(finding: Finding): ScenarioProblem {
    const setting = this.settings.findLast((one) => covers(one.path, finding.path));
    if (setting !== undefined) return placeAtSetting(setting, finding);
    return this.source.place(finding);
  }
}

/** True where the setting brought the value in, or a part of the section that is at fault. */
function covers(set: Path, path: Path): boolean {
  const shared = Math.min(set.length, path.length);
  return path.length > 0 && set.slice(0, shared).every((step, index) => step === path[index]);
}

/** The currency that the file asks for, whatever else is wrong at its top; null where it is none. */
function currencyOf(form: Form): string | null {
  const { currency } = form;
  return typeof currency === "string" && isCurrencyCode(currency) ? currency : null;
}

function pick(form: Form, keys: readonly string[]): Form {
  return Object.fromEntries(Object.entries(form).filter(([key]) => keys.includes(key)));
}

function unknownKeys(form: Form, known: readonly string[], at: Path): Finding[] {
  return Object.keys(form)
    .filter((key) => !known.includes(key))
    .map((key) => unknownKey([...at, key], known));
}

function prefixed(findings: readonly Finding[], at: Path): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...at, ...finding.path] }));
}

/**
 * Findings about a plan's world stand at the file's key where the file and not the plan says it,
 * else at the plan's.
 */
function underPlan(
  findings: readonly Finding[],
  at: { readonly plan: string; readonly overrides: Form; readonly file: Form },
): Finding[] {
  return findings.map((finding) => {
    const shared = !isOwn(at.overrides, finding.path) && isOwn(at.file, finding.path);
    return shared
      ? { ...finding, message: `in plan ${at.plan}: ${finding.message}` }
      : { ...finding, path: ["plans", at.plan, ...finding.path] };
  });
}

/** True where the override reaches the path, or is a part of the section at it. */
function isOwn(overrides: Form, path: Path): boolean {
  let here: unknown = overrides;
  for (const step of path) {
    if (!isForm(here) && !Array.isArray(here)) return true;
    here = valueAt(here, [step]);
    if (here === undefined) return false;
  }
  return true;
}

/** Fills the defaults of sections that are there only where the file opens them. */
function complete(form: Form): Form {
  const { sellers, faults, promotions, bots } = form;
  const payments = form.payments;
  const fallback = isForm(payments) ? payments.fallback : undefined;
  return {
    ...form,
    ...(Array.isArray(sellers) ? { sellers: sellers.map(completeSeller) } : {}),
    ...(Array.isArray(faults) ? { faults: faults.map(completeFault) } : {}),
    ...(isForm(promotions) && Array.isArray(promotions.offers)
      ? { promotions: { ...promotions, offers: promotions.offers.map(completeOffer) } }
      : {}),
    ...(Array.isArray(bots) ? { bots: bots.map(completeRaid) } : {}),
    ...(isForm(payments) && isForm(fallback)
      ? { payments: { ...payments, fallback: layer(GATEWAY_DEFAULTS, fallback) } }
      : {}),
  };
}

function completeSeller(form: unknown): unknown {
  if (!isForm(form)) return form;
  const { catalog, stock } = form;
  return {
    ...SELLER_DEFAULTS,
    ...form,
    ...(isForm(catalog) ? { catalog: layer(CATALOG_DEFAULTS, catalog) } : {}),
    ...(isForm(stock) ? { stock: layer(STOCK_DEFAULTS, stock) } : {}),
  };
}

/** A number of instances stands in place of a share of them. */
function completeFault(form: unknown): unknown {
  if (!isForm(form)) return form;
  if (form.kind === "instances-lost" && "instances" in form) return form;
  const defaults = new Map<string, Form>(Object.entries(FAULT_DEFAULTS)).get(String(form.kind));
  return { ...defaults, ...form };
}

/**
 * What an offer is by default hangs on when it is made. Where that is not known any defaults will
 * do, so that nothing but the trigger is found wrong.
 */
function completeOffer(form: unknown): unknown {
  if (!isForm(form)) return form;
  const defaults = new Map<string, Form>(Object.entries(OFFER_DEFAULTS)).get(String(form.trigger));
  return layer(defaults ?? OFFER_DEFAULTS["exit-intent"], form);
}

function completeRaid(form: unknown): unknown {
  if (!isForm(form)) return form;
  const defaults = new Map<string, Form>(Object.entries(RAID_DEFAULTS)).get(String(form.kind));
  return { ...defaults, ...form };
}

function withLaunch(form: Form): Form {
  return isForm(form.launch) ? { ...form, launch: layer(LAUNCH_DEFAULTS, form.launch) } : form;
}

function toScenario(
  header: Header,
  expect: readonly ExpectationSpec[],
  plans: readonly PlanSpec[],
): Scenario {
  const { name, description = "", seed, seeds } = header;
  return { name, description, seed, seeds, scale: 1, plans, expect };
}
