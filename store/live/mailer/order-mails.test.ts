/** Orders that are mailed: whoever confirms them, once each, and nothing of any other. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { Registry } from "prom-client";
import { afterEach, describe, expect, it } from "vitest";
import type { GatewayScript } from "../../memory/scripted-gateway.ts";
import { memoryParts } from "../memory-parts.ts";
import { ALERT_RULES } from "../monitoring/alert-rules.ts";
import type { Sample } from "../monitoring/alerts.ts";
import { MailGauges } from "../monitoring/mail-gauges.ts";
import type { LiveParts } from "../parts.ts";
import {
  type TrialServer,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { smtpTransport } from "./mail-transport.ts";
import { liveMailer } from "./mailer.ts";
import { aboutMails, openMails } from "./open-mails.ts";
import { OrderMails } from "./order-mails.ts";
import { startSmtpSink, type TakenMail } from "./testing/smtp-sink.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const email = "ann@example.com";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

interface Post {
  readonly mails: OrderMails;
  /** The outbox's clock, which stands until the test moves it. */
  readonly clock: { now: number };
  readonly sent: readonly TakenMail[];
  readonly problems: string[];
  readonly file: string;
  /** Looks at the orders, and sends what is due. */
  readonly round: () => Promise<void>;
}

async function postOver(parts: LiveParts, file: string, startsAt = Date.now()): Promise<Post> {
  const sink = await startSmtpSink();
  const clock = { now: startsAt };
  const now = () => clock.now;
  const transport = smtpTransport({ url: `smtp://127.0.0.1:${sink.port}` });
  const shop = { name: "Trial", address: "shop@shop.example" };
  const mailer = liveMailer({ file, transport, shop, now });
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const { feedback } = trialSetup();
  const mails = new OrderMails({ mailer, parts, feedback, onProblem, now });
  mails.leadTo("https://shop.example/");
  undo.push(sink.close, () => mails.close());
  const round = async () => {
    await mails.look();
    await mailer.deliverDue();
  };
  return { mails, clock, sent: sink.mails, problems, file, round };
}

async function openShop(
  script: Omit<GatewayScript, "name"> = {},
): Promise<Post & { readonly trial: TrialServer; readonly parts: LiveParts }> {
  const folder = mkdtempSync(join(tmpdir(), "rehearse-order-mails-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  const setup = trialSetup();
  const parts = memoryParts(setup);
  const post = await postOver(parts, join(folder, "mails.db"));
  const { mails } = post;
  const trial = await trialServer({
    setup,
    parts: () => ({ ...parts, orders: mails.orders }),
    gateways: [{ name: "first", ...script }],
    mails,
  });
  undo.push(trial.close);
  return { ...post, trial, parts };
}

const subjectsOf = (sent: readonly TakenMail[]) =>
  sent.map(({ data }) => /^Subject: (.*)$/m.exec(data)?.[1]?.trim());

/** Everything that is on disk of the outbox, its journal too. */
const onDisk = (file: string) =>
  [file, `${file}-wal`].map((part) => readFileSync(part, "latin1")).join("");

describe("the mail of an order", () => {
  it("says what was bought, to the one who bought it, once however often it is asked", async () => {
    const { trial, round, sent, mails, clock } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    const placed = await ann.order("one", { email });
    expect(placed.status).toBe(201);
    await Promise.all([round(), round()]);
    const again = await ann.order("one", { email });
    expect(again.body).toEqual(placed.body);
    clock.now += MINUTE;
    await round();
    expect(subjectsOf(sent)).toEqual([`Your order ${placed.body.order}`]);
    expect(sent[0]?.to).toEqual([email]);
    expect(sent[0]?.data).toContain("1 =C3=97 Toaster: USD 25.00");
    expect(mails.mailer.figures()).toMatchObject({ awaited: 0, waiting: 1 });
  });

  it("of a survey comes when the survey is out, and then no address is left", async () => {
    const { trial, round, sent, mails, clock, file } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    const placed = await ann.order("one", { email });
    await round();
    expect(onDisk(file)).toContain(email);
    clock.now += 2 * DAY + 5 * MINUTE;
    await round();
    const { order } = placed.body;
    expect(subjectsOf(sent)).toEqual([`Your order ${order}`, `How was it? Order ${order}`]);
    expect(mails.mailer.figures()).toMatchObject({ awaited: 0, waiting: 0 });
    await mails.close();
    expect(readFileSync(file, "latin1")).not.toContain(email);
  });

  it("is not written where the order was not confirmed, and its address is erased", async () => {
    const { trial, round, sent, mails } = await openShop({ charge: () => "declineHard" });
    const ann = await TrialShopper.come(trial.origin);
    expect((await ann.order("one", { email })).status).toBe(402);
    expect(mails.mailer.figures().awaited).toBe(1);
    await round();
    expect(mails.mailer.figures()).toMatchObject({ awaited: 0, waiting: 0 });
    expect(sent).toEqual([]);
  });

  it("waits for an order in doubt until a reconciliation has confirmed it", async () => {
    let lookUp: "undecided" | "answer" = "undecided";
    const shop = await openShop({
      charge: () => "timeOutAfterCapture",
      timeLimitMillis: 1,
      lookUp: () => lookUp,
    });
    const { trial, round, sent, clock } = shop;
    const ann = await TrialShopper.come(trial.origin);
    const placed = await ann.order("one", { email });
    expect(placed.body.status).toBe("payment-in-doubt");
    await round();
    expect(sent).toEqual([]);
    lookUp = "answer";
    await Effect.runPromise(trial.store.reconciliation.reconcile(0));
    clock.now += 6 * MINUTE;
    await round();
    expect(subjectsOf(sent)).toEqual([`Your order ${placed.body.order}`]);
  });

  it("is not written by a node whose request did not place the order", async () => {
    const { trial, round, sent, parts, mails } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    const elsewhere = await postOver(parts, `${mkdtempSync(join(tmpdir(), "node-"))}/mails.db`);
    undo.push(() => rmSync(join(elsewhere.file, ".."), { recursive: true }));
    // The other node claims the key of an order that this one has placed meanwhile.
    await ann.order("one", { email });
    const { orders } = await Effect.runPromise(parts.orders.snapshot);
    const [mine] = orders;
    if (mine === undefined) throw new Error("an order was placed");
    const other = { ...mine, id: "order-of-the-other", revision: 0, answer: null };
    const answer = await elsewhere.mails.during({ shopper: mine.shopper, key: "one" }, email, () =>
      Effect.runPromise(elsewhere.mails.orders.place(other)),
    );
    expect(answer._tag).toBe("Replay");
    await round();
    await elsewhere.round();
    elsewhere.clock.now += 11 * MINUTE;
    await elsewhere.round();
    expect(sent).toHaveLength(1);
    expect(elsewhere.sent).toEqual([]);
    expect(elsewhere.mails.mailer.figures().awaited).toBe(0);
    expect(mails.mailer.figures().awaited).toBe(0);
  });

  it("costs no order where the outbox cannot be written, and the loss is told", async () => {
    const { trial, mails, problems } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    await mails.close();
    const placed = await ann.order("one", { email });
    expect(placed.status).toBe(201);
    expect(problems).toEqual([expect.stringContaining(`${placed.body.order} gets no mail`)]);
    expect(problems[0]).not.toContain(email);
  });

  it("has an address that mails can be sent to, or the order is refused as it is asked", async () => {
    const { trial } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    for (const wrong of ["ann", "ann@example", "a b@example.com", '"a\r\nBcc: b"@example.com']) {
      expect([wrong, (await ann.order("one", { email: wrong })).status]).toEqual([wrong, 400]);
    }
  });
});

describe("mails that do not leave", () => {
  it("are counted, and somebody is told after a quarter of an hour", async () => {
    const { trial, mails, clock } = await openShop();
    const ann = await TrialShopper.come(trial.origin);
    await ann.order("one", { email });
    await mails.look();
    const registry = new Registry();
    const gauges = new MailGauges(registry, () => mails.mailer.figures());
    clock.now += 20 * MINUTE;
    const mailsLateMillis = gauges.look(clock.now);
    expect(mailsLateMillis).toBe(20 * MINUTE);
    const text = await registry.metrics();
    expect(text).toContain('rehearse_mails{state="waiting"} 2');
    expect(text).toContain("rehearse_mails_late_seconds 1200");
    const rule = ALERT_RULES.find(({ name }) => name === "mails-late");
    expect(rule?.value([{ mailsLateMillis } as Sample])).toBeGreaterThan(rule?.threshold ?? 1e9);
    await mails.mailer.deliverDue();
    // The invitation to the survey is for later: nobody has to be told of it.
    expect(gauges.look(clock.now)).toBe(0);
  });
});

describe("mails as an operator asks for them", () => {
  const from = "shop@shop.example";
  it.each([
    [{ to: "ftp://mails.example", from, shopUrl: null }, "no mail server"],
    [{ to: tmpdir(), from: "nobody", shopUrl: null }, "--mail-from"],
    [{ to: tmpdir(), from, shopUrl: "shop.example" }, "--shop-url"],
  ])("are refused where they cannot be sent: %j", (asked, reason) => {
    const setup = trialSetup();
    const on = { setup, parts: memoryParts(setup), folder: null, onProblem: () => {} };
    expect(() => openMails(asked, on)).toThrow(reason);
  });

  it("are told of without the password of their server", () => {
    const to = "smtp://shop:secret@mails.example:587";
    expect(aboutMails({ to, from, shopUrl: null })).toBe(`from ${from}, over mails.example:587`);
  });
});
