import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import setup from "./test-folder.ts";

const named = process.env.TMPDIR;
afterEach(() => {
  if (named === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = named;
});

describe("the folder of the tests", () => {
  it("is the one that somebody has named", () => {
    process.env.TMPDIR = "/var/tmp";
    setup()();
    expect(process.env.TMPDIR).toBe("/var/tmp");
  });

  it("lets programs run, and goes with the run where it is one of its own", () => {
    delete process.env.TMPDIR;
    const end = setup();
    const folder = tmpdir();
    const program = join(folder, `program-${process.pid}`);
    writeFileSync(program, "#!/bin/sh\nexit 7\n", { mode: 0o755 });
    expect(spawnSync(program).status).toBe(7);
    rmSync(program);
    const isOwn = process.env.TMPDIR !== undefined;
    end();
    expect([existsSync(folder), process.env.TMPDIR]).toEqual([!isOwn, undefined]);
  });
});
