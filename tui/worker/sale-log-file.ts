/** Writes a rehearsal's sale log as NDJSON, in the same lines that the live store writes. */
/// <reference types="node" />
import { closeSync, existsSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { saleLogLine } from "../../store/core/sale-log-line.ts";

/** Lines are written together once there are this many characters of them. */
const BUFFER_CHARACTERS_MAX = 1_000_000;

export interface SaleLogOf {
  readonly path: string;
  readonly plan: string;
  readonly seed: string;
}

export class SaleLogFile {
  private readonly file: number;
  private readonly tail: string;
  private lines: string[] = [];
  private characters = 0;

  constructor({ path, plan, seed }: SaleLogOf) {
    this.file = openSync(path, "w");
    // Which rehearsal a line belongs to stands last: what comes before is the live store's line.
    this.tail = `,"plan":${JSON.stringify(plan)},"seed":${JSON.stringify(seed)}}\n`;
  }

  append(event: SaleEvent): void {
    const line = saleLogLine(event, this.tail);
    this.lines.push(line);
    this.characters += line.length;
    if (this.characters >= BUFFER_CHARACTERS_MAX) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    const bytes = Buffer.from(this.lines.join(""), "utf8");
    writeWhole(this.file, bytes);
    this.lines = [];
    this.characters = 0;
  }
}

const COPY_BYTES = 1_048_576;

/** Puts the parts into one file, in their order, and removes them; a part that was never begun is left out. */
export function joinSaleLogs(path: string, parts: readonly string[]): void {
  const target = openSync(path, "w");
  try {
    for (const part of parts.filter((one) => existsSync(one))) {
      copyInto(target, part);
      rmSync(part);
    }
  } finally {
    closeSync(target);
  }
}

function copyInto(target: number, path: string): void {
  const source = openSync(path, "r");
  const buffer = Buffer.alloc(COPY_BYTES);
  try {
    for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
      writeWhole(target, buffer.subarray(0, read));
    }
  } finally {
    closeSync(source);
  }
}

/** The operating system may take less at once than it is given. */
function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written);
  }
}
