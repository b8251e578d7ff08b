/** The mails of `rehearse serve`, as it is shipped, to a real mail server. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type SmtpSink, startSmtpSink } from "../../store/live/mailer/testing/smtp-sink.ts";

const BUNDLE = resolve("dist/rehearse.js");
const FROM = ["--mail-from", "shop@shop.example", "--shop-url", "https://shop.example"];
const folder = mkdtempSync(join(tmpdir(), "rehearse-serve-mails-"));
const undo: (() => unknown)[] = [];
afterEach(() => {
  for (const each of undo.splice(0).reverse()) each();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly greeting: string;
}

async function serve(words: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [BUNDLE, "serve", "--port", "0", ...words, ...FROM]);
  undo.push(() => child.kill("SIGKILL"));
  let greeting = "";
  for await (const text of child.stdout) {
    greeting += text;
    const url = /open at (http:\S+)[\s\S]*Ctrl\+C/.exec(greeting)?.[1];
    if (url !== undefined) return { child, url, greeting };
  }
  throw new Error(`the store ended before it was open: ${greeting}`);
}

async function ended({ child }: Serving, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

async function mailServer(): Promise<SmtpSink> {
  const sink = await startSmtpSink();
  undo.push(sink.close);
  return sink;
}

/** The address of a mail server that is down. */
async function deadServer(): Promise<string> {
  const { port, close } = await startSmtpSink();
  close();
  return `smtp://127.0.0.1:${port}`;
}

async function shopperAt({ url }: Serving): Promise<string> {
  const answer = await post(`${url}/api/shoppers`, {});
  return String(((await answer.json()) as { readonly token: string }).token);
}

function buy({ url }: Serving, token: string, email: string): Promise<Response> {
  const lines = [{ sku: "handbag-last", units: 1, unitPrice: 20_700 }];
  const order = { lines, paymentToken: "card-ok", email };
  return post(`${url}/api/orders`, order, { authorization: `Bearer ${token}` });
}

function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const kind = { "content-type": "application/json", "idempotency-key": "mine" };
  const own = { ...kind, ...headers };
  return fetch(url, { method: "POST", headers: own, body: JSON.stringify(body) });
}

async function arrived(sink: SmtpSink): Promise<string> {
  while (sink.mails.length === 0) await new Promise((turn) => setTimeout(turn, 20));
  return sink.mails[0]?.data ?? "";
}

describe("rehearse serve --mail", () => {
  it("mails an order that it told of although it was killed before the mail was out", async () => {
    const data = ["--data", join(folder, "killed")];
    const first = await serve(["--demo", ...data, "--mail", await deadServer()]);
    expect(first.greeting).toContain("mails     from shop@shop.example, over 127.0.0.1:");
    const token = await shopperAt(first);
    const told = await buy(first, token, "ann@example.com");
    await ended(first, "SIGKILL");
    expect(told.status).toBe(201);

    const sink = await mailServer();
    const again = await serve([...data, "--mail", `smtp://127.0.0.1:${sink.port}`]);
    const mail = await arrived(sink);
    const { order } = (await told.json()) as { readonly order: string };
    expect(mail).toContain(`Subject: Your order ${order}`);
    expect(mail.replaceAll("=\r\n", "")).toContain(`https://shop.example/orders/${order}`);
    // Asked once more, it is the same order and no second mail.
    expect((await buy(again, token, "ann@example.com")).status).toBe(201);
    await ended(again, "SIGTERM");
    expect(sink.mails).toHaveLength(1);
    const outbox = new Database(join(folder, "killed", "mails.db"), { readonly: true });
    undo.push(() => outbox.close());
    expect(outbox.prepare("SELECT name, state, mail FROM mails ORDER BY number").all()).toEqual([
      { name: `order-confirmation ${order}`, state: "sent", mail: "" },
      { name: `survey-invitation ${order}`, state: "waiting", mail: expect.any(String) },
    ]);
    expect(outbox.prepare("SELECT count(*) AS awaited FROM awaited").get()).toEqual({ awaited: 0 });
  }, 60_000);

  it("writes each mail as a file where a folder is named", async () => {
    const mails = join(folder, "mails");
    const served = await serve(["--demo", "--memory", "--mail", mails]);
    await buy(served, await shopperAt(served), "ann@example.com");
    while (!readdirSync(mails).some((file) => file.endsWith(".eml"))) {
      await new Promise((turn) => setTimeout(turn, 20));
    }
    await ended(served, "SIGTERM");
    expect(readdirSync(mails)).toEqual([expect.stringMatching(/^order-confirmation\..*\.eml$/)]);
  });

  it("asks who the mails are from", () => {
    const asked = [BUNDLE, "serve", "--demo", "--memory", "--mail", folder];
    const { status, stderr } = spawnSync(process.execPath, asked, { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("--mail-from ADDRESS")]);
  });
});
