/** Where each page is. Names are the sellers' own, so they are encoded here and nowhere else. */

export const HOME = "/";
export const PRODUCTS = "/products";
export const SEARCH = "/search";
export const CART = "/cart";
export const CART_LINES = "/cart/lines";
export const CART_UNITS = "/cart/units";
export const CHECKOUT = "/checkout";
export const ORDERS = "/orders";
export const QUEUE = "/queue";
export const QUEUE_LEAVE = "/queue/leave";
export const GOODBYE = "/goodbye";
export const INVITATION = "/invitation";
export const LEAVING = "/leaving";
export const VIEWS = "/views";

export function productPath(product: string): string {
  return `/product/${encodeURIComponent(product)}`;
}

export function artPath(product: string): string {
  return `/art/${encodeURIComponent(product)}.svg`;
}

/** Items of a seller, or of all, after a SKU. */
export function listPath(seller: string | null, after: string | null): string {
  const list = seller === null ? PRODUCTS : `/sellers/${encodeURIComponent(seller)}`;
  return after === null ? list : `${list}/from/${encodeURIComponent(after)}`;
}

export function orderPath(order: string): string {
  return `${ORDERS}/${encodeURIComponent(order)}`;
}

export function surveyPath(order: string): string {
  return `${orderPath(order)}/survey`;
}

/** The waiting room, and where to go from there. */
export function queuePath(next: string): string {
  return next === HOME ? QUEUE : `${QUEUE}?next=${encodeURIComponent(next)}`;
}
