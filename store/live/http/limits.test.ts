import { connect } from "node:net";
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { memoryParts } from "../memory-parts.ts";
import {
  ask,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { HTTP_LIMITS } from "./http-limits.ts";
import { networkBlock } from "./network-block.ts";
import { OVERLOAD_LIMITS, Overload } from "./overload.ts";
import { drain } from "./server.ts";

const open: TrialServer[] = [];
async function start(options?: TrialServerOptions): Promise<TrialServer> {
  const trial = await trialServer(options);
  open.push(trial);
  return trial;
}
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

/** A promise that the test resolves. */
function later(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

describe("a network", () => {
  it("is a block of addresses, not one of them", () => {
    expect(networkBlock("192.0.2.7")).toBe("192.0.2.0/24");
    expect(networkBlock("::ffff:192.0.2.9")).toBe("192.0.2.0/24");
    expect(networkBlock("2001:db8:0:1:aaaa::1")).toBe("2001:db8:0:1::/64");
    expect(networkBlock("2001:0DB8:0000:0001::9")).toBe("2001:db8:0:1::/64");
    expect(networkBlock("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(networkBlock("::1")).toBe("0:0:0:0::/64");
  });
});

describe("who asks too often", () => {
  const tight = { tokens: 1, everyMillis: 60_000, burst: 2 };
  const limits = { ...HTTP_LIMITS, newShoppersPerNetwork: tight };
  const come = (trial: TrialServer, forwarded: string) =>
    ask(trial.origin, "/api/shoppers", {
      method: "POST",
      headers: { "x-forwarded-for": forwarded, "x-real-ip": forwarded, forwarded },
    });

  it("is told how long to wait, and no header gets around it", async () => {
    const trial = await start({ limits });
    const heard = [];
    for (const from of ["198.51.100.1", "203.0.113.1", "192.0.2.1"]) {
      heard.push(await come(trial, from));
    }
    expect(heard.map(({ status }) => status)).toEqual([201, 201, 429]);
    const [, , refused] = heard;
    expect(refused?.body).toMatchObject({ type: "/problems/too-many-requests", by: "network" });
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(1);
  });

  it("is counted by what a trusted proxy says last, not by what they wrote before it", async () => {
    const trial = await start({ limits, trustProxy: ["127.0.0.1"] });
    const statuses = [];
    for (const claimed of ["1.1.1.1", "2.2.2.2", "3.3.3.3"]) {
      statuses.push((await come(trial, `${claimed}, 203.0.113.9`)).status);
    }
    expect(statuses).toEqual([201, 201, 429]);
    expect((await come(trial, "203.0.113.9, 198.51.100.1")).status).toBe(201);
  });

  it("is held back by the limits of the sale as well, shopper by shopper", async () => {
    const perShopper = { tokens: 1, everyMillis: 60_000, burst: 2 };
    const setup = trialSetup({ limits: { perShopper, perNetwork: null } });
    const trial = await start({ setup });
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    const body = { sku: "TOASTER", units: 1 };
    const add = async (shopper: TrialShopper) =>
      (await shopper.ask("/api/cart/lines", { body })).status;
    expect([await add(ann), await add(ann), await add(ann), await add(bob)]).toEqual([
      200, 200, 429, 200,
    ]);
  });
});

describe("a system behind the store that is down", () => {
  it("is a 503 with a time to come back, for who asks and for the balancer", async () => {
    const down = new PortUnavailable({ port: "stock", reason: "10.1.2.3 refused the connection" });
    const trial = await start({
      parts: (setup) => {
        const parts = memoryParts(setup);
        const stock = { ...parts.stock, level: () => Effect.fail(down) };
        return { ...parts, stock, check: () => Promise.resolve("the stock is out of reach") };
      },
    });
    for (const path of ["/api/stock?sku=TOASTER", "/health/ready"]) {
      const heard = await ask(trial.origin, path);
      expect([path, heard.status, heard.body.type]).toEqual([path, 503, "/problems/unavailable"]);
      expect(heard.headers.get("retry-after")).toBe("1");
      expect(JSON.stringify(heard.body)).not.toMatch(/10\.1|reach|refused/);
    }
    expect((await ask(trial.origin, "/health/live")).status).toBe(200);
    expect((await ask(trial.origin, "/api/sale")).status).toBe(200);
  });

  it("is not there, but drains before it ends: what is under way is answered", async () => {
    const trial = await start();
    expect((await ask(trial.origin, "/health/ready")).status).toBe(200);
    drain(trial.server);
    const heard = await ask(trial.origin, "/health/ready");
    expect([heard.status, heard.body.type]).toEqual([503, "/problems/draining"]);
    expect((await ask(trial.origin, "/api/sale")).status).toBe(200);
  });
});

describe("a write", () => {
  it("is told of only when it survives a crash", async () => {
    const events: string[] = [];
    const asked = later();
    const settled = later();
    const trial = await start({
      parts: (setup) => ({
        ...memoryParts(setup),
        durable: () => {
          events.push("asked");
          asked.resolve();
          return settled.promise;
        },
      }),
    });
    const ann = await TrialShopper.come(trial.origin);
    const added = ann.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 1 } });
    const told = added.then(({ status }) => events.push(`told ${status}`));
    await asked.promise;
    expect((await ask(trial.origin, "/api/sale")).status).toBe(200);
    events.push("settles");
    settled.resolve();
    await told;
    expect(events).toEqual(["asked", "settles", "told 200"]);
  });
});

describe("overload", () => {
  const raw = { on: () => undefined };
  const reply = { raw } as never;

  it("refuses who arrives before who pays, as the event loop falls behind", () => {
    const overload = new Overload(OVERLOAD_LIMITS);
    for (let taken = 0; taken < 614; taken += 1) overload.take("payment", reply);
    expect(overload.take("arriving", reply)).toBeGreaterThanOrEqual(1);
    expect(overload.take("browsing", reply)).toBeNull();
    for (let taken = overload.inWork; taken < 1_024; taken += 1) overload.take("payment", reply);
    expect(overload.take("checkout", reply)).toBeGreaterThanOrEqual(1);
    expect(overload.take("payment", reply)).toBeGreaterThanOrEqual(1);
    expect(overload.refused).toEqual([0, 1, 0, 0, 1, 1]);
  });
});

describe("a connection", () => {
  it("that sends its request drop by drop is ended", async () => {
    const trial = await start();
    trial.server.server.headersTimeout = 300;
    trial.server.server.requestTimeout = 300;
    let drops: NodeJS.Timeout | undefined;
    const heard = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(trial.port, "127.0.0.1", () => {
        socket.write("GET /api/sale HTTP/1.1\r\nhost: shop\r\nx-slow: ");
        drops = setInterval(() => socket.write("x"), 20);
      });
      socket.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      socket.on("close", () => resolve(text));
      socket.on("error", () => resolve(text));
    });
    clearInterval(drops);
    expect(heard).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  it("has its limits from the start", async () => {
    const { server } = (await start()).server;
    expect(server.requestTimeout).toBe(10_000);
    expect(server.timeout).toBe(10_000);
    expect(server.maxConnections).toBe(20_000);
  });
});
