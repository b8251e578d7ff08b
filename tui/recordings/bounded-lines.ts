/** A file line by line, in bounded memory whatever its lines are like. */
/// <reference types="node" />
import { textBytes } from "./text-bytes.ts";

/** Bytes of the longest line that is read; a sale's event takes some hundreds. */
export const LINE_BYTES_MAX = 1_000_000;

export interface Line {
  /** 1 for the first. */
  readonly number: number;
  /** Without its end; null where it is longer than `LINE_BYTES_MAX`. */
  readonly text: string | null;
}

/** The lines of a file's text. */
export const fileLines = (path: string): AsyncGenerator<Line> => boundedLines(textBytes(path));

const NEWLINE = 10;

/** Lines end with \n or \r\n; a mark of the byte order is left out. Fails as the stream fails. */
export async function* boundedLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let kept: Buffer[] = [];
  let size = 0;
  const line = (): Line => {
    number += 1;
    const text = size > LINE_BYTES_MAX ? null : lineText(Buffer.concat(kept), number === 1);
    kept = [];
    size = 0;
    return { number, text };
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    keep(chunk.subarray(from));
  }
  if (size > 0) yield line();

  function keep(part: Buffer): void {
    size += part.length;
    if (size > LINE_BYTES_MAX) kept = [];
    else if (part.length > 0) kept.push(part);
  }
}

function lineText(bytes: Buffer, isFirst: boolean): string {
  const text = bytes.toString("utf8");
  const bare = isFirst && text.startsWith("\ufeff") ? text.slice(1) : text;
  return bare.endsWith("\r") ? bare.slice(0, -1) : bare;
}
