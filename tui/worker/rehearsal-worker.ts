/**
 * The program of a worker thread: takes one rehearsal at a time, computes it without a pause,
 * answers with it; or serves a screen (stepped-worker.ts), where it is started for one. It is
 * bundled apart from the command line and carries nothing of it.
 */
/// <reference types="node" />
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { rehearseChanged } from "../../twin/stepped/rehearse-changed.ts";
import { type RehearsalProgress, rehearse } from "../../twin/world.ts";
import { Board, type RehearsalTask, type TaskOutcome } from "./protocol.ts";
import { SaleLogFile } from "./sale-log-file.ts";
import type { SteppedWorkerData } from "./stepped-protocol.ts";
import { serveStepped } from "./stepped-worker.ts";

if (parentPort === null) throw new Error("this program runs in a worker thread");
if (servesScreen(workerData)) void serveStepped(parentPort);
else serveRehearsals(parentPort);

function servesScreen(data: Board["memory"] | SteppedWorkerData): data is SteppedWorkerData {
  return "kind" in data;
}

/** Serves rehearsals until the command line closes this worker. */
function serveRehearsals(port: MessagePort): void {
  const board = new Board(workerData as Board["memory"]);
  port.on("message", (task: RehearsalTask) => port.postMessage(outcomeOf(task, board)));
}

function outcomeOf(task: RehearsalTask, board: Board): TaskOutcome {
  try {
    return rehearseTask(task, board);
  } catch (cause) {
    // The one place where a broken assumption is taken up: the verb says it and ends with code 1.
    return { kind: "failed", why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function rehearseTask(task: RehearsalTask, board: Board): TaskOutcome {
  const started = performance.now();
  const { plan, seed, eventsPath, outcomes, interventions } = task;
  const log =
    eventsPath === null ? null : new SaleLogFile({ path: eventsPath, plan: plan.name, seed });
  try {
    const input = {
      plan,
      seed,
      outcomes,
      onProgress: (progress: RehearsalProgress) => board.report(task.row, progress),
      shouldStop: () => board.isStopped(task.row),
      ...(log === null ? {} : { onSaleEvent: (event: SaleEvent) => log.append(event) }),
    };
    const changed = interventions.length > 0;
    const rehearsal = changed ? rehearseChanged({ ...input, interventions }) : rehearse(input);
    return { kind: "rehearsed", rehearsal, seconds: (performance.now() - started) / 1_000 };
  } finally {
    log?.close();
  }
}
