/** Limits of Stripe's webhook that its route needs before the package is loaded. */

/** Bytes of one event; Stripe's own are well below (assumed: no limit is published). */
export const WEBHOOK_BYTES_MAX = 256 * 1024;
