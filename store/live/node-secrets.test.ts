import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FolderProblem } from "./data-folder.ts";
import { ShopperTokens } from "./http/shopper-token.ts";
import { givenKeys, givenOperators } from "./node-secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "node-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same for the same number; `length` bytes. */
const key = (number: number, length = 32) =>
  createHash("sha256").update(String(number)).digest().subarray(0, length).toString("base64");
const file = (text: string) => {
  const path = join(folder, "secret");
  writeFileSync(path, text);
  return path;
};

describe("keys that nodes share", () => {
  it("are changed without a shopper noticing: the first signs, the others are believed", () => {
    const before = givenKeys({ REHEARSE_KEYS: key(1) }) ?? [];
    const between = givenKeys({ REHEARSE_KEYS_FILE: file(`${key(2)}\n${key(1)}\n`) }) ?? [];
    const after = givenKeys({ REHEARSE_KEYS: key(2) }) ?? [];
    const identity = { shopper: "ann", tier: "regular", invited: false } as const;
    const tokens = [before, between, after].map((keys) => new ShopperTokens("sale", keys));
    const [old, newer] = tokens.map((each) => each.sign(identity, 100)) as [string, string, string];
    const knows = (token: string) => tokens.map((each) => each.identify(token, 1)._tag);
    expect(knows(old)).toEqual(["Known", "Known", "Forged"]);
    expect(knows(newer)).toEqual(["Forged", "Known", "Known"]);
  });

  it("are none where none are given, and never too short", () => {
    expect(givenKeys({})).toBeNull();
    expect(givenKeys({ REHEARSE_KEYS: "" })).toBeNull();
    for (const wrong of [key(1, 31), `${key(1)},short`, "not base64!".repeat(8), " "]) {
      expect(() => givenKeys({ REHEARSE_KEYS: wrong })).toThrow(
        /REHEARSE_KEYS: each line must be a key of 32 random bytes .* openssl rand -base64 32/,
      );
    }
  });

  it("are told of by their place, never by themselves", () => {
    const short = key(9, 20);
    const refused = (environment: Record<string, string>) => {
      try {
        givenKeys(environment);
      } catch (problem) {
        expect(problem).toBeInstanceOf(FolderProblem);
        return (problem as Error).message;
      }
      throw new Error("taken");
    };
    const path = file(short);
    expect(refused({ REHEARSE_KEYS_FILE: path })).toContain(path);
    expect(refused({ REHEARSE_KEYS_FILE: join(folder, "gone") })).toContain("cannot be read");
    expect(refused({ REHEARSE_KEYS: short })).not.toContain(short);
    const both = { REHEARSE_KEYS: key(1), REHEARSE_KEYS_FILE: path };
    expect(refused(both)).toContain("both set");
  });
});

describe("operators that nodes share", () => {
  const [ann, prometheus] = ["a", "b"].map((text) => text.repeat(43)) as [string, string];

  it("are known by their tokens, from the environment as from a file", () => {
    const given = givenOperators({ REHEARSE_ADMIN_TOKENS: `ann ${ann},prometheus ${prometheus}` });
    const read = givenOperators({ REHEARSE_ADMIN_TOKENS_FILE: file(`ann ${ann}\n`) });
    expect(given?.tokens.operatorOf(prometheus)).toBe("prometheus");
    expect(given?.tokens.operatorOf(ann)).toBe("ann");
    expect(read?.tokens.operatorOf(ann)).toBe("ann");
    expect(read?.tokens.operatorOf(prometheus)).toBeNull();
    expect(given?.place).not.toContain(ann);
  });

  it("are refused where a token is short or a name is there twice", () => {
    for (const wrong of ["ann short", `ann ${ann},ann ${prometheus}`, ann, ","]) {
      expect(() => givenOperators({ REHEARSE_ADMIN_TOKENS: wrong })).toThrow(FolderProblem);
    }
    expect(givenOperators({})).toBeNull();
  });
});
