import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Emulator } from "./emulator.ts";
import { FrameWriter } from "./frame-writer.ts";

const ESCAPE = "\u001b[";
const CLEARS = [`${ESCAPE}2J`, `${ESCAPE}3J`];

/** A terminal that keeps what it was sent; it can be slow. */
class Wire {
  sent = "";
  slow = false;
  #drained: (() => void)[] = [];

  write(text: string): boolean {
    this.sent += text;
    return !this.slow;
  }

  once(_event: "drain", listener: () => void): void {
    this.#drained.push(listener);
  }

  drain(): void {
    this.slow = false;
    for (const listener of this.#drained.splice(0)) listener();
  }

  take(): string {
    const { sent } = this;
    this.sent = "";
    return sent;
  }
}

/** Pieces of a line, wide characters, colours and Braille among them. */
const piece = fc.constantFrom(
  ...["a", "shopper", " ", "   ", "│", "╭──", "⡠⠊⠒⡄", "売", "é", `${ESCAPE}32m7 %${ESCAPE}0m`],
);

function plain(line: string): string {
  return line.replaceAll(`${ESCAPE}32m`, "").replaceAll(`${ESCAPE}0m`, "").trimEnd();
}

const size = fc.record({
  columns: fc.integer({ min: 20, max: 60 }),
  rows: fc.integer({ min: 2, max: 12 }),
});

/** A frame that fits the smallest terminal across, and any down. */
const frame = fc.array(
  fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("").slice(0, 60)),
  { minLength: 1, maxLength: 12 },
);

const step = fc.oneof(
  { weight: 6, arbitrary: frame.map((lines) => ({ kind: "frame" as const, lines })) },
  { weight: 1, arbitrary: size.map((to) => ({ kind: "resize" as const, to })) },
);

describe("a frame writer", () => {
  it("makes the terminal show the newest frame, whatever was shown before", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.array(step, { minLength: 2, maxLength: 20 }), async (at, steps) => {
        let { columns, rows } = at;
        const wire = new Wire();
        const emulator = await Emulator.open(columns, rows);
        const writer = new FrameWriter(wire);
        writer.enter();
        let shown: readonly string[] = [];
        for (const one of steps) {
          if (one.kind === "resize") {
            ({ columns, rows } = one.to);
            emulator.resize(columns, rows);
            writer.repaint();
          } else {
            shown = one.lines;
          }
          const lines = shown.slice(0, rows);
          writer.draw(lines, columns);
          await emulator.write(wire.take());
          const wanted = Array.from({ length: rows }, (_, row) => plain(lines[row] ?? ""));
          expect(emulator.lines().map((line) => line.trimEnd())).toEqual(wanted);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never clears after the first frame of a size, and sends nothing for what stands there", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.enter();
    writer.draw(["one", "two"], 20);
    expect(wire.take()).toContain(CLEARS[0]);
    for (let count = 0; count < 100; count += 1) writer.draw([`one ${count}`, "two"], 20);
    const sent = wire.take();
    for (const clear of CLEARS) expect(sent).not.toContain(clear);
    expect(sent).not.toContain("two");
    writer.draw(["one 99", "two"], 20);
    expect(wire.take()).toBe("");
  });

  it("keeps only the newest frame for a terminal that cannot keep up", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.enter();
    wire.slow = true;
    writer.draw(["first"], 20);
    writer.draw(["second"], 20);
    writer.draw(["third"], 20);
    expect(wire.take()).not.toContain("second");
    expect(writer.counts.skipped).toBe(1);
    wire.drain();
    expect(wire.take()).toContain("third");
  });

  it("gives the terminal back once, and draws nothing afterwards", async () => {
    const wire = new Wire();
    const emulator = await Emulator.open(20, 4);
    await emulator.write("before");
    const writer = new FrameWriter(wire);
    writer.enter();
    writer.draw(["a frame"], 20);
    await emulator.write(wire.take());
    expect(emulator.alternate).toBe(true);
    writer.leave();
    writer.leave();
    writer.draw(["too late"], 20);
    const sent = wire.take();
    expect(sent.split("?1049l")).toHaveLength(2);
    expect(sent).toContain(`${ESCAPE}?25h`);
    await emulator.write(sent);
    expect(emulator.alternate).toBe(false);
    expect(emulator.lines()[0]).toBe("before");
  });

  it("rings the bell until it has left, also where it draws no frames", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.ring();
    expect(wire.take()).toBe("\u0007");
    writer.enter();
    wire.take();
    writer.ring();
    expect(wire.take()).toBe("\u0007");
    writer.leave();
    wire.take();
    writer.ring();
    expect(wire.take()).toBe("");
  });
});
