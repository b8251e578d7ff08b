/**
 * Waiting times without events: what first come, first served means, written as a recursion from
 * one customer to the next (Lindley 1952; for several servers Kiefer & Wolfowitz 1955). On the same
 * draws the kernel has to give the same waits, and for long averages the recursion is some twenty
 * times as fast.
 */
import { assert } from "../assert.ts";

/** When each server is free next, the earliest first: a binary heap. */
export class ServersFree {
  private readonly times: Float64Array;

  constructor(servers: number) {
    assert(servers >= 1, "there is a server");
    this.times = new Float64Array(servers);
  }

  /** The wait of a customer who comes at a time and needs a service, which is then given. */
  serve(at: number, service: number): number {
    const { times } = this;
    const begin = Math.max(at, times[0]);
    const end = begin + service;
    let place = 0;
    for (let child = 1; child < times.length; child = 2 * place + 1) {
      if (child + 1 < times.length && times[child + 1] < times[child]) child += 1;
      if (times[child] >= end) break;
      times[place] = times[child];
      place = child;
    }
    times[place] = end;
    return begin - at;
  }
}

/** The mean of a long sequence with its standard error by batch means (Law, section 9.5.3). */
export class BatchMeans {
  private readonly sums: Float64Array;
  private readonly perBatch: number;
  private count = 0;

  constructor(options: { readonly values: number; readonly batches: number }) {
    this.sums = new Float64Array(options.batches);
    this.perBatch = options.values / options.batches;
    assert(Number.isInteger(this.perBatch), "batches are equally long");
  }

  add(value: number): void {
    this.sums[Math.floor(this.count / this.perBatch)] += value;
    this.count += 1;
  }

  get mean(): number {
    return this.sums.reduce((sum, value) => sum + value, 0) / this.count;
  }

  get standardError(): number {
    assert(this.count === this.perBatch * this.sums.length, "every batch is complete");
    const { mean } = this;
    const squares = this.sums.reduce((sum, value) => {
      const deviation = value / this.perBatch - mean;
      return sum + deviation * deviation;
    }, 0);
    return Math.sqrt(squares / (this.sums.length - 1) / this.sums.length);
  }
}
