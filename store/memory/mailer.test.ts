import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { mailerContract } from "../testing/mailer.contract.ts";
import { confirmationMail, turnMail } from "../testing/mails.ts";
import { MemoryMailer } from "./mailer.ts";

mailerContract("memory", MemoryMailer.layer());

describe("the mailer in memory", () => {
  it("keeps what it took, in order, and has a limit", () => {
    const mailer = MemoryMailer.make({ mailsMax: 2 });
    Effect.runSync(mailer.send(turnMail()));
    Effect.runSync(mailer.send(confirmationMail()));
    const third = Effect.runSync(Effect.either(mailer.send(turnMail({ ticket: "t-2" }))));
    expect(third).toMatchObject({ _tag: "Left", left: { reason: "the outbox is full" } });
    expect(Effect.runSync(mailer.send(turnMail()))._tag).toBe("MailTakenBefore");
    expect(mailer.mails()).toEqual([turnMail(), confirmationMail()]);
  });
});
