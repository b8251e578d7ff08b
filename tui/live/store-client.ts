/**
 * Asks a store over HTTP, and says in plain words why it could not. What comes back is bounded in
 * time and in size, whoever answers.
 */
/// <reference types="node" />
import { TEXT_LENGTH_MAX } from "./prometheus-text.ts";

/** Where `rehearse serve` listens that is not told where. */
export const DEFAULT_TARGET = "http://127.0.0.1:8080";
/** A store that is asked for its figures answers within milliseconds; under load, within this. */
const TIME_LIMIT_MILLIS = 5_000;

/** Why a store could not be asked: one sentence, without a full stop. */
export class StoreAway extends Error {
  /** True where it is the wrong target and no later try will change that by itself. */
  readonly isWrongTarget: boolean;

  constructor(reason: string, isWrongTarget = false) {
    super(reason);
    this.isWrongTarget = isWrongTarget;
  }
}

export interface StoreClientOptions {
  /** As in `http://127.0.0.1:8080`. */
  readonly target: string;
  /** The token of an operator; none where the store is on this machine. */
  readonly token?: string | null;
  readonly timeLimitMillis?: number;
}

/** The address without what follows the host, or null where it is none of http or https. */
export function targetOf(text: string): string | null {
  const whole = /^[a-z]+:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  if (!URL.canParse(whole)) return null;
  const { protocol, username, password, origin } = new URL(whole);
  const isPlain = username === "" && password === "";
  return isPlain && (protocol === "http:" || protocol === "https:") ? origin : null;
}

export class StoreClient {
  readonly #options: StoreClientOptions;

  constructor(options: StoreClientOptions) {
    this.#options = options;
  }

  /** The text at a path; fails with {@link StoreAway}. */
  async text(path: string, ended?: AbortSignal): Promise<string> {
    const { target, token = null, timeLimitMillis = TIME_LIMIT_MILLIS } = this.#options;
    const limit = AbortSignal.timeout(timeLimitMillis);
    const signal = ended === undefined ? limit : AbortSignal.any([limit, ended]);
    try {
      const answer = await fetch(`${target}${path}`, {
        redirect: "manual",
        signal,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      });
      if (answer.status !== 200) {
        await answer.body?.cancel();
        throw refusalOf(answer.status, { path, token });
      }
      return await boundedText(answer);
    } catch (failure) {
      if (failure instanceof StoreAway) throw failure;
      throw new StoreAway(
        limit.aborted ? `it did not answer within ${timeLimitMillis / 1_000} s` : whyOf(failure),
      );
    }
  }

  async json(path: string, ended?: AbortSignal): Promise<unknown> {
    const text = await this.text(path, ended);
    try {
      return JSON.parse(text);
    } catch {
      throw new StoreAway(
        `what it answers at ${path} is no JSON: it is no store of Rehearse`,
        true,
      );
    }
  }
}

async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > TEXT_LENGTH_MAX)
      throw new StoreAway("its answer is too long for a store's", true);
  }
  return text + decoder.decode();
}

function refusalOf(
  status: number,
  { path, token }: { readonly path: string; readonly token: string | null },
): StoreAway {
  switch (status) {
    case 401:
    case 403:
      return new StoreAway(
        token === null
          ? `it tells operators only (${status}): put a token into REHEARSE_ADMIN_TOKEN`
          : `it does not know the token of REHEARSE_ADMIN_TOKEN (${status})`,
        true,
      );
    case 404:
      return new StoreAway(`it has no ${path}: it is no store of Rehearse`, true);
    case 429:
      return new StoreAway(
        "it was asked with wrong tokens too often (429); it answers again later",
      );
    case 503:
      return new StoreAway("it is too busy to answer, or is being stopped (503)");
    default:
      return new StoreAway(`it answers ${path} with ${status}`, status >= 300 && status < 500);
  }
}

/** What the codes of Node mean to whoever named the target. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection was broken off",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host could not be looked up",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "it did not answer",
  UND_ERR_SOCKET: "the connection was broken off",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  EPROTO: "it does not speak TLS there: try http://",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS there: try http://",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS there: try http://",
};
/** Certificates that no known authority has signed. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

function whyOf(failure: unknown): string {
  const cause = failure instanceof Error && failure.cause !== undefined ? failure.cause : failure;
  const { code = "" } = cause as { readonly code?: string };
  if (UNTRUSTED.has(code)) {
    return `its certificate is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS`;
  }
  if (code.startsWith("HPE_")) return "it does not speak HTTP there: try https://";
  const known = REASONS[code];
  if (known !== undefined) return known;
  return code === "" ? reasonIn(cause) : `${reasonIn(cause)} (${code})`;
}

function reasonIn(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n")[0]?.slice(0, 200) || "it could not be asked";
}
