/** A store that is killed with mails in its outbox: what it said it took is sent. */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { buildChildProgram } from "../../testing/child-program.ts";
import { mailTransport } from "./mail-transport.ts";
import { liveMailer } from "./mailer.ts";
import { startSmtpSink } from "./testing/smtp-sink.ts";

const TAKEN = 150;
const HOUR = 3_600_000;

/** The one Message-ID of a mail, whoever sends it and how often. */
function messageIdOf(name: string): string {
  return `<turn.${createHash("sha256").update(name).digest("hex").slice(0, 32)}@shop.example>`;
}

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

describe("a mailer that is killed", () => {
  it("has every mail that it took sent by the next one, hardly any twice", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rehearse-mails-"));
    undo.push(() => rmSync(folder, { recursive: true }));
    const sink = await startSmtpSink();
    undo.push(sink.close);
    const program = await buildChildProgram("store/live/mailer/testing/mailer-program.ts");
    undo.push(() => rmSync(program.folder, { recursive: true }));
    const file = join(folder, "mails.db");
    const url = `smtp://127.0.0.1:${sink.port}`;
    const child = fork(program.file, [file, url], { execArgv: [] });
    const taken: string[] = [];
    child.on("message", (name) => {
      taken.push(String(name));
      if (taken.length >= TAKEN && sink.mails.length > 0) child.kill("SIGKILL");
    });
    await once(child, "exit");
    expect(taken.length).toBeGreaterThanOrEqual(TAKEN);

    // What the dead one had lent itself comes back after its lease.
    const next = liveMailer({
      file,
      transport: mailTransport(url, folder),
      shop: { name: "Hearth", address: "shop@shop.example" },
      now: () => Date.now() + HOUR,
    });
    undo.push(next.close);
    while (next.figures().waiting > 0) await next.deliverDue();
    const ids = sink.mails.map(({ data }) => /^Message-ID: (.*)$/im.exec(data)?.[1] ?? "");
    const sent = new Set(ids);
    expect(taken.filter((name) => !sent.has(messageIdOf(name)))).toEqual([]);
    // At most the batch that was under way is sent a second time.
    expect(ids.length - sent.size).toBeLessThanOrEqual(50);
  });
});
