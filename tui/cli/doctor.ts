/** `rehearse doctor`: what this machine has, and what is missing to rehearse on it. */
/// <reference types="node" />
import { existsSync } from "node:fs";
import { arch, availableParallelism, freemem, platform, totalmem } from "node:os";
import { join } from "node:path";
import * as Command from "@effect/cli/Command";
import { Effect } from "effect";
import { canonicalJson } from "../report/json.ts";
import { paletteOf } from "../report/palette.ts";
import { plainNumber } from "../report/quantity.ts";
import { VERSION } from "../version.ts";
import { goldenFolder } from "./golden-files.ts";
import { findProgram, PROGRAMS, type Program } from "./installed-programs.ts";
import { jsonOption, toneOptions } from "./options.ts";
import { mayWrite } from "./outputs.ts";
import { EXIT_DONE, EXIT_USAGE, Shell } from "./shell.ts";

/** The oldest Node that this runs on. */
const NODE_NEEDED: readonly [number, number] = [20, 19];

/** A full-size rehearsal stays below this; bytes. */
const MEMORY_WANTED = 800 * 1_048_576;

interface Finding {
  readonly what: string;
  readonly found: string;
  /** `missing` is needed and ends with exit code 2; `note` is good to know. */
  readonly state: "good" | "note" | "missing";
  /** What to do about it; empty where nothing is to be done. */
  readonly advice: string;
}

export const doctorCommand = Command.make(
  "doctor",
  { json: jsonOption, ...toneOptions },
  ({ json }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const findings = findingsOf(process.versions.node);
      const sound = findings.every(({ state }) => state !== "missing");
      yield* shell.exitWith(sound ? EXIT_DONE : EXIT_USAGE);
      const paint = paletteOf(shell.colour);
      const wide = Math.max(...findings.map(({ what }) => what.length)) + 2;
      const lines = findings.map(({ what, found, state, advice }) => {
        const mark = {
          good: paint.good("good   "),
          note: "note   ",
          missing: paint.bad("MISSING"),
        }[state];
        return `${mark}  ${what.padEnd(wide)}${found}${advice === "" ? "" : `. ${advice}`}`;
      });
      const end = sound ? "ready to rehearse" : "something needed is missing";
      yield* shell.print(
        json ? canonicalJson({ sound, findings }) : `${[...lines, end].join("\n")}\n`,
      );
    }),
);

/** Measured on this machine, now; `node` is its version. */
function findingsOf(node: string): readonly Finding[] {
  const cores = availableParallelism();
  const folder = process.cwd();
  const writes = mayWrite(folder);
  const installed = existsSync(join(folder, "node_modules"));
  return [
    { what: "rehearse", found: VERSION, state: "good", advice: "" },
    nodeFinding(node),
    { what: "machine", found: `${platform()} ${arch()}`, state: "good", advice: "" },
    {
      what: "cores",
      found: `${cores}`,
      state: cores > 1 ? "good" : "note",
      advice: cores > 1 ? "" : "Rehearsals run one after the other",
    },
    memoryFinding(freemem(), totalmem()),
    {
      what: "this folder",
      found: writes ? `${folder} may be written` : `${folder} may not be written`,
      state: writes ? "good" : "note",
      advice: writes ? "" : "Results go to stdout; give --out a path elsewhere",
    },
    {
      what: "packages",
      found: installed ? "node_modules is there" : "no node_modules here",
      state: installed ? "good" : "note",
      advice: installed ? "" : "Only building and testing need them: npm ci",
    },
    goldensFinding(),
    ...Object.values(PROGRAMS).map(programFinding),
    {
      what: "terminal",
      found: `stdout ${process.stdout.isTTY === true ? "is" : "is not"} a terminal, stderr ${process.stderr.isTTY === true ? "is" : "is not"}`,
      state: "good",
      advice: "",
    },
  ];
}

function nodeFinding(node: string): Finding {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const [needMajor, needMinor] = NODE_NEEDED;
  const fits = major > needMajor || (major === needMajor && minor >= needMinor);
  const advice = fits ? "" : `Node ${needMajor}.${needMinor} or newer is needed`;
  return { what: "node", found: node, state: fits ? "good" : "missing", advice };
}

function memoryFinding(free: number, total: number): Finding {
  const text = (bytes: number) => `${plainNumber(bytes / 1_073_741_824, 1)} GiB`;
  const enough = free >= MEMORY_WANTED;
  const advice = enough
    ? ""
    : "A full-size rehearsal takes up to 800 MB for each worker; use --workers 1 or --scale";
  const found = `${text(free)} free of ${text(total)}`;
  return { what: "memory", found, state: enough ? "good" : "note", advice };
}

/** A store on one machine needs none of these; several nodes and `npm test` do. */
function programFinding({ name, title, use, howTo }: Program): Finding {
  const path = findProgram(name);
  return path === null
    ? { what: title, found: `not here, for ${use}`, state: "note", advice: `To have it, ${howTo}` }
    : { what: title, found: `${path}, for ${use}`, state: "good", advice: "" };
}

function goldensFinding(): Finding {
  const folder = goldenFolder();
  return folder === null
    ? {
        what: "goldens",
        found: "none found from here",
        state: "note",
        advice: "rehearse check looks in scenarios/golden",
      }
    : { what: "goldens", found: folder, state: "good", advice: "" };
}
