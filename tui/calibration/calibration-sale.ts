/**
 * The sale that a store under calibration opens: one seller with plenty of everything, and one
 * whose items are few each, for the loads that sell out. Nothing limits a shopper.
 */
/// <reference types="node" />

export const SCARCE_UNITS = 40;
const SCARCE_ITEMS = 60;

export const CALIBRATION_SALE = `name: calibration
seed: calibration/1
starts: 2024-03-01T18:00+01:00
lasts: 12h
currency: EUR
sellers:
  - name: plenty
    catalog:
      products: 24
      prefix: CA
      sale-price: { mean: €60, cv: 0.5 }
      discount: 20%
      popularity: 0
    stock: { units: 24000000 }
    limit-per-shopper: 1000000
  - name: scarce
    catalog:
      products: ${SCARCE_ITEMS}
      prefix: SC
      sale-price: { mean: €60, cv: 0.5 }
      discount: 20%
      popularity: 0
    stock: { units: ${SCARCE_ITEMS * SCARCE_UNITS} }
    limit-per-shopper: 1000000
sale: { early-access: +0s, public: +0s, closes: +12h }
audience: { recipients: 1k }
plans:
  one: { launch: { batches: 1, each-over: 1min } }
`;
