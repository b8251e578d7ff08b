/** Giving a hold up before it lapses: what a shopper does who has thought better of it. */
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { Program, type Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

export interface HoldReleased {
  readonly _tag: "Released";
}
/** There is no such live hold, or it is another shopper's; the two cannot be told apart. */
export interface NoSuchHold {
  readonly _tag: "NoSuchHold";
}

export interface HoldRelease {
  readonly release: (request: {
    readonly hold: string;
    readonly shopper: string;
  }) => Program<HoldReleased | NoSuchHold, PortUnavailable>;
}

const NO_SUCH_HOLD: NoSuchHold = { _tag: "NoSuchHold" };

export function makeHoldRelease({
  stock,
  saleLog,
}: Pick<StorePorts, "stock" | "saleLog">): HoldRelease {
  return {
    release: ({ hold, shopper }) =>
      new Program(function* (clock): Steps<HoldReleased | NoSuchHold, PortUnavailable> {
        const now = clock.unsafeCurrentTimeMillis();
        const known = yield* stock.find(hold);
        if (known === null || known.shopper !== shopper) return NO_SUCH_HOLD;
        const released = yield* stock.release({ hold, epoch: known.epoch, now });
        if (released._tag !== "Released") return NO_SUCH_HOLD;
        const { lines } = released;
        yield* saleLog.append({ kind: "HoldReleased", at: now, hold, shopper, lines });
        return { _tag: "Released" };
      }),
  };
}
