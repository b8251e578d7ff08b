/**
 * How fast the machine is now: a page of the store, one after the other, always the same. On a
 * machine that is shared this changes from minute to minute, and what is measured beside it is told
 * in its unit. A fixed loop and a request that does nothing say what kind of machine it is; they do
 * not follow its caches and its neighbours as the store does.
 */
/// <reference types="node" />
import { loopTime } from "./processor-time.ts";

const ROUNDS = 9;
const STEPS = 2_000_000;
const ASKED = 20;
const PAGES = 120;

/** The time of the fixed loop, microseconds: the middle of some rounds. */
export function referenceLoop(): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    let value = 1;
    for (let step = 0; step < STEPS; step += 1) value = (Math.imul(value, 48_271) + step) | 0;
    const took = performance.now() - began;
    // The value is used, so that the loop is not left out.
    return value === 0 ? Number.POSITIVE_INFINITY : took * 1_000;
  });
  return middleOf(times);
}

/** The time of a request that does nothing, one after the other, microseconds. */
export async function referenceRequest(url: string): Promise<number> {
  const times: number[] = [];
  await fetch(url).catch(() => fetch(url));
  for (let number = 0; number < ASKED; number += 1) {
    const began = performance.now();
    const answer = await fetch(`${url}/health/live`);
    await answer.arrayBuffer();
    times.push((performance.now() - began) * 1_000);
  }
  return middleOf(times);
}

/** CPU time of the event loop of process `pid` for one page, microseconds: a mean over many. */
export async function referencePage(url: string, pid: number): Promise<number> {
  // The store has closed what was silent for long; a connection is found before it counts.
  await fetch(url).catch(() => fetch(url));
  const before = loopTime(pid).ran;
  for (let number = 0; number < PAGES; number += 1) await (await fetch(`${url}/`)).arrayBuffer();
  return (loopTime(pid).ran - before) / PAGES;
}

export function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  const [low, high] = [sorted[Math.floor(last / 2)], sorted[Math.ceil(last / 2)]];
  return ((low as number) + (high as number)) / 2;
}
