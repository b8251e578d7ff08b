/** The fit of a recording as plain data: what is printed, written and read by other programs. */
import type { CurvePoint } from "../../engine/distribution.ts";
import type { ArrivalProfile, ProfileCandidate } from "./arrival-profile.ts";
import type { ChiSquare } from "./chi-square.ts";
import type { FittedParameter } from "./families.ts";
import type { QuantilePair } from "./goodness-of-fit.ts";
import type { Milestone } from "./milestones.ts";
import type { DelaysOfSource, MilestonesOfSale } from "./milestones-fit.ts";
import type { QuantityFit } from "./quantity-fit.ts";
import type { ArrivalsFit, RecordingFit } from "./recording-fit.ts";
import type { ValueShape } from "./value-shape.ts";
import type { WholeRanking } from "./whole-number-fits.ts";

const FIT_SCHEMA = "scenarios/fit.schema.json";

export interface FitAbout {
  readonly recording: string;
  readonly version: string;
  readonly format: string;
  /** Name of the zone in which local times were read. */
  readonly zone: string;
  readonly currency: string | null;
  /** Of which rehearsal it is, and events of others that were left out; null where there is one. */
  readonly run: string | null;
  readonly eventsOfOtherRuns: number;
  readonly linesLeftOut: number;
  /** Events that stand below a later one, and by how many milliseconds at most. */
  readonly backward: { readonly events: number; readonly millis: number };
  /** The longest time without an event; null where events stand in another order. */
  readonly longestGap: { readonly millis: number; readonly from: string } | null;
  /** ISO 8601; null where no event has a time. */
  readonly from: string | null;
  readonly to: string | null;
}

type Parameters = Readonly<Record<string, FittedParameter>>;

export interface FitResult extends FitAbout {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "fit";
  readonly kind: "fit";
  readonly orders: number;
  readonly arrivals: ArrivalsResult | null;
  readonly quantities: readonly QuantityResult[];
  readonly shoppers: RecordingFit["shoppers"];
  readonly sessions: RecordingFit["sessions"];
  readonly conversion: RecordingFit["conversion"];
  readonly delays: readonly DelaysResult[];
  readonly milestones: readonly MilestonesResult[];
}

export interface ArrivalsResult
  extends Pick<
    ArrivalsFit,
    "of" | "total" | "strayed" | "filled" | "dispersion" | "slots" | "days"
  > {
  /** How many intervals were counted in. */
  readonly intervals: number;
  /** Why no profile is concluded; null where one is. */
  readonly why: string | null;
  readonly profile:
    | (Omit<ArrivalProfile, "candidates"> & { readonly candidates: readonly ProfileResult[] })
    | null;
}

export interface ProfileResult {
  readonly name: string;
  readonly parameters: Parameters;
  /** Share of a day in each of its hours; null for what has none. */
  readonly hours: readonly number[] | null;
  readonly deviance: number;
  readonly quasiAic: number;
}

export interface CandidateResult {
  readonly name: string;
  readonly parameters: Parameters;
  readonly aic: number;
  readonly kolmogorovSmirnov: number;
  /** Null for whole numbers, which it is not made for. */
  readonly andersonDarling: number | null;
  readonly chiSquare: ChiSquare | null;
  readonly fits: boolean;
}

export interface QuantityResult
  extends Pick<QuantityFit, "name" | "unit" | "size" | "mean" | "meanError" | "why"> {
  readonly candidates: readonly CandidateResult[];
  /** The name of the one that stands for it; null where the measured curve does. */
  readonly chosen: string | null;
  readonly curve: readonly CurvePoint[] | null;
  readonly measured: WholeRanking["measured"] | null;
  readonly picture: readonly QuantilePair[];
  readonly shape: ValueShape | null;
}

export interface DelaysResult extends Pick<DelaysOfSource, "source" | "points"> {
  readonly candidates: readonly {
    readonly name: string;
    readonly parameters: Parameters;
    readonly aic: number;
    /** Root mean square, and greatest, error of a share. */
    readonly error: number;
    readonly distance: number;
  }[];
}

export interface MilestonesResult extends Pick<MilestonesOfSale, "sale" | "metric" | "predicted"> {
  readonly milestones: readonly Milestone[];
  readonly candidates: readonly {
    readonly name: string;
    readonly parameters: Parameters;
    readonly aic: number;
    readonly wmape: number;
    /** Relative error of each milestone. */
    readonly errors: readonly number[];
  }[];
}

export function fitResult(about: FitAbout, fit: RecordingFit): FitResult {
  const { orders, shoppers, sessions, conversion } = fit;
  return {
    $schema: FIT_SCHEMA,
    schemaVersion: 1,
    verb: "fit",
    kind: "fit",
    ...about,
    orders,
    arrivals: fit.arrivals === null ? null : arrivalsResult(fit.arrivals),
    quantities: fit.quantities.map(quantityResult),
    shoppers,
    sessions:
      sessions === null
        ? null
        : { sessions: sessions.sessions, share: sessions.share, machines: sessions.machines },
    conversion,
    delays: fit.delays.map(delaysResult),
    milestones: fit.milestones.map(milestonesResult),
  };
}

function arrivalsResult(arrivals: ArrivalsFit): ArrivalsResult {
  const { of, total, strayed, filled, dispersion, slots, days, profile } = arrivals;
  const intervals = arrivals.counts.length;
  const about = { of, total, intervals, strayed, filled, dispersion, slots, days };
  if ("why" in profile) return { ...about, why: profile.why, profile: null };
  const candidates = profile.candidates.map((candidate) => {
    const { parameters, deviance, quasiAic, daily } = candidate;
    const name = profileName(candidate);
    return { name, parameters, hours: daily?.hours ?? null, deviance, quasiAic };
  });
  return { ...about, why: null, profile: { ...profile, candidates } };
}

export function profileName({ kind, shape }: Pick<ProfileCandidate, "kind" | "shape">): string {
  if (shape === null) return kind;
  return `${shape.family} launch${shape.steady ? " over a steady rest" : ""}`;
}

function quantityResult(fit: QuantityFit): QuantityResult {
  const { name, unit, size, mean, meanError, why, wholes, ranking, shape } = fit;
  const candidates =
    wholes?.candidates.map((one) => ({ ...one, andersonDarling: null })) ??
    ranking?.candidates ??
    [];
  return {
    name,
    unit,
    size,
    mean,
    meanError,
    why,
    candidates: candidates.map(({ kind, parameters, aic, distance, ...one }) => ({
      name: kind,
      parameters,
      aic,
      kolmogorovSmirnov: distance,
      andersonDarling: one.andersonDarling,
      chiSquare: one.chiSquare,
      fits: one.fits,
    })),
    chosen: (wholes ?? ranking)?.chosen?.kind ?? null,
    curve: ranking?.curve ?? null,
    measured: wholes?.measured ?? null,
    picture: ranking?.picture ?? [],
    shape,
  };
}

function delaysResult({ source, points, fits }: DelaysOfSource): DelaysResult {
  const candidates = fits.map(({ family, parameters, aic, error, distance }) => {
    return { name: family, parameters, aic, error, distance };
  });
  return { source, points, candidates };
}

function milestonesResult(sale: MilestonesOfSale): MilestonesResult {
  const candidates = sale.fits.map(({ family, steady, parameters, aic, wmape, milestones }) => ({
    name: profileName({ kind: "launch", shape: { family, steady } }),
    parameters,
    aic,
    wmape,
    errors: milestones.map(({ error }) => error),
  }));
  const { milestones, predicted } = sale;
  return { sale: sale.sale, metric: sale.metric, milestones, predicted, candidates };
}
