/** Tables as other shops export them: each holds the same three orders and must give the same ones. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { PLAIN_TIMES } from "../../twin/recordings/recorded-time.ts";
import { importedRecording, keptLine } from "./imported-recording.ts";
import { recognised } from "./recording-formats.ts";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Order {
  readonly at: string;
  readonly [field: string]: unknown;
}

/** What is imported of a file whose beginning is that of `text`. */
async function imported(text: string, bytes: string | Buffer = text) {
  const path = join(folder, "table.csv");
  writeFileSync(path, bytes);
  const format = recognised(text.split(/\r?\n|\r/u));
  if (format === null) throw new Error("of no known kind");
  const events: Order[] = [];
  const reasons: string[] = [];
  const report = await importedRecording({
    path,
    format,
    times: PLAIN_TIMES,
    columns: { columns: {} },
    keep: (event) => void events.push(JSON.parse(keptLine(event)) as Order),
    leaveOut: ({ number, why }) => void reasons.push(`${number}: ${why}`),
  });
  return { format, events, reasons, report };
}

const orders = [
  { at: "2024-11-29T09:00:03.000Z", order: "1", shopper: "ann", total: 123_450 },
  { at: "2024-11-29T21:05:00.000Z", order: "2", shopper: "bob", total: 1_999 },
  { at: "2024-11-30T00:00:59.000Z", order: "3", shopper: "ann", total: 700 },
];

const tables: Readonly<Record<string, string>> = {
  "German, with semicolons and decimal commas":
    "Bestelldatum;Bestellnummer;Käufer;Gesamtbetrag\n29.11.2024 09:00:03;1;ann;1.234,50 €\n29.11.2024 21:05:00;2;bob;19,99 €\n30.11.2024 00:00:59;3;ann;7 €\n",
  French:
    "Date de commande;Numéro de commande;Client;Montant TTC\n29/11/2024 09:00:03;1;ann;1 234,50\n29/11/2024 21:05:00;2;bob;19,99\n30/11/2024 00:00:59;3;ann;7,00\n",
  "American, with twice twelve hours":
    'Date,Order,Customer,Total\n11/29/2024 9:00:03 AM,1,ann,"$1,234.50"\n11/29/2024 9:05 PM,2,bob,$19.99\n11/30/24 12:00:59 AM,3,ann,$7.00\n',
  "with the month as a word":
    'Purchase Date,ID,Customer Email,Grand Total (Base)\n"Nov 29, 2024 9:00:03 AM",1,ann,1234.50\n"Fri, 29 Nov 2024 21:05:00 GMT",2,bob,19.99\n30-Nov-2024 00:00:59,3,ann,7\n',
  "with date and time of day apart":
    "date,time,order_id,user_id,amount\n2024-11-29,09:00:03,1,ann,1234.5\n2024-11-29,21:05,2,bob,19.99\n2024-11-30,00:00:59,3,ann,7.00\n",
  "of Shopify, with more lines of an order":
    "Name,Email,Financial Status,Paid at,Total,Created at\n1,ann,paid,x,1234.50,2024-11-29 09:00:03 +0000\n1,ann,,,,2024-11-29 09:00:03 +0000\n2,bob,paid,x,19.99,2024-11-29 16:05:00 -0500\n3,ann,partially_refunded,x,7.00,2024-11-30 00:00:59 +0000\n",
  "with milliseconds and a column that is no kind":
    "timestamp,order_id,customer_id,total,state\n1732870803000,1,ann,1234.50,CA\n1732914300000,2,bob,19.99,NY\n1732924859000,3,ann,7.00,TX\n",
};

describe("the same orders", () => {
  it.each(Object.entries(tables))("stand in a table that is %s", async (_name, text) => {
    const { format, events } = await imported(text);
    expect(format).toBe("orders");
    expect(events.map(({ at, order, shopper, total }) => ({ at, order, shopper, total }))).toEqual(
      orders,
    );
  });

  const [german = ""] = Object.values(tables);
  it.each([
    ["UTF-16 with a mark", Buffer.from(`\ufeff${german}`, "utf16le")],
    ["UTF-16 without one", Buffer.from(german.replaceAll("€", ""), "utf16le")],
    ["UTF-16, the great byte first", Buffer.from(`\ufeff${german}`, "utf16le").swap16()],
    ["Windows-1252", Buffer.from(german.replaceAll("€", "EUR"), "latin1")],
    ["with bare carriage returns", german.replaceAll("\n", "\r")],
    ["packed, whatever it is called", gzipSync(german)],
  ])("are read from %s", async (_name, bytes) => {
    const { events } = await imported(german, bytes);
    expect(events.map(({ total }) => total)).toEqual(orders.map(({ total }) => total));
  });
});

describe("a table of orders", () => {
  it("has the currency of each row, and what is taken back is no order", async () => {
    const text =
      "created_at,total,currency\n2024-01-01,5,EUR\n2024-01-01,500,JPY\n2024-01-01,(5.00),EUR\n2024-01-01,5.00-,EUR\n2024-01-01,soon,EUR\n2024-01-01,6.5,EUR\n";
    const { events, reasons, report } = await imported(text);
    expect(events.map(({ total, currency }) => [total, currency])).toEqual([
      [500, "EUR"],
      [500, "JPY"],
      [650, "EUR"],
    ]);
    expect(reasons).toEqual([
      "4: its value is not above 0",
      "5: its value is not above 0",
      "6: its value is no number",
    ]);
    expect(report).toMatchObject({
      currencies: [
        { currency: "EUR", orders: 2 },
        { currency: "JPY", orders: 1 },
      ],
      columns: { taken: { at: "created_at", total: "total" }, missing: ["order", "shopper"] },
    });
  });

  it("loses one row to a quote that is not closed, and one to a line of megabytes", async () => {
    const row = (second: number) => `2024-01-01T00:00:${10 + second}Z,${second},5,"a\nnote"`;
    const text = ["at,order,total,note", row(1), '2024-01-01,"2,5,x', row(3), row(4)].join("\n");
    const { events, reasons } = await imported(`${text}\n${"x".repeat(2_000_000)}\n${row(5)}\n`);
    expect(events.map(({ order }) => order)).toEqual(["1", "3", "4", "5"]);
    expect(reasons).toEqual(["4: a quote in it is not closed", "9: longer than 1 MB"]);
  });

  it("is none where it has numbers of orders beside the revenue", async () => {
    const text =
      'date,weekday,orders,revenue\n2024-01-01,Mon,12,"1,000.50"\n2024-01-02,Tue,9,800\n';
    const { format, events } = await imported(text);
    expect(format).toBe("counts");
    expect(events.map(({ metric, value }) => [metric, value])).toEqual([
      ["orders", 12],
      ["revenue", 1_000.5],
      ["orders", 9],
      ["revenue", 800],
    ]);
  });
});

describe("a table of counts", () => {
  const intervals = async (text: string) => {
    const { format, events } = await imported(text);
    expect(format).toBe("counts");
    return events.map(({ at, value }) => [at, value]);
  };

  it("may count its minutes, or have the hour beside the day", async () => {
    expect(await intervals("minute,orders\n0,12\n1,15\n")).toEqual([
      ["1970-01-01T00:00:00.000Z", 12],
      ["1970-01-01T00:01:00.000Z", 15],
    ]);
    expect(
      await intervals(
        "Datum;Stunde;Bestellungen\n29.11.2024;8;12\n29.11.2024;9;1.500\n29.11.2024;10;0,5\n",
      ),
    ).toEqual([
      ["2024-11-29T08:00:00.000Z", 12],
      ["2024-11-29T09:00:00.000Z", 1_500],
      ["2024-11-29T10:00:00.000Z", 0.5],
    ]);
    expect(await intervals("minute,visits\n1732871100,12\n")).toEqual([
      ["2024-11-29T09:05:00.000Z", 12],
    ]);
  });

  it("may begin with a spreadsheet's note of what parts its cells", async () => {
    expect(await intervals("sep=;\ndate;orders\n2024-11-29;12\n")).toEqual([
      ["2024-11-29T00:00:00.000Z", 12],
    ]);
  });
});

it("what is no text is refused with what to do", async () => {
  const zip = Buffer.from("504b0304140000000800", "hex");
  await expect(imported(tables.French ?? "", zip)).rejects.toThrow("save its sheet as CSV");
  const cut = gzipSync(Buffer.from("at,order\n".repeat(9_000))).subarray(0, 60);
  await expect(imported(tables.French ?? "", cut)).rejects.toMatchObject({ code: "Z_BUF_ERROR" });
});
