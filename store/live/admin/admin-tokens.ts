/**
 * Who may run the sale: a file in the store's folder with one operator a line, as in
 * `ann 3q2-…`, a name and a token of 32 bytes or more in base64url. It is made at the first start
 * with one token that nobody else has ever had; there is no default. The name is what the record
 * of what operators did says.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FolderProblem, ownersAlone, type StoreFolder, writeOnce } from "../data-folder.ts";

const TOKEN_FILE = "admin-tokens";
const TOKEN_BYTES = 32;
const FIRST_NAME = "admin";
const OPERATORS_MAX = 100;
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

interface Operator {
  readonly name: string;
  /** SHA-256 of the token: all of one length, so that comparing tells nothing of it. */
  readonly digest: Buffer;
}

export class AdminTokens {
  readonly #operators: readonly Operator[];

  /** `tokens` by the names of their operators. */
  constructor(tokens: ReadonlyMap<string, string>) {
    this.#operators = [...tokens].map(([name, token]) => ({ name, digest: digestOf(token) }));
  }

  /** The operator whose token this is, or null; takes as long whichever it is. */
  operatorOf(token: string): string | null {
    const digest = digestOf(token);
    let found: string | null = null;
    for (const operator of this.#operators) {
      if (timingSafeEqual(operator.digest, digest)) found = operator.name;
    }
    return found;
  }
}

export interface OpenedTokens {
  readonly tokens: AdminTokens;
  /** Where the tokens are, as a person is told. */
  readonly place: string;
}

/** Tokens from elsewhere, which several nodes share: as the file has them, in `place`. */
export function givenAdminTokens(text: string, place: string): OpenedTokens {
  return { tokens: new AdminTokens(tokensIn(text, place)), place: `token in ${place}` };
}

/** Reads the folder's tokens, and makes the file where there is none. */
export function openAdminTokens({ path }: Pick<StoreFolder, "path">): OpenedTokens {
  const file = join(path, TOKEN_FILE);
  if (!existsSync(file)) writeOnce(file, `${FIRST_NAME} ${drawToken()}\n`);
  ownersAlone(file);
  return {
    tokens: new AdminTokens(tokensIn(readFileSync(file, "utf8"), file)),
    place: `token in ${file}`,
  };
}

/** A token of a store that keeps nothing; whoever starts it is told the token itself. */
export function passingAdminToken(): OpenedTokens {
  const token = drawToken();
  return { tokens: new AdminTokens(new Map([[FIRST_NAME, token]])), place: `token ${token}` };
}

function drawToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

function tokensIn(text: string, file: string): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [name = "", token = "", ...rest] = line.trim().split(/\s+/);
    const isGood = NAME.test(name) && isLong(token) && rest.length === 0 && !tokens.has(name);
    if (!isGood || tokens.size >= OPERATORS_MAX) {
      throw new FolderProblem(
        `${file}, line ${index + 1}: a line is a name of its own and a token of ${TOKEN_BYTES} ` +
          `bytes or more in base64url, and there are at most ${OPERATORS_MAX}.`,
      );
    }
    tokens.set(name, token);
  }
  if (tokens.size === 0) {
    throw new FolderProblem(
      `${file} names nobody. A file in the store's folder is made anew when it is taken away.`,
    );
  }
  return tokens;
}

function isLong(token: string): boolean {
  return /^[\w-]+$/.test(token) && Buffer.from(token, "base64url").length >= TOKEN_BYTES;
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
