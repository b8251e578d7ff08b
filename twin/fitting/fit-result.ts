/** The fit of a recording as plain data: what is printed, written and read by other programs. */
import type { CurvePoint } from "../../engine/distribution.ts";
import type { ArrivalProfile, ProfileCandidate } from "./arrival-profile.ts";
import type { FittedParameter } from "./families.ts";
import type { QuantilePair } from "./goodness-of-fit.ts";
import type { MilestoneError } from "./milestones.ts";
import type { NoRanking, RankedCandidate, Ranking } from "./ranking.ts";
import type {
  DispersionAt,
  MilestonesOfSale,
  RecordingFit,
  RepeatBuyers,
} from "./recording-fit.ts";
import type { ValueShape } from "./value-shape.ts";

export interface FitAbout {
  readonly recording: string;
  readonly version: string;
  readonly format: string;
  /** Name of the zone in which local times were read. */
  readonly zone: string;
  readonly currency: string | null;
  readonly linesLeftOut: number;
  /** ISO 8601; null where no event has a time. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface FitResult extends FitAbout {
  readonly kind: "fit";
  readonly orders: number;
  readonly arrivals: ArrivalsResult | NoRanking;
  readonly dispersion: readonly DispersionAt[];
  readonly quantities: Readonly<Record<string, QuantityResult>>;
  readonly shoppers: RepeatBuyers | null;
  readonly milestones: readonly MilestonesResult[];
}

export interface ArrivalsResult extends Omit<ArrivalProfile, "candidates"> {
  readonly candidates: readonly ProfileResult[];
}

export interface ProfileResult {
  readonly name: string;
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  readonly deviance: number;
  readonly quasiAic: number;
}

export interface CandidateResult {
  readonly name: string;
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  readonly aic: number;
  readonly kolmogorovSmirnov: number;
  readonly andersonDarling: number;
  readonly fits: boolean;
}

export interface QuantityResult {
  readonly size: number;
  /** Why nothing is concluded; null where something is. */
  readonly why: string | null;
  readonly candidates: readonly CandidateResult[];
  /** The name of the one that stands for it; null where the measured curve does. */
  readonly chosen: string | null;
  readonly curve: readonly CurvePoint[] | null;
  readonly picture: readonly QuantilePair[];
  readonly shape: ValueShape | null;
}

export interface MilestonesResult {
  readonly sale: string;
  readonly metric: string;
  readonly candidates: readonly {
    readonly name: string;
    readonly parameters: Readonly<Record<string, FittedParameter>>;
    readonly aic: number;
    readonly wmape: number;
    readonly milestones: readonly MilestoneError[];
  }[];
}

export function fitResult(about: FitAbout, fit: RecordingFit): FitResult {
  const { arrivals } = fit;
  return {
    kind: "fit",
    ...about,
    orders: fit.orders,
    arrivals: "why" in arrivals ? arrivals : arrivalsResult(arrivals),
    dispersion: fit.dispersion,
    quantities: {
      "order.value": quantityResult(fit.values),
      "order.units": quantityResult(fit.units),
      "order.lines": quantityResult(fit.lines),
    },
    shoppers: fit.shoppers,
    milestones: fit.milestones.map(milestonesResult),
  };
}

function arrivalsResult({ candidates, ...profile }: ArrivalProfile): ArrivalsResult {
  const plain = candidates.map((candidate) => {
    const { parameters, deviance, quasiAic } = candidate;
    return { name: profileName(candidate), parameters, deviance, quasiAic };
  });
  return { ...profile, candidates: plain };
}

export function profileName({ kind, shape }: Pick<ProfileCandidate, "kind" | "shape">): string {
  if (shape === null) return kind;
  return `${shape.family} launch${shape.steady ? " over a steady rest" : ""}`;
}

function candidateResult(candidate: RankedCandidate): CandidateResult {
  const { kind, parameters, aic, distance, andersonDarling, fits } = candidate;
  return { name: kind, parameters, aic, kolmogorovSmirnov: distance, andersonDarling, fits };
}

function quantityResult({
  ranking,
  shape,
}: {
  readonly ranking: Ranking | NoRanking;
  readonly shape: ValueShape | NoRanking;
}): QuantityResult {
  if ("why" in ranking) {
    const nothing = { candidates: [], chosen: null, curve: null, picture: [], shape: null };
    return { ...ranking, ...nothing };
  }
  return {
    size: ranking.size,
    why: null,
    candidates: ranking.candidates.map(candidateResult),
    chosen: ranking.chosen?.kind ?? null,
    curve: ranking.curve,
    picture: ranking.picture,
    shape: "why" in shape ? null : shape,
  };
}

function milestonesResult({ sale, metric, fits }: MilestonesOfSale): MilestonesResult {
  const candidates = fits.map(({ family, steady, parameters, aic, wmape, milestones }) => ({
    name: profileName({ kind: "launch", shape: { family, steady } }),
    parameters,
    aic,
    wmape,
    milestones,
  }));
  return { sale, metric, candidates };
}
