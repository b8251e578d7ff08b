import { expect, it } from "vitest";
import { memoryParts } from "../memory-parts.ts";
import { LONGEST, orderTest, SHORTER, throughEngineAlone } from "./order-test.ts";

orderTest("parts in memory", memoryParts, LONGEST);

const SCHEDULES = [LONGEST, SHORTER];

it.each(SCHEDULES)("$requests requests meet every yes and most kinds of no", async (options) => {
  const { decisions, ledger } = await throughEngineAlone(options);
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
