import { Data } from "effect";

/**
 * The system behind a port cannot answer now: it is down, full or out of reach. The step may or
 * may not have been done; whoever asked has to look before asking for it again.
 */
export class PortUnavailable extends Data.TaggedError("PortUnavailable")<{
  /** The name of the port, as in its Tag. */
  readonly port: string;
  /** What happened, in plain words. */
  readonly reason: string;
}> {
  override get message(): string {
    return `${this.port} cannot answer: ${this.reason}`;
  }
}
