/** A demand sheet as text for a terminal and as Markdown: the same rows and sentences in both. */
import type { DemandSheet, SheetRow } from "../../twin/forecast/demand-sheet.ts";
import type { ForecastName } from "../../twin/forecast/figures.ts";
import type { FigureTable } from "./findings.ts";
import { escaped, table } from "./markdown.ts";
import { paletteOf } from "./palette.ts";
import { durationText, percentText, plainNumber, unitText } from "./quantity.ts";
import { tableLines } from "./terminal.ts";

const ABOUT =
  "forecast: expected values in closed form, no simulation; simulated: rehearsals of the same plan";

export function forecastText(sheet: DemandSheet, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  const digest = sheet.digest.length === 0 ? [] : [paint.dim(`digest  ${sheet.digest.join(" ")}`)];
  return [
    paint.bold(headline(sheet)),
    paint.dim(ABOUT),
    "",
    ...tableLines(figureTable(sheet), paint),
    "",
    paint.bold("what it means"),
    ...meaningOf(sheet).map((sentence) => `  ${sentence}`),
    "",
    paint.bold("load test, step by step"),
    ...tableLines(loadTestTable(sheet), paint),
    "",
    ...digest,
    `repeat  ${sheet.repeat}`,
    "",
  ].join("\n");
}

export function forecastMarkdown(sheet: DemandSheet): string {
  const figures = figureTable(sheet);
  const steps = loadTestTable(sheet);
  return [
    `## ${escaped(headline(sheet))}`,
    "",
    `${ABOUT}.`,
    "",
    ...table(figures.heads, figures.rows),
    "",
    "### What it means",
    "",
    ...meaningOf(sheet).map((sentence) => `- ${escaped(sentence)}`),
    "",
    "### Load test, step by step",
    "",
    ...table(steps.heads, steps.rows),
    "",
    "### To see it again",
    "",
    "```sh",
    sheet.repeat,
    "```",
    "",
    `Rehearse ${sheet.version}, exit code ${sheet.exit.code}: ${escaped(sheet.exit.reason)}.`,
    "",
  ].join("\n");
}

function headline({ scenario, plan, scale, seeds }: DemandSheet): string {
  const size = scale === 1 ? "full size" : `${percentText(scale)} of full size`;
  const beside =
    seeds.length === 0
      ? "closed form alone"
      : `beside ${seeds.length} seed${seeds.length === 1 ? "" : "s"}`;
  return `${scenario}: demand sheet of ${plan}, ${beside}, ${size}`;
}

/** One row per figure; the columns of the simulation only where there was one. */
function figureTable(sheet: DemandSheet): FigureTable {
  const beside = sheet.seeds.length > 0;
  const heads = ["", "forecast", ...(beside ? ["simulated", "difference", "tolerance"] : [])];
  const rows = sheet.figures.map((row) => [
    row.name,
    valueText(row.forecast, row, sheet),
    ...(beside
      ? [
          valueText(row.simulated?.mean ?? null, row, sheet),
          differenceText(row),
          toleranceText(row),
        ]
      : []),
  ]);
  return { heads, rows };
}

function valueText(value: number | null, { unit }: SheetRow, { currency }: DemandSheet): string {
  if (value === null) return "–";
  return unitText(unit, unit === "count" && value >= 100 ? Math.round(value) : value, currency);
}

function differenceText({ difference, within }: SheetRow): string {
  if (difference === null) return "–";
  const sign = difference > 0 ? "+" : "";
  return `${sign}${shareText(difference)}${within === false ? " !" : ""}`;
}

function toleranceText({ tolerance }: SheetRow): string {
  return tolerance === null ? "–" : `± ${shareText(tolerance)}`;
}

function shareText(share: number): string {
  return `${plainNumber(share * 100, 1)} %`;
}

function loadTestTable({ loadTest }: DemandSheet): FigureTable {
  const rate = (value: number) => unitText("perSecond", value, "");
  return {
    heads: [
      "step",
      "shoppers at once",
      "virtual users",
      "pages",
      "to servers",
      "orders",
      "servers",
      "hold",
    ],
    rows: loadTest.map((step) => [
      `${plainNumber(step.share * 100, 0)} %`,
      plainNumber(step.concurrentShoppers, 0),
      plainNumber(step.virtualUsers, 0),
      rate(step.pagesPerSecond),
      rate(step.requestsPerSecond),
      rate(step.ordersPerSecond),
      plainNumber(step.servers, 0),
      durationText(step.hold),
    ]),
  };
}

function meaningOf(sheet: DemandSheet): readonly string[] {
  return [
    peakSentence(sheet),
    serverSentence(sheet),
    normalSentence(sheet),
    ...stockSentence(sheet),
    ...differenceSentences(sheet),
    `${capital(sheet.exit.reason)}.`,
  ];
}

/** The forecast of a figure as text. */
function told(sheet: DemandSheet, name: ForecastName): string {
  const row = sheet.figures.find((one) => one.name === name);
  return row === undefined ? "–" : valueText(row.forecast, row, sheet);
}

function value(sheet: DemandSheet, name: ForecastName): number | null {
  return sheet.figures.find((one) => one.name === name)?.forecast ?? null;
}

function peakSentence(sheet: DemandSheet): string {
  const at = told(sheet, "shoppers.concurrent.peak.at");
  return `${told(sheet, "shoppers.concurrent.peak")} shoppers are there at once ${at} after the start; ${told(sheet, "shoppers.active.peak")} of them will ask for another page, the others count until their idle time-out.`;
}

function serverSentence(sheet: DemandSheet): string {
  const { servers, serversMax, cores, target } = sheet.given;
  const needed = told(sheet, "servers.atTarget");
  const most = value(sheet, "servers.atTarget") ?? 0;
  const verdict =
    most > serversMax
      ? `the plan allows ${serversMax} at most, which is too few`
      : most > servers
        ? `the plan starts with ${servers} and has to scale out in time`
        : `the plan starts with ${servers}, which is enough`;
  return `${needed} server${most === 1 ? "" : "s"} of ${cores} core${cores === 1 ? "" : "s"} can take the peak at ${percentText(target)} utilisation, ${told(sheet, "servers.atFull")} at 100 %; ${verdict}.`;
}

function normalSentence(sheet: DemandSheet): string {
  if (value(sheet, "multiple.ofNormalMean") === null)
    return "There is no normal day to compare with: no visit comes without a mail, or none ends with an order.";
  return `Orders at the peak are ${told(sheet, "multiple.ofNormalMean")} a normal day's mean and ${told(sheet, "multiple.ofNormalPeak")} its busiest hour; normal are the visits that no mail explains, at the level of the first day, without ramp and decay.`;
}

/** Where articles are asked for more often than there are units of them. */
function stockSentence(sheet: DemandSheet): readonly string[] {
  const orders = value(sheet, "orders") ?? 0;
  if (orders - (value(sheet, "orders.inStock") ?? 0) < 0.5) return [];
  return [
    `The stock of ${plainNumber(sheet.given.units, 0)} units fills ${told(sheet, "orders.inStock")} of ${told(sheet, "orders")} orders where nobody takes another article instead; the other figures are those of full shelves.`,
  ];
}

function differenceSentences({ figures }: DemandSheet): readonly string[] {
  return figures
    .filter(({ within }) => within === false)
    .map(({ name, difference, why }) => {
      const direction = (difference ?? 0) > 0 ? "above" : "below";
      const by = shareText(Math.abs(difference ?? 0));
      return `${name}: the simulation is ${by} ${direction} the forecast; ${why === "" ? "nothing that is known explains it" : why}.`;
    });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
