/** Sale logs put to the store's rules again, as text. */
import type { ReplayedLedger } from "../../twin/replay/ledger-replay.ts";
import { paletteOf } from "./palette.ts";
import { moneyText, plainNumber } from "./quantity.ts";

export interface LedgersShown {
  readonly recording: string;
  readonly ledgers: readonly (ReplayedLedger & {
    readonly plan: string | null;
    readonly seed: string | null;
  })[];
  readonly unreadable: number;
  readonly unreadableLines: readonly number[];
  readonly isCut: boolean;
  readonly exit: { readonly code: number; readonly reason: string };
  readonly repeat: string;
}

/** As it is printed for other programs. */
export interface LedgersResult extends LedgersShown {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "replay";
  readonly version: string;
}

/** Findings of one ledger that are shown; the JSON has more. */
const FINDINGS_SHOWN = 20;

export function ledgersText(shown: LedgersShown, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  const { recording, ledgers, exit, unreadable, unreadableLines, isCut, repeat } = shown;
  const events = ledgers.reduce((sum, one) => sum + one.events, 0);
  const lines = ledgers.flatMap((ledger) => [
    ...(ledger.plan === null ? [] : [paint.bold(`${ledger.plan}, seed ${ledger.seed ?? ""}`)]),
    `  orders    ${plainNumber(ledger.confirmed, 0)} confirmed of ${plainNumber(ledger.placed, 0)} placed${openText(ledger)}`,
    `  revenue   ${revenueText(ledger)}`,
    `  units     ${plainNumber(ledger.unitsSold, 0)} sold`,
    `  ledger    ${ledger.digest}`,
    ...findingLines(ledger).map((line) => paint.bad(line)),
  ]);
  const wrong =
    unreadable === 0 ? [] : [`${unreadable} lines are no events: ${unreadableLines.join(", ")}`];
  const cut = isCut ? ["the last line is cut off, and was left out"] : [];
  return [
    paint.bold(`${recording}: ${plainNumber(events, 0)} events put to the store's rules again`),
    "",
    ...lines,
    "",
    ...wrong.map((line) => paint.bad(line)),
    ...cut,
    exit.reason,
    `repeat  ${repeat}`,
    "",
  ].join("\n");
}

function openText({ open }: ReplayedLedger): string {
  return open === 0 ? "" : `, ${plainNumber(open, 0)} without an end`;
}

function revenueText({ revenue }: ReplayedLedger): string {
  const sums = Object.entries(revenue).map(([currency, minor]) => moneyText(minor, currency));
  return sums.length === 0 ? "none" : sums.join(", ");
}

function findingLines({ findings, found }: ReplayedLedger): readonly string[] {
  const told = findings.slice(0, FINDINGS_SHOWN).map(({ line, what }) => `  line ${line}: ${what}`);
  const more = found - told.length;
  return more > 0 ? [...told, `  … and ${plainNumber(more, 0)} more`] : told;
}
