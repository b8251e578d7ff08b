import { expect, it } from "vitest";
import { EventRows } from "./event-rows.ts";

const GENERATION_MAX = 536_870_911;

it("a row whose generations are used up retires, so that no handle is given twice", () => {
  const rows = new EventRows(10);
  const row = rows.take(1, 1, 0, 0);
  rows.words[row * 8 + 6] = GENERATION_MAX - 1;
  const handle = rows.handle(row);
  expect(Number.isSafeInteger(handle)).toBe(true);
  expect(rows.release(row)).toBe(0);
  const next = rows.take(2, 2, 0, 0);
  expect(next).not.toBe(row);
  expect(rows.cancel(handle)).toBe(false);
});

it("a freed row is used again, under another handle", () => {
  const rows = new EventRows(10);
  const row = rows.take(1, 1, 0, 0);
  const handle = rows.handle(row);
  expect(rows.release(row)).toBe(0);
  expect(rows.take(2, 2, 0, 0)).toBe(row);
  expect(rows.handle(row)).not.toBe(handle);
  rows.release(row);
  expect(() => rows.release(row)).toThrow("a row is freed once");
});
