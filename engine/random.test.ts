import { describe, expect, it } from "vitest";
import { RandomStream } from "./random.ts";

const N = 400_000;

/** Chi-square of counts that should be equal, as standard deviations from its mean. */
function chiSquareDeviation(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length;
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell++) sum += (counts[cell] - expected) ** 2 / expected;
  const freedom = counts.length - 1;
  return (sum - freedom) / Math.sqrt(2 * freedom);
}

/** The Kolmogorov–Smirnov statistic times √n: above 1.95 once in a thousand times. */
function kolmogorovSmirnov(sample: Float64Array, cdf: (x: number) => number): number {
  sample.sort();
  let worst = 0;
  for (let i = 0; i < sample.length; i++) {
    const share = cdf(sample[i]);
    worst = Math.max(worst, share - i / sample.length, (i + 1) / sample.length - share);
  }
  return worst * Math.sqrt(sample.length);
}

function moments(sample: Float64Array): { mean: number; variance: number; kurtosis: number } {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length;
  const fourth = sample.reduce((sum, x) => sum + (x - mean) ** 4, 0) / sample.length;
  return { mean, variance, kurtosis: fourth / variance ** 2 };
}

/** The normal distribution function, integrated by Simpson's rule and read between the points. */
const NORMAL_CDF = (() => {
  const step = 1 / 512;
  const table = [0];
  const density = (x: number) => Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI);
  for (let i = 0; i < 8 * 512; i++) {
    const x = -8 + 2 * i * step;
    const area = (step / 3) * (density(x) + 4 * density(x + step) + density(x + 2 * step));
    table.push((table[i] ?? 0) + area);
  }
  return (x: number): number => {
    const place = Math.min(Math.max((x + 8) / (2 * step), 0), 4_094.999);
    const index = Math.floor(place);
    return table[index] + (place - index) * (table[index + 1] - table[index]);
  };
})();

describe("a stream", () => {
  it("gives the draws written down here, on every machine", () => {
    const stream = new RandomStream("rehearse", "email.click");
    expect(Array.from({ length: 4 }, () => stream.uint32())).toEqual([
      1202858890, 3391766180, 1399105081, 2884774672,
    ]);
    expect(Array.from({ length: 4 }, (_, i) => stream.at(i, 1).uint32())).toEqual([
      1363631283, 1831187089, 2590559497, 3154789035,
    ]);
    expect([stream.at(5).exponential(), stream.at(5).normal()]).toEqual([
      0.051855330404499474, 0.10499385074761011,
    ]);
  });

  it("is decided by seed and name", () => {
    const first = (seed: string, name: string) => new RandomStream(seed, name).at(3).uint32();
    expect(first("a", "x")).toBe(first("a", "x"));
    expect(
      new Set([first("a", "x"), first("b", "x"), first("a", "y"), first("a/x", "")]).size,
    ).toBe(4);
  });

  it("goes back to the same draws for the same entity and purpose, whatever was drawn between", () => {
    const stream = new RandomStream("1", "shopper");
    const draw = (): number[] => {
      stream.at(41, 2);
      return [stream.next(), stream.exponential(), stream.normal(), stream.below(10)];
    };
    const before = draw();
    for (let entity = 0; entity < 100; entity++) stream.at(entity).normal();
    expect(draw()).toEqual(before);
    expect(stream.at(41, 0).next()).toBe(stream.at(41).next());
  });
});

describe("uniform draws", () => {
  it("fill 1,024 cells evenly: in sequence, by entity, by purpose", () => {
    const stream = new RandomStream("1", "uniform");
    const ways = [
      () => stream.next(),
      (i: number) => stream.at(i).next(),
      (i: number) => stream.at(7, i).next(),
      (i: number) => stream.at(i << 8, 3).next(),
    ];
    for (const draw of ways) {
      const counts = new Int32Array(1_024);
      for (let i = 0; i < N; i++) counts[Math.floor(draw(i) * 1_024)]++;
      expect(Math.abs(chiSquareDeviation(counts, N))).toBeLessThan(4);
    }
  });

  it("have even low bits as well", () => {
    const stream = new RandomStream("1", "bits");
    const counts = new Int32Array(1_024);
    for (let i = 0; i < N; i++) counts[stream.at(i).uint32() & 1_023]++;
    expect(Math.abs(chiSquareDeviation(counts, N))).toBeLessThan(4);
  });

  it("of neighbours are independent: entities, purposes, successive draws, streams", () => {
    const stream = new RandomStream("1", "pairs");
    const other = new RandomStream("1", "pairz");
    const pairs = [
      (i: number) => [stream.at(i).next(), stream.at(i + 1).next()],
      (i: number) => [stream.at(i, 0).next(), stream.at(i, 1).next()],
      (i: number) => [stream.at(i).next(), stream.next()],
      (i: number) => [stream.at(i).next(), other.at(i).next()],
      (i: number) => [stream.at(i, 0).next(), stream.at(i + 1, 1).next()],
    ];
    for (const draw of pairs) {
      const counts = new Int32Array(32 * 32);
      for (let i = 0; i < N; i++) {
        const [x = 0, y = 0] = draw(i);
        counts[Math.floor(x * 32) * 32 + Math.floor(y * 32)]++;
      }
      expect(Math.abs(chiSquareDeviation(counts, N))).toBeLessThan(4);
    }
  });

  it("change in half of their bits when one bit of entity or purpose changes", () => {
    const stream = new RandomStream("1", "avalanche");
    const samples = 4_000;
    for (let bit = 0; bit < 32; bit++) {
      const flips = new Int32Array(32);
      const flipsOfSecond = new Int32Array(32);
      for (let i = 0; i < samples; i++) {
        const [entity, purpose] = [Math.imul(i, 77), i & 15];
        const changed =
          bit < 28 ? [entity ^ (1 << bit), purpose] : [entity, purpose ^ (1 << (bit - 28))];
        const first = stream.at(entity, purpose).uint32();
        const second = stream.uint32();
        const difference = first ^ stream.at(changed[0] ?? 0, changed[1]).uint32();
        const secondDifference = second ^ stream.uint32();
        for (let out = 0; out < 32; out++) {
          flips[out] += (difference >>> out) & 1;
          flipsOfSecond[out] += (secondDifference >>> out) & 1;
        }
      }
      for (const count of [...flips, ...flipsOfSecond]) {
        expect(Math.abs(count / samples - 0.5)).toBeLessThan(0.06);
      }
    }
  });

  it("do not repeat themselves: 52 bits of 200,000 places differ", () => {
    const stream = new RandomStream("1", "places");
    const seen = new Set<number>();
    for (let i = 0; i < 200_000; i++) {
      stream.at(i % 20_000, Math.floor(i / 20_000));
      seen.add(stream.uint32() * 2 ** 20 + (stream.uint32() >>> 12));
    }
    expect(seen.size).toBe(200_000);
  });
});

describe("whole numbers and chances", () => {
  it("below n are each as likely, also where n does not divide 2^32", () => {
    const stream = new RandomStream("1", "below");
    for (const n of [1, 2, 6, 1_000, 3_000_000_000]) {
      const counts = new Int32Array(Math.min(n, 1_000));
      let largest = 0;
      for (let i = 0; i < N; i++) {
        const value = stream.below(n);
        largest = Math.max(largest, value);
        counts[Math.floor((value / n) * counts.length)]++;
      }
      expect(largest).toBeLessThan(n);
      if (n > 1) expect(Math.abs(chiSquareDeviation(counts, N))).toBeLessThan(4);
    }
  });

  it("come at the share that is asked for, and never or always at 0 and 1", () => {
    const stream = new RandomStream("1", "chance");
    for (const share of [0, 0.023, 0.5, 1]) {
      let hits = 0;
      for (let i = 0; i < N; i++) if (stream.at(i).chance(share)) hits++;
      const deviation = Math.sqrt(N * share * (1 - share));
      expect(Math.abs(hits - N * share)).toBeLessThanOrEqual(4 * deviation);
    }
  });

  it("refuse what is no whole number from 1 to 2^32", () => {
    const stream = new RandomStream("1", "below");
    for (const n of [0, -1, 1.5, NaN, 2 ** 33]) {
      expect(() => stream.below(n)).toThrow("one draws below a whole number");
    }
  });
});

describe("exponential draws", () => {
  const stream = new RandomStream("1", "exponential");
  const sequential = Float64Array.from({ length: N }, () => stream.exponential());
  const keyed = Float64Array.from({ length: N }, (_, i) => stream.at(i, 4).exponential());

  it.each([
    ["in sequence", sequential],
    ["by entity", keyed],
  ])("%s have mean 1, variance 1 and the exponential's kurtosis", (_way, sample) => {
    const { mean, variance, kurtosis } = moments(sample);
    // Four standard errors: 0.6 % of the mean, 1.8 % of the variance.
    expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(N));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(8 / N));
    expect(Math.abs(kurtosis - 9)).toBeLessThan(0.9);
  });

  it.each([
    ["in sequence", sequential],
    ["by entity", keyed],
  ])("%s follow the distribution, its tail included", (_way, sample) => {
    for (const x of [3, 6, 7.7, 9]) {
      const beyond = sample.reduce((count, draw) => count + (draw > x ? 1 : 0), 0);
      const expected = N * Math.exp(-x);
      expect(Math.abs(beyond - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1);
    }
    expect(kolmogorovSmirnov(Float64Array.from(sample), (x) => -Math.expm1(-x))).toBeLessThan(1.95);
    expect(sample.every((x) => x > 0)).toBe(true);
  });
});

describe("normal draws", () => {
  const stream = new RandomStream("1", "normal");
  const sequential = Float64Array.from({ length: N }, () => stream.normal());
  const keyed = Float64Array.from({ length: N }, (_, i) => stream.at(i, 4).normal());

  it.each([
    ["in sequence", sequential],
    ["by entity", keyed],
  ])("%s have mean 0, variance 1 and the normal's kurtosis", (_way, sample) => {
    const { mean, variance, kurtosis } = moments(sample);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(N));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / N));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / N));
  });

  it.each([
    ["in sequence", sequential],
    ["by entity", keyed],
  ])("%s follow the distribution, both tails included", (_way, sample) => {
    for (const x of [1.96, 3, 3.6541528853610088, 4]) {
      const expected = N * NORMAL_CDF(-x);
      for (const sign of [1, -1]) {
        const beyond = sample.reduce((count, draw) => count + (sign * draw > x ? 1 : 0), 0);
        expect(Math.abs(beyond - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1);
      }
    }
    expect(kolmogorovSmirnov(Float64Array.from(sample), NORMAL_CDF)).toBeLessThan(1.95);
  });
});
