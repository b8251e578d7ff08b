/** Ledger files of tests: each in a folder of its own, which goes when the test has ended. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, Effect, Layer } from "effect";
import { GroupCommit } from "../group-commit.ts";
import { openLedgerFile } from "../ledger-file.ts";
import { Counters } from "../row-image.ts";

export interface OpenLedger {
  readonly folder: string;
  readonly group: GroupCommit;
  readonly counters: Counters;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "rehearse-sqlite-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export function openIn(folder: string): OpenLedger {
  const group = new GroupCommit(openLedgerFile(folder));
  return { folder, group, counters: new Counters(group) };
}

/** A port on a new file for each program that it is provided to. */
export function onNewFile<Port, Service>(
  tag: Context.Tag<Port, Service>,
  make: (ledger: OpenLedger) => Service,
): Layer.Layer<Port> {
  const opened = Effect.acquireRelease(
    Effect.sync(() => openIn(temporaryFolder())),
    ({ group, folder }) =>
      Effect.sync(() => {
        group.close();
        removeFolder(folder);
      }),
  );
  return Layer.scoped(tag, Effect.map(opened, make));
}
