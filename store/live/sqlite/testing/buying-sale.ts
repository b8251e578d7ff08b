/** The sale that buying programs buy from: one SKU of the demonstration, so many units of it. */
import type { SaleSetup } from "../../../service/sale-setup.ts";

export const SKU = "scarf-heath";
export const PRICE = 4_200;

export function buyingSale(demo: SaleSetup, units: number): SaleSetup {
  return {
    ...demo,
    stock: [{ sku: SKU, units, limitPerShopper: 1 }],
    settings: { ...demo.settings, limits: null },
  };
}
