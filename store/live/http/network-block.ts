/**
 * The block of addresses that a client is counted by: a home or an office has a /64 of IPv6 to
 * itself, and neighbours in a /24 of IPv4 are mostly of one provider or one data centre. A single
 * address would cost a bot nothing to change.
 */

import { isIP } from "node:net";

const MAPPED = "::ffff:";
const GROUPS = 8;
const GROUPS_OF_BLOCK = 4;

/** As in `192.0.2.0/24` and `2001:db8:0:1::/64`; any other text is a block of its own. */
export function networkBlock(address: string): string {
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (!plain.includes(":")) {
    const cut = plain.lastIndexOf(".");
    return cut < 0 ? plain : `${plain.slice(0, cut)}.0/24`;
  }
  const [bare = ""] = plain.split("%", 1);
  return `${groupsOf(bare).slice(0, GROUPS_OF_BLOCK).join(":")}::/64`;
}

/** The eight groups of an IPv6 address in their shortest form, the ones left out put back. */
function groupsOf(address: string): readonly string[] {
  const [before = "", after] = address.split("::", 2);
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros = Array<string>(Math.max(0, GROUPS - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].map((group) => group.replace(/^0+(?=.)/, "").toLowerCase());
}

/** Whether a text is an address or a block of them, as in `10.1.0.0/16`. */
export function isNetworkBlock(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
