/** The bulk import: a list of goods in CSV or JSON, with a report of every line. */
import { createHash } from "node:crypto";
import { CsvError, type Info, parse } from "csv-parse/sync";
import { Effect } from "effect";
import type { FastifyInstance } from "fastify";
import { problemOf, sendProblem } from "../http/problem.ts";
import { FLAG, listOf, oneOf, shape, TEXT, TEXT_OR_NULL, WHOLE } from "../http/schemas.ts";
import type { AdminDesk } from "./admin-desk.ts";
import { ADMIN, ADMIN_SECURITY as security } from "./admin-schemas.ts";
import { IMPORT_COLUMNS, type ImportCells, type ImportColumn } from "./import-line.ts";
import { importListings, type NumberedCells } from "./import-listings.ts";

/** A list of some thousand lines; a longer one is sent in parts. */
const BODY_BYTES_MAX = 2 * 1_024 * 1_024;
const LINES_MAX = 5_000;

const CELL = { type: ["string", "integer", "null"] };
const JSON_BODY = shape({
  listings: listOf(
    shape(Object.fromEntries(IMPORT_COLUMNS.map((name) => [name, CELL])), ...IMPORT_COLUMNS),
    LINES_MAX,
    1,
  ),
});
const REPORT = shape({
  dryRun: FLAG,
  added: WHOLE,
  changed: WHOLE,
  unchanged: WHOLE,
  refused: WHOLE,
  lines: listOf(
    shape({
      line: WHOLE,
      sku: TEXT_OR_NULL,
      outcome: oneOf("added", "changed", "unchanged", "refused"),
      what: TEXT,
    }),
    LINES_MAX,
  ),
});

type JsonCells = Readonly<Record<string, string | number | null>>;
type ImportBody = string | { readonly listings: readonly JsonCells[] };

export function importRoutes(server: FastifyInstance, admin: AdminDesk): void {
  server.addContentTypeParser(
    "text/csv",
    { parseAs: "string", bodyLimit: BODY_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );
  server.post<{
    Body: ImportBody | null | undefined;
    Querystring: { readonly dryRun?: "true" | "false" };
  }>(
    "/api/admin/import",
    {
      config: ADMIN,
      bodyLimit: BODY_BYTES_MAX,
      schema: {
        summary: "Listings and stock in bulk",
        description:
          `CSV as of RFC 4180 with a first line that names its columns, or JSON: ` +
          `${IMPORT_COLUMNS.join(", ")}. Prices are minor units; units are all that were ever ` +
          "there, so the same list again changes nothing. Every line is done whole or not at " +
          "all; `dryRun=true` only says what would be done.",
        security,
        querystring: shape({ dryRun: oneOf("true", "false") }, "dryRun"),
        body: {
          content: {
            "application/json": { schema: JSON_BODY },
            "text/csv": { schema: { type: "string", minLength: 1 } },
          },
        },
        response: { 200: REPORT },
      },
    },
    async (request, reply) => {
      const { body } = request;
      // The schemas are by media type, so a request that names none has passed none of them.
      if (body === null || body === undefined) {
        return sendProblem(reply, problemOf("UnsupportedMediaType", 415));
      }
      const lines = typeof body === "string" ? linesOfCsv(body) : linesOfJson(body.listings);
      if (typeof lines === "string") {
        return sendProblem(reply, problemOf("ImportRefused", 422, { detail: lines }));
      }
      const dryRun = request.query.dryRun === "true";
      const report = await importListings(admin, lines, dryRun);
      if (!dryRun) {
        const { lines: _lines, dryRun: _dryRun, ...counts } = report;
        const sha256 = createHash("sha256").update(JSON.stringify(body)).digest("hex");
        const act = { action: "catalog.import", details: { sha256, ...counts } };
        await admin.act(request, act, Effect.succeed({ _tag: "Imported" as const }));
      }
      return reply.send(report);
    },
  );
}

interface CsvRow {
  readonly record: readonly string[];
  readonly info: Info;
}

function linesOfCsv(text: string): readonly NumberedCells[] | string {
  let rows: readonly CsvRow[];
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true };
    // Line ends of one kind, for a line within quotes is to be counted once.
    const lines = text.replaceAll("\r\n", "\n");
    rows = parse(lines, { ...options, to: LINES_MAX + 2 }) as unknown as readonly CsvRow[];
  } catch (error) {
    if (error instanceof CsvError) return `the CSV cannot be read: ${error.message}`;
    throw error;
  }
  const [head, ...body] = rows;
  if (head === undefined || body.length === 0) return "there is no line after the names of columns";
  if (body.length > LINES_MAX) return `there are more than ${LINES_MAX} lines: send them in parts`;
  const columns = head.record.map((name) => name.trim());
  const unknown = columns.find((name) => !IMPORT_COLUMNS.includes(name as ImportColumn));
  if (unknown !== undefined) {
    return `there is no column "${unknown.slice(0, 40)}"; columns are ${IMPORT_COLUMNS.join(", ")}`;
  }
  if (new Set(columns).size < columns.length) return "a column is named twice";
  return body.map(({ record, info }) => {
    const cells: ImportCells = Object.fromEntries(columns.map((name, at) => [name, record[at]]));
    if (record.length === columns.length) return { line: info.lines, cells };
    const problem = `${record.length} cells in place of ${columns.length}`;
    return { line: info.lines, cells, problem };
  });
}

function linesOfJson(listings: readonly JsonCells[]): readonly NumberedCells[] {
  return listings.map((listing, index) => {
    const named = Object.entries(listing).map(([name, value]) => [name, String(value ?? "")]);
    return { line: index + 1, cells: Object.fromEntries(named) };
  });
}
