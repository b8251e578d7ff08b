/** Mails in memory: taken and never sent, for tests and rehearsals to read. */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import { type Mail, mailName, mailProblem } from "../core/mail.ts";
import { atOnce, Refused } from "../ports/at-once.ts";
import { Mailer, type MailerService, type SendMailAnswer } from "../ports/mailer.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";

export interface MemoryMailerOptions {
  /** A mail beyond this many is refused as unavailable. */
  readonly mailsMax?: number;
}

export interface MemoryMailerService extends MailerService {
  /** In the order in which they were taken. */
  readonly mails: () => readonly Mail[];
}

const MAILS_MAX = 1_000_000;

function make(options: MemoryMailerOptions = {}): MemoryMailerService {
  const mailsMax = options.mailsMax ?? MAILS_MAX;
  assert(mailsMax > 0, "a mailer has room for a mail");
  const mails = new Map<string, Mail>();
  const full = new Refused(
    new PortUnavailable({ port: "store/Mailer", reason: "the outbox is full" }),
  );
  return {
    mails: () => [...mails.values()],
    send: atOnce((mail: Mail): SendMailAnswer | Refused<PortUnavailable> => {
      const reason = mailProblem(mail);
      if (reason !== null) return { _tag: "MailRefused", reason };
      const name = mailName(mail);
      if (mails.has(name)) return { _tag: "MailTakenBefore", name };
      if (mails.size >= mailsMax) return full;
      mails.set(name, mail);
      return { _tag: "MailTaken", name };
    }),
  };
}

export const MemoryMailer = {
  make,
  layer: (options: MemoryMailerOptions = {}) => Layer.sync(Mailer, () => make(options)),
} as const;
