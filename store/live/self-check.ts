/**
 * What a store asks itself before it serves: the same programs run in a rehearsal, over parts that
 * are made to be foretold. None of those may stand in a store that takes orders from people: not a
 * name that can be guessed, not a code that follows from the last, not a clock that somebody
 * moves, not a gateway that plays a script. Source: OWASP ASVS 5.0, 11.5.1.
 */
import { randomBytes } from "node:crypto";
import { Clock } from "effect";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { StorePorts } from "../service/store-ports.ts";
import { keyProblem, secureCodes, secureIdentifiers } from "./secure-random.ts";

export interface CheckedParts {
  readonly ports: Pick<StorePorts, "identifiers" | "codes">;
  readonly gateways: readonly PaymentGateway[];
  readonly keys: readonly Buffer[];
  readonly clock?: Clock.Clock;
}

/** The store must not serve; `message` says which of its parts are simulated. */
export class SimulatedParts extends Error {
  constructor(found: readonly string[]) {
    super(`this store would serve with parts of a rehearsal: ${found.join("; ")}`);
  }
}

/** How far the store's clock may be from the machine's, milliseconds: far more than a question. */
const CLOCK_MILLIS_MAX = 1_000;
const NATIVE = "[native code]";

/** What is simulated among the parts, in plain words; nothing in a store that may serve. */
export function simulatedParts(parts: CheckedParts): readonly string[] {
  const { ports, gateways, keys, clock = Clock.make() } = parts;
  const found: string[] = [];
  if (ports.identifiers !== secureIdentifiers) found.push("names are not from the secure source");
  if (ports.codes !== secureCodes) found.push("codes are not from the secure source");
  if (randomBytes(16).equals(randomBytes(16))) found.push("the secure source repeats itself");
  if (!isOfMachine(clock)) found.push("the clock is not the machine's");
  for (const gateway of gateways) {
    if ("deliverLate" in gateway) found.push(`the gateway ${gateway.name} plays a script`);
  }
  for (const key of keys) {
    const problem = keyProblem(key);
    if (problem !== null) found.push(`a key ${problem}`);
  }
  return found;
}

function isOfMachine(clock: Clock.Clock): boolean {
  const isNative = Function.prototype.toString.call(Date.now).includes(NATIVE);
  return isNative && Math.abs(clock.unsafeCurrentTimeMillis() - Date.now()) <= CLOCK_MILLIS_MAX;
}
