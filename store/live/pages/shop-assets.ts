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

export const SHOP_STYLE = assetOf("shop.css", "text/css; charset=utf-8");
export const SHOP_SCRIPT = assetOf("shop.js", "text/javascript; charset=utf-8");
export const LEAVING_SCRIPT = assetOf("leaving.js", "text/javascript; charset=utf-8");
export const CARD_SCRIPT = assetOf("card.js", "text/javascript; charset=utf-8");
export const SHOP_ASSETS: readonly ShopAsset[] = [
  SHOP_STYLE,
  SHOP_SCRIPT,
  LEAVING_SCRIPT,
  CARD_SCRIPT,
];

function assetOf(
  file: "shop.css" | "shop.js" | "leaving.js" | "card.js",
  contentType: string,
): ShopAsset {
  const bytes = readFileSync(new URL(`./browser/${file}`, import.meta.url));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, DIGEST_LETTERS);
  const path = `/assets/${file.replace(".", `.${digest}.`)}`;
  return { path, contentType, bytes };
}
