/**
 * Secrets that all nodes of a sale share, from the environment or from files that it names: a
 * shopper's token and an operator's are then as good on one node as on any other. Where nothing is
 * given a store makes its own in its folder. They are no flags, because every user of a machine
 * can list the flags of its programs.
 */
import { readFileSync } from "node:fs";
import { givenAdminTokens, type OpenedTokens } from "./admin/admin-tokens.ts";
import { FolderProblem, keysIn } from "./data-folder.ts";

/** Keys in base64, apart by commas or line ends: the first signs, the others are believed. */
export const KEYS = "REHEARSE_KEYS";
/** Operators as `name token`, apart by commas or line ends. */
export const ADMIN_TOKENS = "REHEARSE_ADMIN_TOKENS";
/** Either may be in a file instead, as a mounted secret is: its path, under this name. */
const IN_FILE = "_FILE";

type Environment = Readonly<Record<string, string | undefined>>;

const HOW_TO = "Make one with: openssl rand -base64 32";

/** The keys that are given, or null. */
export function givenKeys(environment: Environment = process.env): readonly Buffer[] | null {
  const given = secretIn(environment, KEYS);
  return given === null ? null : keysIn(given.text, given.place, HOW_TO);
}

/** The operators that are given, or null. */
export function givenOperators(environment: Environment = process.env): OpenedTokens | null {
  const given = secretIn(environment, ADMIN_TOKENS);
  return given === null ? null : givenAdminTokens(given.text, given.place);
}

interface Secret {
  readonly text: string;
  /** Where it came from, as a person reads it; never the secret itself. */
  readonly place: string;
}

function secretIn(environment: Environment, name: string): Secret | null {
  const text = environment[name] ?? "";
  const file = environment[`${name}${IN_FILE}`] ?? "";
  if (text !== "" && file !== "") {
    throw new FolderProblem(`${name} and ${name}${IN_FILE} are both set: leave one of them out.`);
  }
  if (text !== "") return { text: text.replaceAll(",", "\n"), place: name };
  if (file === "") return null;
  try {
    return { text: readFileSync(file, "utf8"), place: file };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FolderProblem(`${name}${IN_FILE} names a file that cannot be read: ${why}.`);
  }
}
