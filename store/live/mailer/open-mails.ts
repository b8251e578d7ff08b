/** The mails of a store as its operator asks for them: over a mail server, or into a folder. */
import { join } from "node:path";
import { addressProblem } from "../../core/mail.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { FolderProblem } from "../data-folder.ts";
import type { LiveParts } from "../parts.ts";
import { folderTransport, type MailTransport, smtpTransport } from "./mail-transport.ts";
import { liveMailer } from "./mailer.ts";
import { OrderMails } from "./order-mails.ts";

export interface MailsRequest {
  /** `smtp://…` or `smtps://…` of a mail server, or a folder that gets a file a mail. */
  readonly to: string;
  /** Who the mails are from. */
  readonly from: string;
  /** The address that shoppers know the shop by; the one it listens at where null. */
  readonly shopUrl: string | null;
}

export interface MailsParts {
  readonly setup: SaleSetup;
  readonly parts: LiveParts;
  /** The store's folder, where the outbox is kept; null keeps it in memory. */
  readonly folder: string | null;
  readonly onProblem: (problem: string) => void;
}

const OUTBOX = "mails.db";

/** Throws a {@link FolderProblem} that says which flag is wrong. */
export function openMails({ to, from, shopUrl }: MailsRequest, on: MailsParts): OrderMails {
  const problem = addressProblem(from);
  if (problem !== null) throw new FolderProblem(`--mail-from cannot be used: ${problem}.`);
  if (shopUrl !== null && !/^https?:\/\/[!-~]+$/.test(shopUrl)) {
    throw new FolderProblem(
      `--shop-url is a web address, as in https://shop.example (got ${shopUrl}).`,
    );
  }
  const { setup, parts, folder, onProblem } = on;
  const mailer = liveMailer({
    file: folder === null ? ":memory:" : join(folder, OUTBOX),
    transport: transportTo(to),
    shop: { name: setup.name, address: from },
  });
  return new OrderMails({ mailer, parts, feedback: setup.feedback, onProblem });
}

/** Where mails go, as a person reads it: never with a password. */
export function aboutMails({ to, from }: MailsRequest): string {
  if (!isServer(to)) return `from ${from}, as files in ${to}`;
  const { host } = new URL(to);
  return `from ${from}, over ${host}`;
}

function transportTo(to: string): MailTransport {
  try {
    return isServer(to) ? smtpTransport({ url: to }) : folderTransport(to);
  } catch (cause) {
    throw new FolderProblem(`--mail cannot be used: ${(cause as Error).message}.`);
  }
}

/** Whatever names a protocol is meant as a server, so that a wrong one makes no folder. */
function isServer(to: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(to);
}
