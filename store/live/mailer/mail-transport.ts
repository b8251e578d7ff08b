/**
 * How a mail leaves the store: over SMTP, or as a file that any mail program opens. Sending the
 * same message twice is allowed to happen; its Message-ID is the same, so that servers and readers
 * know it for one.
 */
import { mkdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport, type SendMailOptions } from "nodemailer";

export interface MailMessage {
  /** Fit for the name of a file, and the same for the same mail. */
  readonly name: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly date: Date;
  readonly unsubscribe: string | null;
}

/** The next server has it. */
export interface Delivered {
  readonly _tag: "Delivered";
}

/** It will never be taken: this address, or this message. */
export interface Rejected {
  readonly _tag: "Rejected";
  readonly reason: string;
}

/** Not now, or nobody knows: to be tried again. */
export interface NotDelivered {
  readonly _tag: "NotDelivered";
  readonly reason: string;
}

export type Delivery = Delivered | Rejected | NotDelivered;

export interface MailTransport {
  readonly deliver: (message: MailMessage) => Promise<Delivery>;
  /** Breaks off whatever is under way: it counts as not delivered. May be called again. */
  readonly close: () => void;
}

export interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  readonly connectionsMax?: number;
  /** From the first byte to the last answer. */
  readonly timeLimitMillis?: number;
}

const CONNECTIONS_MAX = 4;
const TIME_LIMIT_MILLIS = 60_000;
const CONNECT_MILLIS_MAX = 10_000;
/** Messages over one connection before it is replaced. */
const MESSAGES_PER_CONNECTION = 100;

/** A mail server by its URL, or files in a folder where none is named. */
export function mailTransport(server: string | null, folder: string): MailTransport {
  return server === null ? folderTransport(folder) : smtpTransport({ url: server });
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Mail servers elsewhere are spoken to in TLS only: what is sent is who bought what. One on this
 * machine may do without.
 */
export function smtpTransport(options: SmtpOptions): MailTransport {
  const url = new URL(options.url);
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") {
    throw new Error(`${url.protocol}// is no mail server: write smtp:// or smtps://`);
  }
  const secure = url.protocol === "smtps:";
  const limit = options.timeLimitMillis ?? TIME_LIMIT_MILLIS;
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const transport = createTransport({
    pool: true,
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isThisMachine(host),
    ignoreTLS: isThisMachine(host),
    ...(url.username !== "" && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    maxConnections: options.connectionsMax ?? CONNECTIONS_MAX,
    maxMessages: MESSAGES_PER_CONNECTION,
    connectionTimeout: Math.min(CONNECT_MILLIS_MAX, limit),
    greetingTimeout: Math.min(CONNECT_MILLIS_MAX, limit),
    socketTimeout: limit,
    tls: { minVersion: "TLSv1.2" },
  });
  const closing = new AbortController();
  return {
    deliver: async (message) => {
      try {
        const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limit)]);
        await transport.sendMail({ ...fieldsOf(message), signal });
        return { _tag: "Delivered" };
      } catch (error) {
        return refusalOf(error as SmtpError);
      }
    },
    close: () => {
      closing.abort();
      transport.close();
    },
  };
}

/** One file a mail, `NAME.eml`; the second time is the same file again. */
export function folderTransport(folder: string): MailTransport {
  mkdirSync(folder, { recursive: true });
  const composer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  return {
    deliver: async (message) => {
      try {
        const { message: bytes } = await composer.sendMail(fieldsOf(message));
        const file = join(folder, `${message.name}.eml`);
        await writeFile(`${file}.part`, bytes as Buffer, { mode: 0o600 });
        await rename(`${file}.part`, file);
        return { _tag: "Delivered" };
      } catch (error) {
        return { _tag: "NotDelivered", reason: (error as Error).message };
      }
    },
    close: () => composer.close(),
  };
}

function fieldsOf(message: MailMessage): SendMailOptions {
  const { messageId, from, to, subject, text, html, date, unsubscribe } = message;
  return {
    messageId,
    from,
    to: { name: "", address: to },
    subject,
    text,
    html,
    date,
    headers: {
      "Auto-Submitted": "auto-generated",
      ...(unsubscribe !== null && { "List-Unsubscribe": `<${unsubscribe}>` }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A server's 5xx to the recipient or the message is its last word; all else may pass later. */
function refusalOf({ code, responseCode = 0, message }: SmtpError): Delivery {
  const aboutThisMail = code === "EENVELOPE" || code === "EMESSAGE";
  const final = aboutThisMail && responseCode >= 500 && responseCode <= 599;
  return { _tag: final ? "Rejected" : "NotDelivered", reason: `${code ?? "error"}: ${message}` };
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
