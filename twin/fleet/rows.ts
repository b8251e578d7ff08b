/** Columns of rows that grow by doubling: the shape of all hot state in the fleet. */
import { assert } from "../../engine/assert.ts";

type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A column with room for `length` rows and the old ones at its start. */
export function lengthened<C extends Column>(column: C, length: number): C {
  assert(length >= column.length, "a column never loses rows");
  const Rows = column.constructor as new (rows: number) => C;
  const longer = new Rows(length);
  longer.set(column);
  return longer;
}
