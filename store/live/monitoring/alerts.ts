/**
 * When somebody has to be told. A rule reads one number from the samples of the last minutes; it
 * fires when the number has stood at its threshold for a time, and clears when it has stood below
 * a lower one for a time, so that a number near the threshold does not ring again and again.
 * All thresholds are assumed, and can be set.
 */

/** The store at one moment; counts are since the start. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requests: number;
  readonly serverErrors: number;
  /** Requests by the bounds of their durations, and those above the last. */
  readonly buckets: readonly number[];
  /** Tickets in the waiting room that wait. */
  readonly queueLength: number;
  /** What the stock and its witnesses disagree about, in plain words. */
  readonly outOfStep: readonly string[];
  /** How long the oldest payment in doubt has been so, milliseconds; 0 where none is. */
  readonly inDoubtMillis: number;
  readonly loopLateMillis: number;
  /** How long the first mail that could be sent has waited, milliseconds; 0 where none does. */
  readonly mailsLateMillis: number;
  /** Share of the disk of the store's folder that is used; null where there is none. */
  readonly diskUsed: number | null;
  /** Why the store cannot serve, or null. */
  readonly unready: string | null;
}

export interface AlertRule {
  readonly name: string;
  readonly severity: "page" | "ticket";
  /** What it means, and what to do. */
  readonly about: string;
  readonly todo: string;
  readonly unit: string;
  readonly threshold: number;
  /** Below this, not merely below the threshold, it clears. */
  readonly clearBelow: number;
  readonly forMillis: number;
  readonly clearForMillis: number;
  /** The number now, or null where nothing can be said; the newest sample is last. */
  readonly value: (samples: readonly Sample[]) => number | null;
  /** What is behind the number, for whoever is told. */
  readonly why?: (sample: Sample) => string;
}

export interface FiringAlert {
  readonly name: string;
  readonly severity: AlertRule["severity"];
  readonly since: number;
  readonly value: number | null;
  readonly unit: string;
  readonly threshold: number;
  readonly why: string;
  readonly about: string;
  readonly todo: string;
}

/** A rule as it stands, for whoever wants to know how near it is. */
export interface RuleStanding {
  readonly name: string;
  readonly severity: AlertRule["severity"];
  readonly unit: string;
  readonly threshold: number;
  /** The number at the last look; null where nothing could be said. */
  readonly value: number | null;
  readonly firing: boolean;
}

export interface AlertChange {
  readonly alert: FiringAlert;
  readonly status: "firing" | "cleared";
  readonly at: number;
}

/** Samples are kept for this long: what the longest rule looks back. */
const WINDOW_MILLIS = 300_000;
const SAMPLES_MAX = 1_000;

interface Standing {
  turningSince: number | null;
  firing: FiringAlert | null;
  value: number | null;
}

export class Alerts {
  readonly #rules: readonly AlertRule[];
  readonly #standing: Standing[];
  #samples: Sample[] = [];

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
    this.#standing = rules.map(() => ({ turningSince: null, firing: null, value: null }));
  }

  get firing(): readonly FiringAlert[] {
    return this.#standing.flatMap(({ firing }) => (firing === null ? [] : [firing]));
  }

  /** Every rule, in its order. */
  get rules(): readonly RuleStanding[] {
    return this.#rules.map(({ name, severity, unit, threshold }, index) => {
      const { value, firing } = this.#standing[index] as Standing;
      return { name, severity, unit, threshold, value, firing: firing !== null };
    });
  }

  /** Heeds a sample; answers with what began or ended by it. */
  heed(sample: Sample): readonly AlertChange[] {
    this.#samples = this.#samples.filter(({ at }) => sample.at - at <= WINDOW_MILLIS);
    if (this.#samples.length >= SAMPLES_MAX) this.#samples.shift();
    this.#samples.push(sample);
    return this.#rules.flatMap((rule, index) => {
      const change = this.#judge(rule, this.#standing[index] as Standing, sample);
      return change === null ? [] : [change];
    });
  }

  #judge(rule: AlertRule, standing: Standing, sample: Sample): AlertChange | null {
    const { at } = sample;
    const value = rule.value(this.#samples);
    standing.value = value;
    const { firing } = standing;
    const turns =
      firing === null
        ? value !== null && value >= rule.threshold
        : value === null || value < rule.clearBelow;
    if (firing !== null && !turns) {
      standing.firing = { ...firing, value, why: whyOf(rule, value, sample) };
    }
    standing.turningSince = turns ? (standing.turningSince ?? at) : null;
    const waited = standing.turningSince === null ? -1 : at - standing.turningSince;
    if (waited < (firing === null ? rule.forMillis : rule.clearForMillis)) return null;
    standing.turningSince = null;
    const alert = firing ?? firingOf(rule, value, sample);
    standing.firing = firing === null ? alert : null;
    return { alert, status: firing === null ? "firing" : "cleared", at };
  }
}

function firingOf(rule: AlertRule, value: number | null, sample: Sample): FiringAlert {
  const { name, severity, unit, threshold, about, todo } = rule;
  const why = whyOf(rule, value, sample);
  return { name, severity, since: sample.at, value, unit, threshold, why, about, todo };
}

function whyOf(rule: AlertRule, value: number | null, sample: Sample): string {
  const number = value === null ? "unknown" : `${Number(value.toPrecision(3))} ${rule.unit}`;
  return `${number}, threshold ${rule.threshold}${rule.why ? `: ${rule.why(sample)}` : ""}`;
}
