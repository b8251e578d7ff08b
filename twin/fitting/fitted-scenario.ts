/**
 * A scenario of what was fitted: visits that come as the recorded ones did, for orders worth as
 * much, in a shop with room for all. Beside each value stands how it was found: fitted, with its
 * error and from how many, or assumed.
 */
import { decimalsOf } from "../../store/core/money.ts";
import type { ArrivalProfile, ProfileCandidate } from "./arrival-profile.ts";
import type { FittedParameter } from "./families.ts";
import type { FitAbout } from "./fit-result.ts";
import { profileName } from "./fit-result.ts";
import type { QuantityFit } from "./quantity-fit.ts";
import type { ArrivalsFit, RecordingFit } from "./recording-fit.ts";

/** A scenario lists no more steps, and lasts no longer. */
const STEPS_MAX = 900;
/** Hours that one step may hold; longer ones would hide the day. */
const STEP_HOURS_MAX = 4;
const LASTS_DAYS_MAX = 365;
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;
/** After the last visit, so that it can end. */
const REST_SECONDS = 900;
/** Pages a second that one instance of the scenario answers with ease. */
const PAGES_PER_INSTANCE = 15;
const PAGES_PER_VISIT = 5;

/** The file's text, or why there is none. `offsetSeconds`: the zone ahead of UTC. */
export function fittedScenario(
  about: FitAbout,
  fit: RecordingFit,
  offsetSeconds: number,
): string | { readonly why: string } {
  const { arrivals } = fit;
  if (arrivals === null) return { why: "nothing in it says when somebody came" };
  const { profile } = arrivals;
  if ("why" in profile) return { why: `when they came cannot be fitted: ${profile.why}` };
  const [best] = profile.candidates;
  if (best === undefined) return { why: "no profile was fitted" };
  const seconds = Math.min(arrivals.counts.length * arrivals.every, LASTS_DAYS_MAX * DAY_SECONDS);
  const conversion = conversionOf(fit, arrivals);
  const course = { arrivals, profile, best, seconds, perOrder: conversion.perOrder };
  const lines = [
    ...headOf(about, arrivals, { seconds, offsetSeconds }),
    "",
    ...sellersOf(fit, about.currency ?? "USD", course),
    "",
    "sale: { public: +0s }",
    "",
    ...audienceOf(fit),
    "",
    ...trafficOf(course),
    "",
    ...shoppersOf(conversion),
    "",
    ...shopOf(course),
  ];
  return `${lines.join("\n")}\n`;
}

interface CourseFitted {
  readonly arrivals: ArrivalsFit;
  readonly profile: ArrivalProfile;
  readonly best: ProfileCandidate;
  /** From the first arrival, no more than a scenario lasts. */
  readonly seconds: number;
  /** Visits for each that came, where orders came and only some visits buy. */
  readonly perOrder: number;
}

function headOf(
  { recording, version }: FitAbout,
  { from, counts, every }: ArrivalsFit,
  { seconds, offsetSeconds }: { readonly seconds: number; readonly offsetSeconds: number },
): readonly string[] {
  const name = (/[^/]*$/u.exec(recording)?.[0] ?? "").toLowerCase();
  const slug = name.replaceAll(/\.[a-z.]*$/gu, "").replaceAll(/[^a-z0-9]+/gu, "-");
  const minutes = Math.round(offsetSeconds / 60);
  const two = (value: number) => `${value}`.padStart(2, "0");
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  // To the whole minute before, as a scenario writes its start.
  const local = new Date(from + minutes * 60_000).toISOString().slice(0, 16);
  const cut =
    counts.length * every > seconds
      ? ["# The recording lasts longer than a scenario can: this is its beginning."]
      : [];
  return [
    "# yaml-language-server: $schema=./scenario.schema.json",
    "#",
    `# What was fitted to ${printableName(recording)} (rehearse fit, version ${version}).`,
    "# fitted: of the recording, with its standard error and of how many; assumed: it tells nothing of it.",
    ...cut,
    `name: fitted${slug.replace(/^-?/u, "-").slice(0, 60).replace(/-$/u, "")}`,
    "seed: fitted/1",
    "seeds: 3",
    "",
    `starts: ${local}${offset}`,
    `lasts: ${Math.ceil((seconds + REST_SECONDS) / 60)}min`,
  ];
}

function printableName(path: string): string {
  return path.replaceAll(/[^\x20-\x7e]/gu, "?");
}

/** A scenario wants somebody to leave from every page. */
const BUYING_MAX = 0.99;

interface ConversionTold {
  /** Of visits that buy. */
  readonly share: number;
  readonly comment: string;
  readonly perOrder: number;
}

function conversionOf({ conversion }: RecordingFit, { of }: ArrivalsFit): ConversionTold {
  const ordersCame = /order|sale|checkout/iu.test(of);
  if (conversion === null || !(conversion.share > 0))
    return {
      share: BUYING_MAX,
      comment: ordersCame
        ? "assumed: only orders were recorded, so as many more visits are in traffic"
        : "assumed: no orders were recorded",
      perOrder: ordersCame ? 1 / BUYING_MAX : 1,
    };
  const { low, high, sessions } = conversion;
  const share = Math.min(BUYING_MAX, conversion.share);
  const comment = `fitted: 90 % interval ${percent(low)} to ${percent(high)}, n = ${sessions}`;
  return { share, comment, perOrder: ordersCame ? 1 / share : 1 };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

/** One item for each part of the measured values, all as likely. */
function sellersOf(
  { quantities }: RecordingFit,
  currency: string,
  { arrivals, perOrder }: CourseFitted,
): readonly string[] {
  const values = quantities.find(({ name }) => name === "order.value");
  const decimals = decimalsOf(currency);
  const minor = (value: number) => Math.max(1, Math.round(value));
  const money = (value: number) =>
    `${(minor(value) / Number(`1e${decimals}`)).toFixed(decimals)} ${currency}`;
  const known = values !== undefined && values.size > 0;
  const prices = known ? Array.from(values.parts) : [Number(`1e${decimals}`)];
  const units = Math.ceil((2 * arrivals.total * Math.max(1, perOrder)) / prices.length) + 100;
  return [
    `currency: ${currency}${known ? "" : " # assumed: no order value was recorded, each is 1"}`,
    "",
    "sellers:",
    "  - name: shop",
    ...(known ? valueComments(values, money) : []),
    "    items:",
    ...prices.map(
      (price, place) =>
        `      - { sku: V-${`${place + 1}`.padStart(3, "0")}, sale-price: ${money(price)}, units: ${units}, weight: 1 }`,
    ),
  ];
}

function valueComments(
  { size, mean, meanError, ranking }: QuantityFit,
  money: (value: number) => string,
): readonly string[] {
  const error = meanError === null ? "" : ` ± ${money(meanError)}`;
  const chosen = ranking?.chosen ?? null;
  const law =
    chosen === null
      ? "no law fits, so the measured curve stands here"
      : `they follow a ${chosen.kind}: ${parametersOf(chosen.parameters)}`;
  return [
    `    # fitted: order values, mean ${money(mean ?? 0)}${error}, n = ${size}; ${law}.`,
    "    # An item is what one part in as many orders is worth; what is bought is one item.",
  ];
}

/** In the unit of the measurements: seconds, or minor units of the currency. */
function parametersOf(parameters: Readonly<Record<string, FittedParameter>>): string {
  return Object.entries(parameters)
    .map(([name, { value, error }]) => {
      const off = Number.isFinite(error) ? ` ± ${plain(error, 2)}` : "";
      return `${name} ${plain(value, 4)}${off}`;
    })
    .join(", ");
}

/** Without an exponent. */
function plain(value: number, digits: number): string {
  const size = Math.abs(value);
  return size >= 1e-6 && size < 1e15 ? `${Number(value.toPrecision(digits))}` : value.toFixed(0);
}

function audienceOf({ delays }: RecordingFit): readonly string[] {
  const best = delays[0]?.fits[0];
  const nobody = "audience: { recipients: 1, visits: 0% } # assumed: all who came are in traffic";
  if (best === undefined || best.family === "exponential") return [nobody];
  const { median, shape, sigma } = best.parameters;
  const spread =
    shape === undefined
      ? `sigma: ${plain(sigma?.value ?? 1, 4)}`
      : `shape: ${plain(shape.value, 4)}`;
  return [
    "audience:",
    "  recipients: 1 # assumed: all who came are in traffic",
    "  visits: 0%",
    `  # fitted: ${parametersOf(best.parameters)}, n = ${delays[0]?.points ?? 0}`,
    `  click-delay: { ${best.family}: { median: ${Math.round(median?.value ?? 1)}s, ${spread} } }`,
  ];
}

function trafficOf(course: CourseFitted): readonly string[] {
  const { arrivals, profile, best, perOrder } = course;
  const error = Math.sqrt(profile.dispersion / profile.orders);
  const comments = [
    `  # fitted: ${arrivals.of}, ${profileName(best)}: ${parametersOf(best.parameters) || "an hour's share and a day's level"}`,
    `  # level ± ${percent(error)}, n = ${profile.orders}; variance over mean ${plain(profile.dispersion, 3)} per ${profile.every} s, where visits here are Poisson`,
  ];
  const daily = best.daily;
  const hours = course.seconds / HOUR_SECONDS;
  if (daily !== null && hours > STEPS_MAX * STEP_HOURS_MAX) {
    const rate =
      (profile.orders * perOrder) / ((arrivals.counts.length * arrivals.every) / HOUR_SECONDS);
    const cv = arrivals.days?.cv ?? 0;
    return [
      "traffic:",
      ...comments,
      `  # The mean of ${daily.days.length} days; their levels spread by ${plain(cv, 2)} (CV), which is not in it.`,
      `  rate: ${rate.toFixed(6)}/h`,
      `  daily-profile: [${daily.hours.map((share) => Number((share * 24).toFixed(4))).join(", ")}]`,
      "  decay: 0/d",
      "  ramp: 0s",
    ];
  }
  const steps = stepsOf(course);
  return [
    "traffic:",
    ...comments,
    "  steps:",
    ...steps.map(
      ({ at, perHour }) => `    - { at: +${plain(at, 12)}s, rate: ${perHour.toFixed(6)}/h }`,
    ),
  ];
}

interface Step {
  /** Seconds. */
  readonly at: number;
  readonly perHour: number;
}

/** What the profile expects of each of its intervals; alike neighbours are one step. */
function stepsOf({ arrivals, profile, best, seconds, perOrder }: CourseFitted): readonly Step[] {
  const together = Math.ceil(best.expected.length / STEPS_MAX);
  const every = profile.every * together;
  const whole = arrivals.counts.length * arrivals.every;
  const steps: Step[] = [];
  for (let at = 0; at < seconds; at += every) {
    const place = Math.round(at / profile.every);
    const expected = best.expected
      .subarray(place, place + together)
      .reduce((sum, count) => sum + count, 0);
    const lasts = Math.min(every, whole - at);
    const perHour = (expected * perOrder * HOUR_SECONDS) / lasts;
    if (perHour.toFixed(6) !== steps.at(-1)?.perHour.toFixed(6)) steps.push({ at, perHour });
  }
  return [...steps, { at: seconds, perHour: 0 }];
}

function shoppersOf({ share, comment }: ConversionTold): readonly string[] {
  return [
    "shoppers:",
    "  think-time: { lognormal: { median: 1s, sigma: 0.5 } } # assumed: an order is dated by its visit",
    "  bounce: { rise: 0 } # assumed: with the lines below, nobody leaves for another reason",
    "  journey:",
    "    landing: { list: 0%, product: 100% }",
    "    list: { list: 0%, product: 50% }",
    `    product: { list: 0%, product: 0%, cart: ${percent(share)} } # ${comment}`,
    "    cart: { list: 0%, checkout: 100% }",
    "    checkout: { payment: 100% }",
    "    payment: { submit: 100% }",
  ];
}

function shopOf({ best, profile, perOrder }: CourseFitted): readonly string[] {
  const peak = best.expected.reduce((most, count) => Math.max(most, count), 0);
  const perSecond = (peak * perOrder) / profile.every;
  const instances = Math.ceil((perSecond * PAGES_PER_VISIT) / PAGES_PER_INSTANCE) + 2;
  return [
    "# assumed: room for all, and every payment goes through. Put your own shop here.",
    "platform:",
    `  fleet: { initial: ${instances}, min: ${instances}, max: ${instances}, cores: 8 }`,
    "  autoscaler: { kind: none }",
    "payments:",
    "  primary: { decline: 0%, error: 0%, time-out-before-capture: 0%, time-out-after-capture: 0% }",
    "  fallback: { latency: { lognormal: { median: 1.2s, sigma: 0.5 } } }",
    "",
    "plans:",
    "  as-fitted:",
    "    launch: { each-over: 0s }",
    "",
    "expect:",
    '  oversold: "= 0"',
  ];
}
