/**
 * The program `rehearse`. What is needed for a help page is imported at once, everything else
 * only when it is used, so that `--help` answers at once; the bundler keeps it one file.
 */
/// <reference types="node" />
import { generalHelp, verbHelp } from "./cli/help.ts";
import type { ScreenFlags } from "./cli/screen-flags.ts";
import { usageOf } from "./cli/usage.ts";
import { VERSION } from "./version.ts";

await commandLine(process.argv.slice(2));

async function commandLine(words: readonly string[]): Promise<void> {
  const usage = usageOf(words);
  switch (usage.kind) {
    case "help":
      return answer(usage.verb === null ? generalHelp(VERSION) : verbHelp(usage.verb));
    case "screens":
      if (showsScreens()) return openOnTerminal(usage.flags);
      return answer(generalHelp(VERSION));
    case "version":
      return answer(`${VERSION}\n`);
    case "wrong":
      process.stderr.write(`rehearse: ${usage.message}\n`);
      process.exitCode = 2;
      return;
    case "verb": {
      const { runVerb } = await import("./cli/program.ts");
      process.exitCode = await runVerb(words);
    }
  }
}

function answer(text: string): void {
  process.stdout.on("error", () => undefined);
  process.stdout.write(text);
}

/** A terminal that cannot place its cursor shows lines alone, which the verbs print. */
function showsScreens(): boolean {
  const { stdin, stdout, env } = process;
  return stdin.isTTY === true && stdout.isTTY === true && env.TERM !== "dumb";
}

async function openOnTerminal(flags: ScreenFlags): Promise<never> {
  const { openScreens } = await import("./app/open-screens.ts");
  // What a screen still does, such as asking a store, holds nobody up.
  process.exit(await openScreens(flags, process.env));
}
