import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LoadForm } from "../report/load-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";
import { endAll, ended, type Serving, serve } from "./testing/serving.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const SALE = ["scenarios/small-drop.yaml", "--scale", "10%"];
const folder = mkdtempSync(join(tmpdir(), "load-"));
const data = join(folder, "data");
const record = join(folder, "sale.ndjson");
let store: Serving;

beforeAll(async () => {
  const words = ["--data", data, "--record", record, "--trust-proxy", "127.0.0.1"];
  store = await serve(["--scenario", ...SALE, ...words]);
}, 30_000);
afterAll(() => {
  endAll();
  rmSync(folder, { recursive: true });
});

async function refusal(...words: string[]) {
  const child = spawn(process.execPath, [BUNDLE, "load", ...words]);
  const exit = once(child, "exit");
  let err = "";
  for await (const text of child.stderr) err += text;
  return { code: (await exit)[0] as number, err };
}

async function load(words: readonly string[], whileOn: (pid: number) => Promise<void>) {
  const child = spawn(process.execPath, [BUNDLE, "load", ...SALE, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const acting = whileOn(child.pid as number);
  let out = "";
  for await (const text of child.stdout) out += text;
  await acting;
  return { code: (await exit)[0] as number, out };
}

/** Where somebody has listened and nobody does any more. */
async function nobodysAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return `http://127.0.0.1:${port}`;
}

const nothing = () => Promise.resolve();

describe("rehearse load", () => {
  it("leaves alone what is not on this machine, not there, or another sale", async () => {
    const other = ["scenarios/sell-out-race.yaml", "--scale", "10%", "--target", store.url];
    const refusals = await Promise.all([
      refusal(...SALE, "--target", "https://shop.example"),
      refusal(...SALE, "--target", await nobodysAddress()),
      refusal(...other),
      refusal(...SALE, "--data", folder),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    const [remote, away, another, keyless] = refusals.map(({ err }) => err);
    expect(remote).toContain("is not on this machine");
    expect(away).toContain("cannot be asked: nobody listens there");
    expect(another).toContain("serves another sale, small-drop: it sells ");
    expect(keyless).toContain("there is no store in this folder");
  });

  it("sells what the ledger says, from two processes, and says how it was", async () => {
    const words = ["--target", store.url, "--data", data, "--speed", "10000%", "--for", "2s"];
    const { code, out } = await load([...words, "--processes", "2", "--json"], nothing);
    const result = takenBy(LoadForm, out);
    expect(code).toBe(0);
    expect(result).toMatchObject({ scenario: "small-drop", complete: true, processes: 2 });
    expect(result.sender.processorShares).toHaveLength(2);
    expect(result.total.answered).toBe(result.total.sent);
    expect(result.total.sent).toBeGreaterThan(100);
    const sold = result.orders.find(({ end }) => end === "sold");
    const inDoubt = result.orders.find(({ end }) => end === "inDoubt");
    expect(sold?.store).toBeGreaterThan(0);
    expect(await ended(store, "SIGTERM")).toBe(0);
    const events = readFileSync(record, "utf8").split("\n");
    const confirmed = events.filter((line) => line.includes('"OrderConfirmed"')).length;
    // Who is told that a payment is in doubt may have an order all the same.
    expect(confirmed).toBeGreaterThanOrEqual(sold?.store ?? 0);
    expect(confirmed).toBeLessThanOrEqual((sold?.store ?? 0) + (inDoubt?.store ?? 0));
  });

  it("ends in order when it is told to, and prints what it has met", async () => {
    store = await serve(["--scenario", ...SALE, "--memory"]);
    const words = ["--target", store.url, "--processes", "2", "--speed", "3000%"];
    const { code, out } = await load(words, async (pid) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      process.kill(pid, "SIGINT");
    });
    expect(code).toBe(130);
    expect(out).toMatch(/\(broken off\)/);
    expect(out).toMatch(/repeat {2}rehearse load scenarios\/small-drop\.yaml/);
  });
});
