import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verdictOf } from "./audit.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const text = (path: string) => readFileSync(join(root, path), "utf8");

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly name?: string;
}

const lock = JSON.parse(text("package-lock.json")) as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
};
const manifest = JSON.parse(text("package.json"));

/** What is wrong with a package of the lock file, or null. */
function problemOf(path: string, entry: Locked): string | null {
  const { integrity = "", resolved, version = "", link, name } = entry;
  if (link === true) return "is a link into this machine";
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) return "has no digest";
  if (!/^\d+\.\d+\.\d+/.test(version)) return "has no version of the registry";
  const isOther = resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/");
  if (isOther) return "is fetched from elsewhere";
  const folder = path.split("node_modules/").at(-1);
  return name === undefined || name === folder ? null : `is ${name} under another name`;
}

describe("the packages that are installed", () => {
  it("come from the registry alone, each with its digest", () => {
    const entries = Object.entries(lock.packages).filter(([path]) => path !== "");
    expect(lock.lockfileVersion).toBe(3);
    expect(entries.length).toBeGreaterThan(300);
    const problems = entries.flatMap(([path, entry]) => {
      const problem = problemOf(path, entry);
      return problem === null ? [] : [`${path} ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it("would be found where one is not as it should be", () => {
    const integrity = `sha512-${"A".repeat(86)}==`;
    const sound = { version: "1.0.0", integrity };
    const path = "node_modules/a";
    expect(problemOf(path, sound)).toBeNull();
    for (const bad of [
      { ...sound, integrity: "sha1-AAAA" },
      { ...sound, resolved: "git+ssh://git@example.org/a.git#1" },
      { ...sound, resolved: "http://registry.npmjs.org/a/-/a-1.0.0.tgz" },
      { ...sound, version: "file:../a" },
      { ...sound, link: true },
      { ...sound, name: "b" },
    ]) {
      expect(problemOf(path, bad)).not.toBeNull();
    }
  });

  it("are named with one version each, and run no script of theirs when they are installed", () => {
    const named = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(named)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    }
    expect(text("build/prepare.mjs")).toContain('"--ignore-scripts"');
    for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
      expect(manifest.scripts[script]).toBeUndefined();
    }
  });
});

describe("the audit of known faults", () => {
  const counts = { info: 0, low: 1, moderate: 2, high: 0, critical: 0, total: 3 };

  it("fails for a high one, and names it", () => {
    const metadata = { vulnerabilities: { ...counts, high: 1 } };
    const vulnerabilities = { lamp: { name: "lamp", severity: "high" } };
    const { ok, sentence } = verdictOf(JSON.stringify({ metadata, vulnerabilities }));
    expect(ok).toBe(false);
    expect(sentence).toContain("lamp (high)");
  });

  it("passes for none, and says so of a registry that does not tell", () => {
    const none = verdictOf(JSON.stringify({ metadata: { vulnerabilities: counts } }));
    expect(none).toEqual({
      ok: true,
      sentence: "Audit: 0 info, 1 low, 2 moderate, 0 high, 0 critical.",
    });
    for (const said of ["", "<html>", '{"message":"405 Method Not Allowed"}']) {
      const { ok, sentence } = verdictOf(said);
      expect(ok).toBe(true);
      expect(sentence).toContain("nothing is known");
    }
  });
});

/** What keys look like that somebody could use; examples of them are shorter. */
const SECRETS: readonly RegExp[] = [
  /\b[sr]k_live_[A-Za-z0-9]{16,}/,
  /\b[sr]k_test_[A-Za-z0-9]{24,}/,
  /\bwhsec_[A-Za-z0-9+/]{24,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./,
];
const NOT_OURS = new Set(["node_modules", "dist", ".git", "coverage", "rehearse-data"]);
/** Larger files are results, which no key is written into by hand. */
const FILE_BYTES_MAX = 1_000_000;

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile() && statSync(path).size <= FILE_BYTES_MAX) yield path;
  }
}

const secretsIn = (content: string) => SECRETS.filter((pattern) => pattern.test(content));

describe("the tree", () => {
  it("holds no key that anybody could use", () => {
    const found: string[] = [];
    let files = 0;
    for (const path of filesUnder(root)) {
      files += 1;
      if (secretsIn(readFileSync(path, "utf8")).length > 0) found.push(relative(root, path));
    }
    expect(files).toBeGreaterThan(400);
    expect(found).toEqual([]);
    expect(text(".gitignore")).toMatch(/node_modules/);
  });

  it("would be found out if it did", () => {
    const planted = [
      ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_"),
      ["whsec", "abcdefghijklmnopqrstuvwxyz012345"].join("_"),
      `-----BEGIN ${"RSA PRIVATE"} KEY-----`,
      `AKIA${"IOSFODNN7EXAMPLE"}`,
      ["ghp", "a".repeat(36)].join("_"),
    ];
    for (const secret of planted) expect(secretsIn(`const key = "${secret}";`)).toHaveLength(1);
    expect(secretsIn("a key of Stripe begins with sk_live_ or sk_test_123")).toEqual([]);
  });
});
