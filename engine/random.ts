/**
 * Chance. Each model draws from its own named stream, and a draw may be keyed by whom it is for:
 * `stream.at(shopper, purpose)` puts the stream to a place that only (seed, name, shopper, purpose)
 * decide, so that one shopper's changed mind shifts nobody else's luck.
 *
 * `seedrandom` (alea) turns seed and name into a key of two 32-bit lanes. A place is found by
 * mixing the key with the two numbers; from there xoroshiro64** goes on (D. Blackman, S. Vigna,
 * ACM TOMS 47(4), 2021, public domain). The mix is C. Wellons' "lowbias32" permutation
 * (hash-prospector, 2018, public domain).
 */
import alea from "seedrandom/lib/alea.js";
import { assert } from "./assert.ts";
import { exp } from "./elementary.ts";
import {
  EXPONENTIAL_TAIL_START,
  exponentialZiggurat,
  NORMAL_TAIL_START,
  normalZiggurat,
} from "./ziggurat.ts";

const TWO_TO_MINUS_32 = 1 / 4_294_967_296;
const TWO_TO_32 = 4_294_967_296;
/** Draws that a rejection may take; each is refused with a probability below one half. */
const REJECTIONS_MAX = 128;

const exponentialEdge = exponentialZiggurat.edge;
const exponentialDensity = exponentialZiggurat.density;
const exponentialWidth = exponentialEdge.map((edge) => edge / 16_777_216);
const normalEdge = normalZiggurat.edge;
const normalDensity = normalZiggurat.density;
const normalWidth = normalEdge.map((edge) => edge / 8_388_608);

/** A permutation of the 32-bit numbers in which every bit of the input flips half of the output. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

export class RandomStream {
  readonly name: string;
  private readonly keyHigh: number;
  private readonly keyLow: number;
  /** The generator's state: two 32-bit lanes, never both 0. */
  private high = 0;
  private low = 0;

  constructor(seed: string, name: string) {
    const key = alea(`${seed}/${name}`);
    this.name = name;
    this.keyHigh = key.int32();
    this.keyLow = key.int32();
    this.high = key.int32();
    this.low = key.int32() | 1;
  }

  /**
   * Goes to the place of (entity, purpose), whole numbers of 32 bits. What is drawn until the next
   * `at` depends on seed, name, entity and purpose alone.
   */
  at(entity: number, purpose = 0): this {
    const who = mix((entity ^ this.keyHigh) | 0);
    const what = Math.imul(purpose + 1, 0x9e3779b9) + this.keyLow;
    const place = mix((who ^ what) | 0);
    this.high = place;
    // Both lanes 0 would be a fixed point of the generator; it has one chance in 2^64.
    this.low = (place | who) === 0 ? 1 : who;
    return this;
  }

  /** A whole number in [-2^31, 2^31): the generator's step. */
  private int32(): number {
    const high = this.high;
    const cross = this.low ^ high;
    const product = Math.imul(high, 0x9e3779bb);
    this.high = ((high << 26) | (high >>> 6)) ^ cross ^ (cross << 9);
    this.low = (cross << 13) | (cross >>> 19);
    return Math.imul((product << 5) | (product >>> 27), 5);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    return this.int32() >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number {
    return (this.int32() >>> 0) * TWO_TO_MINUS_32;
  }

  /** A whole number in [0, n), each equally likely; n is whole, from 1 to 2^32. */
  below(n: number): number {
    assert(n >= 1 && n <= TWO_TO_32 && Math.floor(n) === n, "one draws below a whole number");
    const fair = TWO_TO_32 - (TWO_TO_32 % n);
    for (let draw = 0; draw < REJECTIONS_MAX; draw++) {
      const value = this.int32() >>> 0;
      if (value < fair) return value % n;
    }
    return assertNever("a fair draw comes within the limit");
  }

  /** True with the given probability, a share between 0 and 1. */
  chance(share: number): boolean {
    return (this.int32() >>> 0) * TWO_TO_MINUS_32 < share;
  }

  /** Exponential with mean 1; never 0. */
  exponential(): number {
    const bits = this.int32();
    const layer = bits & 255;
    const x = ((bits >>> 8) + 0.5) * exponentialWidth[layer];
    return x < exponentialEdge[layer + 1] ? x : this.exponentialAtEdge(layer, x);
  }

  /** The one draw in a hundred that falls between a layer's rectangle and the curve. */
  private exponentialAtEdge(firstLayer: number, firstX: number): number {
    let layer = firstLayer;
    let x = firstX;
    let beyond = 0;
    for (let draw = 0; draw < REJECTIONS_MAX; draw++) {
      if (x < exponentialEdge[layer + 1]) return beyond + x;
      // The tail of an exponential is an exponential again: start anew beyond it.
      if (layer === 0) beyond += EXPONENTIAL_TAIL_START;
      else if (this.under(exponentialDensity, layer) < exp(-x)) return beyond + x;
      const bits = this.int32();
      layer = bits & 255;
      x = ((bits >>> 8) + 0.5) * exponentialWidth[layer];
    }
    return assertNever("an exponential draw comes within the limit");
  }

  /** Normal with mean 0 and variance 1. */
  normal(): number {
    const bits = this.int32();
    const layer = bits & 255;
    const x = ((bits >> 8) + 0.5) * normalWidth[layer];
    const edge = normalEdge[layer + 1];
    return x < edge && x > -edge ? x : this.normalAtEdge(layer, x);
  }

  private normalAtEdge(firstLayer: number, firstX: number): number {
    let layer = firstLayer;
    let x = firstX;
    for (let draw = 0; draw < REJECTIONS_MAX; draw++) {
      const edge = normalEdge[layer + 1];
      if (x < edge && x > -edge) return x;
      if (layer === 0) return x < 0 ? -this.normalTail() : this.normalTail();
      if (this.under(normalDensity, layer) < exp(-0.5 * x * x)) return x;
      const bits = this.int32();
      layer = bits & 255;
      x = ((bits >> 8) + 0.5) * normalWidth[layer];
    }
    return assertNever("a normal draw comes within the limit");
  }

  /** Beyond the start of the tail (G. Marsaglia, Technometrics 6(1), 1964). */
  private normalTail(): number {
    for (let draw = 0; draw < REJECTIONS_MAX; draw++) {
      const x = this.exponential() / NORMAL_TAIL_START;
      if (2 * this.exponential() > x * x) return NORMAL_TAIL_START + x;
    }
    return assertNever("a draw from the normal tail comes within the limit");
  }

  /** A height between a layer's two edges. */
  private under(density: Float64Array, layer: number): number {
    return density[layer] + this.next() * (density[layer + 1] - density[layer]);
  }
}

function assertNever(assumption: string): never {
  assert(false, assumption);
}
