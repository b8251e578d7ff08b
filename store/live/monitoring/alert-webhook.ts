/**
 * Tells one address of alerts. Each message is signed: HMAC-SHA256 over `id.timestamp.body` in
 * the headers of Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature), so that
 * whoever is told knows by whom, and can refuse what is old or came before. A message that cannot
 * be told is tried again, and given up in the end.
 */
import { createHmac, randomUUID } from "node:crypto";
import type { AlertChange } from "./alerts.ts";

export interface AlertWebhookOptions {
  readonly url: string;
  readonly key: Buffer;
  readonly onGivenUp: (why: string) => void;
  /** Milliseconds of the first pause; each one after it is twice as long. */
  readonly firstPauseMillis?: number;
  readonly timeLimitMillis?: number;
}

const TRIES_MAX = 6;
const FIRST_PAUSE_MILLIS = 1_000;
const TIME_LIMIT_MILLIS = 5_000;
/** Messages under way; of more than this nobody could read the first. */
const UNDER_WAY_MAX = 100;

export class AlertWebhook {
  readonly #options: AlertWebhookOptions;
  readonly #ended = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: AlertWebhookOptions) {
    const { protocol } = new URL(options.url);
    if (protocol !== "https:" && protocol !== "http:") {
      throw new Error(`alerts are told to an http or https address, not to ${protocol}`);
    }
    this.#options = options;
  }

  tell(change: AlertChange): void {
    if (this.#underWay.size >= UNDER_WAY_MAX) {
      this.#options.onGivenUp("too many alerts are under way");
      return;
    }
    const told = this.#deliver(randomUUID(), JSON.stringify(change));
    this.#underWay.add(told);
    told.finally(() => this.#underWay.delete(told));
  }

  /** Resolves when every message is told or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  close(): void {
    this.#ended.abort();
  }

  async #deliver(id: string, body: string): Promise<void> {
    const { firstPauseMillis = FIRST_PAUSE_MILLIS, onGivenUp } = this.#options;
    let why = "";
    for (let tried = 0; tried < TRIES_MAX && !this.#ended.signal.aborted; tried += 1) {
      if (tried > 0) await this.#pause(firstPauseMillis * 2 ** (tried - 1));
      const refused = await this.#send(id, body);
      if (refused === null) return;
      why = refused;
    }
    onGivenUp(why);
  }

  /** Why the message did not arrive, or null. */
  async #send(id: string, body: string): Promise<string | null> {
    const { url, key, timeLimitMillis = TIME_LIMIT_MILLIS } = this.#options;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`);
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(timeLimitMillis)]);
    try {
      const response = await fetch(url, {
        method: "POST",
        // A redirect could lead the message anywhere.
        redirect: "error",
        signal,
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": `v1,${signed.digest("base64")}`,
        },
        body,
      });
      await response.body?.cancel();
      return response.ok ? null : `the webhook answered ${response.status}`;
    } catch (failure) {
      return failure instanceof Error ? failure.message : String(failure);
    }
  }

  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#ended;
      const timer = setTimeout(resolve, millis);
      const stop = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }
}
