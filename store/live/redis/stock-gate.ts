/**
 * The gate of the stock: what may be held and sold stands in Redis, and the ledger is the truth.
 * A node asks the gate for something only under the generation that it has seen to be this
 * server's own; after a lost connection, a restart, a fail-over or a flush there is none, every
 * step fails as unavailable, and the gate is rebuilt from the ledger before anything goes on.
 */
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { CLOSE } from "./gate-scripts.ts";
import { type GateSetup, type GateTruth, rebuildGate } from "./rebuild-gate.ts";
import { type Argument, type RedisConnection, type Reply, reasonOf } from "./redis-connection.ts";
import { type KeyOwner, type StockKeys, stockKeysOf } from "./redis-keys.ts";
import type { Script } from "./script.ts";

export interface StockGateOptions extends GateTruth {
  readonly connection: RedisConnection;
  readonly owner: KeyOwner;
  readonly setup: GateSetup;
  readonly ledger: OrderLedgerService;
}

const PORT = "store/StockLedger";
/** Looks at a gate that is lost again and again while it is looked at. */
const LOOKS_MAX = 5;
const OPEN_AGAIN_MILLIS = 250;
const NOT_READY = "the stock is being put together from the ledger";

export class StockGate {
  readonly keys: StockKeys;
  readonly #options: StockGateOptions;
  readonly #connection: RedisConnection;
  /** The generation that this node acts under; null where it knows of none. */
  #generation: string | null = null;
  #opening: Promise<void> | null = null;
  #closed = false;
  /** How often there was reason to look again; a look that met with a doubt is void. */
  #doubts = 0;
  #rebuilds = 0;
  #openAgainAt = 0;

  constructor(options: StockGateOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.keys = stockKeysOf(options.owner);
    this.#connection.onDoubt(() => this.#doubt());
  }

  /** How often this node has rebuilt the gate. */
  get rebuilds(): number {
    return this.#rebuilds;
  }

  /** Runs a script of the stock; its ARGV[1] is the generation. */
  async run(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<Exclude<Reply, string>> {
    const generation = this.#generation;
    if (generation === null) {
      this.#openSometimes();
      throw this.#notReady();
    }
    const reply = await this.#connection.run(script, keys, [generation, ...args]);
    if (reply === "NotReady") {
      if (this.#generation === generation) this.#doubt();
      throw this.#notReady();
    }
    return reply as Exclude<Reply, string>;
  }

  /** Sees to it that the gate is this server's own and of this sale, and rebuilds it if it is not. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Why no stock can be had now, in plain words, or null. A gate in doubt is put right first. */
  async check(): Promise<string | null> {
    try {
      await this.open();
      return null;
    } catch (failure) {
      return failure instanceof PortUnavailable ? failure.reason : reasonOf(failure);
    }
  }

  close(): void {
    this.#closed = true;
    this.#generation = null;
  }

  async #open(): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const doubts = this.#doubts;
      const generation = await this.#look();
      if (doubts !== this.#doubts) continue;
      this.#generation = this.#closed ? null : generation;
      return;
    }
    throw this.#notReady();
  }

  /** The generation of the gate as it stands, put together from the ledger where there is none. */
  async #look(): Promise<string> {
    const run = await this.#connection.serverRun();
    const client = this.#connection.client;
    const [ready, ofRun] = await client.hmget(this.keys.stock, "ready", "run");
    if (ready && ofRun === run) return ready;
    this.#generation = null;
    // A server that was restarted, or took over, may have lost what it had answered for.
    if (ready) await this.#connection.run(CLOSE, [this.keys.stock], [ready]);
    const generation = await rebuildGate({ ...this.#options, keys: this.keys, run });
    this.#rebuilds += 1;
    return generation;
  }

  /** What this node knew may be over: it asks for nothing before it has looked. */
  #doubt(): void {
    this.#doubts += 1;
    this.#generation = null;
    if (this.#closed) return;
    // Where this fails, the next check or the next connection tries again.
    this.open().catch(() => {});
  }

  /** Where nobody checks a node that is not ready, its requests see to it, but not each of them. */
  #openSometimes(): void {
    const now = performance.now();
    if (this.#closed || now < this.#openAgainAt) return;
    this.#openAgainAt = now + OPEN_AGAIN_MILLIS;
    this.open().catch(() => {});
  }

  #notReady(): PortUnavailable {
    return new PortUnavailable({ port: PORT, reason: NOT_READY });
  }
}
