import { Effect } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repeatedCommand, shellWords } from "./explained-result.ts";
import { repeatCommand, shellWord } from "./repeat.ts";

describe("the command that a result carries", () => {
  it("is read back word by word, as a shell would", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !text.includes("\n"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(shellWords(words.map(shellWord).join(" "))).toEqual(words);
      }),
    );
  });

  it("gives the file, the seed and the settings that it was made of", () => {
    const made = {
      path: "my sale's.yaml",
      seed: "--odd seed",
      sets: ["expect={ orders: '> 5' }", "--x=1"],
    };
    const command = repeatCommand({
      verb: "compare",
      plans: ["a", "b"],
      seeds: 3,
      scale: "5%",
      explain: true,
      ...made,
    });
    expect(Effect.runSync(repeatedCommand("r.json", command))).toEqual(made);
  });

  it("is refused where it is of another program or verb", () => {
    for (const command of ["", "make", "rehearse check", "rehearse run"]) {
      const answer = Effect.runSync(Effect.either(repeatedCommand("r.json", command)));
      expect(answer).toMatchObject({ _tag: "Left", left: { code: 2 } });
    }
  });
});
