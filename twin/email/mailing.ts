/**
 * The mailing: who visits the shop because of it, and when. Whether a recipient comes, how long
 * the mail takes and how long it lies unread are drawn from streams keyed by the recipient alone,
 * so a recipient behaves the same under every launch plan and plans can be compared in pairs.
 *
 * Only recipients who come are kept, sorted by the time of their click; one event walks that list,
 * so a mailing of millions keeps a single event pending.
 */
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { AudienceSpec, LaunchSpec } from "../scenario/scenario.ts";
import { Sender } from "./sender.ts";
import { orderByTime } from "./sort-by-time.ts";

/** Addresses on a list: what an event's subject can name. */
const RECIPIENTS_MAX = 2 ** 31;

export interface MailingOptions {
  readonly audience: AudienceSpec;
  readonly launch: LaunchSpec;
  /** Called at the tick of each click, in order of time, equal ticks in list order. */
  readonly visit: (recipient: number) => void;
}

/** Starts by itself: it schedules its first click when it is made. */
export class Mailing {
  /** The recipients who will come, in the order in which they come. */
  readonly recipients: Uint32Array;
  /** When each of them comes, ticks; parallel to `recipients`. */
  readonly times: Float64Array;
  readonly sender: Sender;
  readonly #simulation: Simulation;
  readonly #visit: (recipient: number) => void;
  readonly #clicked: EventKind;
  #next = 0;

  constructor(simulation: Simulation, options: MailingOptions) {
    const { audience, launch } = options;
    this.#simulation = simulation;
    this.#visit = options.visit;
    this.sender = new Sender({
      recipients: audience.recipients,
      launch,
      senderRate: audience.senderRate,
    });
    const visitors = drawVisitors(simulation, audience);
    const times = drawTimes(simulation, audience, visitors, this.sender);
    const order = orderByTime(times);
    this.recipients = new Uint32Array(order.length);
    this.times = new Float64Array(order.length);
    for (let place = 0; place < order.length; place += 1) {
      this.recipients[place] = visitors[order[place]];
      this.times[place] = times[order[place]];
    }
    this.#clicked = simulation.defineEvent("email.click", () => this.#click());
    this.#scheduleNext();
  }

  /** Visits that have happened so far. */
  get visited(): number {
    return this.#next;
  }

  #click(): void {
    const recipient = this.recipients[this.#next];
    assert(this.times[this.#next] === this.#simulation.now, "a click happens at its own time");
    this.#next += 1;
    this.#scheduleNext();
    this.#visit(recipient);
  }

  #scheduleNext(): void {
    if (this.#next >= this.times.length) return;
    this.#simulation.schedule(this.times[this.#next], this.#clicked, this.recipients[this.#next]);
  }
}

/** The recipients whose mail leads to a visit, in list order. */
function drawVisitors(simulation: Simulation, audience: AudienceSpec): Uint32Array {
  assert(audience.recipients <= RECIPIENTS_MAX, "a mailing list stays below its limit");
  const visits = simulation.random("email.visits");
  let visitors = new Uint32Array(1024);
  let count = 0;
  for (let recipient = 0; recipient < audience.recipients; recipient += 1) {
    if (!visits.at(recipient).chance(audience.visitRate)) continue;
    if (count === visitors.length) visitors = doubled(visitors);
    visitors[count] = recipient;
    count += 1;
  }
  return visitors.slice(0, count);
}

function doubled(rows: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(rows.length * 2);
  longer.set(rows);
  return longer;
}

/** The tick of each visitor's click: sent, delivered, found and clicked. */
function drawTimes(
  simulation: Simulation,
  audience: AudienceSpec,
  visitors: Uint32Array,
  sender: Sender,
): Float64Array {
  const deliveries = simulation.random("email.delivery");
  const clicks = simulation.random("email.click");
  const deliveryDelay = distributionOf(audience.deliveryDelay);
  const clickDelay = distributionOf(audience.clickDelay);
  const times = new Float64Array(visitors.length);
  for (let row = 0; row < visitors.length; row += 1) {
    const recipient = visitors[row];
    const delivered: Ticks = sender.sentAt(recipient) + deliveryDelay.at(deliveries, recipient);
    times[row] = Math.round(delivered + clickDelay.at(clicks, recipient));
  }
  return times;
}
