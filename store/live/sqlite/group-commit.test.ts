import { join } from "node:path";
import Database from "better-sqlite3";
import { Effect } from "effect";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GroupCommit } from "./group-commit.ts";
import { LEDGER_FILE } from "./ledger-file.ts";
import { PortSteps } from "./port-steps.ts";
import type { Counters } from "./row-image.ts";
import {
  type OpenLedger,
  openIn,
  removeFolder,
  temporaryFolder,
} from "./testing/temporary-ledger.ts";

let ledger: OpenLedger;
let steps: PortSteps;
beforeEach(() => {
  ledger = openIn(temporaryFolder());
  steps = new PortSteps(ledger.group, "test");
});
afterEach(() => {
  ledger.group.close();
  removeFolder(ledger.folder);
});

/** What another connection reads under the name. */
function written(name: string): unknown {
  const other = new Database(join(ledger.folder, LEDGER_FILE), { readonly: true });
  const value = other.prepare("SELECT value FROM counters WHERE name = ?").pluck().get(name);
  other.close();
  return value;
}

const add = (name: string) => steps.write((by: number) => ledger.counters.add(name, by));

describe("a group", () => {
  it("makes what all of a turn wrote durable together, and nothing before", async () => {
    Effect.runSync(add("a")(1));
    Effect.runSync(add("b")(2));
    expect(written("a")).toBeUndefined();
    await ledger.group.durable();
    expect([written("a"), written("b")]).toEqual([1, 2]);
  });

  it("has nothing to wait for where nothing was written", async () => {
    await expect(ledger.group.durable()).resolves.toBeUndefined();
  });

  it("goes on where a step breaks off before it wrote anything", async () => {
    const broken = steps.write(() => {
      throw new Error("not this one");
    });
    Effect.runSync(add("a")(1));
    expect(() => Effect.runSync(broken(undefined))).toThrow("not this one");
    Effect.runSync(add("a")(1));
    await ledger.group.durable();
    expect(written("a")).toBe(2);
  });

  it("is lost as a whole where a step breaks off half done, and nobody is told otherwise", async () => {
    const broken = steps.write(() => {
      ledger.counters.add("b", 1);
      throw new Error("half done");
    });
    Effect.runSync(add("a")(1));
    const durable = ledger.group.durable();
    expect(() => Effect.runSync(broken(undefined))).toThrow("half done");
    await expect(durable).rejects.toThrow("could not keep what was written");
    const next = Effect.runSync(Effect.flip(add("a")(1)));
    expect(next.reason).toContain("what was written last is lost");
    expect(ledger.group.problem).toContain("half done");
    expect([written("a"), written("b")]).toEqual([undefined, undefined]);
    expect(ledger.counters.get("a")).toBe(0);
  });

  it("says in plain words what the file refuses", async () => {
    const oversold = steps.write(() => {
      ledger.group.connection.exec(
        `INSERT INTO stock_items (sku, initial, restocked, written_off, available, held, sold,
           quarantined) VALUES ('lamp', 1, 0, 0, -1, 1, 1, 0)`,
      );
    });
    const refused = Effect.runSync(Effect.flip(oversold(undefined)));
    expect(refused.reason).toContain("CHECK constraint failed");
  });

  it("refuses every step once it is closed", () => {
    ledger.group.close();
    expect(Effect.runSync(Effect.flip(add("a")(1))).reason).toBe("the ledger is closed");
  });
});

describe("two groups on one file", () => {
  const inTurn = async (group: GroupCommit, counters: Counters, times: number) => {
    const own = new PortSteps(group, "test");
    const step = own.write(() => counters.add("shared"));
    for (let time = 0; time < times; time += 1) {
      await Effect.runPromise(step(undefined));
      await group.durable();
    }
  };

  it("wait for one another without holding anybody up, and see what the other wrote", async () => {
    const other = openIn(ledger.folder);
    try {
      Effect.runSync(add("shared")(1));
      let turned = false;
      setImmediate(() => {
        turned = true;
      });
      // The other group cannot have the lock in this turn; its step comes to its end later.
      const step = new PortSteps(other.group, "test").write(() => other.counters.add("shared"));
      expect(await Effect.runPromise(step(undefined))).toBe(2);
      expect(turned).toBe(true);
      await other.group.durable();
      expect(Effect.runSync(steps.readNow(() => ledger.counters.get("shared")))).toBe(2);
    } finally {
      other.group.close();
    }
  });

  it("lose no step, whoever of the two takes it", async () => {
    const other = openIn(ledger.folder);
    try {
      await Promise.all([
        inTurn(ledger.group, ledger.counters, 40),
        inTurn(other.group, other.counters, 40),
      ]);
      expect(written("shared")).toBe(80);
    } finally {
      other.group.close();
    }
  });
});
