/**
 * Installs what the tests need and the machine lacks, where that can be done without a question:
 * with apt-get, as root, on Debian and Ubuntu. Elsewhere it says how a person does it.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { findProgram, PROGRAMS, type ProgramName } from "../tui/cli/installed-programs.ts";

/** The program's file, or why there is none and what to do about it. */
export type FoundProgram = { readonly path: string } | { readonly missing: string };

const LISTS = "/var/lib/apt/lists";

const OPTIONS = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2", "-qq"];

/** Finds the program, and installs it first where it is missing and can be installed. */
export async function findOrInstall(name: ProgramName): Promise<FoundProgram> {
  const found = findProgram(name);
  if (found !== null) return { path: found };
  const { title, aptPackage, howTo } = PROGRAMS[name];
  if (!mayInstall()) {
    return { missing: `${title} is not installed; ${adviceFor(aptPackage, howTo)}` };
  }
  say(`The tests need ${title}, which is missing: installing ${aptPackage} with apt-get …`);
  const problem = await install(aptPackage);
  const installed = problem === null ? findProgram(name) : null;
  if (installed !== null) return { path: installed };
  const why = problem ?? `the package ${aptPackage} brought no program that can be started`;
  return { missing: `${title} could not be installed (${why}); ${howTo}` };
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && hasApt();
}

function hasApt(): boolean {
  return existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

function adviceFor(aptPackage: string, howTo: string): string {
  if (!hasApt()) return howTo;
  return `run: sudo apt-get install --no-install-recommends ${aptPackage}`;
}

/** Why the package could not be installed, or null where it was. */
async function install(aptPackage: string): Promise<string | null> {
  const command = ["install", "-y", "--no-install-recommends", ...OPTIONS, aptPackage];
  if (hasLists() && (await aptGet(command)) === null) return null;
  return (await aptGet(["update", ...OPTIONS])) ?? (await aptGet(command));
}

/** A fresh image has no lists of packages; without them nothing is found. */
function hasLists(): boolean {
  return existsSync(LISTS) && readdirSync(LISTS).some((file) => file.includes("_Packages"));
}

function aptGet(command: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn("apt-get", command, {
      stdio: ["ignore", "ignore", "pipe"],
      // Nothing is asked, and what is installed is not started as a service of the machine.
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    });
    let complaint = "";
    child.stderr.on("data", (bytes) => {
      complaint = `${complaint}${bytes}`.slice(-2_000);
    });
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => {
      const lines = complaint.split("\n").filter((line) => line.startsWith("E:"));
      resolve(code === 0 ? null : `apt-get ${command[0]}: ${lines.join(" ") || `code ${code}`}`);
    });
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
