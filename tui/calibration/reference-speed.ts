/**
 * How fast the machine is now: a loop that is always the same, and a request that does nothing. On
 * a machine that is shared both change from minute to minute, and what is measured beside them is
 * told in the unit of the loop. A page of the store itself is no better unit: asked for one after
 * the other its CPU time was 0.10 to 0.25 ms within minutes in which that of the loads was the same.
 */
/// <reference types="node" />

const ROUNDS = 9;
const STEPS = 2_000_000;
const ASKED = 20;

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
  // The store has closed what was silent for long; a connection is found before it counts.
  await fetch(url).catch(() => fetch(url));
  for (let number = 0; number < ASKED; number += 1) {
    const began = performance.now();
    const answer = await fetch(`${url}/health/live`);
    await answer.arrayBuffer();
    times.push((performance.now() - began) * 1_000);
  }
  return middleOf(times);
}

export function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  const [low, high] = [sorted[Math.floor(last / 2)], sorted[Math.ceil(last / 2)]];
  return ((low as number) + (high as number)) / 2;
}
