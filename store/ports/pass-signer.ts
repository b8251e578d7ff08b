/**
 * Signs passes, so that any node can tell a pass of this store from one that somebody made up,
 * without asking anybody. A pass is bound to one ticket, one shopper and an end.
 */
import { Context, type Effect } from "effect";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface Pass {
  readonly ticket: number;
  readonly shopper: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Not signed by this store, or changed since. */
export interface Forged {
  readonly _tag: "Forged";
}

export interface Genuine {
  readonly _tag: "Genuine";
  readonly pass: Pass;
}

export interface PassSignerService {
  /** A text that fits into a cookie or an address: letters, digits, `-`, `_`, `.` and `%`. */
  readonly sign: (pass: Pass) => Effect.Effect<string, PortUnavailable>;
  /** The pass that was signed; its end is for whoever asks to heed. */
  readonly verify: (signed: string) => Effect.Effect<Genuine | Forged, PortUnavailable>;
}

export class PassSigner extends Context.Tag("store/PassSigner")<PassSigner, PassSignerService>() {}
