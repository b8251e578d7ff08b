import { Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import { type OutputStream, printTo } from "./shell.ts";

/** A stream whose writes end as the test says; `code` is null where all went well. */
function streamThat(code: string | null): OutputStream {
  return {
    write: (_text, written) => {
      written(code === null ? null : Object.assign(new Error(code), { code }));
      return true;
    },
  };
}

const failureOf = (stream: OutputStream) =>
  Either.match(Effect.runSync(Effect.either(printTo(stream, "text"))), {
    onLeft: ({ lines, code }) => ({ lines, code }),
    onRight: () => null,
  });

describe("what a verb prints", () => {
  it("is written, or said to be lost in one line with code 2", () => {
    expect(failureOf(streamThat(null))).toBeNull();
    const lost = failureOf(streamThat("ENOSPC"));
    expect(lost?.code).toBe(2);
    expect(lost?.lines).toHaveLength(1);
    expect(lost?.lines[0]).toContain("stdout could not be written whole: the disk is full.");
  });

  it("is lost without a word where the reader went away", () => {
    expect(failureOf(streamThat("EPIPE"))).toBeNull();
    expect(failureOf(streamThat("ERR_STREAM_DESTROYED"))).toBeNull();
  });
});
