/**
 * The payment gateway of a store under calibration: the sandbox, which can be told to answer later.
 * It is then started anew at the same address with the same books.
 */
/// <reference types="node" />
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

/** Milliseconds; drawn evenly between the two. */
export interface PaymentMillis {
  readonly from: number;
  readonly to: number;
}

const AT_ONCE: PaymentMillis = { from: 0, to: 0 };

export class TestGateway {
  readonly url: string;
  readonly #program: string;
  readonly #folder: string;
  #child: ChildProcess;
  #delay = AT_ONCE;

  private constructor(program: string, folder: string, { child, url }: Started) {
    this.#program = program;
    this.#folder = folder;
    this.#child = child;
    this.url = url;
  }

  /** `program` is the command line's own: the sandbox lies beside it. */
  static async start(program: string, folder: string): Promise<TestGateway> {
    const sandbox = join(dirname(program), "rehearse-sandbox.js");
    return new TestGateway(sandbox, folder, await startAt(sandbox, folder, "0", AT_ONCE));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async delay(by: PaymentMillis): Promise<void> {
    if (by.from === this.#delay.from && by.to === this.#delay.to) return;
    await this.stop();
    this.#delay = by;
    const { port } = new URL(this.url);
    this.#child = (await startAt(this.#program, this.#folder, port, by)).child;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exit;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startAt(
  program: string,
  folder: string,
  port: string,
  { from, to }: PaymentMillis,
): Promise<Started> {
  const words = ["--folder", folder, "--port", port, "--latency", `${from}-${to}`];
  const child = fork(program, words, {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error("the payment gateway ended before it listened");
  });
  const [told] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  return { child, url: (told as { readonly url: string }).url };
}
