/** The holds that a node is asked for within one turn of its event loop, taken by one script. */
import type { HoldRequest, Person, StockLine } from "../../core/hold.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { askedText, personText } from "./hold-record.ts";
import { HOLDS, WATCHED_HOLDS } from "./hold-script.ts";
import type { Argument, Reply } from "./redis-connection.ts";
import { checkedName, sized } from "./redis-keys.ts";
import { ScriptQueue } from "./script-queue.ts";
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
  readonly #queue: ScriptQueue<Asked>;

  constructor(options: HoldQueueOptions) {
    this.#options = options;
    this.#queue = new ScriptQueue({
      send: (asked) => this.#send(asked),
      askedMax: HOLDS_PER_SCRIPT,
      weightMax: LINES_PER_SCRIPT,
    });
  }

  async take(request: HoldRequest, lines: readonly StockLine[]): Promise<HoldReply> {
    checkedName(request.hold);
    const text = askedText(request, lines);
    return (await this.#queue.ask({ request, lines, text }, lines.length)) as HoldReply;
  }

  async #send(asked: readonly Asked[]): Promise<readonly Reply[]> {
    const { gate, keys, limits } = this.#options;
    const script = limits === null ? HOLDS : WATCHED_HOLDS;
    const named = limits === null ? keys.slice(0, 3) : keys;
    return (await gate.run(script, named, this.#arguments(asked))) as readonly Reply[];
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
