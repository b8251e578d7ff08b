import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeScenario } from "../../twin/scenario/decode.ts";

const pages = [
  "README.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => join("docs", name)),
].map((path) => ({ path, text: readFileSync(path, "utf8") }));
const folder = mkdtempSync(join(tmpdir(), "rehearse-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The fenced blocks of one language. */
function blocks(page: string, language: string): readonly string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(fenced)].map(([, text = ""]) => text);
}

/** Every command of a page, without its comment; a quoted `#` is none. */
function commandsOf(page: string): readonly string[] {
  return blocks(page, "sh")
    .flatMap((block) => block.split("\n"))
    .filter((line) => line.startsWith("npx rehearse"))
    .map((line) => line.replace(/\s+#.*$/, ""));
}

/** Of a page's commands those that no page before it shows; who names a result may read another. */
function newCommandsOf(page: string): readonly string[] {
  const before = pages.slice(
    0,
    pages.findIndex(({ text }) => text === page),
  );
  const known = new Set(before.flatMap(({ text }) => commandsOf(text)));
  return commandsOf(page).filter((line) => line.includes("result.json") || !known.has(line));
}

/** At a small scale or with another value an expectation may be missed, which is an answer too. */
const WHAT_IF = /--scale|--set/;
/** Percent of a sale's shoppers: what a command does is the same with fewer, and sooner done. */
const SCALE_MAX = 5;

/** What is only tried out, with fewer shoppers and two seeds; every other line as it stands. */
function sooner(line: string): string {
  if (!WHAT_IF.test(line)) return line;
  const small = line.replace(
    /--scale (\d+)%/,
    (_, percent) => `--scale ${Math.min(Number(percent), SCALE_MAX)}%`,
  );
  const isSeeded = small.includes("--seeds") || !/rehearse\S* (run|compare) /.test(small);
  return isSeeded ? small : `${small} --seeds 2`;
}

/** Follows a store that runs meanwhile, for a second. */
async function followsAStore(line: string): Promise<void> {
  const log = join(mkdtempSync(join(folder, "followed-")), "sale.ndjson");
  const store = `exec node dist/rehearse.js serve --demo --memory --port 0 --record ${log}`;
  await whileOpen(store, async (url) => {
    const words = line
      .replace(/--(for|target|every) \S+/g, "")
      .replace(/(--sale-log) \S+/, `$1 ${log}`);
    const own = `${words} --target ${url} --for 1s`;
    const child = spawn("/bin/sh", ["-c", own]);
    let told = "";
    for await (const text of child.stdout) told += text;
    expect(told).toMatch(/orders/);
    expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(0);
  });
}

/** Sends a load to a store that runs meanwhile, some minutes of the sale in a second. */
async function loadsAStore(line: string): Promise<void> {
  const [, scenario = ""] = /rehearse\S* load (\S+)/.exec(line) ?? [];
  const own = mkdtempSync(join(folder, "loaded-"));
  const store = `exec node dist/rehearse.js serve --scenario ${scenario} --port 0 --data ${own}`;
  await whileOpen(store, async (url) => {
    const words = line.replace(/--(for|target|data|speed|out) \S+/g, "");
    const quick = `--target ${url} --data ${own} --for 1s --speed 3000%`;
    const child = spawn("/bin/sh", ["-c", `${words} ${quick}`]);
    let told = "";
    for await (const text of child.stdout) told += text;
    expect(told).toMatch(/^all +[1-9]/m);
    expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(0);
  });
}

/** Runs a store on a port and in a folder of its own until it is open, and stops it. */
async function opensAndStops(line: string): Promise<void> {
  const own = `--port 0 --data ${mkdtempSync(join(folder, "store-"))}`;
  await whileOpen(`exec ${line.replace(/--(port|data) \S+/g, "")} ${own}`, async () => undefined);
}

async function whileOpen(line: string, use: (url: string) => Promise<void>): Promise<void> {
  const child = spawn("/bin/sh", ["-c", line]);
  const exit = once(child, "exit");
  try {
    let told = "";
    for await (const text of child.stdout) {
      told += text;
      if (told.includes("Ctrl+C")) break;
    }
    const [, url = ""] = /open at (http:\S+)/.exec(told) ?? [];
    expect(told).toMatch(/open at http:/);
    await use(url);
  } finally {
    child.kill("SIGTERM");
  }
  expect((await exit)[0]).toBe(0);
}

/** What a page points to in this project, without the place in it. */
function linksOf(page: string): readonly string[] {
  const links = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/gu)].map(([, to = ""]) => to);
  return links.filter((to) => !/^https?:/u.test(to));
}

describe("the README", () => {
  const readme = pages[0]?.text ?? "";

  it("shows commands, and points to every page of docs", () => {
    expect(commandsOf(readme).length).toBeGreaterThan(4);
    expect(linksOf(readme)).toEqual(expect.arrayContaining(pages.slice(1).map(({ path }) => path)));
  });

  it("shows a scenario that can be rehearsed", () => {
    const [text = ""] = blocks(readme, "yaml");
    const scenario = decodeScenario({ text, path: "README.md" });
    expect(Array.isArray(scenario) ? scenario : scenario.plans.map(({ name }) => name)).toEqual([
      "batched",
      "simultaneous",
    ]);
  });
});

describe.each(pages)("$path", ({ path, text: page }) => {
  it("points to what there is", () => {
    for (const link of linksOf(page)) expect(existsSync(join(dirname(path), link))).toBe(true);
  });

  const commands = newCommandsOf(page);
  if (commands.length === 0) return;

  it.each(commands)("%s does what it says", { timeout: 300_000 }, (command) => {
    const bundle = `${process.execPath} ${resolve("dist/rehearse.js")}`;
    const line = sooner(command)
      .replaceAll("npx rehearse", bundle)
      .replaceAll("sale.ndjson", join(folder, "sale.ndjson"))
      .replaceAll(" drop.ndjson", ` ${join(folder, "drop.ndjson")}`)
      .replaceAll("recording.ndjson", join(folder, "recording.ndjson"))
      .replaceAll("profile.json", join(folder, "profile.json"))
      .replaceAll("fitted.yaml", join(folder, "fitted.yaml"))
      .replaceAll("my-sale.yaml", join(folder, "my-sale.yaml"))
      .replaceAll(
        "--export pages",
        `--data ${join(folder, "shop")} --export ${join(folder, "pages")}`,
      )
      .replaceAll("--mail mails", `--mail ${join(folder, "mails")}`)
      .replace(/\b(result\.json|report\.(html|md)|series\.csv|junit\.xml)/g, join(folder, "$1"));
    if (command.includes("rehearse follow")) return followsAStore(line);
    if (command.includes("rehearse load")) return loadsAStore(line);
    if (/rehearse serve (?!.*--export)/.test(command)) return opensAndStops(line);
    const ran = spawnSync("/bin/sh", ["-c", line], {
      encoding: "utf8",
      env: { ...process.env, GITHUB_STEP_SUMMARY: "" },
    });
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(WHAT_IF.test(command) ? [0, 1] : [0]).toContain(ran.status);
    const files = [...line.matchAll(/--out (\S+)/g)].map(([, path = ""]) => path);
    for (const path of files) expect(existsSync(path), path).toBe(true);
    // A saved result that is rendered into files says nothing.
    const isSilent = /rehearse report .*--out/.test(command);
    expect(ran.stdout.length > 50).toBe(!isSilent);
  });
});
