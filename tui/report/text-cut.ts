/// <reference types="node" />
/** A text that may only be so long ends at a whole line, and says that it was cut. */

/** The text, or its first whole lines with the note where it is longer than the bytes that are left. */
export function cutToBytes(text: string, bytes: number, note: string): string {
  const encoded = Buffer.from(text, "utf8");
  if (encoded.length < bytes) return text;
  const room = bytes - Buffer.byteLength(note) - 1;
  if (room <= 0) return "";
  const kept = encoded.subarray(0, room).toString("utf8");
  const lastLine = kept.lastIndexOf("\n");
  return lastLine <= 0 ? "" : kept.slice(0, lastLine) + note;
}
