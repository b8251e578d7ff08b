/**
 * How likely who stands in a line goes away, by how long they have stood there: a life table of
 * the line. Its ages are those of the room's own view, in which who goes away in silence stands
 * there until their place runs out; so it needs no guess of who has gone already.
 */
import { assert } from "./assert.ts";

/**
 * Two bands of age to each doubling of it, counted from when a silent place has been kept: the
 * younger ones are this long, or twice, and the oldest begins after four hours.
 */
const FIRST_BAND_MILLIS = 15_000;
const BANDS = 22;
/** What was seen counts for about so long. */
const MEMORY_MILLIS = 3_600_000;
/** A band goes by the trend over all of them until it has seen a few leave itself. */
const TREND_LEAVERS = 8;
/** The trend from a band to the next is at most this, so a Weibull shape between 0 and 2. */
const TREND_MAX = Math.SQRT2;
/** There is no trend until more than a few have left. */
const FLAT_LEAVERS = 20;

export class LeavingHabits {
  readonly #keptMillis: number;
  /** Of the band that begins at `#from`: time stood there, and how many left. */
  readonly #stoodMillis = new Float64Array(BANDS);
  readonly #left = new Float64Array(BANDS);
  readonly #from = new Float64Array(BANDS);
  /** Per millisecond, and summed over all ages below the band. */
  readonly #hazard = new Float64Array(BANDS);
  readonly #below = new Float64Array(BANDS);

  #ratio = 1;

  constructor(keptMillis: number) {
    assert(keptMillis > 0, "a place is kept for a time");
    this.#keptMillis = keptMillis;
    for (let band = 1; band < BANDS; band += 1) {
      this.#from[band] = keptMillis + startOf(band) * FIRST_BAND_MILLIS;
    }
  }

  /** So many of this age stood there for so long. */
  stood(ageMillis: number, shoppers: number, millis: number): void {
    const band = this.#bandOf(ageMillis);
    this.#stoodMillis[band] = (this.#stoodMillis[band] as number) + shoppers * millis;
  }

  left(ageMillis: number): void {
    const band = this.#bandOf(ageMillis);
    this.#left[band] = (this.#left[band] as number) + 1;
  }

  /** Learns from what was told since the last time, `millis` ago. */
  learn(millis: number): void {
    const keeps = Math.max(0, 1 - millis / MEMORY_MILLIS);
    const [stoodMillis, left] = [this.#stoodMillis, this.#left];
    let trend = this.#fit();
    let below = 0;
    for (let band = 0; band < BANDS; band += 1) {
      const [stood, gone] = [stoodMillis[band] as number, left[band] as number];
      const hazard = band === 0 || trend === 0 ? plain(gone, stood) : mixed(gone, stood, trend);
      const width = (this.#from[band + 1] ?? 0) - (this.#from[band] as number);
      this.#hazard[band] = hazard;
      this.#below[band] = below;
      below += hazard * width;
      stoodMillis[band] = stood * keeps;
      left[band] = gone * keeps;
      if (band > 0) trend *= this.#ratio;
    }
  }

  /**
   * Takes a step towards the likeliest geometric trend of the hazards over the bands, which double
   * in age, so of a Weibull law; answers its hazard in the first band after the place was kept.
   */
  #fit(): number {
    let [weight, stood, leavers, bands, moment, square] = [1, 0, 0, 0, 0, 0];
    for (let band = 1; band < BANDS; band += 1) {
      const weighed = weight * (this.#stoodMillis[band] as number);
      const gone = this.#left[band] as number;
      stood += weighed;
      moment += weighed * band;
      square += weighed * band * band;
      leavers += gone;
      bands += gone * band;
      weight *= this.#ratio;
    }
    if (stood === 0 || leavers === 0) return 0;
    const mean = moment / stood;
    const score = bands - leavers * mean - FLAT_LEAVERS * (this.#ratio - 1);
    const step = score / (leavers * (square / stood - mean * mean) + FLAT_LEAVERS);
    const ratio = this.#ratio * (1 + Math.max(-0.1, Math.min(0.1, step)));
    const hazard = leavers / stood;
    this.#ratio = Math.max(1 / TREND_MAX, Math.min(TREND_MAX, ratio));
    return hazard;
  }

  hazardAt(ageMillis: number): number {
    return this.#hazard[this.#bandOf(ageMillis)] as number;
  }

  /** The hazards of all ages up to this one. */
  summedTo(ageMillis: number): number {
    const band = this.#bandOf(ageMillis);
    const within = ageMillis - (this.#from[band] as number);
    return (this.#below[band] as number) + (this.#hazard[band] as number) * within;
  }

  #bandOf(ageMillis: number): number {
    if (ageMillis < this.#keptMillis) return 0;
    const bands = Math.floor((ageMillis - this.#keptMillis) / FIRST_BAND_MILLIS);
    if (bands < 2) return 1 + bands;
    const doublings = 31 - Math.clz32(bands);
    return Math.min(BANDS - 1, 1 + doublings * 2 + ((bands >> (doublings - 1)) & 1));
  }
}

/** In lengths of the first band. */
function startOf(band: number): number {
  if (band < 3) return band - 1;
  return (1 << (((band - 1) >> 1) - 1)) * (2 + ((band - 1) & 1));
}

function plain(left: number, stoodMillis: number): number {
  return stoodMillis > 0 ? left / stoodMillis : 0;
}

function mixed(left: number, stoodMillis: number, trend: number): number {
  return (left + TREND_LEAVERS) / (stoodMillis + TREND_LEAVERS / trend);
}

/** The share that is left after hazards that sum up to this, by arithmetic exact everywhere. */
export function survivesOf(hazards: number): number {
  const step = hazards / 128;
  let share = (1 - step) / (1 + step);
  for (let doubled = 0; doubled < 6; doubled += 1) share *= share;
  return share;
}
