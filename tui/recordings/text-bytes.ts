/**
 * The text of a file as UTF-8, a piece at a time, whatever it was kept as: what is packed with gzip
 * is unpacked, UTF-16 and Windows-1252 are brought to UTF-8, lines that end in a bare carriage
 * return get a newline. Archives and workbooks are refused with what to do.
 */
/// <reference types="node" />
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

/** How a file begins that holds no text, and what to do with it. */
const NO_TEXT: readonly (readonly [begins: string, what: string])[] = [
  ["504b0304", "it is a zip archive or a workbook: unpack it, or save its sheet as CSV"],
  ["d0cf11e0", "it is a workbook: save its sheet as CSV"],
  ["28b52ffd", "it is packed with zstd: unpack it first"],
  ["fd377a58", "it is packed with xz: unpack it first"],
  ["425a68", "it is packed with bzip2: unpack it first"],
  ["25504446", "it is a PDF: export the table itself"],
  ["50415231", "it is a Parquet file: write it as CSV"],
  ["53514c69746520666f726d6174", "it is a database of SQLite: export its table as CSV"],
];
const GZIP = "1f8b";

/** Fails as the file system does, and where a file holds no text. */
export async function* textBytes(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  try {
    const bytes = await begun(file);
    const packed = startsWith(bytes.first, GZIP);
    const { first, rest } = packed ? await begun(unpacked(bytes)) : bytes;
    if (first === null) return;
    for (const [begins, what] of NO_TEXT) if (startsWith(first, begins)) throw new Error(what);
    const change = changeOf(first);
    yield change(first);
    for await (const chunk of rest) yield change(chunk);
  } finally {
    file.destroy();
  }
}

interface Begun {
  /** Null where there is nothing. */
  readonly first: Buffer | null;
  readonly rest: AsyncIterable<Buffer>;
}

async function begun(bytes: AsyncIterable<Buffer>): Promise<Begun> {
  const chunks = bytes[Symbol.asyncIterator]();
  const { value, done } = await chunks.next();
  const rest = { [Symbol.asyncIterator]: () => chunks };
  return { first: done === true ? null : (value as Buffer), rest };
}

function startsWith(bytes: Buffer | null, hex: string): boolean {
  return bytes !== null && bytes.toString("hex", 0, hex.length / 2) === hex;
}

async function* unpacked({ first, rest }: Begun): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feeding = feed();
  // Where unpacking fails the feeding is of no more interest.
  feeding.catch((error: Error) => gunzip.destroy(error));
  yield* gunzip as AsyncIterable<Buffer>;
  await feeding;

  async function feed(): Promise<void> {
    if (first !== null) gunzip.write(first);
    for await (const chunk of rest) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk)) await drained();
    }
    gunzip.end();
  }

  function drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        gunzip.off("drain", done).off("close", done);
        resolve();
      };
      gunzip.on("drain", done).on("close", done);
    });
  }
}

/** Bytes that are looked at to find out how a text is written. */
const LOOKED_AT = 4_096;
const [NEWLINE, RETURN] = [10, 13];

/** What brings each piece of a text that begins so to UTF-8 with newlines. */
function changeOf(first: Buffer): (chunk: Buffer) => Buffer {
  const encoding = encodingOf(first);
  if (encoding !== "utf-8") {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    const decoded = (chunk: Buffer) => Buffer.from(decoder.decode(chunk, { stream: true }));
    return decoded;
  }
  if (!first.includes(RETURN) || first.includes(NEWLINE)) return (chunk) => chunk;
  return (chunk) => chunk.map((byte) => (byte === RETURN ? NEWLINE : byte)) as Buffer;
}

function encodingOf(first: Buffer): "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" {
  if (startsWith(first, "fffe")) return "utf-16le";
  if (startsWith(first, "feff")) return "utf-16be";
  const looked = first.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  looked.forEach((byte, place) => {
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > looked.length / 4 && even === 0) return "utf-16le";
  if (even > looked.length / 4 && odd === 0) return "utf-16be";
  return isUtf8(wholeLetters(first)) ? "utf-8" : "windows-1252";
}

/** Without a letter of several bytes that the end of the piece may have cut. */
function wholeLetters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}
