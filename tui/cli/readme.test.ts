import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeScenario } from "../../twin/scenario/decode.ts";

const readme = readFileSync("README.md", "utf8");
const folder = mkdtempSync(join(tmpdir(), "rehearse-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The fenced blocks of one language. */
function blocks(language: string): readonly string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm");
  return [...readme.matchAll(fenced)].map(([, text = ""]) => text);
}

/** Every command of the README, without its comment. */
const commands = blocks("sh")
  .flatMap((block) => block.split("\n"))
  .filter((line) => line.startsWith("npx rehearse"))
  .map((line) => line.replace(/\s+#.*$/, ""));

describe("the README", () => {
  it("shows commands", () => {
    expect(commands.length).toBeGreaterThan(4);
  });

  it.each(commands)("%s does what it says", { timeout: 300_000 }, (command) => {
    const bundle = `${process.execPath} ${resolve("dist/rehearse.js")}`;
    const line = command
      .replaceAll("npx rehearse", bundle)
      .replaceAll("my-sale.yaml", join(folder, "my-sale.yaml"))
      .replaceAll("result.json", join(folder, "result.json"));
    const ran = spawnSync("/bin/sh", ["-c", line], {
      encoding: "utf8",
      env: { ...process.env, GITHUB_STEP_SUMMARY: "" },
    });
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    // At a small scale or with another value an expectation may be missed, which is an answer too.
    const isWhatIf = /--scale|--set/.test(command);
    expect(isWhatIf ? [0, 1] : [0]).toContain(ran.status);
    expect(ran.stdout.length).toBeGreaterThan(100);
  });

  it("shows a scenario that can be rehearsed", () => {
    const [text = ""] = blocks("yaml");
    const scenario = decodeScenario({ text, path: "README.md" });
    expect(Array.isArray(scenario) ? scenario : scenario.plans.map(({ name }) => name)).toEqual([
      "batched",
      "simultaneous",
    ]);
  });
});
