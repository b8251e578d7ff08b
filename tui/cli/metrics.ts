/** `rehearse metrics`: every metric by its one name, what it is, and what a scale does to it. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import type { Metric, MetricUnit } from "../../twin/metric.ts";
import { METRICS, SERIES_NAMES } from "../../twin/metrics.ts";
import { type Sizing, sizingOf } from "../../twin/scenario/expectation-verdict.ts";
import { canonicalJson } from "../report/json.ts";
import { type Palette, paletteOf } from "../report/palette.ts";
import { jsonOption, toneOptions } from "./options.ts";
import { Shell, VerbFailure } from "./shell.ts";

const word = Args.text({ name: "word" }).pipe(Args.optional);

export const metricsCommand = Command.make(
  "metrics",
  { word, json: jsonOption, ...toneOptions },
  ({ word: asked, json }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const part = Option.getOrElse(asked, () => "").toLowerCase();
      const found = METRICS.filter(({ name }) => name.toLowerCase().includes(part));
      if (found.length === 0) {
        return yield* Effect.fail(
          new VerbFailure(
            `no metric has \`${part}\` in its name; \`rehearse metrics\` lists all ${METRICS.length}.`,
          ),
        );
      }
      const paint = paletteOf(shell.colour);
      yield* shell.print(
        json ? canonicalJson(found.map(factsOf)) : `${listing(found, paint).join("\n")}\n`,
      );
    }),
);

const UNIT_WORDS: Readonly<Record<MetricUnit, string>> = {
  count: "count",
  money: "money",
  ms: "time",
  share: "share",
  hours: "hours",
};

const SIZING_WORDS: Readonly<Record<Sizing, string>> = {
  "with-shoppers": "goes with the shoppers",
  "as-it-is": "stays as it is",
  "not-judged": "is not judged",
};

const hasSeries = (name: string): boolean => SERIES_NAMES.some((series) => series === name);

function factsOf({ name, unit, better, description }: Metric) {
  return { name, unit, better, description, atScale: sizingOf(name), series: hasSeries(name) };
}

function listing(metrics: readonly Metric[], paint: Palette): string[] {
  const each = metrics.flatMap((metric) => {
    const { name, unit, better, description } = metric;
    const series = hasSeries(name) ? "; also as a series" : "";
    const facts = [
      UNIT_WORDS[unit],
      ...(better === null ? [] : [`${better} is better`]),
      `at a scale it ${SIZING_WORDS[sizingOf(name)]}${series}`,
    ];
    return [paint.bold(name), `  ${description}.`, paint.dim(`  ${facts.join("; ")}`)];
  });
  return [
    ...each,
    "",
    'An expectation writes them as `errors.rate: "< 1%"`, money as `$4.3M`, times as `2s`.',
  ];
}
