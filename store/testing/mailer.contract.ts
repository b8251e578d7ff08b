/** The contract of a mailer: what it takes, what it takes once, and what it refuses. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { Mail } from "../core/mail.ts";
import { Mailer, type MailerService } from "../ports/mailer.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { type ContractCase, contract } from "./contract.ts";
import { confirmationMail, MAILS_OF_EACH_KIND, offerMail, turnMail } from "./mails.ts";

export function mailerContract(name: string, layer: Layer.Layer<Mailer>): void {
  contract(`mailer: ${name}`, mailerCases, layer);
}

function mailerCase(
  sentence: string,
  body: (mailer: MailerService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<Mailer> {
  return { sentence, program: Effect.flatMap(Mailer, body) };
}

const refusals = (mailer: MailerService, mails: readonly Mail[]) =>
  Effect.gen(function* () {
    for (const mail of mails) {
      const answer = yield* mailer.send(mail);
      expect(answer._tag, JSON.stringify(mail)).toBe("MailRefused");
    }
  });

const BREAKS = ["\r\nBcc: eve@example.com", "\nX: y", "\r", "\u0000", "\u0085", "\u2028", "\u2029"];

const mailerCases: readonly ContractCase<Mailer>[] = [
  mailerCase("takes a mail of each kind, and each once", (mailer) =>
    Effect.gen(function* () {
      for (const mail of MAILS_OF_EACH_KIND) {
        const { _tag, ...taken } = yield* mailer.send(mail);
        expect(_tag).toBe("MailTaken");
        expect(yield* mailer.send(mail)).toEqual({ _tag: "MailTakenBefore", ...taken });
      }
    }),
  ),
  mailerCase("takes one of ten that come at once", (mailer) =>
    Effect.gen(function* () {
      const many = Array.from({ length: 10 }, () =>
        Effect.zipRight(Effect.yieldNow(), mailer.send(confirmationMail())),
      );
      const answers = yield* Effect.all(many, { concurrency: "unbounded" });
      const tags = answers.map(({ _tag }) => _tag).sort();
      expect(tags).toEqual(["MailTaken", ...Array(9).fill("MailTakenBefore")]);
    }),
  ),
  mailerCase("knows mails by what they are about, not by whom they go to", (mailer) =>
    Effect.gen(function* () {
      yield* mailer.send(confirmationMail());
      const again = yield* mailer.send(confirmationMail({ to: "ben@example.com" }));
      expect(again._tag).toBe("MailTakenBefore");
      const other = yield* mailer.send(confirmationMail({ order: "o-2" }));
      expect(other._tag).toBe("MailTaken");
    }),
  ),
  mailerCase("refuses an address that is not one mailbox", (mailer) =>
    refusals(
      mailer,
      [
        ...BREAKS.flatMap((text) => [`ann@example.com${text}`, `ann${text}@example.com`]),
        "ann@example.com, eve@example.com",
        "ann@example.com;eve@example.com",
        "Ann <ann@example.com>",
        '"ann@x"@example.com',
        "ann@[127.0.0.1]",
        "ann@localhost",
        "ann",
        "@example.com",
        "",
        `${"a".repeat(65)}@example.com`,
        `ann@${"a".repeat(250)}.com`,
      ].map((to) => confirmationMail({ to })),
    ),
  ),
  mailerCase("refuses what would end a header or hide a text", (mailer) =>
    refusals(
      mailer,
      [...BREAKS, "\u202Eyadot", ""].flatMap((text) => [
        confirmationMail({ order: text === "" ? "" : `o-1${text}` }),
        confirmationMail({
          lines: [{ name: text === "" ? "" : `Toaster${text}`, units: 1, unitPrice: 6_499 }],
          discount: 0,
        }),
        turnMail({ ticket: text === "" ? "" : `t-1${text}` }),
        offerMail({ code: text === "" ? "" : `CODE${text}` }),
        offerMail({ off: text === "" ? "" : `10 %${text}` }),
      ]),
    ),
  ),
  mailerCase("refuses a link that is no web address", (mailer) =>
    refusals(
      mailer,
      [
        "javascript:alert(1)",
        "data:text/html,x",
        "/orders/1",
        "https://",
        "https://a b",
        "",
      ].flatMap((link) => [confirmationMail({ link }), offerMail({ unsubscribe: link })]),
    ),
  ),
  mailerCase("refuses a confirmation whose sum is wrong, and takes the right one after", (mailer) =>
    Effect.gen(function* () {
      yield* refusals(mailer, [
        confirmationMail({ total: 6_498 }),
        confirmationMail({ lines: [] }),
        confirmationMail({ discount: -500, total: 7_499 }),
        confirmationMail({ currency: "usd" }),
      ]);
      expect((yield* mailer.send(confirmationMail()))._tag).toBe("MailTaken");
    }),
  ),
];
