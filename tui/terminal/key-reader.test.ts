import fc from "fast-check";
import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { COMMON_KEYS, type KeyBinding, SCREEN_KEYS, SHELL_KEYS } from "../keys/key-table.ts";
import { KeyReader, type TerminalInput } from "./key-reader.ts";

const ESCAPE = "\u001b";

/** What terminals send for keys that are no characters (xterm, "PC-Style Function Keys"). */
const SENT: Readonly<Record<string, string>> = {
  up: `${ESCAPE}[A`,
  down: `${ESCAPE}[B`,
  right: `${ESCAPE}[C`,
  left: `${ESCAPE}[D`,
  "shift+left": `${ESCAPE}[1;2D`,
  "shift+right": `${ESCAPE}[1;2C`,
  home: `${ESCAPE}[H`,
  end: `${ESCAPE}[F`,
  pageup: `${ESCAPE}[5~`,
  pagedown: `${ESCAPE}[6~`,
  delete: `${ESCAPE}[3~`,
  tab: "\t",
  "shift+tab": `${ESCAPE}[Z`,
  enter: "\r",
  escape: ESCAPE,
  space: " ",
  backspace: "\u007f",
  "ctrl+c": "\u0003",
  "ctrl+p": "\u0010",
};

const bytesOf = (text: string) => new TextEncoder().encode(text);

function read(...texts: string[]): readonly TerminalInput[] {
  const reader = new KeyReader();
  return [...texts.flatMap((text) => reader.read(bytesOf(text))), ...reader.flush()];
}

const names = (inputs: readonly TerminalInput[]) =>
  inputs.map((input) => (input.kind === "key" ? input.name : input.kind));

const bindings: readonly KeyBinding[] = [
  ...SHELL_KEYS,
  ...COMMON_KEYS,
  ...Object.values(SCREEN_KEYS).flat(),
];
const documented = [...new Set(bindings.flatMap(({ keys }) => keys))];

describe("a key reader", () => {
  it.each(documented)("knows the documented key %s, whole and cut anywhere", (key) => {
    const sent = SENT[key] ?? key;
    expect([...key].length === 1 || key in SENT).toBe(true);
    expect(names(read(sent))).toEqual([key]);
    for (let cut = 1; cut < sent.length; cut += 1) {
      expect(names(read(sent.slice(0, cut), sent.slice(cut)))).toEqual([key]);
    }
  });

  it("tells keys apart that came in one read", () => {
    expect(names(read(`jk${ESCAPE}[A\r:`))).toEqual(["j", "k", "up", "enter", ":"]);
  });

  it("drops what means nothing: focus reports, answers, keys beyond the table", () => {
    expect(read(`${ESCAPE}[I${ESCAPE}[O${ESCAPE}[?1;2c${ESCAPE}[99~${ESCAPE}[<35;3;3M`)).toEqual(
      [],
    );
    expect(names(read(`${ESCAPE}[1;5P`))).toEqual(["ctrl+f1"]);
  });

  it("reads the mouse, and pasted text as a whole", () => {
    expect(read(`${ESCAPE}[<0;10;5M${ESCAPE}[<64;1;1M`)).toEqual([
      { kind: "mouse", mouse: { kind: "press", column: 9, row: 4 } },
      { kind: "mouse", mouse: { kind: "wheel-up", column: 0, row: 0 } },
    ]);
    const pasted = `${ESCAPE}[200~q${ESCAPE}[A quit${ESCAPE}[201~j`;
    const whole = read(pasted);
    expect(whole[0]).toEqual({ kind: "paste", text: `q${ESCAPE}[A quit` });
    expect(names(whole)).toEqual(["paste", "j"]);
    expect(read(pasted.slice(0, 12), pasted.slice(12))).toEqual(whole);
  });

  it("takes a megabyte of random bytes in random cuts, and knows the keys after them", () => {
    const reader = new KeyReader();
    const kinds = new Set<string>();
    const draw = seedrandom("key-reader");
    const bytes = Uint8Array.from({ length: 1_048_576 }, () => Math.floor(draw() * 256));
    for (let from = 0; from < bytes.length; ) {
      const to = from + 1 + Math.floor(draw() * 512);
      for (const input of reader.read(bytes.subarray(from, to))) kinds.add(input.kind);
      if (draw() < 0.1) reader.flush();
      from = to;
    }
    reader.flush();
    reader.flush();
    expect([...kinds]).toContain("key");
    expect(names(reader.read(bytesOf("j")))).toEqual(["j"]);
  });

  it("never throws on bytes that look like sequences", () => {
    const part = fc.constantFrom(
      ...[ESCAPE, "[", "O", "<", ";", "1", "200~", "201~", "M", "m", "A", "~", "\u0000", "é"],
    );
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 12 })), (reads) => {
        const reader = new KeyReader();
        for (const one of reads) reader.read(bytesOf(one.join("")));
        reader.flush();
        reader.flush();
        expect(reader.unfinished).toBe(false);
      }),
    );
  });
});
