import { expect, it } from "vitest";
import { CountedIdentifiers } from "./identifiers.ts";

it("counted identifiers are never given twice, and the same in every run", () => {
  const one = CountedIdentifiers.make("a-");
  const names = [one.next("hold"), one.next("order"), one.next("hold")];
  expect(names).toEqual(["a-hold-1", "a-order-1", "a-hold-2"]);
  const other = CountedIdentifiers.make("a-");
  expect([other.next("hold"), other.next("order"), other.next("hold")]).toEqual(names);
});
