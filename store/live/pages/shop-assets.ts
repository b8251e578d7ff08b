/**
 * The style sheet and the scripts of the pages. Their address carries a digest of what is
 * in them, so a browser may keep them for good and never shows a new page with an old script.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export interface ShopAsset {
  /** As in `/assets/shop.4f1c2b9a.css`. */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

const DIGEST_LETTERS = 12;

/** The parts of the style sheet, in the order in which a later rule stands above an earlier one. */
const STYLE_PARTS = ["frame.css", "goods.css", "buying.css", "visit.css"] as const;

export const SHOP_STYLE = asset("shop.css", "text/css; charset=utf-8", STYLE_PARTS);
export const SHOP_SCRIPT = script("shop.js");
export const LEAVING_SCRIPT = script("leaving.js");
export const CARD_SCRIPT = script("card.js");
export const SHOP_ASSETS: readonly ShopAsset[] = [
  SHOP_STYLE,
  SHOP_SCRIPT,
  LEAVING_SCRIPT,
  CARD_SCRIPT,
];

function script(file: string): ShopAsset {
  return asset(file, "text/javascript; charset=utf-8", [file]);
}

function asset(name: string, contentType: string, files: readonly string[]): ShopAsset {
  const parts = files.map((file) => readFileSync(new URL(`./browser/${file}`, import.meta.url)));
  const bytes = Buffer.concat(parts);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, DIGEST_LETTERS);
  return { path: `/assets/${name.replace(".", `.${digest}.`)}`, contentType, bytes };
}
