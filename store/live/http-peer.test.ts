import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type CallResult, type HttpCall, HttpPeer, type HttpPeerOptions } from "./http-peer.ts";

const open: { close: () => unknown }[] = [];

afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

async function listening(server: net.Server): Promise<string> {
  const connections = new Set<net.Socket>();
  server.on("connection", (socket) => connections.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({
    close: () => {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

/** A server that does with every connection what the test says. */
const rawServer = (onConnection: (socket: net.Socket) => void) =>
  listening(
    net.createServer((socket) => {
      socket.on("error", () => {});
      onConnection(socket);
    }),
  );

function callTo(
  origin: string,
  call: Partial<HttpCall> = {},
  options: Partial<HttpPeerOptions> = {},
): Promise<CallResult> {
  return peerTo(origin, options).promise({ ...POST, ...call });
}

function peerTo(origin: string, options: Partial<HttpPeerOptions> = {}): HttpPeer {
  const peer = new HttpPeer({ origin, ...options });
  open.push(peer);
  return peer;
}

const POST = { method: "POST", path: "/x", body: "{}", timeLimitMillis: 20_000 } as const;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("a call over HTTP", () => {
  it("goes where it was sent and nowhere else: a redirect is an answer like any other", async () => {
    let asked = 0;
    const elsewhere = await rawServer(() => {
      asked += 1;
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const origin = await listening(
        http.createServer((_request, response) => {
          response.writeHead(status, { location: `${elsewhere}/keys` }).end();
        }),
      );
      expect(await callTo(origin)).toMatchObject({ _tag: "Answered", status });
    }
    expect(asked).toBe(0);
  });

  it("is answered with status, headers and body", async () => {
    const origin = await listening(
      http.createServer((request, response) => {
        response.writeHead(402, { "x-seen": `${request.method} ${request.url}` });
        request.pipe(response);
      }),
    );
    const result = await callTo(origin, { path: "/a?b=1", body: "the body" });
    expect(result).toMatchObject({ _tag: "Answered", status: 402, body: "the body" });
    expect(result).toMatchObject({ headers: { "x-seen": "POST /a?b=1" } });
  });

  it("was not sent where nobody listens", async () => {
    const origin = await rawServer(() => {});
    for (const each of open.splice(0)) each.close();
    expect(await callTo(origin)).toEqual({ _tag: "NotSent", reason: "ECONNREFUSED" });
  });

  it("was not sent where no connection came free in time", async () => {
    const peer = peerTo(await rawServer(() => {}), { connectionsMax: 1 });
    const first = peer.promise({ ...POST, timeLimitMillis: 1_500 });
    const second = peer.promise({ ...POST, timeLimitMillis: 300 });
    expect(await second).toEqual({ _tag: "NotSent", reason: "no answer within 300 ms" });
    expect((await first)._tag).toBe("Unanswered");
  });

  it("is unanswered where the server hangs up after it was sent", async () => {
    const origin = await rawServer((socket) => socket.once("data", () => socket.destroy()));
    expect(await callTo(origin)).toMatchObject({ _tag: "Unanswered" });
  });

  it("is unanswered where the server says nothing, or drips its answer for ever", async () => {
    const silent = await rawServer(() => {});
    const dripping = await rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
      const drip = setInterval(() => socket.write("."), 20);
      socket.once("close", () => clearInterval(drip));
    });
    for (const origin of [silent, dripping]) {
      const result = await callTo(origin, { timeLimitMillis: 1_000 });
      expect(result).toEqual({ _tag: "Unanswered", reason: "no answer within 1000 ms" });
    }
  });

  it("is unanswered where the answer breaks off, is endless, or is no HTTP", async () => {
    const saying = (text: string, end = true) =>
      rawServer((socket) => {
        socket.once("data", () => {
          socket.write(text);
          if (end) socket.end();
        });
      });
    const broken = await saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
    expect(await callTo(broken)).toMatchObject({ _tag: "Unanswered" });
    const long = await saying(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5_000)}`, false);
    const result = await callTo(long, {}, { answerBytesMax: 1_000 });
    expect(result).toEqual({
      _tag: "Unanswered",
      reason: "the answer is longer than 1000 bytes",
    });
    expect(await callTo(await saying("SSH-2.0-nothing\r\n"))).toMatchObject({ _tag: "Unanswered" });
  });

  it("keeps its connection, and is repeated where the server had closed it meanwhile", async () => {
    let connections = 0;
    let requests = 0;
    const origin = await rawServer((socket) => {
      connections += 1;
      const mine = connections;
      socket.on("data", () => {
        requests += 1;
        // The first connection is cut under its third request, as a server that restarts does.
        if (mine === 1 && requests === 3) socket.resetAndDestroy();
        else socket.write(OK);
      });
    });
    const peer = peerTo(origin);
    for (let call = 1; call <= 3; call += 1) {
      expect(await peer.promise(POST)).toMatchObject({ _tag: "Answered", body: "ok" });
    }
    expect({ connections, requests }).toEqual({ connections: 2, requests: 4 });
  });

  it("stays uncertain where the first try may have arrived and the second could not", async () => {
    const server = net.createServer();
    let requests = 0;
    server.on("connection", (socket) => {
      socket.on("data", () => {
        requests += 1;
        if (requests === 1) socket.write(OK);
        else {
          server.close();
          socket.resetAndDestroy();
        }
      });
    });
    const peer = peerTo(await listening(server));
    expect((await peer.promise(POST))._tag).toBe("Answered");
    expect(await peer.promise(POST)).toEqual({ _tag: "Unanswered", reason: "ECONNREFUSED" });
  });

  it("is given up when nobody wants its answer any more", async () => {
    const server = http.createServer();
    const peer = peerTo(await listening(server));
    const results: CallResult[] = [];
    const giveUp = peer.call(POST, (result) => results.push(result));
    const [request] = (await once(server, "request")) as [http.IncomingMessage];
    request.on("error", () => {});
    giveUp();
    await new Promise((resolve) => request.once("close", resolve));
    expect(results).toEqual([]);
  });
});
