/**
 * Serves one screen from a worker thread: takes its commands, also in the middle of computing, and
 * reports what comes of them. While it computes it never yields; it looks for commands by itself.
 */
/// <reference types="node" />
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { SteppedCourse } from "./stepped-course.ts";
import type { SteppedCommand, SteppedReport } from "./stepped-protocol.ts";

/** Runs until the thread is ended from outside. */
export async function serveStepped(port: MessagePort): Promise<void> {
  const desk = new SteppedDesk((report) => port.postMessage(report));
  let wake: () => void = () => {};
  const arrived: SteppedCommand[] = [];
  port.on("message", (command: SteppedCommand) => {
    arrived.push(command);
    wake();
  });
  for (;;) {
    for (let next = receiveMessageOnPort(port); next !== undefined; ) {
      arrived.push(next.message as SteppedCommand);
      next = receiveMessageOnPort(port);
    }
    for (const command of arrived.splice(0)) desk.command(command);
    const pause = desk.work();
    if (pause === 0) continue;
    await new Promise<void>((resolve) => {
      const timer = pause === Infinity ? undefined : setTimeout(resolve, pause);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (arrived.length > 0) wake();
    });
  }
}

/** The course under way; a broken assumption ends it and not the worker. */
class SteppedDesk {
  readonly #report: (report: SteppedReport) => void;
  #course: SteppedCourse | null = null;
  #number = 0;

  constructor(report: (report: SteppedReport) => void) {
    this.#report = report;
  }

  command(command: SteppedCommand): void {
    this.#guard(() => {
      if (command.kind !== "open") {
        this.#course?.command(command);
        return;
      }
      const { input, course } = command;
      this.#number = course;
      this.#course = null;
      this.#course = new SteppedCourse({
        input,
        report: (report) => this.#report({ ...report, course }),
        clock: () => performance.now(),
      });
    });
  }

  work(): number {
    return this.#guard(() => this.#course?.work() ?? Infinity) ?? Infinity;
  }

  #guard<Answer>(compute: () => Answer): Answer | null {
    try {
      return compute();
    } catch (cause) {
      this.#course = null;
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#report({ kind: "failed", why, course: this.#number });
      return null;
    }
  }
}
