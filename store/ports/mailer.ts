/**
 * The mails of the store. Handing one over waits for no mail server: an order never stands still
 * for a mail, and none fails with one.
 */
import { Context, type Effect } from "effect";
import type { Mail } from "../core/mail.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

/** The mail will be sent, also if the store ends before. */
export interface MailTaken {
  readonly _tag: "MailTaken";
  readonly name: string;
}

/** A mail of this name was taken before, and is sent once. */
export interface MailTakenBefore {
  readonly _tag: "MailTakenBefore";
  readonly name: string;
}

/** The mail is none that can be sent; nothing was taken. */
export interface MailRefused {
  readonly _tag: "MailRefused";
  /** In plain words. */
  readonly reason: string;
}

export type SendMailAnswer = MailTaken | MailTakenBefore | MailRefused;

export interface MailerService {
  /** Takes the mail unless one of its name was taken; `mailName` says what that is. */
  readonly send: (mail: Mail) => Effect.Effect<SendMailAnswer, PortUnavailable>;
}

export class Mailer extends Context.Tag("store/Mailer")<Mailer, MailerService>() {}
