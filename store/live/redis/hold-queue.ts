/**
 * The holds that a node is asked for within one turn of its event loop, and the one script that
 * takes them: under load a round trip to Redis is shared by all that came meanwhile, and a lone
 * hold waits for nobody.
 */
import type { HoldRequest, Person, StockLine } from "../../core/hold.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { askedText, personText } from "./hold-record.ts";
import { HOLDS, WATCHED_HOLDS } from "./hold-script.ts";
import type { Argument, Reply } from "./redis-connection.ts";
import { checkedName, sized } from "./redis-keys.ts";
import type { StockGate } from "./stock-gate.ts";

/** What the script says of one hold: the epoch of one that was taken, or a word and its facts. */
export type HoldReply = number | readonly [string, ...Reply[]];

export interface HoldQueueOptions {
  readonly gate: StockGate;
  readonly keys: readonly string[];
  readonly limits: HoldLimits | null;
  readonly liveHoldsMax: number;
}

interface Asked {
  readonly request: HoldRequest;
  readonly lines: readonly StockLine[];
  readonly text: string;
  readonly resolve: (reply: HoldReply) => void;
  readonly reject: (failure: unknown) => void;
}

/** Holds of one script: below a millisecond in which the server does nothing else. */
const HOLDS_PER_SCRIPT = 64;
/** Arguments of one script, which Lua passes on its stack; many lines make many. */
const LINES_PER_SCRIPT = 512;
const NOBODY: Person = [];
const NOTHING = "";
const NO_LIMIT = "-";

export class HoldQueue {
  readonly #options: HoldQueueOptions;
  #asked: Asked[] = [];
  #lines = 0;

  constructor(options: HoldQueueOptions) {
    this.#options = options;
  }

  take(request: HoldRequest, lines: readonly StockLine[]): Promise<HoldReply> {
    checkedName(request.hold);
    const text = askedText(request, lines);
    return new Promise((resolve, reject) => {
      if (this.#lines + lines.length > LINES_PER_SCRIPT) this.#send();
      if (this.#asked.length === 0) setImmediate(() => this.#send());
      this.#asked.push({ request, lines, text, resolve, reject });
      this.#lines += lines.length;
      if (this.#asked.length >= HOLDS_PER_SCRIPT) this.#send();
    });
  }

  #send(): void {
    const asked = this.#asked;
    if (asked.length === 0) return;
    this.#asked = [];
    this.#lines = 0;
    const { gate, keys, limits } = this.#options;
    const script = limits === null ? HOLDS : WATCHED_HOLDS;
    gate.run(script, limits === null ? keys.slice(0, 3) : keys, this.#arguments(asked)).then(
      (replies) => {
        for (const [at, { resolve }] of asked.entries()) {
          resolve((replies as readonly HoldReply[])[at] as HoldReply);
        }
      },
      (failure: unknown) => {
        for (const { reject } of asked) reject(failure);
      },
    );
  }

  #arguments(asked: readonly Asked[]): readonly Argument[] {
    const { limits, liveHoldsMax } = this.#options;
    const places = new Map<string, number>();
    const each: Argument[] = [];
    for (const { request, lines, text } of asked) {
      const { shopper, person = NOBODY, now, expiresAt } = request;
      each.push(now, expiresAt, text, lines.length, person.length, personText(person));
      for (const { sku, units } of lines) {
        const available = placeOf(places, `available:${sku}`);
        const limit = placeOf(places, `limit:${sku}`);
        each.push(available, limit, `counted:${sized(sku)}${shopper}`, units);
      }
      if (person.length > 0) pushClaims(each, person, lines, places);
      if (limits !== null) pushMarks(each, request, limits);
    }
    const names = asked.map(({ request }) => request.hold);
    const most = [limits?.perShopper ?? NO_LIMIT, limits?.perNetwork ?? NO_LIMIT];
    return [liveHoldsMax, places.size, asked.length, ...most, ...places.keys(), ...names, ...each];
  }
}

/** The place of a field among those that the script reads, from 1 on. */
function placeOf(places: Map<string, number>, field: string): number {
  const known = places.get(field);
  if (known !== undefined) return known;
  places.set(field, places.size + 1);
  return places.size;
}

/** Where the units of each line are counted for the person. */
function pushClaims(
  each: Argument[],
  person: Person,
  lines: readonly StockLine[],
  places: Map<string, number>,
): void {
  for (const { sku } of lines) {
    const fields = person.map((mark) => `person:${sized(sku)}${mark}`);
    each.push(placeOf(places, `personLimit:${sku}`), ...fields);
  }
}

/** Under which marks the hold is watched, and whether its shopper is spared. */
function pushMarks(each: Argument[], { shopper, network }: HoldRequest, limits: HoldLimits): void {
  const { perShopper, perNetwork, afterLapse, spares } = limits;
  each.push(
    afterLapse === null ? NOTHING : shopper,
    perShopper === null ? NOTHING : `s${sized(shopper)}|`,
    perNetwork === null || network === undefined ? NOTHING : `n${sized(network)}|`,
    spares?.(shopper) === true ? 1 : 0,
  );
}
