/**
 * The audit of a stock ledger: conservation of units from the levels (I01), the same again from
 * the holds, serial numbers (I04), ends of holds (I10, I11, I12) and limits per shopper and per person (I13).
 */
import { type Finding, Findings, increase } from "./audit.ts";
import type { HoldRecord, SerialRange, StockLevel, StockSnapshot } from "./hold.ts";

export interface StockAuditOptions {
  /** When the snapshot was read, milliseconds since 1970; left out, no hold is overdue. */
  readonly now?: number;
  /** The longest time between two sweeps, milliseconds. */
  readonly sweepEvery?: number;
}

export function auditStock(
  snapshot: StockSnapshot,
  options: StockAuditOptions = {},
): readonly Finding[] {
  const findings = new Findings();
  for (const level of snapshot.levels) auditLevel(level, findings);
  auditUnitsOfHolds(snapshot, findings);
  auditLimits(snapshot, findings);
  auditPersonLimits(snapshot, findings);
  auditEnds(snapshot, options, findings);
  const serials: SerialRange[] = [];
  for (const hold of snapshot.holds) serials.push(...hold.serials);
  auditSerials(serials, findings);
  return findings.list;
}

/** I04: every serial number of a SKU was given once. */
export function auditSerials(ranges: readonly SerialRange[], findings: Findings): void {
  const nextOf = new Map<string, number>();
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const next = nextOf.get(range.sku) ?? 1;
    findings.expect(
      range.first >= next,
      "I04",
      () => `${range.sku}: serial number ${range.first} was given twice`,
    );
    nextOf.set(range.sku, Math.max(next, range.first + range.units));
  }
}

function auditLevel(level: StockLevel, findings: Findings): void {
  const { sku, available, held, sold, quarantined, initial, restocked, writtenOff } = level;
  findings.expect(
    [available, held, sold, quarantined].every(
      (units) => Number.isSafeInteger(units) && units >= 0,
    ),
    "I01",
    () => `${sku}: ${available} available, ${held} held, ${sold} sold, ${quarantined} quarantined`,
  );
  const there = available + held + sold + quarantined;
  const given = initial + restocked - writtenOff;
  findings.expect(there === given, "I01", () => `${sku}: ${there} units of ${given}`);
}

/** I01 again, from the holds instead of the levels. */
function auditUnitsOfHolds(snapshot: StockSnapshot, findings: Findings): void {
  const held = new Map<string, number>();
  const sold = new Map<string, number>();
  for (const hold of snapshot.holds) {
    const sums = hold.state === "live" ? held : hold.state === "sold" ? sold : null;
    if (sums === null) continue;
    for (const line of hold.lines) increase(sums, line.sku, line.units);
  }
  for (const level of snapshot.levels) {
    const { sku } = level;
    const heldAgain = held.get(sku) ?? 0;
    const soldAgain = sold.get(sku) ?? 0;
    findings.expect(
      heldAgain === level.held,
      "I01",
      () => `${sku}: ${level.held} units held, but ${heldAgain} in live holds`,
    );
    findings.expect(
      soldAgain === level.sold,
      "I01",
      () => `${sku}: ${level.sold} units sold, but ${soldAgain} in sold holds`,
    );
    const given = level.initial + level.restocked - level.writtenOff;
    findings.expect(
      heldAgain + soldAgain <= given,
      "I01",
      () => `${sku}: ${heldAgain + soldAgain} units held and sold of ${given}`,
    );
  }
}

function auditLimits(snapshot: StockSnapshot, findings: Findings): void {
  const limits = new Map(snapshot.levels.map((level) => [level.sku, level.limitPerShopper]));
  const counted = new Map<string, number>();
  for (const hold of snapshot.holds) {
    if (hold.state !== "live" && hold.state !== "sold") continue;
    for (const line of hold.lines) {
      const limit = limits.get(line.sku) ?? null;
      if (limit === null) continue;
      const key = `${line.sku} of ${hold.shopper}`;
      increase(counted, key, line.units);
      const units = counted.get(key) ?? 0;
      findings.expect(units <= limit, "I13", () => `${key}: ${units} units, limit ${limit}`);
    }
  }
}

/** I13 for people: nobody has more than the limit, whatever the number of shoppers they come as. */
function auditPersonLimits(snapshot: StockSnapshot, findings: Findings): void {
  const limits = new Map(snapshot.levels.map((level) => [level.sku, level.limitPerPerson]));
  const counted = new Map<string, number>();
  for (const { state, lines, person } of snapshot.holds) {
    if (state !== "live" && state !== "sold") continue;
    for (const { sku, units } of lines) auditPerson(person, sku, units);
  }

  function auditPerson(person: readonly string[], sku: string, units: number): void {
    const limit = limits.get(sku) ?? null;
    if (limit === null) return;
    for (const name of person) {
      const key = `${sku} of the person behind ${name}`;
      increase(counted, key, units);
      const all = counted.get(key) ?? 0;
      findings.expect(all <= limit, "I13", () => `${key}: ${all} units, limit ${limit}`);
    }
  }
}

function auditEnds(snapshot: StockSnapshot, options: StockAuditOptions, findings: Findings): void {
  const { totals, holds } = snapshot;
  const ended = totals.released + totals.expired + totals.sold;
  findings.expect(
    totals.taken === totals.live + ended,
    "I12",
    () => `${totals.taken} holds taken, ${totals.live} live and ${ended} ended`,
  );
  const epochs = new Set<number>();
  let live = 0;
  let sold = 0;
  for (const { epoch, state } of holds) {
    epochs.add(epoch);
    if (state === "live") live += 1;
    if (state === "sold") sold += 1;
  }
  findings.expect(
    live === totals.live && sold === totals.sold,
    "I12",
    () => `${live} live and ${sold} sold holds, counted ${totals.live} and ${totals.sold}`,
  );
  findings.expect(epochs.size === holds.length, "I12", () => "two holds have one epoch");
  const holdOfOrder = new Map<string, string>();
  for (const hold of holds) auditHold(hold, holdOfOrder, options, findings);
}

function auditHold(
  hold: HoldRecord,
  holdOfOrder: Map<string, string>,
  options: StockAuditOptions,
  findings: Findings,
): void {
  const { state, order, expiresAt, endedAt } = hold;
  findings.expect(
    (state === "live") === (endedAt === null) && (state === "sold") === (order !== null),
    "I12",
    () => `hold ${hold.hold} is ${state}, ended at ${endedAt}, for order ${order}`,
  );
  if (state === "live" && options.now !== undefined) {
    const latest = expiresAt + (options.sweepEvery ?? 0);
    findings.expect(
      options.now <= latest,
      "I10",
      () => `hold ${hold.hold} was due at ${expiresAt} and lives at ${options.now}`,
    );
  }
  if (state !== "sold" || order === null) return;
  findings.expect(
    endedAt !== null && endedAt < expiresAt,
    "I10",
    () => `hold ${hold.hold} was sold at ${endedAt}, after its end at ${expiresAt}`,
  );
  const other = holdOfOrder.get(order);
  findings.expect(
    other === undefined,
    "I11",
    () => `order ${order} bought the holds ${other} and ${hold.hold}`,
  );
  holdOfOrder.set(order, hold.hold);
  findings.expect(
    hold.lines.length === hold.serials.length &&
      hold.lines.every((line, index) => {
        const range = hold.serials[index];
        return range.sku === line.sku && range.units === line.units;
      }),
    "I04",
    () => `hold ${hold.hold}: the serial numbers are not those of its units`,
  );
}
