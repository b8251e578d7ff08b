/**
 * The codes of an order, in step with the order: claimed when it was placed, spent when it was
 * sold, given back when it ended otherwise. The order names its codes before they are claimed, so
 * a crash between any two of these steps leaves an open claim whose order says what it is owed.
 */
import type { Order } from "../core/order.ts";
import type { Claimed, CodeRefusal } from "../core/promotion-book.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

const CLAIMED: Claimed = { _tag: "Claimed" };

/** Takes the codes of a placed order, all or none. */
export function* claimCodes(
  ports: StorePorts,
  order: Order,
  now: number,
): Steps<Claimed | CodeRefusal, PortUnavailable> {
  const { id, shopper, discount } = order;
  if (discount === null) return CLAIMED;
  const { codes } = discount;
  const answer = yield* ports.promotions.claim({ order: id, shopper, codes, now });
  if (answer._tag !== "Claimed") return answer;
  const of = { kind: "CodeClaimed", at: now, order: id, shopper } as const;
  for (const code of codes) yield* ports.saleLog.append({ ...of, ...code });
  return answer;
}

/** The order has ended: its codes are spent where it was sold, else they can be used again. */
export function* endCodes(
  ports: StorePorts,
  of: { readonly order: string; readonly sold: boolean },
  now: number,
): Steps<void, PortUnavailable> {
  const { promotions, saleLog } = ports;
  const ended = yield* of.sold ? promotions.redeem(of.order) : promotions.release(of.order);
  // Somebody else was faster, and has told the log.
  if (ended._tag === "NoClaim") return;
  const kind = of.sold ? "CodeRedeemed" : "CodeReleased";
  const { shopper } = ended;
  for (const code of ended.codes) {
    yield* saleLog.append({ kind, at: now, order: of.order, shopper, ...code });
  }
}
