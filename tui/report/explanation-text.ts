/** An explanation as text for a terminal and as Markdown: the same rows and sentences in both. */
import type { Explanation } from "../../twin/experiments/explain/explanation.ts";
import { ABOUT, explanationHeadline, type Section, sectionsOf } from "./explanation-view.ts";
import { escaped, table } from "./markdown.ts";
import { type Palette, paletteOf } from "./palette.ts";
import { tableLines } from "./terminal.ts";

export function explanationText(
  explanation: Explanation,
  options: { readonly colour: boolean },
): string {
  const paint = paletteOf(options.colour);
  const digests = Object.entries(explanation.plans).map(([plan, { digest }]) =>
    paint.dim(`digest  ${plan}: ${digest.join(" ")}`),
  );
  return [
    paint.bold(explanationHeadline(explanation)),
    ...ABOUT.map((line) => paint.dim(line)),
    "",
    ...sectionsOf(explanation).flatMap((section) => sectionLines(section, paint)),
    ...digests,
    `repeat  ${explanation.repeat}`,
    "",
  ].join("\n");
}

function sectionLines({ title, table: rows, sentences }: Section, paint: Palette): string[] {
  return [
    paint.bold(title),
    ...(rows === null ? [] : tableLines(rows, paint).map((line) => `  ${line}`)),
    ...sentences.map((sentence) => `  ${sentence}`),
    "",
  ];
}

export function explanationMarkdown(explanation: Explanation): string {
  return [
    `## ${escaped(explanationHeadline(explanation))}`,
    "",
    `Figures are ${escaped(ABOUT.join("; "))}.`,
    "",
    ...sectionsOf(explanation).flatMap(({ title, table: rows, sentences }) => [
      `### ${escaped(title.charAt(0).toUpperCase() + title.slice(1))}`,
      "",
      ...(rows === null ? [] : [...table(rows.heads, rows.rows), ""]),
      ...sentences.map((sentence) => `- ${escaped(sentence)}`),
      "",
    ]),
    "### To see it again",
    "",
    "```sh",
    explanation.repeat,
    "```",
    "",
    `Rehearse ${explanation.version}, exit code ${explanation.exit.code}: ${escaped(explanation.exit.reason)}.`,
    "",
  ].join("\n");
}
