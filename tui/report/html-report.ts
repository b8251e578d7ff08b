/**
 * A result as one HTML file that needs nothing else: verdict and goals first, then what happened, how
 * plans differ, why, what to do, and how to repeat it. It reads without its script and on paper, asks
 * nothing of any network, and is the same bytes for the same result.
 */
/// <reference types="node" />
import { createHash } from "node:crypto";
import type { RunResult } from "../../twin/result.ts";
import { adviceOf } from "./advice.ts";
import { ABOUT, sectionsOf } from "./explanation-view.ts";
import { extentOf, figureNames, meaningOf } from "./findings.ts";
import { chartsSection } from "./html-charts.ts";
import { REPORT_SCRIPT } from "./html-script.ts";
import { REPORT_STYLE } from "./html-style.ts";
import {
  figureTables,
  goalsTable,
  invariantsSection,
  keyFigures,
  plainTable,
} from "./html-tables.ts";
import { type Content, inlineJson, type Markup, markup, trusted } from "./markup.ts";
import { percentText } from "./quantity.ts";
import { VERDICT_SIGNS, verdictOf } from "./verdict.ts";

/** Of a report; what is left of them after what people read is for the data. */
export const REPORT_BYTES_MAX = 150_000;

export function htmlReport(result: RunResult): string {
  const body = bodyOf(result);
  const pages = dataChoices(result).map((data) => () => pageOf(result, body, data));
  for (const page of pages) {
    const text = page();
    if (Buffer.byteLength(text) < REPORT_BYTES_MAX) return text;
  }
  return pageOf(result, body, NO_DATA);
}

function pageOf(result: RunResult, body: Markup, data: InlineData): string {
  const json = data.value === null ? null : inlineJson(data.value);
  const holds = markup`<h2>The data</h2><p>${data.says} <code>--out result.json</code> writes the whole result, <code>--out series.csv</code> every series, and <code>rehearse report result.json --out report.html</code> makes this page of it again.</p>`;
  return `${
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Rehearse ${result.version}">
<link rel="icon" href="data:,">
<title>${VERDICT_SIGNS[verdictOf(result).state]} ${result.scenario}: rehearsal</title>
<style>${trusted(REPORT_STYLE)}</style>
</head>
<body>
${body}
<footer>${holds}<p>Rehearse ${result.version}. Every figure on this page is simulated.</p></footer>
${json === null ? null : markup`<script type="application/json" id="result">${json}</script>`}
<script>${trusted(REPORT_SCRIPT)}</script>
</body>
</html>`.text
  }\n`;
}

const digestOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded and nothing runs but the style and the script that this program wrote. */
const POLICY = [
  "default-src 'none'",
  `style-src ${digestOf(REPORT_STYLE)}`,
  `script-src ${digestOf(REPORT_SCRIPT)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function bodyOf(result: RunResult): Markup {
  const { state, title, sentences } = verdictOf(result);
  return markup`<header><h1>${result.scenario}</h1><p>${extentOf(result)}</p></header>
<main>
<section class="verdict ${state}" aria-label="Verdict"><h2>${VERDICT_SIGNS[state]} ${title}</h2>${sentences.map((sentence) => markup`<p>${sentence}</p>`)}</section>
${keyFigures(result)}
<h2>Goals</h2>
${goalsTable(result)}
<h2>What happened</h2>
${bandsNote(result)}
${chartsSection(result)}
<h2>The figures</h2>
<p class="soft">± is the half-width of the 95 % interval over seeds.</p>
${figureTables(result)}
<h2>Why</h2>
${whySection(result)}
<h2>What to do</h2>
${adviceSection(result)}
<h2>The books of the store</h2>
${invariantsSection(result)}
<h2>How to repeat it</h2>
${repeatSection(result)}
</main>`;
}

function bandsNote({ plans }: RunResult): Content {
  const seeds = Math.max(0, ...Object.values(plans).map((plan) => plan.seeds.length));
  const of = Object.values(plans).find(({ bands }) => bands !== undefined)?.bands?.of;
  const mean = seeds > 1 ? `Lines are means over ${seeds} seeds` : "Lines are of one seed";
  const band =
    of === undefined
      ? "."
      : of === "percentiles"
        ? "; the bands hold the middle 90 % of them."
        : "; the bands reach from the lowest of them to the highest.";
  return markup`<p class="soft">${mean}${band}</p>`;
}

function whySection(result: RunResult): Content {
  const { explanation } = result;
  const meaning = markup`<ul>${meaningOf(result).map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
  if (explanation === undefined) return meaning;
  return [
    meaning,
    markup`<p class="soft">${ABOUT.join("; ")}.</p>`,
    sectionsOf(explanation).map(({ title, table, sentences }) => [
      markup`<h3>${title}</h3>`,
      table === null ? null : plainTable(title, table.heads, table.rows),
      markup`<ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`,
    ]),
  ];
}

function adviceSection(result: RunResult): Content {
  const advice = adviceOf(result);
  if (advice.length === 0) return markup`<p>Nothing: every goal is met.</p>`;
  return markup`<ul>${advice.map(({ sentence, command }) => markup`<li>${sentence}${command === null ? null : markup`<pre>${command}</pre>`}</li>`)}</ul>`;
}

/** Seeds that a page lists, of a plan and of all; the JSON has all. */
const SEEDS_MAX = 20;
const SEEDS_OF_ALL_MAX = 60;

function repeatSection(result: RunResult): Content {
  const plans = Object.entries(result.plans);
  const most = Math.min(SEEDS_MAX, Math.max(1, Math.floor(SEEDS_OF_ALL_MAX / plans.length)));
  const rows = plans.flatMap(([plan, { seeds, digest, inputs }]) =>
    seeds
      .slice(0, most)
      .map((seed, index) => [
        plan,
        markup`<code>${seed}</code>`,
        markup`<code>${digest[index] ?? ""}</code>`,
        markup`<code>${inputs}</code>`,
      ]),
  );
  const left = Object.values(result.plans).reduce(
    (sum, { seeds }) => sum + Math.max(0, seeds.length - most),
    0,
  );
  const size = result.scale === 1 ? "full size" : `a scale of ${percentText(result.scale)}`;
  return markup`<pre>${result.repeat}</pre><p>Rehearse ${result.version}, ${size}, exit code ${result.exit.code}: ${result.exit.reason}. The same version, seed and inputs give the same digest on every machine.</p>${rows.length === 0 ? null : plainTable("Digests", ["Plan", "Seed", "Digest", "Inputs"], rows, "words")}${left === 0 ? null : markup`<p>and ${left} seeds more.</p>`}`;
}

interface InlineData {
  readonly value: unknown;
  readonly says: string;
}

const NO_DATA: InlineData = {
  value: null,
  says: "This page is too long to hold its data as well.",
};

/** What the page may hold as JSON, the most first. */
function dataChoices(result: RunResult): readonly InlineData[] {
  const shown = new Set(figureNames(result));
  return [
    { value: result, says: "This page holds the whole result as JSON." },
    {
      value: withoutSeries(result, () => true),
      says: "This page holds the result as JSON, without its series.",
    },
    {
      value: withoutSeries(result, (name) => shown.has(name)),
      says: "This page holds the figures of its tables as JSON.",
    },
  ];
}

type ByName<Value> = Readonly<Record<string, Value>>;

/** The figures that are to be kept, and nothing that is drawn. */
function withoutSeries(result: RunResult, keep: (name: string) => boolean): unknown {
  const kept = <Value>(figures: ByName<Value>) =>
    Object.fromEntries(Object.entries(figures).filter(([name]) => keep(name)));
  const plans = Object.entries(result.plans).map(([plan, { seeds, digest, inputs, metrics }]) => [
    plan,
    { seeds, digest, inputs, metrics: kept(metrics) },
  ]);
  const { differences, comparisons, explanation: _, ...rest } = result;
  return {
    ...rest,
    plans: Object.fromEntries(plans),
    ...(differences === undefined ? {} : { differences: kept(differences) }),
    ...(comparisons === undefined
      ? {}
      : {
          comparisons: comparisons.map((one) => ({ ...one, differences: kept(one.differences) })),
        }),
  };
}
