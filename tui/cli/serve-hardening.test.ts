import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../store/live/sandbox/sandbox-server.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
/** What one file of the store may grow to, KiB: room for the ledger and some tens of orders. */
const FILE_KIBIBYTES = 1_000;
const ORDERS_MAX = 400;

const folder = mkdtempSync(join(tmpdir(), "rehearse-hardening-"));
const started: ChildProcess[] = [];
let bank: Sandbox;
beforeAll(async () => {
  bank = await startSandbox({ folder: join(folder, "bank"), port: 0 });
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await bank.close();
  rmSync(folder, { recursive: true });
});

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly told: () => string;
}

/** Starts the store where no prototype can be reached by name, and no file grows past a limit. */
async function serve(limit: number | "unlimited"): Promise<Serving> {
  const words = ["serve", "--demo", "--port", "0", "--data", join(folder, "store")];
  const script = `ulimit -f ${limit}; exec "$0" "$@"`;
  const node = [process.execPath, "--disable-proto=throw", BUNDLE];
  const child = spawn("bash", ["-c", script, ...node, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, REHEARSE_SANDBOX_URL: bank.url },
  });
  started.push(child);
  let told = "";
  child.stderr?.on("data", (text) => {
    told += text;
  });
  for await (const text of child.stdout ?? []) {
    told += text;
    const at = /open at (http:\S+)[\s\S]*Ctrl\+C/.exec(told);
    if (at !== null) return { child, url: at[1] as string, told: () => told };
  }
  throw new Error(`the store ended before it was open: ${told}`);
}

async function shopperAt(url: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/shoppers`, { method: "POST", headers, body: "{}" });
  return ((await answer.json()) as { token: string }).token;
}

function order(url: string, token: string): Promise<Response> {
  const lines = [{ sku: "lamp-cone", units: 1, unitPrice: 3_700 }];
  return fetch(`${url}/api/orders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": "one",
    },
    body: JSON.stringify({ lines, paymentToken: "card-ok" }),
  });
}

describe("rehearse serve on a disk that is full", () => {
  it("takes no order that it could not keep, says nothing of why, and has kept the others", async () => {
    const full = await serve(FILE_KIBIBYTES);
    const told = new Map<string, string>();
    let refusal: { readonly status: number; readonly text: string } | null = null;
    for (let tried = 0; tried < ORDERS_MAX && refusal === null; tried += 1) {
      const token = await shopperAt(full.url);
      const answer = await order(full.url, token);
      const text = await answer.text();
      if (answer.status === 201) told.set(token, JSON.parse(text).order);
      else refusal = { status: answer.status, text };
    }
    expect(told.size).toBeGreaterThan(3);
    expect(refusal?.status).toBe(503);
    const { type, ...rest } = JSON.parse(refusal?.text ?? "{}");
    expect(type).toBe("/problems/unavailable");
    expect(Object.keys(rest).sort()).toEqual(["status", "title"]);
    expect(refusal?.text).not.toMatch(/sqlite|disk|EFBIG|stack/i);
    expect((await fetch(`${full.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${full.url}/api/products`)).status).toBe(200);
    expect(full.child.exitCode).toBeNull();
    full.child.kill("SIGKILL");
    await once(full.child, "exit");

    const again = await serve("unlimited");
    for (const [token, name] of told) {
      const headers = { authorization: `Bearer ${token}` };
      const kept = await fetch(`${again.url}/api/orders/${name}`, { headers });
      expect(((await kept.json()) as { status: string }).status).toBe("confirmed");
    }
    expect((await order(again.url, await shopperAt(again.url))).status).toBe(201);
    const [first] = told;
    expect(await (await order(again.url, first?.[0] ?? "")).json()).toMatchObject({
      order: first?.[1],
    });
    const exit = once(again.child, "exit");
    again.child.kill("SIGTERM");
    expect((await exit)[0]).toBe(0);
  });
});
