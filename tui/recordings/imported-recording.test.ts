import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { ColumnsTold } from "../../twin/recordings/order-columns.ts";
import { PLAIN_TIMES, type TimeRule } from "../../twin/recordings/recorded-time.ts";
import { importedRecording, keptLine, type LeftOutLine } from "./imported-recording.ts";
import { type RecordingFormat, recognised } from "./recording-formats.ts";
import { zoneNamed } from "./zone.ts";

const folder = mkdtempSync(join(tmpdir(), "recordings-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly name?: string;
  readonly format?: RecordingFormat;
  readonly times?: TimeRule;
  readonly columns?: ColumnsTold;
}

async function imported(text: string | Buffer, told: Told = {}) {
  const path = join(folder, told.name ?? "file.csv");
  writeFileSync(path, text);
  const lines = typeof text === "string" ? text.split("\n") : [];
  const format = told.format ?? recognised(lines);
  if (format === null) throw new Error("of no known kind");
  const events: unknown[] = [];
  const leftOut: LeftOutLine[] = [];
  const report = await importedRecording({
    path,
    format,
    times: told.times ?? PLAIN_TIMES,
    columns: told.columns ?? { columns: {} },
    keep: (event) => void events.push(JSON.parse(keptLine(event))),
    leaveOut: (line) => void leftOut.push(line),
  });
  return { format, events, leftOut, report };
}

const londonTimes: TimeRule = {
  ...PLAIN_TIMES,
  zone: zoneNamed("Europe/London") ?? PLAIN_TIMES.zone,
};

describe("a table of orders", () => {
  it("is read by the names of its columns, with what is no order left out and told", async () => {
    const { format, events, leftOut, report } = await imported(
      [
        "t_local,kind,customer,lines,units,value_gbp",
        "2011-07-01T12:05,o,7,2,12,139.125",
        "2011-07-01T12:06,c,7,1,-1,-4.20",
        "2011-12-01T09:00,o,,1,1,10",
        "yesterday,o,8,1,1,10",
        "2011-12-01T09:01,o,8,1,1,0",
      ].join("\n"),
      { times: londonTimes },
    );
    expect(format).toBe("orders");
    expect(events).toEqual([
      {
        kind: "OrderConfirmed",
        at: "2011-07-01T11:05:00.000Z",
        shopper: "7",
        total: 13_913,
        currency: "GBP",
        units: 12,
        lines: 2,
      },
      {
        kind: "OrderConfirmed",
        at: "2011-12-01T09:00:00.000Z",
        total: 1_000,
        currency: "GBP",
        units: 1,
        lines: 1,
      },
    ]);
    expect(leftOut.map(({ number, why }) => [number, why])).toEqual([
      [3, "its kind is c, not an order's"],
      [5, "its time is not a time"],
      [6, "its value is not above 0"],
    ]);
    expect(leftOut[1]?.text).toBe("yesterday,o,8,1,1,10");
    expect(report).toMatchObject({ lines: 5, kept: 2, leftOut: 3, withoutOffset: 2 });
  });

  it("counts what comes twice, out of order, and the hours that clocks show twice or never", async () => {
    const { events, report } = await imported(
      [
        "Order ID;Created At;Total",
        "a;2024-10-27 00:30;1,250.50",
        "b;2024-10-27 01:30;5",
        "a;2024-10-27 00:30;1,250.50",
        "c;2024-03-31 01:30;5",
        "d;2024-03-31T01:30:00+01:00;5",
      ].join("\r\n"),
      { times: londonTimes },
    );
    expect(events).toMatchObject([
      { order: "a", at: "2024-10-26T23:30:00.000Z", total: 125_050, currency: "XXX" },
      { order: "b", at: "2024-10-27T00:30:00.000Z" },
      { order: "c", at: "2024-03-31T01:30:00.000Z" },
      { order: "d", at: "2024-03-31T00:30:00.000Z" },
    ]);
    expect(report).toMatchObject({
      reasons: [{ why: "its order was read already", lines: 1, first: [4] }],
      clockChanges: { twice: 1, never: 1 },
      backward: { events: 2 },
    });
  });

  it("asks which of day and month is first, and takes what it is told of columns", async () => {
    const text = "when it was,who,much\n03/04/2017 10:00,x,5\n";
    const columns: ColumnsTold = {
      columns: { at: "when it was", shopper: "who", total: "much" },
      currency: "JPY",
    };
    const asked = await imported(text, { format: "orders", columns });
    expect(asked.leftOut[0]?.why).toContain("day or month first?");
    const times = { ...PLAIN_TIMES, dayFirst: true };
    const { events } = await imported(text, { format: "orders", columns, times });
    expect(events).toMatchObject([{ at: "2017-04-03T10:00:00.000Z", shopper: "x", total: 5 }]);
    const wrong: ColumnsTold = { columns: { at: "when" } };
    const { report } = await imported(text, { format: "orders", columns: wrong });
    expect(report).toEqual({ why: "there is no column when; there are when it was, who, much" });
  });
});

describe("an access log", () => {
  const common = '10.0.0.7 - - [12/Jun/2017:16:00:17 +0200] "GET /p/1?x=2 HTTP/1.1" 200 512';

  it("is read in the common, the combined and the JSON format, also packed", async () => {
    const text = [
      common,
      `${common} "-" "Mozilla \\"5\\"" 0.250`,
      '{"time":"2017-06-12T14:00:18Z","request":"POST /api/orders HTTP/1.1","status":503,"request_time":"1.5","remote_addr":"10.0.0.8"}',
      `${common.replace("GET /p/1?x=2 HTTP/1.1", "-")}`,
    ].join("\n");
    const { events, leftOut } = await imported(gzipSync(text), {
      name: "access.log.gz",
      format: "access-log",
    });
    const first = { kind: "Request", at: "2017-06-12T14:00:17.000Z", method: "GET", path: "/p/1" };
    expect(events).toEqual([
      { ...first, shopper: "10.0.0.7", status: 200 },
      { ...first, shopper: "10.0.0.7", status: 200, millis: 250 },
      {
        ...first,
        at: "2017-06-12T14:00:18.000Z",
        method: "POST",
        path: "/api/orders",
        shopper: "10.0.0.8",
        status: 503,
        millis: 1_500,
      },
    ]);
    expect(leftOut.map(({ number, why }) => [number, why])).toEqual([[4, "its request is none"]]);
    expect(recognised(text.split("\n"))).toBe("access-log");
  });

  it("leaves out a line that never ends, in little memory, and goes on", async () => {
    const { events, leftOut } = await imported(`${"x".repeat(3_000_000)}\n${common}\n`, {
      format: "access-log",
    });
    expect(leftOut).toEqual([{ number: 1, why: "longer than 1 MB", text: "" }]);
    expect(events).toHaveLength(1);
  });
});

describe("tables of figures and sale logs", () => {
  it("are told apart and read", async () => {
    const counts = await imported("minute,orders,visits\n2024-01-01T10:00Z,5,70\n");
    expect([counts.format, counts.events]).toEqual([
      "counts",
      [
        { kind: "Count", at: "2024-01-01T10:00:00.000Z", lasts: null, metric: "orders", value: 5 },
        { kind: "Count", at: "2024-01-01T10:00:00.000Z", lasts: null, metric: "visits", value: 70 },
      ],
    ]);
    const milestones = await imported("year,t_s,share_of_day,source\n2019,96,0.037,press\n");
    expect([milestones.format, milestones.events]).toEqual([
      "targets",
      [{ kind: "Milestone", sale: "2019", after: 96_000, metric: "share_of_day", value: 0.037 }],
    ]);
    const targets = await imported("metric,value,tolerance\norders,120,5 %\n");
    expect(targets.events).toEqual([
      { kind: "Target", metric: "orders", value: 120, tolerance: "5 %" },
    ]);
    const line = '{"at":"2024-03-01T17:00:32.665Z","kind":"CartLineAdded","shopper":"s"}';
    const log = await imported(`${line}\n${line}\nnone\n`);
    expect(log.format).toBe("sale-log");
    expect(log.events).toHaveLength(1);
    expect(log.leftOut.map(({ why }) => why)).toEqual([
      "the same line was read already",
      "not JSON",
    ]);
  });

  it("are no kind at all where nothing says so", () => {
    expect(recognised(["a,b", "1,2"])).toBeNull();
    expect(recognised([])).toBeNull();
  });
});

const shared = join(process.cwd(), "../shared/data");
describe.skipIf(!existsSync(shared))(
  "recorded sales of ../shared/data (skipped where it is not)",
  () => {
    it.each([
      ["bancor_orders.csv", "orders", 13_357, 0],
      ["bancor_blocks.csv", "counts", 565, 0],
      ["uci_orders.csv", "orders", 19_959, 5_941],
      ["double11_published.csv", "targets", 25, 0],
      ["shopify_bfcm_published.csv", "targets", 11, 0],
    ] as const)("%s is %s: %d rows kept", async (name, format, kept, leftOut) => {
      const { readFileSync } = await import("node:fs");
      const text = readFileSync(join(shared, name), "utf8");
      const { report, format: found } = await imported(text, { name });
      expect(found).toBe(format);
      expect(report).toMatchObject({ kept, leftOut });
    });
  },
);
