/**
 * Reads our own source and refuses what would make two runs of one seed differ: the machine's
 * clocks, timers, chance, environment, key order, locale, and the mathematics whose last bit
 * ECMAScript leaves to the engine. `npm run check` runs it; `bans.test.ts` plants each one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Folders whose code must give the same bytes for the same seed. */
const DETERMINISTIC = [
  "engine",
  "store/core",
  "store/ports",
  "store/service",
  "store/memory",
  "twin",
];

/** Files whose business is to name what is banned. */
const EXEMPT = new Set(["twin/adapters/sealed-globals.ts"]);

const BANNED_MEMBERS = new Map([
  ["Date", /^(now|parse)$/],
  // Exact on every machine are these functions alone, and the constants, which are in capitals.
  ["Math", /^(?!(abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|[A-Z0-9_]+)$)/],
  ["performance", /./],
  [
    "process",
    /^(hrtime|env|memoryUsage|resourceUsage|cpuUsage|nextTick|uptime|pid|cwd|argv|platform|arch|version|versions|exit|exitCode|on|once|emit|stdin|stdout|stderr)$/,
  ],
  ["crypto", /./],
  ["Intl", /./],
  ["HashMap", /^(empty|make|fromIterable)$/],
  ["HashSet", /^(empty|make|fromIterable)$/],
  [
    "Effect",
    /^(promise|tryPromise|runPromise|runPromiseExit|runFork|runSync|runSyncExit|runCallback)$/,
  ],
  ["Random", /^(make|fixed)$/],
]);

/** Nothing but a member of these may be named: under another name their members would pass. */
const NEVER_WHOLE = new Set(["Date", "Intl", "Math", "globalThis"]);

const BANNED_GLOBALS = new Set([
  "eval",
  "global",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "fetch",
  "WeakRef",
  "FinalizationRegistry",
  "Atomics",
  "SharedArrayBuffer",
  "structuredClone",
]);

/**
 * @typedef {{ path: string, line: number, column: number, what: string }} Ban
 * @param {string} path as messages shall name it
 * @param {string} text
 * @returns {Ban[]}
 */
export function bansIn(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  /** @type {Ban[]} */
  const found = [];
  /** @param {ts.Node} node @param {string} what */
  const ban = (node, what) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push({ path, line: line + 1, column: character + 1, what });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    const what = banned(node);
    if (what !== null) ban(node, what);
    if (!ts.isTypeNode(node) && !ts.isInterfaceDeclaration(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.Node} node @returns {string | null} */
function banned(node) {
  const member = memberName(node);
  if (member !== null) return bannedMember(member.object, member.name) ?? wholeObject(node);
  if (ts.isNewExpression(node) && isNamed(node.expression, "Date") && !node.arguments?.length) {
    return "new Date()";
  }
  if (ts.isCallExpression(node) && isNamed(node.expression, "Date")) return "Date()";
  if (ts.isForInStatement(node)) return "for … in (order of keys)";
  if (ts.isBinaryExpression(node) && isPower(node.operatorToken.kind) && !isWholePower(node)) {
    return "** (use pow of engine/elementary.ts)";
  }
  if (ts.isIdentifier(node) && isReference(node)) {
    return BANNED_GLOBALS.has(node.text) ? node.text : wholeObject(node);
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name)) {
    const object = node.initializer;
    for (const element of node.name.elements) {
      const name = (element.propertyName ?? element.name).getText();
      const what = bannedMember(object, name);
      if (what !== null) return what;
    }
  }
  return null;
}

/**
 * `a.b` and `a["b"]` are the same member. @param {ts.Node} node
 * @returns {{ object: ts.Expression, name: string } | null}
 */
function memberName(node) {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { object: node.expression, name: node.argumentExpression.text };
  }
  return null;
}

/**
 * An object of {@link NEVER_WHOLE} that stands for itself and not for one of its members.
 * @param {ts.Node} node @returns {string | null}
 */
function wholeObject(node) {
  const name = ts.isIdentifier(node) ? node.text : globalMember(node);
  if (name === null || !NEVER_WHOLE.has(name)) return null;
  const { parent } = node;
  if (memberName(parent)?.object === node) return null;
  // A date of a given moment is a value; without a moment it is refused by itself.
  const made = ts.isNewExpression(parent) || ts.isCallExpression(parent);
  if (name === "Date" && made && parent.expression === node) return null;
  return `${name} as a whole (name the member at once: ${name}.…)`;
}

/** @param {ts.Expression} object @param {string} name @returns {string | null} */
function bannedMember(object, name) {
  if (/^(toLocale|localeCompare$)/.test(name))
    return `.${name}() (depends on the machine's locale)`;
  const owner = ts.isIdentifier(object) ? object.text : globalMember(object);
  if (owner === null) return null;
  if (BANNED_GLOBALS.has(name) && owner === "globalThis") return name;
  return BANNED_MEMBERS.get(owner)?.test(name) ? `${owner}.${name}` : null;
}

/** `globalThis.Date` names what `Date` names. @param {ts.Node} node @returns {string | null} */
function globalMember(node) {
  const member = memberName(node);
  return member !== null && isNamed(member.object, "globalThis") ? member.name : null;
}

/** @param {ts.Node} node @param {string} name */
function isNamed(node, name) {
  return (
    (ts.isIdentifier(node) && node.text === name) ||
    (ts.isExpression(node) && globalMember(node) === name)
  );
}

/** @param {ts.SyntaxKind} kind */
function isPower(kind) {
  return (
    kind === ts.SyntaxKind.AsteriskAsteriskToken ||
    kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken
  );
}

/** Whole literals on both sides, such as `2 ** 53`, are exact everywhere. @param {ts.BinaryExpression} node */
function isWholePower(node) {
  const whole = (/** @type {ts.Node} */ side) =>
    ts.isNumericLiteral(side) && /^\d+$/.test(side.text);
  return whole(node.left) && whole(node.right);
}

/** A name that is read, not one that is declared, or a member's or a key's own name. @param {ts.Identifier} node */
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  return !(
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isImportSpecifier(parent)
  );
}

/** Every banned use under the deterministic folders of `root`. @param {string} root @returns {Ban[]} */
export function bansUnder(root) {
  return DETERMINISTIC.flatMap((folder) => sources(join(root, folder)))
    .map((file) => relative(root, file).replaceAll("\\", "/"))
    .filter((path) => !EXEMPT.has(path) && !/\.(test|bench)\.ts$/.test(path))
    .flatMap((path) => bansIn(path, readFileSync(join(root, path), "utf8")));
}

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = bansUnder(join(dirname(fileURLToPath(import.meta.url)), ".."));
  for (const { path, line, column, what } of found) {
    process.stderr.write(
      `${path}:${line}:${column}: ${what} is banned where a seed must give the same bytes (CONTRIBUTING.md, "Determinism")\n`,
    );
  }
  process.exitCode = found.length > 0 ? 1 : 0;
}
