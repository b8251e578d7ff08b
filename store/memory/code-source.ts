/**
 * Numbers counted on from one by a fixed stride: the same run, the same codes. For rehearsals and
 * tests only; the next code can be told from the last, so nothing live may use it.
 */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import { CodeSource, type CodeSourceService } from "../ports/code-source.ts";

/** Coprime to 2^32 and far from its simple fractions, so that digits do not repeat early. */
const STRIDE = 2_654_435_761;

function make(): CodeSourceService {
  let state = 1;
  return {
    below: (limit) => {
      assert(Number.isSafeInteger(limit) && limit > 0, "a number is drawn below a whole one");
      state = (state + STRIDE) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    },
  };
}

export const CountedCodeSource = {
  make,
  layer: () => Layer.sync(CodeSource, make),
} as const;
