/** A scenario that is asked for again is the same sale, unless somebody has edited it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { aboutChanges, changedParts } from "../../store/live/changed-sale.ts";
import type { SaleSetup } from "../../store/service/sale-setup.ts";
import { saleSetupFrom } from "../../twin/adapters/sale-setup.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";

const FILES = readdirSync("scenarios").filter((name) => name.endsWith(".yaml"));

function saleAt(file: string, now: number): SaleSetup {
  const scenario = decodeScenario({ text: readFileSync(`scenarios/${file}`, "utf8"), path: file });
  if (!("plans" in scenario)) throw new Error(JSON.stringify(scenario));
  const [first, ...others] = scenario.plans;
  const { world } = [first, ...others].find((plan) => plan.world.waitingRoom !== null) ?? first;
  return saleSetupFrom({ name: scenario.name, world }, { now, drawSeed: `seed of ${now}` });
}

const TODAY = Date.UTC(2090, 0, 1);

it.each(FILES)("%s is the same sale tomorrow", (file) => {
  expect(changedParts(saleAt(file, TODAY), saleAt(file, TODAY + 86_400_000))).toEqual([]);
});

it("an edited part is named, with what to do", () => {
  const kept = saleAt("autoscaler-too-late.yaml", TODAY);
  const { room } = kept;
  if (room === null) throw new Error("that sale has a waiting room");
  const limits = { ...room.limits, perMinute: (room.limits.perMinute ?? 0) + 1 };
  const stock = kept.stock.map((item) => ({ ...item, units: item.units + 1 }));
  const changed = changedParts(kept, { ...kept, stock, room: { ...room, limits } });
  expect(changed).toEqual(["the stock", "the waiting room"]);
  expect(aboutChanges(changed)).toMatch(/the stock and the waiting room of the file are not taken/);
  expect(aboutChanges(changed)).toMatch(/at \/api\/admin; for the rest name another folder/);
  expect(aboutChanges([])).toBeNull();
});
