import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdmissionPace } from "./admission-pace.ts";
import { lotOf } from "./lot.ts";
import type { AdmittedTicket, EndedPlace, RoomLimits } from "./ticket.ts";
import { WaitingRoom } from "./waiting-room.ts";

const MINUTE = 60_000;
const LIMITS: RoomLimits = {
  active: 10,
  perMinute: null,
  lanes: [{ name: "all", share: 1, opensAt: null }],
  engages: { from: null, above: 0 },
  passMillis: MINUTE,
  sessionMillis: 5 * MINUTE,
  keptMillis: MINUTE,
  adaptive: null,
  drawSeed: "drawn in the open",
};
const LANES = [
  { name: "vip", share: 0.75, opensAt: null },
  { name: "all", share: 0.25, opensAt: null },
];

class Trial {
  readonly room: WaitingRoom;
  now = 1_000_000;

  constructor(limits: Partial<RoomLimits> = {}) {
    this.room = new WaitingRoom({ ...LIMITS, ...limits }, [1, 2]);
  }

  join(shopper: string, lane = "all") {
    return this.room.join({ shopper, lane, now: this.now });
  }

  ticketOf(shopper: string, lane = "all"): number {
    const answer = this.join(shopper, lane);
    return "ticket" in answer ? answer.ticket : -1;
  }

  admit(limit = 1_000): readonly AdmittedTicket[] {
    return this.room.admit({ now: this.now, limit }).admitted;
  }

  sweep(): EndedPlace[] {
    const ended: EndedPlace[] = [];
    for (let end = this.room.endNext(this.now); end !== null; end = this.room.endNext(this.now)) {
      ended.push(end);
    }
    return ended;
  }

  crowd(count: number, lane = "all", prefix = "s"): string[] {
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    for (const name of names) this.join(name, lane);
    return names;
  }

  books(): void {
    const { taken, waiting, passes, inside, ended } = this.room.snapshot();
    expect(waiting + passes + inside + ended).toBe(taken);
  }
}

const names = (all: readonly { readonly shopper: string }[]) => all.map(({ shopper }) => shopper);

describe("the waiting room", () => {
  it("lets shoppers walk in while there are places, and the next ones wait in their order", () => {
    const trial = new Trial();
    trial.crowd(10, "all", "early");
    expect(trial.join("ann")).toMatchObject({ _tag: "Waiting", ahead: 0 });
    expect(trial.join("bob")).toMatchObject({ _tag: "Waiting", ahead: 1 });
    expect(trial.admit()).toEqual([]);
    trial.room.leave({ ticket: trial.ticketOf("early-3"), shopper: "early-3", now: trial.now });
    // The free place is ann's: who comes now does not walk past her.
    expect(trial.join("cid")).toMatchObject({ _tag: "Waiting", ahead: 2 });
    expect(names(trial.admit())).toEqual(["ann"]);
    trial.books();
  });

  it("gives one shopper one place however often they come, reload or ask", () => {
    const trial = new Trial({ active: 1 });
    trial.join("ann");
    const first = trial.join("bob");
    trial.join("cid");
    for (let again = 0; again < 5; again += 1)
      expect(trial.join("bob")).toEqual({ ...first, taken: false });
    expect(trial.room.snapshot()).toMatchObject({ taken: 3, waiting: 2, inside: 1 });
    expect(trial.join("ann")).toMatchObject({ _tag: "Inside", entered: false });
  });

  it("lets more or fewer be inside when its pace is changed, and sends nobody out", () => {
    const pace = new AdmissionPace({ ...LIMITS, active: 2 });
    const room = new WaitingRoom({ ...LIMITS, active: 2 }, [1, 2], pace);
    const now = 1_000_000;
    for (const shopper of ["ann", "bob", "cid", "dan"]) room.join({ shopper, lane: "all", now });
    expect(room.snapshot()).toMatchObject({ inside: 2, waiting: 2 });
    pace.resize(3);
    expect(names(room.admit({ now, limit: 10 }).admitted)).toEqual(["cid"]);
    pace.resize(1);
    expect(room.admit({ now, limit: 10 }).admitted).toEqual([]);
    expect(room.snapshot()).toMatchObject({ inside: 2, passes: 1, waiting: 1, activeLimit: 1 });
  });

  it("keeps the share of its capacity from which on it holds back, and its adaptive limit", () => {
    const engages = { from: null, above: 4 };
    const adaptive = { activeMin: 2, targetMillis: 1_000, intervalMillis: 5_000 };
    const pace = new AdmissionPace({ ...LIMITS, active: 10, engages, adaptive });
    pace.resize(20);
    expect([pace.holdsBackFrom, pace.activeLimit]).toEqual([8, 20]);
    pace.resize(1);
    expect([pace.holdsBackFrom, pace.activeLimit]).toEqual([0, 1]);
  });

  it("lends places to an open door only while nobody waits, and never more than are free", () => {
    const trial = new Trial({ active: 10 });
    const lend = (used: number, inside: number) =>
      trial.room.lend({ now: trial.now, used, inside });
    trial.crowd(4);
    expect(lend(0, 0)).toBe(3);
    expect(trial.room.snapshot()).toMatchObject({ inside: 4, lent: 3 });
    // Who asks finds the places that are not lent, and then the line.
    expect(trial.crowd(3, "all", "more")).toHaveLength(3);
    expect(trial.join("late")._tag).toBe("Waiting");
    expect(lend(2, 2)).toBe(0);
    expect(trial.room.snapshot()).toMatchObject({ inside: 7, lent: 2, waiting: 1 });
    expect(names(trial.admit())).toEqual(["late"]);
    expect(() => lend(1, 3)).toThrow("uses what it was lent");
    trial.books();
  });

  it("lends no more than its rate allows, and takes back what was not used", () => {
    const trial = new Trial({ active: null, perMinute: 60 });
    const lend = (used: number) => trial.room.lend({ now: trial.now, used, inside: used });
    let lent = lend(0);
    let came = 0;
    for (let second = 0; second < 600; second += 1) {
      trial.now += 1_000;
      came += lent;
      lent = trial.room.lend({ now: trial.now, used: lent, inside: 0 });
    }
    expect(came).toBeGreaterThan(590);
    expect(came).toBeLessThanOrEqual(605);
    trial.now += 60_000;
    expect(lend(0)).toBe(2);
    expect(trial.crowd(9, "all", "asks")).toHaveLength(9);
    expect(trial.room.snapshot()).toMatchObject({ inside: 3, lent: 2, waiting: 6 });
  });

  it("shows how far one has come", () => {
    const trial = new Trial({ active: 4 });
    const inside = trial.crowd(4, "all", "in");
    trial.crowd(8);
    const last = trial.ticketOf("s-7");
    const place = () => trial.room.look({ ticket: last, shopper: "s-7", now: trial.now });
    expect(place()).toMatchObject({ ahead: 7, progress: 0 });
    for (const shopper of inside) {
      trial.room.leave({ ticket: trial.ticketOf(shopper), shopper, now: trial.now });
    }
    trial.admit();
    expect(place()).toMatchObject({ ahead: 3, progress: 1 - 3 / 7 });
  });

  it("redeems a pass once in time, and gives the place of a no-show to the next", () => {
    const trial = new Trial({ active: 1, keptMillis: 60 * MINUTE });
    const ann = trial.ticketOf("ann");
    const [bob, cid] = [trial.ticketOf("bob"), trial.ticketOf("cid")];
    trial.room.leave({ ticket: ann, shopper: "ann", now: trial.now });
    expect(names(trial.admit())).toEqual(["bob"]);
    expect(trial.admit()).toEqual([]);
    const late = { ticket: bob, shopper: "bob", now: trial.now + MINUTE };
    expect(trial.room.redeem(late)).toEqual({ _tag: "PassLate" });
    trial.now += MINUTE + 1_000;
    expect(trial.sweep()).toMatchObject([{ shopper: "bob", why: "noShow" }]);
    expect(names(trial.admit())).toEqual(["cid"]);
    const pass = { ticket: cid, shopper: "cid", now: trial.now };
    expect(trial.room.redeem({ ...pass, shopper: "mallory" })).toEqual({ _tag: "NoPlace" });
    expect(trial.room.redeem(pass)).toMatchObject({ _tag: "Inside", entered: true });
    expect(trial.room.redeem(pass)).toMatchObject({ _tag: "Inside", entered: false });
    expect(trial.join("bob")).toMatchObject({ _tag: "Waiting", ahead: 0 });
    trial.books();
  });

  it("is not stalled by places whose shoppers went away without a word", () => {
    const trial = new Trial({ active: 1 });
    const ann = trial.ticketOf("ann");
    trial.crowd(100, "all", "gone");
    const stays = trial.ticketOf("stays");
    for (let look = 0; look < 4; look += 1) {
      trial.now += 20_000;
      trial.room.look({ ticket: stays, shopper: "stays", now: trial.now });
    }
    expect(trial.sweep().filter(({ why }) => why === "abandoned")).toHaveLength(100);
    trial.room.leave({ ticket: ann, shopper: "ann", now: trial.now });
    expect(names(trial.admit())).toEqual(["stays"]);
    trial.books();
  });

  it("counts a shopper as inside for a session after their last request", () => {
    const trial = new Trial({ active: 1 });
    const ann = trial.ticketOf("ann");
    const inside = () => trial.room.snapshot().inside;
    const renew = () => trial.room.renew({ ticket: ann, shopper: "ann", now: trial.now });
    trial.now += 4 * MINUTE;
    expect(renew()._tag).toBe("Inside");
    trial.now += 4 * MINUTE;
    expect(trial.sweep()).toEqual([]);
    trial.now += MINUTE;
    expect(renew()._tag).toBe("NoPlace");
    expect(trial.sweep()).toMatchObject([{ shopper: "ann", why: "idle" }]);
    expect(inside()).toBe(0);
  });

  it("draws lots among those who came before the start, by a seed that anybody can check", () => {
    const opensAt = 2_000_000;
    const trial = new Trial({
      active: 50,
      lanes: [{ name: "all", share: 1, opensAt }],
      keptMillis: 60 * MINUTE,
    });
    const early = trial.crowd(200);
    expect(trial.join("s-0")).toMatchObject({ ahead: null, estimateMillis: null, opensAt });
    expect(trial.admit()).toEqual([]);
    trial.now = opensAt;
    const lots = [...early].sort(
      (one, other) => lotOf(LIMITS.drawSeed, one) - lotOf(LIMITS.drawSeed, other),
    );
    expect(lots).not.toEqual(early);
    const answer = trial.room.admit({ now: trial.now, limit: 1_000 });
    expect(answer.lots).toEqual([{ lane: "all", tickets: 200, first: 1 }]);
    expect(names(answer.admitted)).toEqual(lots.slice(0, 50));
    expect(trial.join("late")).toMatchObject({ _tag: "Waiting", ahead: 150 });
    trial.books();
  });

  it("draws fairly: an early place in the lobby is worth no more than a late one", () => {
    const all = Array.from({ length: 10_000 }, (_, index) => `shopper-${index}`);
    const half = all.map((name) => lotOf("seed/1", name)).sort((one, other) => one - other)[5_000];
    const lucky = all.map((name) => (lotOf("seed/1", name) < (half as number) ? 1 : 0));
    for (let from = 0; from < 10_000; from += 1_000) {
      const count = lucky.slice(from, from + 1_000).reduce<number>((sum, one) => sum + one, 0);
      expect(Math.abs(count - 500)).toBeLessThan(4 * Math.sqrt(250));
    }
  });

  it("opens one lane before the other where VIPs come in early", () => {
    const lanes = [
      { name: "vip", share: 0.5, opensAt: 1_100_000 },
      { name: "all", share: 0.5, opensAt: 2_000_000 },
    ];
    const trial = new Trial({ active: 3, lanes, keptMillis: 60 * MINUTE });
    trial.crowd(5, "all", "all");
    trial.crowd(2, "vip", "vip");
    trial.now = 1_100_000;
    expect(names(trial.admit()).sort()).toEqual(["vip-0", "vip-1"]);
    // A VIP who comes while only the other lane's lobby waits walks in.
    expect(trial.join("vip-2", "vip")).toMatchObject({ _tag: "Inside", entered: true });
    expect(trial.join("all-5")).toMatchObject({ _tag: "Waiting", ahead: null });
    trial.now = 2_000_000;
    trial.sweep();
    expect(trial.admit().every(({ lane }) => lane === "all")).toBe(true);
  });

  it("gives both lanes their shares while both wait", () => {
    const trial = new Trial({ active: null, perMinute: 60, lanes: LANES, keptMillis: 1e9 });
    trial.crowd(200, "vip", "vip");
    trial.crowd(200, "all", "all");
    const admitted: AdmittedTicket[] = [];
    for (let second = 0; second < 100; second += 1) {
      trial.now += 1_000;
      admitted.push(...trial.admit());
    }
    expect(admitted).toHaveLength(100);
    expect(admitted.filter(({ lane }) => lane === "vip")).toHaveLength(75);
  });

  it("holds nobody back before its time or below its load, and then until nobody waits", () => {
    const early = new Trial({ active: 1, engages: { from: 1_100_000, above: 0 } });
    early.crowd(5);
    expect(early.room.snapshot().inside).toBe(5);
    early.now = 1_100_000;
    expect(early.join("late")._tag).toBe("Waiting");

    const loaded = new Trial({ active: 10, perMinute: 1, engages: { from: null, above: 4 } });
    loaded.crowd(4);
    expect(loaded.room.snapshot().inside).toBe(4);
    expect(loaded.join("fifth")._tag).toBe("Inside");
    expect(loaded.join("sixth")._tag).toBe("Waiting");
  });

  it("keeps the places while units are only held, and sends everybody home when all is sold", () => {
    const trial = new Trial({ active: 1 });
    const ann = trial.ticketOf("ann");
    const waiting = trial.crowd(3);
    trial.room.tell("held");
    trial.room.leave({ ticket: ann, shopper: "ann", now: trial.now });
    expect(trial.admit()).toEqual([]);
    expect(trial.join("s-1")).toMatchObject({ _tag: "Waiting", ahead: 1, soldOut: true });
    trial.room.tell("some");
    expect(names(trial.admit())).toEqual(["s-0"]);
    trial.room.tell("none");
    expect(trial.join("s-1")).toEqual({ _tag: "RoomClosed", why: "soldOut" });
    expect(trial.join("new")).toEqual({ _tag: "RoomClosed", why: "soldOut" });
    expect(names(trial.sweep()).sort()).toEqual(waiting.slice(1).sort());
    expect(trial.room.waiting).toBe(0);
    trial.books();
  });

  it("never lets more in than there are places, and admits each lane in its order, whatever happens", () => {
    const step = fc.oneof(
      fc.record({ join: fc.nat(60), vip: fc.boolean() }),
      fc.record({ leave: fc.nat(60) }),
      fc.record({ redeem: fc.nat(60) }),
      fc.record({ passes: fc.integer({ min: 1, max: 90_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const trial = new Trial({ active: 5, lanes: LANES, passMillis: 30_000 });
        const tickets = new Map<number, number>();
        const last = new Map<string, number>();
        for (const one of steps) {
          if ("join" in one) {
            const answer = trial.join(`s-${one.join}`, one.vip ? "vip" : "all");
            if ("ticket" in answer) tickets.set(one.join, answer.ticket);
          } else if ("passes" in one) {
            trial.now += one.passes;
            trial.sweep();
            for (const { lane, number } of trial.admit()) {
              expect(number).toBeGreaterThan(last.get(lane) ?? 0);
              last.set(lane, number);
            }
          } else {
            const who = "leave" in one ? one.leave : one.redeem;
            const ticket = { ticket: tickets.get(who) ?? 0, shopper: `s-${who}`, now: trial.now };
            if ("leave" in one) trial.room.leave(ticket);
            else trial.room.redeem(ticket);
          }
          const { inside, passes } = trial.room.snapshot();
          expect(inside + passes).toBeLessThanOrEqual(5);
          trial.books();
        }
      }),
      { numRuns: 150 },
    );
  });

  it("estimates the wait of a steady line within a fifth, and says which lines were steady", () => {
    const trial = new Trial({ active: null, perMinute: 600, keptMillis: 1e9 });
    const off: number[] = [];
    let steady = 0;
    for (let second = 0; second < 900; second += 1) {
      trial.now += 1_000;
      trial.crowd(12, "all", `at-${second}`);
      for (const ticket of trial.admit()) {
        if (ticket.estimatedMillis === null || second < 60) continue;
        off.push(Math.abs(ticket.estimatedMillis - ticket.waitedMillis) / ticket.waitedMillis);
        if (ticket.steady) steady += 1;
      }
    }
    expect(off.length).toBeGreaterThan(8_000);
    expect(off.filter((error) => error <= 0.2).length).toBeGreaterThan(0.99 * off.length);
    expect(steady).toBeGreaterThan(0.95 * off.length);
  });

  it("carries a million tickets", () => {
    const trial = new Trial({ active: 1_000, keptMillis: 1e9 });
    trial.crowd(1_000_000);
    expect(trial.join("s-999999")).toMatchObject({ ahead: 998_999 });
    for (let index = 0; index < 1_000; index += 1) {
      const shopper = `s-${index}`;
      trial.room.leave({ ticket: trial.ticketOf(shopper), shopper, now: trial.now });
    }
    expect(names(trial.admit(2_000))).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `s-${index + 1_000}`),
    );
    trial.books();
  });
});
