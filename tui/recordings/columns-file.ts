/** The columns file beside a table: which column is what, and how its times are to be read. */
/// <reference types="node" />
import { existsSync, readFileSync, statSync } from "node:fs";
import { Either, Schema } from "effect";
import { ArrayFormatter } from "effect/ParseResult";
import { parseDocument } from "yaml";
import { type ColumnsTold, ORDER_FIELDS } from "../../twin/recordings/order-columns.ts";

const optional = Schema.optional;
const Columns = Schema.Struct({
  columns: optional(
    Schema.partial(
      Schema.Record({ key: Schema.Literal(...ORDER_FIELDS), value: Schema.NonEmptyString }),
    ),
  ),
  currency: optional(Schema.String.pipe(Schema.pattern(/^[A-Z]{3}$/u))),
  orders: optional(Schema.Array(Schema.NonEmptyString)),
  zone: optional(Schema.NonEmptyString),
  since: optional(Schema.NonEmptyString),
  "day-first": optional(Schema.Boolean),
});

export interface ColumnsFile {
  readonly told: ColumnsTold;
  readonly zone: string | null;
  readonly since: string | null;
  readonly dayFirst: boolean | null;
}

const NOTHING_TOLD: ColumnsFile = {
  told: { columns: {} },
  zone: null,
  since: null,
  dayFirst: null,
};

const BYTES_MAX = 1_000_000;

/** `orders.csv` has its columns file in `orders.columns.yaml`. */
export function columnsFileOf(path: string): string {
  return path.replace(/(?:\.(?:csv|tsv|txt))?(?:\.gz)?$/iu, ".columns.yaml");
}

/** What the file says, or why it says nothing; where `asked` is null, the one beside, if any. */
export function columnsFile(
  path: string,
  asked: string | null,
): ColumnsFile | { readonly why: string } {
  const file = asked ?? columnsFileOf(path);
  if (asked === null && !existsSync(file)) return NOTHING_TOLD;
  let value: unknown;
  try {
    if (statSync(file).size > BYTES_MAX) return { why: `${file}: too large for a columns file` };
    const document = parseDocument(readFileSync(file, "utf8"));
    const [error] = document.errors;
    if (error !== undefined) return { why: `${file}: ${error.message.split("\n")[0]}` };
    value = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    return { why: `${file}: could not be read: ${cause instanceof Error ? cause.message : cause}` };
  }
  const decoded = Schema.decodeUnknownEither(Columns)(value, { onExcessProperty: "error" });
  if (Either.isLeft(decoded)) {
    const [issue] = ArrayFormatter.formatErrorSync(decoded.left);
    return { why: `${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}` };
  }
  const { columns = {}, currency, orders, zone, since } = decoded.right;
  return {
    told: {
      columns,
      ...(currency === undefined ? {} : { currency }),
      ...(orders === undefined ? {} : { orderKinds: orders.map((kind) => kind.toLowerCase()) }),
    },
    zone: zone ?? null,
    since: since ?? null,
    dayFirst: decoded.right["day-first"] ?? null,
  };
}
