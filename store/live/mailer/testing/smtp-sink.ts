/**
 * A small SMTP server for tests (RFC 5321, without TLS): keeps what it is sent, and can refuse,
 * put off, or hang up when it has taken a message and not said so.
 */
import { once } from "node:events";
import * as net from "node:net";

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came, lines ended by CRLF, dots unstuffed. */
  readonly data: string;
}

/** What the server answers to the end of a message. */
export type SinkVerdict = "take" | "putOff" | "refuse" | "takeAndHangUp";

export interface SmtpSinkOptions {
  /** Asked for every message, counted from 1. */
  readonly verdict?: (message: number) => SinkVerdict;
  /** Reply to a recipient; 250 where nothing is said. */
  readonly recipient?: (address: string) => number;
  /** True where the server takes connections and says nothing. */
  readonly silent?: boolean;
}

export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** Commands as they came, in capitals and without what follows. */
  readonly commands: readonly string[];
  readonly close: () => void;
}

export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: TakenMail[] = [];
  const commands: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (options.silent === true) return;
    new SinkSession(socket, options, mails, commands).begin();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as net.AddressInfo).port, mails, commands, close };
}

class SinkSession {
  readonly #socket: net.Socket;
  readonly #options: SmtpSinkOptions;
  readonly #mails: TakenMail[];
  readonly #commands: string[];
  #received = "";
  #inData = false;
  #from = "";
  #to: string[] = [];

  constructor(
    socket: net.Socket,
    options: SmtpSinkOptions,
    mails: TakenMail[],
    commands: string[],
  ) {
    this.#socket = socket;
    this.#options = options;
    this.#mails = mails;
    this.#commands = commands;
  }

  begin(): void {
    this.#say("220 sink.example ready");
    this.#socket.setEncoding("utf8").on("data", (text) => {
      this.#received += text;
      this.#advance();
    });
  }

  #advance(): void {
    for (;;) {
      const end = this.#received.indexOf(this.#inData ? "\r\n.\r\n" : "\r\n");
      if (end < 0) return;
      const text = this.#received.slice(0, end);
      this.#received = this.#received.slice(end + (this.#inData ? 5 : 2));
      const reply = this.#inData ? this.#endData(text) : this.#replyTo(text);
      if (reply === null) this.#socket.destroy();
      else this.#say(reply);
    }
  }

  #replyTo(line: string): string {
    const command = line.split(" ")[0]?.toUpperCase() ?? "";
    this.#commands.push(command);
    const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
    switch (command) {
      case "EHLO":
        return "250-sink.example\r\n250 SIZE 1000000";
      case "MAIL":
        this.#from = address;
        this.#to = [];
        return "250 ok";
      case "RCPT": {
        const reply = this.#options.recipient?.(address) ?? 250;
        if (reply === 250) this.#to.push(address);
        return `${reply} recipient`;
      }
      case "DATA":
        this.#inData = true;
        return "354 go on";
      case "QUIT":
        return "221 bye";
      default:
        return "250 ok";
    }
  }

  /** The reply to a whole message, or null to hang up. */
  #endData(text: string): string | null {
    this.#inData = false;
    const verdict = this.#options.verdict?.(this.#mails.length + 1) ?? "take";
    if (verdict === "putOff") return "451 try again later";
    if (verdict === "refuse") return "554 not here";
    const data = text.replaceAll("\r\n.", "\r\n");
    this.#mails.push({ from: this.#from, to: this.#to, data });
    return verdict === "takeAndHangUp" ? null : "250 taken";
  }

  #say(reply: string): void {
    this.#socket.write(`${reply}\r\n`);
  }
}
