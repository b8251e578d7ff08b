import { describe, expect, it } from "vitest";
import { withSingleModules } from "./effect-modules.mjs";

describe("imports of effect in the bundle", () => {
  it("name the modules and not the index", () => {
    const source = 'import { Effect, Option as Maybe, type Exit } from "effect";\nEffect.void;';
    expect(withSingleModules(source)).toBe(
      'import * as Effect from "effect/Effect"; import * as Maybe from "effect/Option";\nEffect.void;',
    );
  });

  it("are found when they take several lines", () => {
    expect(withSingleModules('import {\n  Cause,\n  Exit,\n} from "effect";')).toBe(
      'import * as Cause from "effect/Cause"; import * as Exit from "effect/Exit";',
    );
  });

  it("stay where they name a function or only types", () => {
    for (const source of [
      'import { Effect, pipe } from "effect";',
      'import type { Effect } from "effect";',
      'import * as Worker from "@effect/platform/Worker";',
    ]) {
      expect(withSingleModules(source)).toBe(source);
    }
  });
});
