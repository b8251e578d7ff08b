/**
 * The mailing: who visits the shop because of it, and when. Whether a recipient comes, how long
 * the mail takes and how long it lies unread are drawn from streams keyed by the recipient alone,
 * so a recipient behaves the same under every launch plan and plans can be compared in pairs.
 *
 * Only recipients who come are kept, sorted by the time of their click; one event walks that list,
 * so a mailing of millions keeps a single event pending.
 */
import { assert } from "../../engine/assert.ts";
import {
  type EventHandle,
  type EventKind,
  NO_EVENT,
  type Simulation,
} from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { TIERS, type Tier } from "../../store/core/tier.ts";
import { distributionOf } from "../distributions.ts";
import type { AudienceSpec, LaunchSpec } from "../scenario/scenario.ts";
import { Segments } from "../shoppers/segments.ts";
import { canMove, duesOf, movedDues, Sender } from "./sender.ts";
import { orderByTime } from "./sort-by-time.ts";
import { sendWaves, type TierMailing, type Wave, wavesOf } from "./waves.ts";

/** Addresses on a list: what an event's subject can name. */
const RECIPIENTS_MAX = 2 ** 31;

export interface MailingOptions {
  readonly audience: AudienceSpec;
  readonly launch: LaunchSpec;
  /** Called at the tick of each click, in order of time, equal ticks in list order. */
  readonly visit: (recipient: number) => void;
}

/** Mails that are handed over together. */
export interface Batch {
  /** When the sender is given the first of them; it may still be busy then. */
  readonly due: Ticks;
  /** From 1, and how many there are in its wave. */
  readonly number: number;
  readonly of: number;
  readonly mails: number;
  /** Whom it goes to, where tiers are mailed apart. */
  readonly tiers: readonly Tier[];
}

/** Starts by itself: it schedules its first click when it is made. */
export class Mailing {
  /** The recipients who will come, in the order in which they come. */
  recipients = new Uint32Array(0);
  /** When each of them comes, ticks; parallel to `recipients`. */
  times = new Float64Array(0);
  /** Every batch, sent or not, in the order in which they are due. */
  batches: readonly Batch[] = [];
  readonly #simulation: Simulation;
  readonly #options: MailingOptions;
  readonly #waves: readonly Wave[];
  /** When each batch of each wave is due. */
  #dues: readonly (readonly Ticks[])[];
  readonly #clicked: EventKind;
  #pending: EventHandle = NO_EVENT;
  #next = 0;

  constructor(simulation: Simulation, options: MailingOptions) {
    this.#simulation = simulation;
    this.#options = options;
    this.#waves = wavesOf(options.audience, options.launch);
    this.#dues = this.#waves.map(({ launch }) => duesOf(launch));
    this.#draw();
    this.#clicked = simulation.defineEvent("email.click", () => this.#click());
    this.#scheduleNext();
  }

  /** Visits that have happened so far. */
  get visited(): number {
    return this.#next;
  }

  #batchesOf(allMails: readonly number[]): readonly Batch[] {
    const apart = this.#waves.length > 1;
    const batches = this.#waves.flatMap((wave, place) => {
      const tiers = apart ? wave.tiers.map(({ name }) => name) : [];
      const { batches: of } = wave.launch;
      const mails = allMails[place];
      const firstOf = (batch: number) => Math.floor((batch * mails) / of);
      return this.#dues[place].map((due, batch) => {
        return { due, number: batch + 1, of, mails: firstOf(batch + 1) - firstOf(batch), tiers };
      });
    });
    return batches.sort((one, other) => one.due - other.due);
  }

  /** Whether {@link regap} would find a batch that it moves. */
  get canRegap(): boolean {
    const { now } = this.#simulation;
    return this.#dues.some((dues) => canMove(dues, now));
  }

  /**
   * Batches that have not begun follow the one before at this distance, and none begins before the
   * next tick; the first of a list keeps its time. Whoever has a mail keeps it, and everybody's
   * draws are what they were.
   */
  regap(every: Ticks): void {
    const { now } = this.#simulation;
    this.#dues = this.#dues.map((dues) => movedDues(dues, { now, every }));
    this.#simulation.cancel(this.#pending);
    this.#draw();
    assert(
      (this.times[this.#next - 1] ?? now) <= now && (this.times[this.#next] ?? Infinity) > now,
      "who has come has come, and who has not comes later",
    );
    this.#scheduleNext();
  }

  /** Who comes and when, as the batches are due now. */
  #draw(): void {
    const { audience } = this.#options;
    const simulation = this.#simulation;
    const visitors = drawVisitors(simulation, audience, this.#waves);
    this.batches = this.#batchesOf(visitors.mails);
    const sentAt = this.#sendingOf(visitors.mails);
    const times = drawTimes(simulation, audience, visitors, sentAt);
    const order = orderByTime(times);
    this.recipients = new Uint32Array(order.length);
    this.times = new Float64Array(order.length);
    for (let place = 0; place < order.length; place += 1) {
      this.recipients[place] = visitors.recipients[order[place]];
      this.times[place] = times[order[place]];
    }
  }

  /** When each mail leaves the sender; of one wave nothing is stored per mail. */
  #sendingOf(mails: readonly number[]): SentAt {
    const { senderRate } = this.#options.audience;
    const waves = this.#waves.map(({ launch }, wave) => {
      return { recipients: mails[wave], launch, dues: this.#dues[wave] };
    });
    const [first] = waves;
    assert(first !== undefined, "a list has somebody on it");
    if (waves.length === 1) {
      const sender = new Sender({ ...first, senderRate });
      return (_, place) => sender.sentAt(place);
    }
    const sent = sendWaves(waves, senderRate);
    return (wave, place) => sent[wave][place];
  }

  #click(): void {
    const recipient = this.recipients[this.#next];
    assert(this.times[this.#next] === this.#simulation.now, "a click happens at its own time");
    this.#next += 1;
    this.#scheduleNext();
    this.#options.visit(recipient);
  }

  #scheduleNext(): void {
    if (this.#next >= this.times.length) return;
    const recipient = this.recipients[this.#next];
    this.#pending = this.#simulation.schedule(this.times[this.#next], this.#clicked, recipient);
  }
}

/** The recipients whose mail leads to a visit, in list order; the lists are parallel. */
interface Visitors {
  recipients: Uint32Array<ArrayBuffer>;
  /** The wave that each is mailed with, and their place in it. */
  waves: Uint8Array<ArrayBuffer>;
  places: Uint32Array<ArrayBuffer>;
  count: number;
  /** Mails of each wave, to visitors and to all others. */
  readonly mails: number[];
}

function drawVisitors(
  simulation: Simulation,
  audience: AudienceSpec,
  waves: readonly Wave[],
): Visitors {
  assert(audience.recipients <= RECIPIENTS_MAX, "a mailing list stays below its limit");
  const visits = simulation.random("email.visits");
  const segments = new Segments(simulation, audience.segments);
  const waveOf = TIERS.map((_, tier) => waves.findIndex(({ tiers }) => hasTier(tiers, tier)));
  const rates = TIERS.map((_, tier) => rateOf(waves, tier));
  const visitors: Visitors = {
    recipients: new Uint32Array(1024),
    waves: new Uint8Array(1024),
    places: new Uint32Array(1024),
    count: 0,
    mails: waves.map(() => 0),
  };
  for (let recipient = 0; recipient < audience.recipients; recipient += 1) {
    const tier = segments.of(recipient);
    const wave = waveOf[tier];
    const place = visitors.mails[wave];
    visitors.mails[wave] = place + 1;
    if (visits.at(recipient).chance(rates[tier])) add(visitors, { recipient, wave, place });
  }
  return visitors;
}

function hasTier(tiers: readonly TierMailing[], tier: number): boolean {
  return tiers.some((one) => one.tier === tier);
}

function rateOf(waves: readonly Wave[], tier: number): number {
  const tiers = waves.flatMap((wave) => wave.tiers);
  return tiers.find((one) => one.tier === tier)?.visitRate ?? 0;
}

function add(
  visitors: Visitors,
  row: { readonly recipient: number; readonly wave: number; readonly place: number },
): void {
  const { count } = visitors;
  if (count === visitors.recipients.length) {
    visitors.recipients = doubled(visitors.recipients);
    visitors.places = doubled(visitors.places);
    const waves = new Uint8Array(count * 2);
    waves.set(visitors.waves);
    visitors.waves = waves;
  }
  visitors.recipients[count] = row.recipient;
  visitors.waves[count] = row.wave;
  visitors.places[count] = row.place;
  visitors.count = count + 1;
}

function doubled(rows: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(rows.length * 2);
  longer.set(rows);
  return longer;
}

type SentAt = (wave: number, place: number) => number;

/** The tick of each visitor's click: sent, delivered, found and clicked. */
function drawTimes(
  simulation: Simulation,
  audience: AudienceSpec,
  visitors: Visitors,
  sentAt: SentAt,
): Float64Array {
  const deliveries = simulation.random("email.delivery");
  const clicks = simulation.random("email.click");
  const deliveryDelay = distributionOf(audience.deliveryDelay);
  const clickDelay = distributionOf(audience.clickDelay);
  const times = new Float64Array(visitors.count);
  for (let row = 0; row < visitors.count; row += 1) {
    const recipient = visitors.recipients[row];
    const sent = sentAt(visitors.waves[row], visitors.places[row]);
    const delivered: Ticks = sent + deliveryDelay.at(deliveries, recipient);
    times[row] = Math.round(delivered + clickDelay.at(clicks, recipient));
  }
  return times;
}
