/**
 * Which lever of the shop brings a figure back into its band, and the command that rehearses it
 * before somebody pulls it. What is told follows from which figures are off together.
 */
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import type { BandFigure, FigureInBand, Rehearsed } from "./forecast-watch.ts";

export interface RepairLever {
  /** Why this one, in plain words. */
  readonly why: string;
  /** As `run --change` takes it. */
  readonly change: string;
  /** What rehearses it. */
  readonly command: string;
}

interface Asked {
  readonly figure: BandFigure;
  readonly lies: FigureInBand["lies"];
  readonly inBands: readonly FigureInBand[];
  readonly rehearsed: Rehearsed;
  readonly elapsed: Ticks;
}

/** A half more: enough to be felt, and no more than a cloud gives at once. */
const MORE = 1.5;

/** Null where nothing that the shop can do would help. */
export function leverFor({ figure, lies, inBands, rehearsed, elapsed }: Asked): RepairLever | null {
  const slow = inBands.some((one) => one.figure === "p95" && one.lies === "above");
  const lever = leversOf(rehearsed, elapsed);
  if (slow) return lever.servers("pages are slower than rehearsed") ?? lever.room(1 / MORE);
  if (figure === "queue" && lies === "above") return lever.room(MORE) ?? lever.batches(MORE);
  if (lies === "above") return lever.batches(MORE);
  return figure === "queue" ? null : lever.batches(1 / MORE);
}

function leversOf({ plan, file }: Rehearsed, elapsed: Ticks) {
  const { launch, world } = plan;
  const at = `+${Math.max(1, Math.ceil(elapsed / MINUTE))}min`;
  const told = (why: string, value: string): RepairLever => {
    const change = `${at} ${value}`;
    return {
      why,
      change,
      command: `rehearse run ${file} --plan ${plan.name} --change '${change}'`,
    };
  };
  return {
    servers: (why: string): RepairLever | null => {
      if (world.fleet.max < 1) return null;
      const size = Math.max(world.fleet.min + 1, Math.ceil(world.fleet.initial * MORE));
      return told(`${why}: more servers`, `platform.fleet.min=${size}`);
    },
    room: (factor: number): RepairLever | null => {
      const capacity = world.waitingRoom?.capacity ?? null;
      if (capacity === null) return null;
      const size = Math.max(1, Math.round(capacity * factor));
      const why =
        factor > 1
          ? "the servers are no slower than rehearsed: let more in at once"
          : "the servers are slower than rehearsed: let fewer in at once";
      return told(why, `waiting-room.capacity=${size}`);
    },
    batches: (factor: number): RepairLever | null => {
      const last = launch.at + (launch.batches - 1) * launch.every;
      if (launch.batches < 2 || elapsed >= last) return null;
      const every = Math.max(1, Math.round((launch.every * factor) / SECOND));
      const why =
        factor > 1
          ? "more come than rehearsed: hold the next batches of the mailing back"
          : "fewer come than rehearsed and the servers keep up: send the next batches sooner";
      return told(why, `launch.every=${every}s`);
    },
  };
}
