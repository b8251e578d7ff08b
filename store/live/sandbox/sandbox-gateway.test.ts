import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect, Layer } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { type ChargeRequest, PaymentGateways } from "../../ports/payment-gateway.ts";
import { paymentGatewayContract } from "../../testing/payment-gateway.contract.ts";
import { type SandboxGateway, sandboxGateway } from "./sandbox-gateway.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox-server.ts";

/** Long where an answer is expected, so that a busy machine fails no test. */
const PATIENT = 20_000;
/** Short where no answer comes; a request has to get there within it. */
const IMPATIENT = 1_000;

const folders: string[] = [];
const open: { close: () => unknown }[] = [];

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "rehearse-sandbox-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function sandboxWith(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ folder: folderOf(), port: 0, ...options });
  open.push(sandbox);
  return sandbox;
}

function gatewayTo(url: string, timeLimitMillis = PATIENT): SandboxGateway {
  const gateway = sandboxGateway({ url, timeLimitMillis });
  open.push(gateway);
  return gateway;
}

const request = (over: Partial<ChargeRequest> = {}): ChargeRequest => ({
  key: "order-1.1",
  order: "order-1",
  amount: 2_500,
  currency: "USD",
  paymentToken: "card-ok",
  ...over,
});

const answerTo = <Answer>(effect: Effect.Effect<Answer>) => Effect.runPromise(effect);

const running = Effect.acquireRelease(
  Effect.promise(async () => {
    const sandbox = await startSandbox({ folder: folderOf(), port: 0 });
    return { sandbox, gateway: sandboxGateway({ url: sandbox.url, timeLimitMillis: PATIENT }) };
  }),
  ({ sandbox, gateway }) =>
    Effect.promise(async () => {
      gateway.close();
      await sandbox.close();
    }),
);

paymentGatewayContract(
  "sandbox over HTTP",
  Layer.scoped(
    PaymentGateways,
    Effect.map(running, ({ gateway }) => ({ gateways: [gateway] })),
  ),
);

describe("the cards of the sandbox", () => {
  it("are declined for good, or for now, and the decline is found under its key", async () => {
    const gateway = gatewayTo((await sandboxWith()).url);
    const kinds: [string, string][] = [
      ["card-declined", "hard"],
      ["card-insufficient", "soft"],
      ["card-3ds", "soft"],
    ];
    for (const [paymentToken, kind] of kinds) {
      const asked = request({ key: paymentToken, paymentToken });
      const answer = await answerTo(gateway.charge(asked));
      expect(answer).toMatchObject({ _tag: "Declined", kind });
      expect(await answerTo(gateway.lookUp(paymentToken))).toEqual(answer);
    }
  });

  it("capture without an answer in time: the look-up finds the charge", async () => {
    const { url, ledger } = await sandboxWith();
    const asked = request({ paymentToken: "card-timeout" });
    expect(await answerTo(gatewayTo(url, IMPATIENT).charge(asked))).toEqual({ _tag: "TimedOut" });
    const found = await answerTo(gatewayTo(url).lookUp(asked.key));
    expect(found._tag).toBe("Approved");
    expect(ledger.summary()).toMatchObject({ captures: 1, captured: 2_500 });
  });

  it("are lost before they are charged: absent, and absent for good", async () => {
    const { url, ledger } = await sandboxWith();
    const asked = request({ paymentToken: "card-lost-before" });
    expect(await answerTo(gatewayTo(url, IMPATIENT).charge(asked))).toEqual({ _tag: "TimedOut" });
    const gateway = gatewayTo(url);
    expect(await answerTo(gateway.lookUp(asked.key))).toEqual({ _tag: "Absent" });
    const late = await answerTo(gateway.charge({ ...asked, paymentToken: "card-ok" }));
    expect(late).toEqual({ _tag: "Declined", kind: "hard", reason: "the key is closed" });
    expect(ledger.summary()).toMatchObject({ captures: 0, closed: 1 });
  });

  it("fail with an answer that says nothing, which the look-up settles", async () => {
    const { url } = await sandboxWith();
    const gateway = gatewayTo(url);
    const after = request({ key: "after", paymentToken: "card-error-after" });
    const before = request({ key: "before", paymentToken: "card-error" });
    expect(await answerTo(gateway.charge(before))).toEqual({ _tag: "TimedOut" });
    expect(await answerTo(gateway.charge(after))).toEqual({ _tag: "TimedOut" });
    expect((await answerTo(gateway.lookUp("before")))._tag).toBe("Absent");
    expect((await answerTo(gateway.lookUp("after")))._tag).toBe("Approved");
  });

  it("are not processed, which is as good as not sent", async () => {
    const { url, ledger } = await sandboxWith();
    const answer = await answerTo(
      gatewayTo(url).charge(request({ paymentToken: "card-unavailable" })),
    );
    expect(answer).toEqual({ _tag: "NetworkError", reason: "the gateway answers 503" });
    expect(ledger.summary().captures).toBe(0);
  });

  it("are declined by a seeded share, the same for the same seed", async () => {
    const paymentToken = "a card of no special kind";
    const told = async (seed: string) => {
      const { url } = await sandboxWith({ behaviour: { seed, declineShare: 0.3 } });
      const gateway = gatewayTo(url);
      const keys = Array.from({ length: 200 }, (_, index) => `order-${index}.1`);
      const answers = await Promise.all(
        keys.map((key) => answerTo(gateway.charge(request({ key, paymentToken })))),
      );
      return answers.map(({ _tag }) => _tag);
    };
    const first = await told("one");
    const declined = first.filter((tag) => tag === "Declined").length;
    // 200 draws at 0.3: mean 60, standard deviation 6.5; five of those to either side.
    expect(declined).toBeGreaterThan(27);
    expect(declined).toBeLessThan(93);
    expect(await told("one")).toEqual(first);
    expect(await told("two")).not.toEqual(first);
  });
});

describe("the sandbox", () => {
  it("keeps what it captured when it is closed and opened again", async () => {
    const folder = folderOf();
    const first = await startSandbox({ folder, port: 0 });
    const captured = await answerTo(gatewayTo(first.url).charge(request()));
    await first.close();
    const { url, ledger } = await sandboxWith({ folder });
    expect(await answerTo(gatewayTo(url).charge(request()))).toEqual(captured);
    expect(ledger.charges(0, 10)).toMatchObject([
      { number: 1, key: "order-1.1", order: "order-1", captured: 2_500, refunded: 0 },
    ]);
  });

  it("refuses its books to a second sandbox", async () => {
    const folder = folderOf();
    await sandboxWith({ folder });
    await expect(startSandbox({ folder, port: 0 })).rejects.toThrow("locked");
  });

  it("does not take another charge under a key that was used", async () => {
    const { url, ledger } = await sandboxWith();
    const gateway = gatewayTo(url);
    await answerTo(gateway.charge(request()));
    const other = await answerTo(gateway.charge(request({ amount: 9_900 })));
    expect(other).toEqual({ _tag: "TimedOut" });
    expect(ledger.summary()).toMatchObject({ captures: 1, captured: 2_500 });
  });

  it("lets nobody in without its key", async () => {
    const { url } = await sandboxWith({ apiKey: "the key" });
    const answer = await answerTo(gatewayTo(url).charge(request()));
    expect(answer).toEqual({ _tag: "NetworkError", reason: "the gateway answers 401" });
    const known = sandboxGateway({ url, timeLimitMillis: PATIENT, apiKey: "the key" });
    open.push(known);
    expect((await answerTo(known.charge(request())))._tag).toBe("Approved");
    expect((await fetch(`${url}/v1/charges`)).status).toBe(401);
  });

  it("refuses a body that is too long, of another shape, or no charge at all", async () => {
    const { url, ledger } = await sandboxWith();
    const post = async (body: string) => {
      const headers = { "content-type": "application/json" };
      return (await fetch(`${url}/v1/charges`, { method: "POST", headers, body })).status;
    };
    const { paymentToken: token, ...asked } = request();
    expect(await post(JSON.stringify({ ...asked, token: "x".repeat(20_000) }))).toBe(413);
    expect(await post(JSON.stringify({ ...asked, token, amount: 0 }))).toBe(400);
    expect(await post(JSON.stringify({ ...asked, token, amount: 1.5 }))).toBe(400);
    expect(await post(JSON.stringify({ ...asked }))).toBe(400);
    expect(await post("{")).toBe(400);
    expect(ledger.summary().captures).toBe(0);
  });

  it("lists its charges page by page for an audit", async () => {
    const { url } = await sandboxWith();
    const gateway = gatewayTo(url);
    for (let order = 1; order <= 5; order += 1) {
      await answerTo(gateway.charge(request({ key: `k-${order}`, order: `o-${order}` })));
    }
    const page = async (after: number) => {
      const answer = await fetch(`${url}/v1/charges?after=${after}&limit=3`);
      const { charges } = (await answer.json()) as { charges: { number: number; key: string }[] };
      return charges;
    };
    const first = await page(0);
    const rest = await page(first.at(-1)?.number ?? 0);
    expect([...first, ...rest].map(({ key }) => key)).toEqual(["k-1", "k-2", "k-3", "k-4", "k-5"]);
  });

  it("cannot be reached: nothing was charged, and the check says so", async () => {
    const sandbox = await startSandbox({ folder: folderOf(), port: 0 });
    const gateway = gatewayTo(sandbox.url);
    expect(await gateway.check()).toBeNull();
    await sandbox.close();
    expect(await gateway.check()).toBe("the gateway sandbox does not answer");
    const answer = await answerTo(gateway.charge(request()));
    expect(answer).toEqual({ _tag: "NetworkError", reason: "ECONNREFUSED" });
  });
});
