/** What a screen and the worker of its rehearsal say to each other. */
import type { Ticks } from "../../engine/time.ts";
import type { Change } from "../../twin/stepped/intervention.ts";
import type { Speed, SteppedInput, SteppedSeek, SteppedUpdate } from "./stepped-client.ts";

/** What a worker is started with that serves a screen. */
export interface SteppedWorkerData {
  readonly kind: "stepped";
}

export type SteppedCommand =
  /** `course` comes back with every report, so that what is said of an older one can be told. */
  | { readonly kind: "open"; readonly input: SteppedInput; readonly course: number }
  | { readonly kind: "play"; readonly speed: Speed }
  /** Another speed, whether it plays or not. */
  | { readonly kind: "pace"; readonly speed: Speed }
  | { readonly kind: "pause" }
  /** The other of the two than it does when this is heard. */
  | { readonly kind: "play-or-pause" }
  | { readonly kind: "step"; readonly of: "event" | "minute" }
  | { readonly kind: "seek"; readonly to: Ticks }
  | { readonly kind: "intervene"; readonly change: Change }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" };

export type SteppedReport = { readonly course: number } & (
  | { readonly kind: "update"; readonly update: SteppedUpdate }
  | { readonly kind: "seeking"; readonly seek: SteppedSeek }
  | { readonly kind: "refused"; readonly why: string }
  /** A broken assumption of the program; the course is at its end. */
  | { readonly kind: "failed"; readonly why: string }
);
