/**
 * Where the tests of a run keep their files: in memory, where the machine has room for them there.
 * A store waits for the disk at each commit, which takes milliseconds and shows nothing to a test:
 * what a test kills is a process, never the machine. Whoever names a folder in TMPDIR is obeyed.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

/** Linux has a file system in memory here. */
const MEMORY = "/dev/shm";
/** More than the servers and the files of all tests take together. */
const ROOM_BYTES_MIN = 3 * 2 ** 30;

/** Vitest calls this before the first test file, and what it answers after the last. */
export default function setup(): () => void {
  if (process.env.TMPDIR !== undefined || !hasRoom()) return () => undefined;
  const folder = mkdtempSync(join(MEMORY, "rehearse-tests-"));
  // PostgreSQL runs as another user where we are root, and has to come through to its own folder.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => {
    delete process.env.TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Containers often have little there, or nothing that can be run: some tests write programs. */
function hasRoom(): boolean {
  if (!existsSync("/proc/mounts") || !existsSync(MEMORY)) return false;
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  const [, , kind, options = ""] =
    mounts.find((line) => line.includes(` ${MEMORY} `))?.split(" ") ?? [];
  if (kind !== "tmpfs" || options.split(",").includes("noexec")) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, freemem()) > ROOM_BYTES_MIN;
}
