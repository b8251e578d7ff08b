/**
 * How the stripe package reaches its server: over an {@link HttpPeer}, so that a failed call says
 * whether it can have reached Stripe, its time limit holds for the whole call, and the package
 * repeats nothing by itself.
 */
import Stripe from "stripe";
import type { Answered, HttpCall, HttpPeer, NotSent, Unanswered } from "../http-peer.ts";

/** Stripe was not asked, or asked and not heard; the package wraps it as an error's `detail`. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly result: NotSent | Unanswered;

  constructor(result: NotSent | Unanswered) {
    super(result.reason);
    this.result = result;
  }
}

class AnsweredResponse extends Stripe.HttpClientResponse {
  readonly #answer: Answered;

  constructor(answer: Answered) {
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    super(answer.status, Object.fromEntries(headers));
    this.#answer = answer;
  }

  override getRawResponse(): unknown {
    return { statusCode: this.#answer.status };
  }

  override toJSON(): Promise<unknown> {
    return Promise.resolve(this.#answer.body).then((body) => JSON.parse(body) as unknown);
  }
}

export class StripeHttpClient extends Stripe.HttpClient {
  readonly #peer: HttpPeer;

  constructor(peer: HttpPeer) {
    super();
    this.#peer = peer;
  }

  override getClientName(): string {
    return "rehearse";
  }

  override async makeRequest(
    ...[, , path, method, headers, body, , timeLimitMillis]: Parameters<
      Stripe.HttpClient["makeRequest"]
    >
  ): Promise<AnsweredResponse> {
    const result = await this.#peer.promise({
      method: method as HttpCall["method"],
      path,
      headers: headers as NonNullable<HttpCall["headers"]>,
      ...(body && { body }),
      timeLimitMillis,
    });
    if (result._tag !== "Answered") throw new CallFailed(result);
    return new AnsweredResponse(result);
  }
}
