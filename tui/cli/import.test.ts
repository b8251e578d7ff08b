/** `rehearse import` as it is called: what it writes, says, leaves alone and refuses. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { ImportForm } from "../report/import-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";

const folder = mkdtempSync(join(tmpdir(), "import-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bundle = resolve("dist/rehearse.js");
const orders = resolve("scenarios/past-sales/small-drop-orders.csv");

function rehearse(...words: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], options);
  return { status, stdout, stderr };
}

interface Line {
  readonly kind: string;
  readonly order?: string;
  readonly [key: string]: unknown;
}

const eventsOf = (name: string): readonly Line[] =>
  readFileSync(join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

it("makes of a table of orders what the sale's own log says of them", () => {
  const { status, stdout } = rehearse("import", orders);
  expect(status).toBe(0);
  expect(stdout).toContain("small-drop-orders.csv: a table of orders");
  expect(stdout).toContain("written   small-drop-orders.recording.ndjson");
  const scenario = resolve("scenarios/small-drop.yaml");
  const asked = ["--plan", "batched", "--scale", "10%", "--seeds", "1", "--quiet"];
  // Some of its goals are missed at that scale: its end is not what this is about.
  rehearse("run", scenario, ...asked, "--events", "sale.ndjson");
  const confirmed = eventsOf("sale.ndjson").filter(({ kind }) => kind === "OrderConfirmed");
  const told = ({ kind, at, order, shopper, total, currency }: Line) => {
    return { kind, at, order, shopper, total, currency };
  };
  expect(eventsOf("small-drop-orders.recording.ndjson").map(told)).toEqual(confirmed.map(told));
});

it("leaves alone what is there, unless it is told to write over it", () => {
  writeFileSync(join(folder, "mine.ndjson"), "mine\n");
  const refused = rehearse("import", orders, "--out", "mine.ndjson");
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain("mine.ndjson: is there already and was left alone");
  expect(readFileSync(join(folder, "mine.ndjson"), "utf8")).toBe("mine\n");
  expect(rehearse("import", orders, "--out", "mine.ndjson", "--force").status).toBe(0);
  expect(eventsOf("mine.ndjson").map(({ kind }) => kind)).toContain("OrderConfirmed");
});

it("keeps what it leaves out with its line and why, and tells both as JSON", () => {
  writeFileSync(join(folder, "shop.csv"), "zeit,kunde,betrag\n1.2.2024 10:00,x,5\nnie,y,6\n");
  writeFileSync(
    join(folder, "shop.columns.yaml"),
    "columns: { at: zeit, shopper: kunde, total: betrag }\ncurrency: EUR\nzone: Europe/Berlin\nday-first: true\n",
  );
  const { status, stdout } = rehearse("import", "shop.csv", "--as", "orders", "--json");
  expect(status).toBe(0);
  expect(takenBy(ImportForm, stdout)).toMatchObject({
    format: "orders",
    kept: 1,
    linesLeftOut: 1,
    from: "2024-02-01T09:00:00.000Z",
    leftOut: "shop.recording.ndjson.left-out",
  });
  const rest = readFileSync(join(folder, "shop.recording.ndjson.left-out"), "utf8");
  expect(rest).toBe("3\tits time is not a time\tnie,y,6\n");
});

it("refuses with code 2 what it cannot read, in a line that says what to do", () => {
  writeFileSync(join(folder, "empty.csv"), "");
  writeFileSync(join(folder, "rubbish.bin"), Buffer.from([0, 1, 2, 255, 10, 7]));
  const cases = [
    [["import", "none.csv"], "none.csv: there is no such file."],
    [["import", "empty.csv"], "empty.csv: is empty: there is nothing in it to read."],
    [["import", "empty.csv", "--as", "orders"], "It holds no event: there is nothing to replay."],
    [["import", "rubbish.bin"], "rubbish.bin: is of no known kind"],
    [["import", orders, "--as", "order"], "--as must be one of sale-log, orders"],
    [["import", orders, "--zone", "Europe/Lodnon"], "there is no time zone Europe/Lodnon"],
  ] as const;
  for (const [words, said] of cases) {
    const { status, stdout, stderr } = rehearse(...words);
    expect(stdout + stderr).toContain(said);
    expect(status).toBe(2);
  }
  expect(existsSync(join(folder, "empty.recording.ndjson"))).toBe(false);
});

it("never writes over what it reads, and leaves nothing behind that is not whole", async () => {
  const table = "created_at,order_id,total\n2024-01-01,1,5\n";
  writeFileSync(join(folder, "own.csv"), table);
  const own = rehearse("import", "own.csv", "--out", "own.csv", "--force");
  expect(own.stderr).toContain("which this command reads");
  expect(readFileSync(join(folder, "own.csv"), "utf8")).toBe(table);
  const nowhere = rehearse("import", "own.csv", "--out", "none/own.ndjson");
  expect(nowhere.stderr).toContain("there is no folder none");
  expect([own.status, nowhere.status]).toEqual([2, 2]);

  const rows = Array.from({ length: 60_000 }, (_none, row) => `2024-01-01,${row},${row + 1}`);
  const packed = gzipSync(`created_at,order_id,total\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "cut.csv.gz"), packed.subarray(0, packed.length / 2));
  const cut = rehearse("import", "cut.csv.gz");
  expect(cut.stderr).toContain("it was cut off");
  expect(cut.status).toBe(2);

  writeFileSync(
    join(folder, "long.csv"),
    `created_at,order_id,total\n${rows.join("\n").repeat(40)}`,
  );
  const child = spawn(process.execPath, [bundle, "import", "long.csv"], { cwd: folder });
  const ended = once(child, "exit");
  while (!existsSync(join(folder, "long.recording.ndjson.part"))) await turn();
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  const left = readdirSync(folder).filter((name) => /^(?:cut|long)\.recording/u.test(name));
  expect(left).toEqual([]);
});

it.skipIf(!existsSync("/dev/full"))("says that a disk is full", () => {
  const { status, stderr } = rehearse("import", orders, "--out", "/dev/full", "--force");
  expect(stderr).toContain("the disk is full");
  expect(status).toBe(2);
});
