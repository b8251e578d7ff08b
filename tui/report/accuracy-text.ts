/** A calibration and its score, as text for a terminal and as the Markdown of docs/accuracy.md. */
import {
  type CellScore,
  COVERAGE_GOAL,
  coverageOf,
  type FigureScore,
  missesOf,
  summaries,
  WORST_GOAL,
} from "../../twin/calibration/accuracy.ts";
import {
  type CapacityProfile,
  type StallRun,
  scenarioPages,
} from "../../twin/calibration/capacity-profile.ts";
import { ROUTES } from "../../twin/calibration/load-cell.ts";
import { escaped, table } from "./markdown.ts";
import { paletteOf } from "./palette.ts";
import { tableLines } from "./terminal.ts";

/** One ledger's calibration, scored; `cells` is empty where nothing was validated. */
export interface CalibrationReport {
  readonly profile: CapacityProfile;
  readonly cells: readonly CellScore[];
  /** Runs beside which others used much of the machine, also when they were made again. */
  readonly disturbed: number;
  readonly minutes: number;
}

export interface AccuracyPage {
  readonly reports: readonly CalibrationReport[];
  /** The command that makes the page. */
  readonly repeat: string;
}

const ACCURACY_SCHEMA = "scenarios/accuracy.schema.json";

/** As it is printed for other programs. */
export interface AccuracyResult extends AccuracyPage {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "calibrate";
}

export function accuracyResult({ reports, repeat }: AccuracyPage): AccuracyResult {
  return { $schema: ACCURACY_SCHEMA, schemaVersion: 1, verb: "calibrate", reports, repeat };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const signed = (share: number) => `${share < 0 ? "−" : "+"}${(Math.abs(share) * 100).toFixed(1)} %`;
const millis = (micros: number) => (micros / 1_000).toFixed(2);
const whole = (value: number) => value.toFixed(0);

export function calibrationText(
  { reports, repeat }: AccuracyPage,
  options: { readonly colour: boolean },
): string {
  const paint = paletteOf(options.colour);
  const each = reports.flatMap((report) => [
    paint.bold(headline(report)),
    "",
    ...tableLines(demandTable(report), paint),
    "",
    ...pageLines(report),
    "",
    ...(report.cells.length === 0
      ? []
      : [...tableLines(summaryTable(report.cells), paint), "", ...verdict(report), ""]),
  ]);
  return [...each, `repeat  ${repeat}`, ""].join("\n");
}

export function accuracyMarkdown({ reports, repeat }: AccuracyPage): string {
  return [
    "# How accurate the predictions are",
    "",
    "A store was calibrated, then loads that the calibration had not seen were predicted, and only then measured.",
    "How it is done stands in [calibrate.md](calibrate.md). This page is made by one command, misses and all (`npm run accuracy`",
    "starts the servers for it as well):",
    "",
    "```sh",
    repeat,
    "```",
    "",
    "`error` is |predicted / measured − 1|, against the middle one of the repeats; `floor` is how far two repeats of the same",
    "load are apart; `beyond` is the error of a figure less its own floor. Medians, over all cells and routes with enough answers (40 for a",
    "mean and a median, and ten beyond a percentile: 200 for P95, 1,000 for P99). Latencies count from the time at which a request was due.",
    "",
    ...reports.flatMap(reportLines),
  ].join("\n");
}

function headline({ profile }: CalibrationReport): string {
  const { ledger, machine, version, measuredAt } = profile;
  return `${ledger}: Rehearse ${version} on ${machine.cores} cores (${machine.processor}), ${measuredAt.slice(0, 16)}Z`;
}

function reportLines(report: CalibrationReport): readonly string[] {
  const { profile, cells, disturbed, minutes } = report;
  const { machine, reference, commit, held, stalls } = profile;
  const demands = demandTable(report);
  return [
    `## ${profile.ledger}`,
    "",
    `Rehearse ${profile.version}, ${profile.measuredAt.slice(0, 16)}Z, ${machine.cores} cores of ${escaped(machine.processor)}, ` +
      `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.system}, Node ${machine.node}; ${minutes.toFixed(0)} min. ` +
      "Store, databases, payment gateway and sender share these cores. " +
      `The reference loop took ${millis(reference.loopMicros)} ms, a request that does nothing ${millis(reference.requestMicros)} ms, ` +
      `a wait for the disk ${millis(commit.micros)} ms. ` +
      `A request that writes held the lock of the ledger's file, or a connection to its database, ${held.perWrite.toFixed(2)} times for ${millis(held.micros)} ms. ` +
      `In a thousand requests a loop stalled ${stallWords(stalls.loop, 1_000)}; in a second of writing commits did ${stallWords(stalls.commit, 1)}. ` +
      `Beside ${disturbed} runs others used more than 8 % of the machine, also when the run was made again.`,
    "",
    ...table(demands.heads, demands.rows),
    "",
    "As a scenario says it:",
    "",
    "```yaml",
    ...pageLines(report),
    "```",
    "",
    ...(cells.length === 0 ? [] : scoreLines(report)),
  ];
}

/** How often in so many of what they go by, over all runs and in the worst, and how long. */
function stallWords(runs: readonly StallRun[], per: number): string {
  const lengths = runs.flatMap((run) => run.lengths).sort((one, other) => one - other);
  if (lengths.length === 0) return "never";
  const amount = runs.reduce((sum, run) => sum + run.amount, 0);
  const worst = Math.max(...runs.map((run) => run.lengths.length / run.amount));
  const at = (share: number) => millis(lengths[Math.floor(share * (lengths.length - 1))]);
  return (
    `${((lengths.length / amount) * per).toFixed(1)} times (${(worst * per).toFixed(1)} in the worst of ${runs.length} runs), ` +
    `for ${at(0.5)} ms, one in ten for more than ${at(0.9)} ms`
  );
}

/** What the pages of a rehearsal take, as a scenario says it. */
function pageLines({ profile }: CalibrationReport): readonly string[] {
  const pages = Object.entries(scenarioPages(profile));
  return [
    "platform:",
    "  profile:",
    ...pages.map(([page, { cpu, io }]) => `    ${page}: { cpu: ${cpu}, io: ${io} }`),
  ];
}

function scoreLines(report: CalibrationReport): readonly string[] {
  const { cells } = report;
  const all = summaryTable(cells);
  const whole = summaryTable(cells, ({ route }) => route === null);
  const kinds = kindTable(cells);
  const each = cellTable(cells);
  const more = momentTable(cells);
  return [
    `### The score: ${cells.length} cells`,
    "",
    ...verdict(report).map((line) => `- ${escaped(line)}`),
    "",
    ...table(all.heads, all.rows),
    "",
    "Of all routes of a cell together:",
    "",
    ...table(whole.heads, whole.rows),
    "",
    "By what the calibration had not seen (median error of mean and P95 over routes):",
    "",
    ...table(kinds.heads, kinds.rows),
    "",
    "### Each cell",
    "",
    "Predicted / measured: answers a second, cores of the store, and milliseconds of all routes together.",
    "",
    ...table(each.heads, each.rows),
    "",
    "Orders sold, declined and refused; the most requests open at once; seconds until a tenth of them was left; and when two",
    "datapoints of 250 ms in a row were above the scaling threshold of a stepped load (half way between its least and its most).",
    "",
    ...table(more.heads, more.rows),
    "",
  ];
}

function verdict({ cells }: CalibrationReport): readonly string[] {
  const misses = missesOf(cells);
  const covered = coverageOf(cells);
  const goal = `${percent(COVERAGE_GOAL.from)} to ${percent(COVERAGE_GOAL.to)}`;
  return [
    `the 90 % intervals hold ${percent(covered)} of the measurements (goal ${goal})`,
    ...(misses.length === 0
      ? [`every goal is met, and no error is above ${percent(WORST_GOAL)} beyond the floor`]
      : misses.map((miss) => `missed: ${miss}`)),
  ];
}

function demandTable({ profile }: CalibrationReport) {
  const { routes, fixedPerSecond } = profile;
  const interval = (low: number, high: number) => `${whole(low)} to ${whole(high)}`;
  return {
    heads: ["CPU time, µs", "event loop", "90 %", "store", "machine", "levels"],
    rows: [
      ...ROUTES.map((name) => {
        const { demand, low, high, levels } = routes[name];
        return [
          name,
          whole(demand.loop),
          interval(low.loop, high.loop),
          whole(demand.store),
          whole(demand.machine),
          String(levels.length),
        ];
      }),
      [
        "a second without any",
        whole(fixedPerSecond.loop),
        "",
        whole(fixedPerSecond.store),
        whole(fixedPerSecond.machine),
        "",
      ],
    ],
  };
}

function summaryTable(cells: readonly CellScore[], of?: (score: FigureScore) => boolean) {
  return {
    heads: [
      "figure",
      "n",
      "error",
      "floor",
      "beyond",
      "goal",
      "worst",
      "worst beyond",
      "inside 90 %",
    ],
    rows: summaries(cells, of).map((summary) => [
      summary.name,
      String(summary.figures),
      percent(summary.error),
      percent(summary.floor),
      percent(summary.beyondFloor),
      summary.goal === null ? "" : percent(summary.goal),
      percent(summary.worst),
      percent(summary.worstBeyondFloor),
      percent(summary.coverage),
    ]),
  };
}

function kindTable(cells: readonly CellScore[]) {
  const kinds = [...new Set(cells.map(({ cell }) => cell.kind))];
  return {
    heads: ["kind", "cells", "mean", "floor", "P95", "floor", "inside 90 %"],
    rows: kinds.map((kind) => {
      const of = cells.filter(({ cell }) => cell.kind === kind);
      const found = summaries(of);
      const figure = (name: string) => found.find((one) => one.name === name);
      const pair = (name: string) => {
        const one = figure(name);
        return one === undefined ? ["", ""] : [percent(one.error), percent(one.floor)];
      };
      return [kind, String(of.length), ...pair("mean"), ...pair("p95"), percent(coverageOf(of))];
    }),
  };
}

const SHOWN = ["throughput", "utilisation", "mean", "p50", "p95", "p99"] as const;

function cellTable(cells: readonly CellScore[]) {
  return {
    heads: ["cell", "requests", "answers/s", "cores", "mean", "P50", "P95", "P99", "error of mean"],
    rows: cells.map(({ cell, scores }) => {
      const ofAll = (name: string) => scores.find((one) => one.name === name && one.route === null);
      const pair = (name: (typeof SHOWN)[number]) => {
        const score = ofAll(name);
        if (score === undefined) return "";
        const { predicted, measured } = score;
        if (name === "throughput") return `${predicted.toFixed(1)} / ${measured.toFixed(1)}`;
        if (name === "utilisation") return `${predicted.toFixed(2)} / ${measured.toFixed(2)}`;
        return `${millis(predicted)} / ${millis(measured)}`;
      };
      const mean = ofAll("mean");
      const error = mean === undefined ? "" : signed(mean.error);
      return [cell.name, String(cell.requests), ...SHOWN.map(pair), error];
    }),
  };
}

/** Cells in which there is something to recover from. */
const BURSTS: ReadonlySet<string> = new Set(["step", "batch", "late"]);

function momentTable(cells: readonly CellScore[]) {
  const seconds = (value: number | null) => (value === null ? "–" : value.toFixed(2));
  const middle = (values: readonly number[]) =>
    [...values].sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)] as number;
  return {
    heads: ["cell", "sold", "declined", "refused", "open at most", "recovery, s", "scales at, s"],
    rows: cells.map(({ cell: { name, kind, forecast, runs } }) => {
      const { decisions } = forecast;
      const counts = (kind: keyof typeof decisions) => {
        const seen = [...new Set(runs.map((run) => run.decisions[kind]))];
        const all = seen.length === 1 && seen[0] === decisions[kind] ? "=" : seen.join(", ");
        return `${decisions[kind]} / ${all}`;
      };
      const instants = runs.flatMap(({ scalesAt }) => (scalesAt === null ? [] : [scalesAt]));
      const scaled = instants.length === 0 ? null : middle(instants);
      const scales =
        forecast.scalesAt === null && scaled === null
          ? ""
          : `${seconds(forecast.scalesAt)} / ${seconds(scaled)}`;
      return [
        name,
        counts("sold"),
        counts("declined"),
        counts("refused"),
        `${whole(forecast.openMost)} / ${middle(runs.map(({ openMost }) => openMost))}`,
        BURSTS.has(kind)
          ? `${seconds(forecast.recovery)} / ${seconds(middle(runs.map(({ recovery }) => recovery)))}`
          : "",
        scales,
      ];
    }),
  };
}
