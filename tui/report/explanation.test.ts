import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect, Schema } from "effect";
import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import type { Explanation } from "../../twin/experiments/explain/explanation.ts";
import { explained, smallSale } from "../../twin/experiments/explain/testing/small-sale.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import { savedResult } from "../cli/result-file.ts";
import { ExplanationForm, explanationJsonSchema } from "./explanation-schema.ts";
import { explanationMarkdown, explanationText } from "./explanation-text.ts";
import { sectionsOf } from "./explanation-view.ts";
import { canonicalJson } from "./json.ts";
import { escapedHtml } from "./markup.ts";
import { runFile } from "./report-files.ts";

const FEW_UNITS =
  "[{ name: outdoor, catalog: { products: 6, sale-price: { mean: €90, cv: 0 } }, stock: { units: 24 } }]";
const scenario = smallSale(
  [`plans.two.sellers=${FEW_UNITS}`, "payments.primary.decline=20%"],
  'expect: { soldOut: "= 0", orders: "> 9k" }',
);
const made = explained(scenario, { plans: ["one", "two"], seeds: 3 });

describe("the JSON Schema of explanations", () => {
  it("is the one that is committed; `rehearse schema explanation` writes it anew", () => {
    const committed = readFileSync("scenarios/explanation.schema.json", "utf8");
    expect(explanationJsonSchema()).toBe(committed);
  });

  it("takes an explanation as it is written to a file, with nothing left over", () => {
    const json: unknown = JSON.parse(canonicalJson(made));
    const decode = Schema.decodeUnknownSync(ExplanationForm, { onExcessProperty: "error" });
    expect(JSON.parse(JSON.stringify(decode(json)))).toEqual(json);
    expectTypeOf<keyof typeof ExplanationForm.Type>().toEqualTypeOf<keyof Explanation>();
  });
});

describe("an explanation as text", () => {
  const text = explanationText(made, { colour: false });
  const markdown = explanationMarkdown(made);

  it("ranks the parts of each plan and says what they are", () => {
    expect(text).toMatch(/^one: €[\d,]+ ± €[\d,.]+ of revenue lost/m);
    expect(text).toMatch(/^ {2}1\. declines /m);
    expect(text).toMatch(/^ {2}declines \(no bank declines a charge that reaches it\): it adds/m);
    expect(text).toMatch(/^ {2}1\. stock /m);
    expect(text).toMatch(/what the store booked itself: €[\d,]+ in carts left \(payment €/);
  });

  it("says which part lets an expectation be met, and where none does", () => {
    expect(text).toMatch(/^two: missed soldOut = 0 \([4-6][.\d]*\)$/m);
    expect(text).toContain("This part alone was the cause: with stock perfect it is met.");
    expect(text).toContain("No part made perfect lets it be met");
  });

  it("counts the shoppers who bought under one plan and not under the other", () => {
    expect(text).toContain("bought under one plan and not under the other: one, two");
    expect(text).toMatch(/shoppers more bought under one than under two, sure to/);
    expect(text).toContain("most of them were lost to: sold out");
  });

  it("is the same with colours and in Markdown, sentence by sentence", () => {
    const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
    expect(explanationText(made, { colour: true }).replace(colour, "")).toBe(text);
    const plain = markdown.replaceAll("\\", "");
    for (const sentence of text.split("\n").filter((line) => /^ {2}\S.*\.$/.test(line)))
      expect(plain).toContain(`- ${sentence.trim()}`);
  });
});

describe("an explanation in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "explanation-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("comes back as it was, and with a result stands in its report", async () => {
    const path = join(folder, "explanation.json");
    writeFileSync(path, canonicalJson(made));
    const saved = Effect.runSync(savedResult(path));
    expect(saved).toEqual({ kind: "explanation", result: made });
    const rehearsed = resultOf(experimentOf(scenarioWith(["one"]), ["s"]), [rehearsal("s")]);
    const report = await runFile({ ...rehearsed, explanation: made }, "html");
    for (const { title } of sectionsOf(made)) expect(report).toContain(escapedHtml(title));
    expect(report).toMatch(
      /one: mend declines first\. It would add up to [$€][\d,]+ if no bank declines/u,
    );
  });
});
