/**
 * The program `rehearse`. What is needed for a help page is imported at once, everything else
 * only when it is used, so that `--help` answers at once; the bundler keeps it one file.
 */
/// <reference types="node" />
import { generalHelp, verbHelp } from "./cli/help.ts";
import { usageOf } from "./cli/usage.ts";
import { VERSION } from "./version.ts";

await commandLine(process.argv.slice(2));

async function commandLine(words: readonly string[]): Promise<void> {
  const usage = usageOf(words);
  switch (usage.kind) {
    case "help":
      if (words.length === 0 && onTerminal()) return openOnTerminal();
      return answer(usage.verb === null ? generalHelp(VERSION) : verbHelp(usage.verb));
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

function onTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

async function openOnTerminal(): Promise<void> {
  const { openScreens } = await import("./app/open-screens.ts");
  const environment = process.env;
  process.exitCode = await openScreens({ environment, colour: true, mouse: true });
}
