/**
 * Follows the sale log to its end. Events that this process appends are seen as they are appended,
 * without reading them back; whatever other processes append, and what was there before the start,
 * is read a little at a time. So every node comes to the same counts, and so does one that starts
 * anew.
 */
import { Effect, Effectable, type Utils } from "effect";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { SaleLogService } from "../../ports/sale-log.ts";

export type Heed = (event: SaleEvent) => void;

/** Read at once: a few milliseconds in which nobody is served. */
const EVENTS_AT_ONCE = 500;
/** Read in one round at most, so that a round has an end under any load. */
const EVENTS_PER_ROUND = 100_000;

export class SaleTail {
  /** The log with its appends seen; a store is to be made with this one. */
  readonly saleLog: SaleLogService;
  readonly #log: SaleLogService;
  readonly #listeners: Heed[] = [];
  #seen = 0;
  #reading: Promise<void> | null = null;

  constructor(log: SaleLogService) {
    this.#log = log;
    this.saleLog = {
      ...log,
      append: (event) =>
        new Observed(log.append(event), (sequence) => this.#appended(event, sequence)),
    };
  }

  /** The sequence number of the last event that was seen. */
  get seen(): number {
    return this.#seen;
  }

  /** Everybody who listens does so from the first event on. */
  listen(heed: Heed): void {
    if (this.#seen > 0) throw new Error("a listener comes before the first event is seen");
    this.#listeners.push(heed);
  }

  /** Reads on from where nothing was seen; answers with how many events are left. */
  async catchUp(): Promise<number> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
    return (await Effect.runPromise(this.#log.length)) - this.#seen;
  }

  #appended(event: SaleEvent, sequence: number): void {
    // After a gap the reader comes by; before the start it has to come by anyway.
    if (sequence === this.#seen + 1 && this.#reading === null) this.#heed(event, sequence);
  }

  async #read(): Promise<void> {
    for (let read = 0; read < EVENTS_PER_ROUND; ) {
      const request = { after: this.#seen, limit: EVENTS_AT_ONCE };
      const events = await Effect.runPromise(this.#log.read(request));
      for (const { event, sequence } of events) this.#heed(event, sequence);
      read += events.length;
      if (events.length < EVENTS_AT_ONCE) return;
      await new Promise(setImmediate);
    }
  }

  #heed(event: SaleEvent, sequence: number): void {
    this.#seen = sequence;
    for (const heed of this.#listeners) heed(event);
  }
}

/** An effect whose answer somebody else sees as well; gone through by hand wherever it could be. */
class Observed<Answer> extends Effectable.Class<Answer, PortUnavailable> {
  readonly #effect: Effect.Effect<Answer, PortUnavailable>;
  readonly #observe: (answer: Answer) => void;

  constructor(effect: Effect.Effect<Answer, PortUnavailable>, observe: (answer: Answer) => void) {
    super();
    this.#effect = effect;
    this.#observe = observe;
  }

  override commit(): Effect.Effect<Answer, PortUnavailable> {
    return Effect.map(this.#effect, (answer) => {
      this.#observe(answer);
      return answer;
    });
  }

  override [Symbol.iterator](): Iterator<
    Utils.YieldWrap<Effect.Effect<Answer, PortUnavailable>>,
    Answer
  > {
    const steps = this.#effect[Symbol.iterator]() as Iterator<
      Utils.YieldWrap<Effect.Effect<Answer, PortUnavailable>>,
      Answer
    >;
    return {
      next: (given?: unknown) => {
        const step = steps.next(given as never);
        if (step.done === true) this.#observe(step.value);
        return step;
      },
    };
  }
}
