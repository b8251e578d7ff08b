import { describe, expect, it } from "vitest";
import { SECOND } from "../engine/time.ts";
import { progressLine } from "./progress.ts";
import { Board } from "./worker/protocol.ts";

describe("the progress line", () => {
  it("shows the share, rehearsals done, virtual time, speed and time left", () => {
    const line = progressLine({
      rehearsals: [
        { ticks: 100 * SECOND, of: 100 * SECOND, events: 3_000_000 },
        { ticks: 0, of: 0, events: 0 },
      ],
      seconds: 2,
    });
    expect(line).toBe(
      "████████████░░░░░░░░░░░░ 50 %  1/2 rehearsals  1.67 min of virtual time  1.5 M events/s  2 s left".replace(
        "1.67 min",
        "100 s",
      ),
    );
  });

  it("does not guess the time left before anything has moved", () => {
    expect(progressLine({ rehearsals: [{ ticks: 0, of: 0, events: 0 }], seconds: 0 })).toContain(
      "starting",
    );
  });
});

describe("the board that workers share with the command line", () => {
  it("carries each row's progress and the wish to stop to whoever holds the same memory", () => {
    const board = Board.forTasks(2);
    const elsewhere = new Board(board.memory);
    elsewhere.report(1, { ticks: 5, of: 10, events: 7 });
    expect(board.read(1)).toEqual({ ticks: 5, of: 10, events: 7 });
    expect(board.read(0)).toEqual({ ticks: 0, of: 0, events: 0 });
    expect(elsewhere.stopped).toBe(false);
    board.stop();
    expect(elsewhere.stopped).toBe(true);
    expect(board.rows).toBe(2);
  });
});
