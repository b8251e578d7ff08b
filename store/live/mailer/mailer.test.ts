import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect, Layer } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import type { Mail } from "../../core/mail.ts";
import { Mailer } from "../../ports/mailer.ts";
import { mailerContract } from "../../testing/mailer.contract.ts";
import { confirmationMail, MAILS_OF_EACH_KIND, offerMail, turnMail } from "../../testing/mails.ts";
import {
  folderTransport,
  type MailTransport,
  mailTransport,
  smtpTransport,
} from "./mail-transport.ts";
import { type LiveMailer, liveMailer } from "./mailer.ts";
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from "./testing/smtp-sink.ts";

const SHOP = { name: "Hearth & Co", address: "shop@shop.example" };
const NOW = 1_322_200_000_000;
const DAY = 86_400_000;

const open: { close: () => unknown }[] = [];
let folder = mkdtempSync(join(tmpdir(), "rehearse-mails-"));

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "rehearse-mails-"));
});

async function sinkWith(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const sink = await startSmtpSink(options);
  open.push(sink);
  return sink;
}

const smtpTo = ({ port }: SmtpSink, timeLimitMillis = 20_000): MailTransport =>
  smtpTransport({ url: `smtp://127.0.0.1:${port}`, timeLimitMillis });

interface Clock {
  now: number;
}

function mailerOver(
  transport: MailTransport,
  { clock = { now: NOW }, file = join(folder, "mails.db"), mailsMax = 1_000 } = {},
): LiveMailer {
  const mailer = liveMailer({ file, transport, shop: SHOP, mailsMax, now: () => clock.now });
  open.push(mailer);
  return mailer;
}

const send = (mailer: LiveMailer, mail: Mail) => Effect.runPromise(mailer.send(mail));

/** A header of a message, unfolded. */
function headerOf(data: string, name: string): string | null {
  const head = data.slice(0, data.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
  const line = head.split("\r\n").find((each) => each.toLowerCase().startsWith(`${name}:`));
  return line === undefined ? null : line.slice(name.length + 1).trim();
}

mailerContract(
  "outbox and files",
  Layer.scoped(
    Mailer,
    Effect.acquireRelease(
      Effect.sync(() => {
        const transport = folderTransport(join(folder, "mails"));
        return liveMailer({ file: join(folder, "contract.db"), transport, shop: SHOP });
      }),
      (mailer) => Effect.promise(() => mailer.close()),
    ),
  ),
);

describe("a mail over SMTP", () => {
  it("reaches its one recipient, with headers that say what it is", async () => {
    const sink = await sinkWith();
    const mailer = mailerOver(smtpTo(sink));
    for (const mail of MAILS_OF_EACH_KIND) await send(mailer, mail);
    expect(await mailer.deliverDue()).toEqual({ sent: 4, failed: 0, postponed: 0 });
    expect(sink.mails.map(({ from, to }) => [from, to])).toEqual(
      Array(4).fill(["shop@shop.example", ["ann@example.com"]]),
    );
    const [first] = sink.mails.filter(({ data }) => data.includes("Your order o-1"));
    const data = first?.data ?? "";
    expect(headerOf(data, "subject")).toBe("Your order o-1");
    expect(headerOf(data, "from")).toBe('"Hearth & Co" <shop@shop.example>');
    expect(headerOf(data, "auto-submitted")).toBe("auto-generated");
    expect(headerOf(data, "date")).toBe("Fri, 25 Nov 2011 05:46:40 +0000");
    expect(headerOf(data, "message-id")).toMatch(
      /^<order-confirmation\.[0-9a-f]{32}@shop\.example>$/,
    );
    const offers = sink.mails.filter((mail) => headerOf(mail.data, "list-unsubscribe") !== null);
    expect(offers.map((mail) => headerOf(mail.data, "list-unsubscribe"))).toEqual([
      "<https://shop.example/mails>",
    ]);
    expect(await mailer.deliverDue()).toEqual({ sent: 0, failed: 0, postponed: 0 });
  });

  it("is tried again, later each time, until the server takes it", async () => {
    const clock: Clock = { now: NOW };
    const triedAt: number[] = [];
    const sink = await sinkWith({
      verdict: () => (triedAt.push(clock.now) < 4 ? "putOff" : "take"),
    });
    const mailer = mailerOver(smtpTo(sink), { clock });
    await send(mailer, confirmationMail());
    for (; mailer.figures().waiting > 0; clock.now += 1_000) await mailer.deliverDue();
    expect(sink.mails).toHaveLength(1);
    expect(triedAt).toHaveLength(4);
    const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    for (const [index, pause] of pauses.entries()) {
      const longest = 30_000 * 2 ** index;
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest + 1_000);
    }
  });

  it("is given up at once where the server refuses the address or the message for good", async () => {
    const sink = await sinkWith({
      recipient: (address) => (address.startsWith("gone") ? 550 : 250),
      verdict: () => "refuse",
    });
    const mailer = mailerOver(smtpTo(sink));
    await send(mailer, confirmationMail({ to: "gone@example.com" }));
    await send(mailer, turnMail());
    expect(await mailer.deliverDue()).toEqual({ sent: 0, failed: 2, postponed: 0 });
    expect(mailer.figures()).toMatchObject({ waiting: 0, failed: 2 });
  });

  it("is kept while no server is there, and the mailer says so", async () => {
    const clock: Clock = { now: NOW };
    const sink = await sinkWith();
    sink.close();
    const mailer = mailerOver(smtpTo(sink), { clock });
    await send(mailer, confirmationMail());
    expect(await mailer.deliverDue()).toEqual({ sent: 0, failed: 0, postponed: 1 });
    expect(mailer.check()).toBeNull();
    clock.now += 10 * 60_000;
    expect(mailer.check()).toBe("1 mails wait, the first since 2011-11-25T05:46:40.000Z");
  });

  it("that was taken without a word is sent again under the same Message-ID", async () => {
    const clock: Clock = { now: NOW };
    const sink = await sinkWith({
      verdict: (message) => (message === 1 ? "takeAndHangUp" : "take"),
    });
    const mailer = mailerOver(smtpTo(sink), { clock });
    await send(mailer, confirmationMail());
    expect(await mailer.deliverDue()).toMatchObject({ postponed: 1 });
    clock.now += DAY;
    expect(await mailer.deliverDue()).toMatchObject({ sent: 1 });
    expect(sink.mails).toHaveLength(2);
    const [first, second] = sink.mails.map(({ data }) => headerOf(data, "message-id"));
    expect(first).toBe(second);
    expect(sink.mails[1]?.data).toContain(headerOf(sink.mails[0]?.data ?? "", "date") ?? "none");
  });

  it("does not wait for a server that says nothing", async () => {
    const mailer = mailerOver(smtpTo(await sinkWith({ silent: true }), 500));
    await send(mailer, confirmationMail());
    expect(await mailer.deliverDue()).toEqual({ sent: 0, failed: 0, postponed: 1 });
  });

  it("is sent without TLS to this machine only", async () => {
    const sink = await sinkWith();
    // An address that is not one of this machine by its looks, and leads to it.
    const elsewhere = smtpTransport({
      url: `smtp://0.0.0.0:${sink.port}`,
      timeLimitMillis: 500,
    });
    const mailer = mailerOver(elsewhere);
    await send(mailer, confirmationMail());
    expect(await mailer.deliverDue()).toMatchObject({ postponed: 1 });
    expect(sink.commands).not.toContain("MAIL");
    expect(sink.mails).toEqual([]);
  });

  it("goes to a mail server and nowhere else", () => {
    const transportTo = (url: string) => mailTransport(url, folder);
    expect(() => transportTo("http://mail.example")).toThrow("is no mail server");
  });
});

describe("the outbox", () => {
  it("keeps what it took when the store ends, and forgets what it sent", async () => {
    const sink = await sinkWith();
    const first = mailerOver(smtpTo(sink));
    await send(first, confirmationMail());
    await first.close();
    open.splice(open.indexOf(first), 1);
    const second = mailerOver(smtpTo(sink));
    expect((await send(second, confirmationMail()))._tag).toBe("MailTakenBefore");
    expect(await second.deliverDue()).toMatchObject({ sent: 1 });
    expect((await send(second, confirmationMail()))._tag).toBe("MailTakenBefore");
    await second.close();
    open.splice(open.indexOf(second), 1);
    expect(readFileSync(join(folder, "mails.db")).includes("ann@example.com")).toBe(false);
  });

  it("lends a mail to one of two senders, and to the other when the first is gone", async () => {
    const clock: Clock = { now: NOW };
    const sink = await sinkWith();
    let dying = true;
    const transport = smtpTo(sink);
    const first = mailerOver(
      {
        ...transport,
        deliver: (mail) => (dying ? new Promise(() => {}) : transport.deliver(mail)),
      },
      { clock },
    );
    const second = mailerOver(smtpTo(sink), { clock });
    await send(first, confirmationMail());
    const never = first.deliverDue();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await second.deliverDue()).toEqual({ sent: 0, failed: 0, postponed: 0 });
    clock.now += 15 * 60_000;
    expect(await second.deliverDue()).toEqual({ sent: 1, failed: 0, postponed: 0 });
    dying = false;
    expect(sink.mails).toHaveLength(1);
    expect(never).toBeInstanceOf(Promise);
  });

  it("gives a mail up after some two days of trying", async () => {
    const clock: Clock = { now: NOW };
    const sink = await sinkWith({ verdict: () => "putOff" });
    const mailer = mailerOver(smtpTo(sink), { clock });
    await send(mailer, confirmationMail());
    let tries = 0;
    while (mailer.figures().waiting === 1) {
      const { postponed, failed } = await mailer.deliverDue();
      tries += postponed + failed;
      clock.now += 15 * 60_000;
    }
    expect(tries).toBe(20);
    expect((clock.now - NOW) / DAY).toBeGreaterThan(1);
    expect((clock.now - NOW) / DAY).toBeLessThan(3);
    expect(mailer.figures()).toMatchObject({ waiting: 0, failed: 1 });
  });

  it("is full at its limit, and has room again when mails have left", async () => {
    const mailer = mailerOver(smtpTo(await sinkWith()), { mailsMax: 2 });
    await send(mailer, turnMail({ ticket: "t-1" }));
    await send(mailer, turnMail({ ticket: "t-2" }));
    await expect(send(mailer, turnMail({ ticket: "t-3" }))).rejects.toThrow("the outbox is full");
    await mailer.deliverDue();
    expect((await send(mailer, turnMail({ ticket: "t-3" })))._tag).toBe("MailTaken");
  });

  it("sends by itself once it is started, and many mails at once", async () => {
    const sink = await sinkWith();
    const mailer = mailerOver(smtpTo(sink));
    const tickets = Array.from({ length: 120 }, (_, index) => `t-${index}`);
    await Promise.all(tickets.map((ticket) => send(mailer, turnMail({ ticket }))));
    mailer.start();
    while (mailer.figures().waiting > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(new Set(sink.mails.map(({ data }) => headerOf(data, "message-id"))).size).toBe(120);
    expect(sink.mails).toHaveLength(120);
  });
});

describe("mails as files", () => {
  it("are one file a mail, which a mail program opens", async () => {
    const mails = join(folder, "mails");
    const mailer = mailerOver(mailTransport(null, mails));
    await send(mailer, confirmationMail());
    await send(mailer, offerMail());
    expect(await mailer.deliverDue()).toMatchObject({ sent: 2 });
    const files = readdirSync(mails).sort();
    expect(files.map((file) => file.replace(/[0-9a-f]{32}/, "#"))).toEqual([
      "cart-offer.#.eml",
      "order-confirmation.#.eml",
    ]);
    const data = readFileSync(join(mails, files[1] ?? ""), "utf8");
    expect(headerOf(data, "to")).toBe("ann@example.com");
    expect(data).toContain("Content-Type: text/plain; charset=utf-8");
    expect(data).toContain("Content-Type: text/html; charset=utf-8");
  });
});
