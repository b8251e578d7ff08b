/**
 * The programs of `store/service` on the wall clock: the very ones that a rehearsal runs, over the
 * adapters of a live store. Whoever answers a shopper (a route, a page, a round in the background)
 * asks here.
 */
import { Effect } from "effect";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import { type Admission, makeAdmission } from "../service/admit.ts";
import { type Browse, makeBrowse } from "../service/browse.ts";
import { type Carts, makeCarts } from "../service/cart.ts";
import { type Checkout, makeCheckout } from "../service/checkout.ts";
import { type HoldSweep, makeHoldSweep } from "../service/expire-holds.ts";
import { makePromotions, type Promotions } from "../service/promote.ts";
import { makeReconciliation, type Reconciliation } from "../service/reconcile.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import type { StorePorts, StoreSettings } from "../service/store-ports.ts";
import { makeSurveys, type Surveys } from "../service/survey.ts";
import { LiveControl } from "./live-control.ts";
import type { LiveParts } from "./parts.ts";
import { hmacPassSigner, secureCodes, secureIdentifiers } from "./secure-random.ts";

export interface LiveStoreOptions {
  readonly setup: SaleSetup;
  readonly parts: LiveParts;
  /** In the order in which they are asked. */
  readonly gateways: readonly PaymentGateway[];
  /** Keys of 32 bytes or more that passes are signed with; the first signs. */
  readonly keys: readonly Buffer[];
}

export interface LiveStore {
  readonly setup: SaleSetup;
  readonly settings: StoreSettings;
  /** The times of the sale, which operators may change while it is on. */
  readonly control: LiveControl;
  readonly parts: LiveParts;
  readonly ports: StorePorts;
  readonly browse: Browse;
  readonly carts: Carts;
  readonly checkout: Checkout;
  readonly promotions: Promotions;
  readonly surveys: Surveys;
  /** Null where the sale has no waiting room. */
  readonly admission: Admission | null;
  readonly holdSweep: HoldSweep;
  readonly reconciliation: Reconciliation;
}

export function makeLiveStore({ setup, parts, gateways, keys }: LiveStoreOptions): LiveStore {
  const control = new LiveControl(parts.control, setup.settings.sale);
  const settings: StoreSettings = {
    ...setup.settings,
    get sale() {
      return control.times;
    },
  };
  const { saleLog, orders, feedback, tickets } = parts;
  const ports: StorePorts = {
    catalog: parts.catalog,
    stock: parts.stock,
    carts: parts.carts,
    orders,
    gateways: gateways.map((gateway) => afterDurable(gateway, parts)),
    saleLog,
    rateLimiter: parts.rateLimiter,
    identifiers: secureIdentifiers,
    promotions: parts.promotions,
    codes: secureCodes,
  };
  const passes = hmacPassSigner(setup.name, keys);
  return {
    setup,
    settings,
    control,
    parts,
    ports,
    browse: makeBrowse(ports, settings),
    carts: makeCarts(ports, settings),
    checkout: makeCheckout(ports, settings),
    promotions: makePromotions(ports, settings),
    surveys: makeSurveys({ orders, saleLog, feedback }, setup.feedback),
    admission: tickets === null ? null : makeAdmission({ tickets, passes, saleLog }),
    holdSweep: makeHoldSweep(ports),
    reconciliation: makeReconciliation(ports, settings),
  };
}

/** The gateway, asked to move money only for what the ledger would remember after a crash. */
function afterDurable(gateway: PaymentGateway, { durable }: LiveParts): PaymentGateway {
  const settled = Effect.promise(durable);
  return {
    name: gateway.name,
    charge: (request) => Effect.zipRight(settled, gateway.charge(request)),
    lookUp: (key) => gateway.lookUp(key),
    refund: (request) => Effect.zipRight(settled, gateway.refund(request)),
  };
}
