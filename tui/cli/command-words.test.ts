import * as CliConfig from "@effect/cli/CliConfig";
import * as Command from "@effect/cli/Command";
import * as HelpDoc from "@effect/cli/HelpDoc";
import { describe, expect, it } from "vitest";
import { calibrateCommand } from "./calibrate.ts";
import { checkCommand } from "./check.ts";
import { compareCommand } from "./compare.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { fitCommand } from "./fit.ts";
import { FLAGS } from "./flags.ts";
import { followCommand } from "./follow.ts";
import { forecastCommand } from "./forecast.ts";
import { generalHelp, verbHelp } from "./help.ts";
import { importCommand } from "./import.ts";
import { initCommand } from "./init.ts";
import { loadCommand } from "./load.ts";
import { metricsCommand } from "./metrics.ts";
import { repeatCommand, shellWord } from "./repeat.ts";
import { replayCommand } from "./replay.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { serveCommand } from "./serve.ts";
import { takesColour } from "./shell.ts";
import { usageOf } from "./usage.ts";
import { validateCommand } from "./validate.ts";
import { VERBS } from "./verbs.ts";

/** The verb and the flags that the parser of a command takes, without those that it adds to all. */
function wordsOf<Name extends string, R, E, A>(command: Command.Command<Name, R, E, A>) {
  const config = CliConfig.make({ showBuiltIns: false });
  const told = HelpDoc.toAnsiText(Command.getHelp(command, config));
  const taken = new Set([...told.matchAll(/--([a-z-]+)/g)].map((match) => match[1]));
  const flags = FLAGS.map((flag) => flag.name).filter((flag) => taken.has(flag));
  return { name: [...Command.getNames(command)].join(), flags: flags.sort() };
}

describe("the tables of verbs and flags", () => {
  it("say what the parser takes, verb by verb and flag by flag", () => {
    const parsed = [
      wordsOf(runCommand),
      wordsOf(compareCommand),
      wordsOf(explainCommand),
      wordsOf(reportCommand),
      wordsOf(forecastCommand),
      wordsOf(importCommand),
      wordsOf(fitCommand),
      wordsOf(replayCommand),
      wordsOf(serveCommand),
      wordsOf(followCommand),
      wordsOf(loadCommand),
      wordsOf(calibrateCommand),
      wordsOf(checkCommand),
      wordsOf(validateCommand),
      wordsOf(schemaCommand),
      wordsOf(metricsCommand),
      wordsOf(initCommand),
      wordsOf(doctorCommand),
    ];
    expect(parsed).toEqual(VERBS.map(({ name, flags }) => ({ name, flags: [...flags].sort() })));
  });

  it("have examples that are right commands, and pages of at most 100 columns", () => {
    for (const verb of VERBS) {
      expect(verb.examples.length).toBeGreaterThan(0);
      for (const example of verb.examples) {
        const words = example.split(" > ")[0]?.split(" ").slice(1) ?? [];
        expect(usageOf(words)).toMatchObject({ kind: "verb", verb: { name: verb.name } });
      }
    }
    const pages = [generalHelp("1"), ...VERBS.map(verbHelp)].flatMap((page) => page.split("\n"));
    expect(Math.max(...pages.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe("the command that repeats a result", () => {
  it("has the seed, the plans, every setting and the scale, quoted for a shell", () => {
    const command = repeatCommand({
      verb: "compare",
      path: "my sale.yaml",
      plans: ["a", "b"],
      seed: "it's/1",
      seeds: 3,
      sets: ["audience.visits=12%", "name=x y"],
      scale: "5%",
    });
    expect(command).toBe(
      "rehearse compare 'my sale.yaml' --plans a,b --seed 'it'\\''s/1' --seeds 3 " +
        "--set audience.visits=12% --set 'name=x y' --scale 5%",
    );
  });

  it("joins to its flag what looks like a flag itself", () => {
    const command = repeatCommand({
      verb: "run",
      path: "-odd.yaml",
      plan: "a",
      seed: "--json",
      seeds: 1,
      sets: [],
      scale: null,
    });
    expect(command).toBe("rehearse run ./-odd.yaml --plan a --seed=--json --seeds 1");
    expect(usageOf(command.split(" ").slice(1))).toMatchObject({ kind: "verb" });
  });

  it("leaves a plain word alone and quotes what a shell would read", () => {
    expect(shellWord("scenarios/a-b_c.yaml")).toBe("scenarios/a-b_c.yaml");
    expect(["", "a#2", "$HOME", "a;b", "*"].map(shellWord)).toEqual([
      "''",
      "'a#2'",
      "'$HOME'",
      "'a;b'",
      "'*'",
    ]);
  });
});

describe("colours", () => {
  const ask = (words: string[], environment: Record<string, string>, terminal: boolean) =>
    takesColour({ words, environment, terminal });

  it("are for terminals, unless somebody says otherwise", () => {
    expect(ask([], {}, true)).toBe(true);
    expect(ask([], {}, false)).toBe(false);
    expect(ask([], { FORCE_COLOR: "1" }, false)).toBe(true);
    expect(ask([], { FORCE_COLOR: "0" }, true)).toBe(false);
    expect(ask([], { NO_COLOR: "1" }, true)).toBe(false);
    expect(ask([], { NO_COLOR: "" }, true)).toBe(true);
    expect(ask(["--no-color"], { FORCE_COLOR: "1" }, true)).toBe(false);
    expect(ask([], { TERM: "dumb" }, true)).toBe(false);
  });
});
