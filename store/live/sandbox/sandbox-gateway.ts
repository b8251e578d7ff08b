/**
 * The sandbox as the store's payment gateway. A failure is a `NetworkError` only where the sandbox
 * cannot have heard of the charge or says that it did not process it; everything else that is no
 * clear answer is `TimedOut`, which the store looks up.
 */
import { Effect } from "effect";
import type {
  ChargeAnswer,
  ChargeRequest,
  LookUpAnswer,
  PaymentGateway,
  RefundAnswer,
  RefundRequest,
} from "../../ports/payment-gateway.ts";
import { type CallResult, HttpPeer } from "../http-peer.ts";

export interface SandboxGatewayOptions {
  /** How orders name the gateway; it must stay while orders are open at it. */
  readonly name?: string;
  readonly url: string;
  readonly apiKey?: string;
  /** After this long without an answer a call is given up. */
  readonly timeLimitMillis: number;
  readonly connectionsMax?: number;
}

export interface SandboxGateway extends PaymentGateway {
  /** Null where the sandbox answers, else why it cannot be used, in plain words. */
  readonly check: () => Promise<string | null>;
  /** Closes the connections to the sandbox. */
  readonly close: () => void;
}

type Unclear = Extract<ChargeAnswer, { _tag: "NetworkError" | "TimedOut" }>;
type Fields = Readonly<Record<string, unknown>>;

const TIMED_OUT = { _tag: "TimedOut" } as const;

export function sandboxGateway(options: SandboxGatewayOptions): SandboxGateway {
  const { name = "sandbox", url: origin, timeLimitMillis, apiKey, connectionsMax } = options;
  const peer = new HttpPeer({ origin, ...(connectionsMax && { connectionsMax }) });
  const authorization = apiKey === undefined ? null : { authorization: `Bearer ${apiKey}` };
  const post = <Answer>(path: string, asked: object, read: (result: CallResult) => Answer) =>
    Effect.async<Answer>((resume) => {
      const body = JSON.stringify(asked);
      const length = Buffer.byteLength(body);
      const headers = {
        "content-type": "application/json",
        "content-length": length,
        ...authorization,
      };
      const call = { method: "POST", path, headers, body, timeLimitMillis } as const;
      const giveUp = peer.call(call, (result) => resume(Effect.succeed(read(result))));
      return Effect.sync(giveUp);
    });
  return {
    name,
    charge: ({ key, order, amount, currency, paymentToken: token }: ChargeRequest) =>
      post("/v1/charges", { key, order, amount, currency, token }, readCharge),
    lookUp: (key: string) => post("/v1/look-ups", { key }, readLookUp),
    refund: ({ key, reference, amount, currency }: RefundRequest) =>
      post("/v1/refunds", { key, reference, amount, currency }, readRefund),
    check: async () => {
      const result = await peer.promise({ method: "GET", path: "/health", timeLimitMillis });
      if (result._tag !== "Answered") return `the gateway ${name} does not answer`;
      return result.status === 200 ? null : `the gateway ${name} answers ${result.status}`;
    },
    close: () => peer.close(),
  };
}

function readCharge(result: CallResult): ChargeAnswer {
  if (result._tag !== "Answered") return unclear(result);
  const fields = fieldsOf(result.body);
  const verdict = verdictOf(fields);
  if (verdict !== null && (result.status === 200 || result.status === 402)) return verdict;
  if (result.status === 409 && fields.status === "closed") {
    return { _tag: "Declined", kind: "hard", reason: "the key is closed" };
  }
  if (isUnprocessed(result.status, fields)) {
    return { _tag: "NetworkError", reason: `the gateway answers ${result.status}` };
  }
  return TIMED_OUT;
}

function readLookUp(result: CallResult): LookUpAnswer {
  if (result._tag !== "Answered") return unclear(result);
  if (result.status !== 200) return TIMED_OUT;
  const fields = fieldsOf(result.body);
  if (fields.status === "absent") return { _tag: "Absent" };
  return verdictOf(fields) ?? TIMED_OUT;
}

function readRefund(result: CallResult): RefundAnswer {
  if (result._tag !== "Answered") return unclear(result);
  const { status, reference, reason } = fieldsOf(result.body);
  if (result.status === 200 && status === "refunded" && typeof reference === "string") {
    return { _tag: "Refunded", reference };
  }
  if (result.status === 409 && status === "refused") {
    return { _tag: "RefundRefused", reason: String(reason) };
  }
  return TIMED_OUT;
}

function unclear(result: Exclude<CallResult, { _tag: "Answered" }>): Unclear {
  return result._tag === "NotSent" ? { _tag: "NetworkError", reason: result.reason } : TIMED_OUT;
}

/** The request was turned away at the door, or the sandbox promises that it did nothing. */
function isUnprocessed(status: number, fields: Fields): boolean {
  if (status === 503) return fields.status === "not-processed";
  return status === 400 || status === 401 || status === 404 || status === 413;
}

function verdictOf(
  fields: Fields,
): Extract<ChargeAnswer, { _tag: "Approved" | "Declined" }> | null {
  const { status, reference, kind, reason } = fields;
  if (status === "captured" && typeof reference === "string" && reference !== "") {
    return { _tag: "Approved", reference };
  }
  if (status === "declined" && (kind === "soft" || kind === "hard")) {
    return { _tag: "Declined", kind, reason: String(reason) };
  }
  return null;
}

/** The fields of an answer; none where it is no JSON object. */
function fieldsOf(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}
