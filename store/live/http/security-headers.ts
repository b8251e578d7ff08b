/**
 * The headers that every answer has, errors and 404 included: what a browser may do with a page
 * of the shop, and that nothing personal is kept anywhere. A route that may be cached says so
 * itself. Sources: OWASP ASVS 5.0, 3.4; the OWASP secure headers project.
 */

/** Pages bring their own scripts and styles from the shop itself; nothing inline, nothing foreign. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join("; ");

export type HeaderRow = readonly [name: string, value: string];

/** `contentSecurityPolicy` takes the place of the store's own, for a payment form of a gateway. */
export function securityHeaders(
  contentSecurityPolicy: string = CONTENT_SECURITY_POLICY,
): readonly HeaderRow[] {
  return [
    ["strict-transport-security", "max-age=63072000; includeSubDomains"],
    ["content-security-policy", contentSecurityPolicy],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    // With `no-referrer` a browser would name no origin with the shop's own forms either.
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
    ["cache-control", "no-store"],
  ];
}
