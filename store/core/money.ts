/**
 * Money is integer minor units of one currency, so sums are exact. There is no fraction of a
 * minor unit anywhere: what is divided is allocated, and the parts add up to the whole.
 */
import { assert } from "./assert.ts";

export interface Money {
  /** Minor units: cents of USD, yen of JPY, fils of KWD. */
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** ISO 4217 currencies whose minor unit is not a hundredth: how many decimals they have. */
const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"].map((code) => [code, 0] as const),
  ...["PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"].map((code) => [code, 0] as const),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3] as const),
]);

/** Decimal places of a currency's main unit (ISO 4217): 2 of USD, none of JPY, 3 of KWD. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

export function money(minor: number, currency: string): Money {
  assert(Number.isSafeInteger(minor), "money is whole minor units");
  assert(/^[A-Z]{3}$/.test(currency), "a currency is three capital letters");
  return { minor, currency };
}

export function add(one: Money, other: Money): Money {
  assert(one.currency === other.currency, "only money of one currency is added");
  return money(one.minor + other.minor, one.currency);
}

export function multiply(price: Money, units: number): Money {
  assert(Number.isSafeInteger(units), "money is multiplied by whole units");
  return money(price.minor * units, price.currency);
}

/**
 * Divides an amount in the ratio of whole weights. Each part is the exact share rounded down;
 * what is left goes, one minor unit each, to the parts that lost most, the first among equals
 * first (largest remainder). A negative amount is the negative of what its opposite gives.
 */
export function allocate(whole: Money, weights: readonly number[]): readonly Money[] {
  assert(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    "weights are whole",
  );
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  assert(sum > 0n, "one weight is above zero");
  const sign = whole.minor < 0 ? -1 : 1;
  const amount = BigInt(sign * whole.minor);
  const shares = weights.map((weight, index) => ({
    index,
    part: (amount * BigInt(weight)) / sum,
    lost: (amount * BigInt(weight)) % sum,
  }));
  const left = amount - shares.reduce((total, share) => total + share.part, 0n);
  const byLoss = [...shares].sort((a, b) =>
    a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1,
  );
  for (const share of byLoss.slice(0, Number(left))) share.part += 1n;
  return shares.map((share) => money(sign * Number(share.part) + 0, whole.currency));
}

/** The sum of units times unit price over lines, in minor units. */
export function totalOf(
  lines: readonly { readonly units: number; readonly unitPrice: number }[],
): number {
  let total = 0;
  for (const line of lines) total += line.units * line.unitPrice;
  assert(Number.isSafeInteger(total), "a total is whole minor units");
  return total;
}

/** As in "USD 1,234.56": the code, thousands by commas, the currency's own decimals. */
export function formatMoney(amount: Money): string {
  const decimals = decimalsOf(amount.currency);
  const sign = amount.minor < 0 ? "-" : "";
  const digits = String(Math.abs(amount.minor)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = decimals === 0 ? "" : `.${digits.slice(-decimals)}`;
  return `${sign}${amount.currency} ${whole}${fraction}`;
}
