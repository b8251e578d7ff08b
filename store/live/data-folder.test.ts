import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderProblem, keepSale, openFolder, saleIn } from "./data-folder.ts";
import { demoSale } from "./demo-sale.ts";

describe("the folder of a store", () => {
  let path = "";
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), "store-folder-")), "new");
  });
  afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

  it("is made with a key that only its owner reads, and has the same key the next time", () => {
    const first = openFolder(path);
    expect(first.keys.map((key) => key.length)).toEqual([32]);
    expect(statSync(join(path, "keys")).mode & 0o777).toBe(0o600);
    expect(openFolder(path).keys).toEqual(first.keys);
  });

  it("keeps the sale that it was opened with, whatever it is opened with later", () => {
    const folder = openFolder(path);
    expect(saleIn(folder)).toBeNull();
    const times = new Map([["lumen", 60_000]]);
    const { settings, ...sale } = demoSale(1_000);
    const setup = { ...sale, settings: { ...settings, holdForMillisOfSeller: times } };
    expect(keepSale(folder, setup)).toEqual(setup);
    expect(keepSale(folder, demoSale(2_000))).toEqual(setup);
    expect(saleIn(openFolder(path))).toEqual(setup);
  });

  it("takes further keys, and says what is wrong with one that is too short", () => {
    openFolder(path);
    const file = join(path, "keys");
    writeFileSync(file, `${readFileSync(file, "utf8")}${randomBytes(32).toString("base64")}\n`);
    expect(openFolder(path).keys).toHaveLength(2);
    for (const bad of ["c2hvcnQ=", Buffer.alloc(32).toString("base64"), "password".repeat(6), ""]) {
      writeFileSync(file, `${bad}\n`);
      expect(() => openFolder(path)).toThrow(FolderProblem);
      expect(() => openFolder(path)).toThrow("32 random bytes");
    }
  });

  it("is refused while other accounts can read its keys", () => {
    openFolder(path);
    chmodSync(join(path, "keys"), 0o640);
    expect(() => openFolder(path)).toThrow(/keys can be read by other accounts/);
  });

  it("says why it cannot be used", () => {
    openFolder(path);
    writeFileSync(join(path, "sale.json"), "{ not a sale");
    expect(() => saleIn(openFolder(path))).toThrow(/sale\.json cannot be read/);
    expect(() => openFolder(join(path, "keys", "deeper"))).toThrow(FolderProblem);
  });
});
