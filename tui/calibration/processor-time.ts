/**
 * CPU time as Linux counts it, to the nanosecond, in /proc: of the thread of an event loop, of a
 * process with all that it has started, and of the machine. CPU time repeats where latency does not.
 */
/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const NANOS_PER_MICRO = 1_000;
/** Ticks of /proc/stat: USER_HZ is 100 on every Linux. */
const MICROS_PER_TICK = 10_000;
/** Places in the first line of /proc/stat (proc(5)): idle and iowait, and time given to a guest. */
const IDLE = 3;
const IOWAIT = 4;
const GUEST = 8;

/** Whether this system tells CPU time by thread. */
export function tellsProcessorTime(): boolean {
  return existsSync("/proc/self/schedstat") && existsSync("/proc/stat");
}

export interface ThreadTime {
  /** Microseconds on a core, and microseconds of waiting for one. */
  readonly ran: number;
  readonly waited: number;
}

/** Of the first thread of a process, which in Node runs the event loop; zero once it has ended. */
export function loopTime(pid: number): ThreadTime {
  return threadTime(`/proc/${pid}/task/${pid}/schedstat`);
}

/** Of all threads of a process, microseconds; zero once it has ended. */
export function processTime(pid: number): number {
  return listed(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + threadTime(`/proc/${pid}/task/${thread}/schedstat`).ran,
    0,
  );
}

/** A process and all that it has started, and those in their turn. */
export function processTree(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
  return [pid, ...children.flatMap((child) => processTree(Number(child)))];
}

/** Processes of this machine whose program has one of these names. */
export function processesNamed(names: readonly string[]): readonly number[] {
  return listed("/proc")
    .filter((name) => /^\d+$/.test(name) && names.includes(read(`/proc/${name}/comm`).trim()))
    .map(Number);
}

/** Microseconds for which the cores of this machine were busy since it started, whoever used them. */
export function machineTime(): number {
  const [, ...ticks] = read("/proc/stat").split("\n", 1)[0]?.split(/\s+/) ?? [];
  return ticks
    .slice(0, GUEST)
    .reduce(
      (sum, text, place) =>
        place === IDLE || place === IOWAIT ? sum : sum + Number(text) * MICROS_PER_TICK,
      0,
    );
}

export const CORES = availableParallelism();

function threadTime(path: string): ThreadTime {
  const [ran = 0, waited = 0] = read(path).split(" ").map(Number);
  return { ran: ran / NANOS_PER_MICRO, waited: waited / NANOS_PER_MICRO };
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function listed(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
