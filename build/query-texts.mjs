/**
 * Reads the source of the live store and finds every text that a database or Redis runs, and in it
 * whatever is put in by the program: a query is a constant, and what a request brings is a
 * parameter of it. `query-texts.test.ts` plants each way around that.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** A text that begins so is a query, wherever it stands. */
const QUERY =
  /^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|ALTER|DROP|BEGIN|COPY|LOCK|NOTIFY|LISTEN|SET|PRAGMA|TRUNCATE)\s/;
/** Calls whose first argument is run as it is. */
const RUNNERS = new Set(["prepare", "exec", "pragma", "query", "script", "eval"]);
/** Names of constants, which are in capitals. */
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/**
 * @typedef {{ path: string, line: number, what: string }} Finding
 * @param {string} path as messages shall name it
 * @param {string} text
 * @returns {{ queries: number, findings: Finding[] }}
 */
export function queriesIn(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const constants = constantsOf(source);
  /** @type {Finding[]} */
  const findings = [];
  let queries = 0;
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isText(node) && isQuery(node)) {
      queries += 1;
      for (const part of partsOf(node)) {
        if (isConstant(part, constants)) continue;
        const { line } = source.getLineAndCharacterOfPosition(part.getStart(source));
        findings.push({ path, line: line + 1, what: part.getText(source) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { queries, findings };
}

/** @param {string} folder @param {string} root */
export function queriesUnder(folder, root) {
  /** @type {Finding[]} */
  const findings = [];
  let queries = 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    const path = relative(root, join(file.parentPath, file.name));
    const isSource =
      file.isFile() && /\.ts$/.test(path) && !/\.(test|bench|contract)\.ts$/.test(path);
    if (!isSource || path.includes("/testing/")) continue;
    const found = queriesIn(path, readFileSync(join(root, path), "utf8"));
    queries += found.queries;
    findings.push(...found.findings);
  }
  return { queries, findings };
}

/** @param {ts.Node} node */
function isText(node) {
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) return true;
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
}

/** @param {ts.Node} node */
function isQuery(node) {
  // Of a sum the outermost is looked at, with all its parts.
  if (ts.isBinaryExpression(node.parent) && isText(node.parent)) return false;
  return QUERY.test(headOf(node)) || isRun(node);
}

/** @param {ts.Node} node */
function isRun({ parent }) {
  if (!ts.isCallExpression(parent)) return false;
  const { expression } = parent;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) && RUNNERS.has(name.text);
}

/** @param {ts.Node} node @returns {string} */
function headOf(node) {
  if (ts.isTemplateExpression(node)) return node.head.text || headOf(node.templateSpans[0].literal);
  if (ts.isBinaryExpression(node)) return headOf(node.left);
  return "text" in node ? String(node.text) : "";
}

/** @param {ts.Node} node @returns {readonly ts.Expression[]} */
function partsOf(node) {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (!ts.isBinaryExpression(node)) return [];
  return [node.left, node.right].flatMap((side) => {
    if (ts.isStringLiteralLike(side)) return [];
    return isText(side) ? partsOf(side) : [side];
  });
}

/** @param {ts.Expression} part @param {ReadonlySet<string>} constants @returns {boolean} */
function isConstant(part, constants) {
  if (ts.isStringLiteralLike(part) || ts.isNumericLiteral(part)) return true;
  if (ts.isPropertyAccessExpression(part)) return isConstant(part.expression, constants);
  if (isText(part)) return partsOf(part).every((each) => isConstant(each, constants));
  return ts.isIdentifier(part) && constants.has(part.text);
}

/** Names in this file that stand for one text for good. @param {ts.SourceFile} source */
function constantsOf(source) {
  /** @type {Set<string>} */
  const constants = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportSpecifier(node) && CONSTANT.test(node.name.text)) constants.add(node.name.text);
    const isFixed =
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      (node.parent.flags & ts.NodeFlags.Const) !== 0 &&
      node.initializer !== undefined;
    if (isFixed && isFixedText(node.initializer, constants)) constants.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return constants;
}

/** @param {ts.Expression} value @param {ReadonlySet<string>} constants @returns {boolean} */
function isFixedText(value, constants) {
  if (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) {
    return isFixedText(value.expression, constants);
  }
  if (ts.isArrayLiteralExpression(value)) {
    return value.elements.every((each) => isFixedText(each, constants));
  }
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.every(
      (each) => ts.isPropertyAssignment(each) && isFixedText(each.initializer, constants),
    );
  }
  // A list of fixed texts, joined or mapped to other fixed ones.
  if (ts.isCallExpression(value) && ts.isPropertyAccessExpression(value.expression)) {
    return isFixedText(value.expression.expression, constants);
  }
  return isConstant(value, constants);
}
