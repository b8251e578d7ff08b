/** One request as many servers and networks log it. */
import { describe, expect, it } from "vitest";
import { readAccessLine } from "./access-line.ts";
import { extendedFields, readExtendedLine } from "./extended-log.ts";
import { readJsonLine } from "./json-line.ts";
import { type RecordedEvent, recordedLine } from "./recorded-event.ts";
import { factOfEvent, recordedFact } from "./recorded-fact.ts";
import { PLAIN_TIMES } from "./recorded-time.ts";

const request = {
  kind: "Request",
  at: "2024-11-29T09:00:03.000Z",
  shopper: "10.0.0.7",
  method: "GET",
  path: "/p/1",
  status: 200,
};

function told(read: ReturnType<typeof readAccessLine>) {
  if ("why" in read) return read.why;
  const { millis: _millis, at, ...event } = read.event;
  return { ...event, at: new Date(at).toISOString() };
}

const rest = '- - [29/Nov/2024:10:00:03 +0100] "GET /p/1?x=\\"1\\" HTTP/1.1" 200 512';

describe("a line in the common format", () => {
  it.each([
    `10.0.0.7 ${rest}`,
    `10.0.0.7 ${rest} "https://a.example/?q=\\"x\\"" "Mozilla (\\"odd\\")" "203.0.113.9" 0.5`,
    `shop.example.com:443 10.0.0.7 ${rest} "-" "-"`,
    `shop.example.com 10.0.0.7 ${rest} "-" "-"`,
    `Nov 29 10:00:03 web1 nginx[12]: 10.0.0.7 ${rest}`,
    '10.0.0.7 - - [1732870803.000] "GET https://shop.example/p/1 HTTP/1.1" 200 -',
    'https 2024-11-29T09:00:03Z app/lb/50dc 10.0.0.7:2817 10.1.0.1:80 0.086 0.048 -1 200 200 0 57 "GET https://shop.example:443/p/1?x=2 HTTP/1.1" "curl" - -',
  ])("is read: %s", (line) => {
    expect(told(readAccessLine(line, PLAIN_TIMES))).toEqual(request);
  });

  it("names who asked, with spaces too, and addresses of the newer kind", () => {
    const named = `10.0.0.7 - Ann Example ${rest.slice(4)}`;
    expect(told(readAccessLine(named, PLAIN_TIMES))).toEqual({
      ...request,
      shopper: "Ann Example",
    });
    const newer = `2001:db8::12 ${rest}`;
    expect(told(readAccessLine(newer, PLAIN_TIMES))).toEqual({
      ...request,
      shopper: "2001:db8::12",
    });
  });
});

describe("a line of JSON", () => {
  const lines = [
    {
      ts: 1_732_870_803,
      request: { remote_ip: "10.0.0.7", method: "GET", host: "shop.example", uri: "/p/1?x=2" },
      status: 200,
    },
    {
      ts: 1_732_870_803,
      request: { remote_addr: "10.0.0.7:51432", method: "GET", uri: "/p/1" },
      status: 200,
    },
    {
      ClientIP: "10.0.0.7",
      ClientRequestMethod: "GET",
      ClientRequestURI: "/p/1",
      EdgeResponseStatus: 200,
      EdgeStartTimestamp: 1_732_870_803_000_000_000,
    },
    {
      timestamp: "2024-11-29T09:00:03+0000",
      client_ip: "10.0.0.7",
      request_method: "GET",
      url: "/p/1",
      response_status: 200,
    },
    {
      ClientHost: "10.0.0.7",
      RequestMethod: "GET",
      RequestPath: "/p/1",
      DownstreamStatus: 200,
      StartUTC: "2024-11-29T09:00:03.0Z",
    },
    {
      level: 30,
      time: 1_732_870_803_000,
      req: { method: "GET", url: "/p/1", remoteAddress: "10.0.0.7" },
      res: { statusCode: 200 },
    },
    {
      timestamp: "2024-11-29T09:00:03Z",
      httpRequest: {
        requestMethod: "GET",
        requestUrl: "https://shop.example/p/1",
        status: 200,
        remoteIp: "10.0.0.7",
        latency: "0.1s",
      },
    },
    {
      msec: "1732870803.000",
      remote_addr: "10.0.0.7",
      request: "GET /p/1 HTTP/2.0",
      status: "200",
      host: "shop.example",
    },
  ];
  it.each(lines.map((line) => JSON.stringify(line)))("is read: %s", (line) => {
    expect(told(readJsonLine(line, PLAIN_TIMES))).toEqual(request);
  });

  it("tells how long the request took, in the unit that its name or its size says", () => {
    const millisOf = (more: object) => {
      const read = readJsonLine(JSON.stringify({ ...lines[3], ...more }), PLAIN_TIMES);
      return "why" in read ? read.why : read.event.millis;
    };
    expect(millisOf({ duration: 0.25 })).toBe(250);
    expect(millisOf({ duration: 12_300_000 })).toBe(12.3);
    expect(millisOf({ latency: "0.25s" })).toBe(250);
    expect(millisOf({ responseTime: 3.5 })).toBe(3.5);
  });
});

it("a log that names its fields is read by them, its times in UTC", () => {
  const fields = extendedFields(
    "#Fields: date time cs-method cs-uri-stem c-ip sc-status time-taken",
  );
  if (fields === null) throw new Error("names no fields");
  const line = "2024-11-29\t09:00:03\tGET\t/p/1\t10.0.0.7\t200\t0.012";
  expect(told(readExtendedLine(line, fields, PLAIN_TIMES))).toEqual(request);
  expect(told(readExtendedLine(line.replaceAll("\t", " "), fields, PLAIN_TIMES))).toEqual(request);
});

it("an event is the fact that its line tells", () => {
  const read = readAccessLine(`10.0.0.7 ${rest}`, PLAIN_TIMES);
  if ("why" in read) throw new Error(read.why);
  const others: readonly RecordedEvent[] = [
    { kind: "OrderConfirmed", at: 5, order: "1", total: 7, currency: "EUR", slot: "3" },
    { kind: "Count", at: 5, lasts: null, metric: "orders", value: 0 },
    { kind: "Milestone", sale: "2019", after: 60_000, metric: "share", value: 0.5 },
    { kind: "Target", metric: "orders", value: 5, tolerance: "5 %" },
  ];
  for (const event of [read.event, ...others])
    expect(factOfEvent(event)).toEqual(recordedFact(recordedLine(event)));
});
