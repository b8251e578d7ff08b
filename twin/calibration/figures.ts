/**
 * What a load has shown, by the same arithmetic for the model and for the store: latencies by
 * route, throughput, the most requests that were open at once, and how long it took to be rid of
 * them.
 */
import { SECOND } from "../../engine/time.ts";
import { type LoadPlan, ROUTES } from "./load-cell.ts";

/** Microseconds. */
export interface LatencyFigures {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface LoadFigures {
  readonly all: LatencyFigures;
  /** In the order of {@link ROUTES}; null where a route had no answer. */
  readonly routes: readonly (LatencyFigures | null)[];
  /** Answers a second until the last request was due. */
  readonly throughput: number;
  readonly openMost: number;
  /** From the instant with the most open requests until a tenth of them are left, seconds. */
  readonly recovery: number;
}

/** Responses in microseconds from the time due, in the order of the plan; NaN without an answer. */
export function loadFigures(plan: LoadPlan, responses: Float64Array): LoadFigures {
  const answered = [...responses].filter((response) => !Number.isNaN(response));
  const routes = ROUTES.map((_, route) =>
    plan.requests.flatMap((request, place) =>
      request.route === route && !Number.isNaN(responses[place]) ? [responses[place]] : [],
    ),
  );
  const inTime = plan.requests.filter(
    ({ due }, place) => due + responses[place] <= plan.seconds * SECOND,
  );
  return {
    all: latencyFigures(answered),
    routes: routes.map((of) => (of.length === 0 ? null : latencyFigures(of))),
    throughput: inTime.length / plan.seconds,
    ...openFigures(plan, responses),
  };
}

export function latencyFigures(responses: readonly number[]): LatencyFigures {
  const sorted = Float64Array.from(responses).sort();
  const count = sorted.length;
  const at = (share: number) =>
    count === 0 ? Number.NaN : sorted[Math.max(1, Math.ceil(share * count)) - 1];
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  return { count, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** A request comes or goes. */
interface Step {
  readonly at: number;
  readonly change: 1 | -1;
}

const LEFT_SHARE = 0.1;

function openFigures({ requests }: LoadPlan, responses: Float64Array) {
  const steps: Step[] = requests.flatMap(({ due }, place): Step[] => {
    const response = responses[place];
    if (Number.isNaN(response)) return [];
    return [
      { at: due, change: 1 },
      { at: due + response, change: -1 },
    ];
  });
  steps.sort((one, other) => one.at - other.at || one.change - other.change);
  let open = 0;
  let openMost = 0;
  let peakAt = 0;
  for (const { at, change } of steps) {
    open += change;
    if (open <= openMost) continue;
    openMost = open;
    peakAt = at;
  }
  open = 0;
  for (const { at, change } of steps) {
    open += change;
    if (at > peakAt && open <= LEFT_SHARE * openMost) {
      return { openMost, recovery: (at - peakAt) / SECOND };
    }
  }
  return { openMost, recovery: 0 };
}
