import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { CountedCodeSource } from "../memory/code-source.ts";
import { CountedIdentifiers } from "../memory/identifiers.ts";
import { ScriptedGateway } from "../memory/scripted-gateway.ts";
import { AdminTokens } from "./admin/admin-tokens.ts";
import { startStore } from "./main.ts";
import { memoryParts } from "./memory-parts.ts";
import { sandboxGateway } from "./sandbox/sandbox-gateway.ts";
import { KEY_BYTES, secureCodes, secureIdentifiers } from "./secure-random.ts";
import { type CheckedParts, SimulatedParts, simulatedParts } from "./self-check.ts";
import { HandClock, trialSetup } from "./testing/trial-server.ts";

const gateway = sandboxGateway({ url: "http://127.0.0.1:9", timeLimitMillis: 100 });
const keys = [randomBytes(KEY_BYTES)];
const real: CheckedParts = {
  ports: { identifiers: secureIdentifiers, codes: secureCodes },
  gateways: [gateway],
  keys,
};
const wallClock = Date.now;
afterEach(() => {
  Date.now = wallClock;
  gateway.close();
});

describe("a store that checks itself", () => {
  it("finds nothing in real parts, and each part of a rehearsal among them", () => {
    expect(simulatedParts(real)).toEqual([]);
    const { ports } = real;
    const planted: readonly (readonly [Partial<CheckedParts>, string])[] = [
      [{ ports: { ...ports, identifiers: CountedIdentifiers.make() } }, "names are not"],
      [{ ports: { ...ports, codes: CountedCodeSource.make() } }, "codes are not"],
      [{ gateways: [gateway, ScriptedGateway.make({ name: "scripted" })] }, "scripted plays"],
      [{ clock: new HandClock(wallClock() + 5_000).clock }, "the clock is not"],
      [{ keys: [...keys, Buffer.alloc(KEY_BYTES, 7)] }, "was not drawn at random"],
      [{ keys: [randomBytes(KEY_BYTES - 1)] }, "is shorter than 32 bytes"],
    ];
    for (const [part, why] of planted) {
      const found = simulatedParts({ ...real, ...part });
      expect(found, why).toHaveLength(1);
      expect(found[0]).toContain(why);
    }
    Date.now = () => wallClock.call(Date);
    expect(simulatedParts(real)).toEqual(["the clock is not the machine's"]);
  });

  it("does not serve with one", async () => {
    const setup = trialSetup();
    const parts = memoryParts(setup);
    const start = startStore({
      setup,
      parts,
      gateways: [ScriptedGateway.make({ name: "scripted" })],
      keys,
      stripeWebhook: null,
      secure: false,
      trustProxy: [],
      version: "0.0.0",
      host: "127.0.0.1",
      port: 0,
      rounds: false,
      alone: true,
      drainMillis: 0,
      worker: 0,
      folder: null,
      logLevel: "silent",
      adminTokens: new AdminTokens(new Map()),
      adminNetworks: [],
      record: null,
      alertWebhook: null,
    });
    await expect(start).rejects.toThrow(SimulatedParts);
  });
});
