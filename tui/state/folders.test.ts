import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeFolder } from "./folders.ts";

const here = mkdtempSync(join(tmpdir(), "rehearse-folders-"));
afterAll(() => rmSync(here, { recursive: true }));

describe("a folder that is made", () => {
  it("comes with those above it, and a second time it is there", () => {
    const folder = join(here, "a", "b", "c");
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it("is refused with a reason where a file is in its way", () => {
    writeFileSync(join(here, "file"), "");
    expect(() => makeFolder(join(here, "file", "state"))).toThrow(/ENOTDIR/u);
  });

  it.runIf(process.platform === "linux")("is refused where the system makes none", () => {
    expect(() => makeFolder("/proc/rehearse/state")).toThrow(/ENOENT/u);
  });
});
