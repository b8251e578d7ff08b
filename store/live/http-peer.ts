/**
 * Calls to another server over HTTP, each with a time limit, and how much is known about a call
 * when it is over: that it was answered, that nothing of it can have reached the server, or
 * neither. Payments rest on the difference, so whatever is not certain counts as unanswered.
 */
import * as http from "node:http";
import * as https from "node:https";
import type { TLSSocket } from "node:tls";

export interface HttpPeerOptions {
  /** Scheme, host and port, as in `http://127.0.0.1:8090`. */
  readonly origin: string;
  /** Connections that are open at once; a call beyond them waits for one within its time limit. */
  readonly connectionsMax?: number;
  /** An answer that is longer, in bytes, is not read to its end and counts as none. */
  readonly answerBytesMax?: number;
}

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
  /** From the start of the call to the last byte of its answer. */
  readonly timeLimitMillis: number;
}

export interface Answered {
  readonly _tag: "Answered";
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** No byte of the call can have reached the server. */
export interface NotSent {
  readonly _tag: "NotSent";
  readonly reason: string;
}

/** The server may have done what it was asked, or may yet do it. */
export interface Unanswered {
  readonly _tag: "Unanswered";
  readonly reason: string;
}

export type CallResult = Answered | NotSent | Unanswered;

/** Assumed: enough for some thousand charges a second at 20 ms each. */
const CONNECTIONS_MAX = 256;
const ANSWER_BYTES_MAX = 64 * 1024;
/** One for the connection that the server had just closed, as RFC 9110, section 9.2.2 allows. */
const TRIES_MAX = 2;
const CLOSED = new Set(["ECONNRESET", "EPIPE"]);

export class HttpPeer {
  readonly #origin: URL;
  readonly #agent: http.Agent;
  readonly #answerBytesMax: number;

  constructor(options: HttpPeerOptions) {
    this.#origin = new URL(options.origin);
    this.#answerBytesMax = options.answerBytesMax ?? ANSWER_BYTES_MAX;
    const maxSockets = options.connectionsMax ?? CONNECTIONS_MAX;
    const agent = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: "lifo" };
    const Agent = this.#origin.protocol === "https:" ? https.Agent : http.Agent;
    this.#agent = new Agent(agent as http.AgentOptions);
  }

  /**
   * Makes the call and tells `done` once what became of it. The request is repeated where a kept
   * connection turns out to be closed, so it must be one that may arrive twice. What is returned
   * gives the call up; `done` is not called after that.
   */
  call(call: HttpCall, done: (result: CallResult) => void): () => void {
    return new Exchange(this.#agent, this.#origin, this.#answerBytesMax, call, done).begin();
  }

  promise(call: HttpCall): Promise<CallResult> {
    return new Promise((resolve) => {
      this.call(call, resolve);
    });
  }

  /** Closes the connections that are kept open. */
  close(): void {
    this.#agent.destroy();
  }
}

/** One call, over one connection or two. */
class Exchange {
  readonly #agent: http.Agent;
  readonly #origin: URL;
  readonly #answerBytesMax: number;
  readonly #call: HttpCall;
  readonly #done: (result: CallResult) => void;
  #request: http.ClientRequest | null = null;
  #timer: NodeJS.Timeout | null = null;
  #tries = 0;
  /** True from when the server may have seen a byte of it. */
  #sent = false;
  #over = false;

  constructor(
    agent: http.Agent,
    origin: URL,
    answerBytesMax: number,
    call: HttpCall,
    done: (result: CallResult) => void,
  ) {
    this.#agent = agent;
    this.#origin = origin;
    this.#answerBytesMax = answerBytesMax;
    this.#call = call;
    this.#done = done;
  }

  begin(): () => void {
    const { timeLimitMillis } = this.#call;
    this.#timer = setTimeout(
      () => this.#fail(`no answer within ${timeLimitMillis} ms`),
      timeLimitMillis,
    );
    this.#send();
    return () => this.#end(null);
  }

  #send(): void {
    this.#tries += 1;
    const { method, path, headers, body } = this.#call;
    const secure = this.#origin.protocol === "https:";
    const request = (secure ? https : http).request({
      agent: this.#agent,
      protocol: this.#origin.protocol,
      host: this.#origin.hostname,
      port: this.#origin.port,
      method,
      path,
      ...(headers && { headers }),
    });
    this.#request = request;
    request.once("socket", (socket) => this.#noteSocket(socket, secure));
    request.once("response", (response) => this.#read(response));
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (request !== this.#request || this.#over) return;
      const closed = request.reusedSocket && CLOSED.has(error.code ?? "");
      if (closed && this.#tries < TRIES_MAX) this.#send();
      else this.#fail(error.code ?? error.message);
    });
    request.end(body);
  }

  #noteSocket(socket: http.ClientRequest["socket"], secure: boolean): void {
    if (socket === null) return;
    if (!socket.connecting && (!secure || (socket as TLSSocket).getProtocol() !== null)) {
      this.#sent = true;
      return;
    }
    socket.once(secure ? "secureConnect" : "connect", () => {
      this.#sent = true;
    });
  }

  #read(response: http.IncomingMessage): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#answerBytesMax) {
        this.#fail(`the answer is longer than ${this.#answerBytesMax} bytes`);
      } else chunks.push(chunk);
    });
    response.once("error", (error) => this.#fail(error.message));
    response.once("close", () => {
      if (!response.complete) this.#fail("the answer broke off");
    });
    response.once("end", () => {
      if (!response.complete) return;
      const body = Buffer.concat(chunks).toString("utf8");
      const { statusCode: status = 0, headers } = response;
      this.#end({ _tag: "Answered", status, headers, body });
    });
  }

  #fail(reason: string): void {
    this.#end({ _tag: this.#sent ? "Unanswered" : "NotSent", reason });
  }

  /** Null where nobody wants to know any more. */
  #end(result: CallResult | null): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (result?._tag !== "Answered") this.#request?.destroy();
    if (result !== null) this.#done(result);
  }
}
