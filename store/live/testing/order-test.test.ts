import { expect, it } from "vitest";
import { memoryParts } from "../memory-parts.ts";
import { orderTest, throughEngineAlone } from "./order-test.ts";

orderTest("parts in memory", memoryParts);

it("the schedule has what a sale has: every kind of yes and most kinds of no", async () => {
  const { decisions, ledger } = await throughEngineAlone();
  const said = decisions.join("\n");
  const kinds = new Set(
    [...said.matchAll(/"type":"\/problems\/([a-z-]+)"/g)].map(([, kind]) => kind),
  );
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining([
      "code-spent",
      "code-unknown",
      "declined",
      "hold-expired",
      "hold-mismatch",
      "items-refused",
      "key-reused",
      "limit-reached",
      "not-asked",
      "person-limit-reached",
      "price-changed",
      "sale-not-open",
      "sold-out",
      "too-many-holds",
      "too-many-requests",
      "unknown-hold",
    ]),
  );
  const of = (pattern: RegExp) => decisions.filter((decision) => pattern.test(decision)).length;
  expect(of(/"status":201\}$/)).toBeGreaterThan(100);
  const rows = ledger.join("\n");
  for (const kind of ["CodeRedeemed", "CodeReleased", "HoldExpired", "OrderInDoubt", "OrderPaid"]) {
    expect(rows).toContain(`"kind":"${kind}"`);
  }
  expect(rows).toContain('"gateway":"second"');
});
