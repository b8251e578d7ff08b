import fc from "fast-check";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { metricText, TEXT_LENGTH_MAX } from "./prometheus-text.ts";

describe("the text of a scrape", () => {
  it("is read as the library that writes it means it", async () => {
    const registers = [new Registry()];
    const labelNames = ["path"];
    const odd = 'a\\b "c"\n{d="e"},';
    new Counter({ name: "asked_total", help: "Asked \\ for", labelNames, registers })
      .labels({ path: odd })
      .inc(3);
    new Gauge({ name: "least", help: "x", registers }).set(Number.NEGATIVE_INFINITY);
    new Gauge({ name: "none", help: "x", registers }).set(Number.NaN);
    new Gauge({ name: "tiny", help: "x", registers }).set(1.5e-9);
    new Histogram({ name: "took", help: "x", buckets: [0.5, 2], registers }).observe(1);
    const read = metricText((await registers[0]?.metrics()) ?? "");
    expect(read).toEqual({
      ok: true,
      samples: [
        { name: "asked_total", labels: { path: odd }, value: 3 },
        { name: "least", labels: {}, value: Number.NEGATIVE_INFINITY },
        { name: "none", labels: {}, value: Number.NaN },
        { name: "tiny", labels: {}, value: 1.5e-9 },
        { name: "took_bucket", labels: { le: "0.5" }, value: 0 },
        { name: "took_bucket", labels: { le: "2" }, value: 1 },
        { name: "took_bucket", labels: { le: "+Inf" }, value: 1 },
        { name: "took_sum", labels: {}, value: 1 },
        { name: "took_count", labels: {}, value: 1 },
      ],
    });
  });

  it("may have times, comments and blank lines", () => {
    const text = '# EOF\n\n a{b="c", d="e",} 1 1395066363000\nb NaN\n';
    expect(metricText(text)).toEqual({
      ok: true,
      samples: [
        { name: "a", labels: { b: "c", d: "e" }, value: 1 },
        { name: "b", labels: {}, value: Number.NaN },
      ],
    });
  });

  it.each([
    "<!doctype html>",
    "a",
    "a 1 2 3",
    "a one",
    "9a 1",
    'a{b="c" 1',
    "a{b=c} 1",
    'a{b="c\\t"} 1',
    'a{b="1",b="2"} 1',
    'a{="c"} 1',
    "a{,} 1",
    'a"b" 1',
  ])("is refused with the line that is wrong: %s", (line) => {
    expect(metricText(`good 1\n${line}\n`)).toMatchObject({ ok: false, line: 2 });
  });

  it("is bounded, however long it is made", () => {
    const labels = Array.from({ length: 40 }, (_, at) => `l${at}="x"`).join();
    expect(metricText(`a{${labels}} 1`)).toMatchObject({ ok: false });
    expect(metricText(`a 1\n`.repeat(200_001))).toMatchObject({ ok: false, line: 200_001 });
    expect(metricText(" ".repeat(TEXT_LENGTH_MAX + 1))).toMatchObject({ ok: false });
    expect(metricText(`${"a".repeat(100_000)} 1`)).toMatchObject({ ok: false });
    expect(metricText(`a{b="${"\\\\".repeat(100_000)}"} 1`)).toMatchObject({ ok: false });
  });

  it("never throws, and keeps every label apart", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        metricText(text);
        metricText(`a{b="${text}"} 1`);
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.double(), (value, number) => {
        const quoted = value.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
        const shown = Number.isFinite(number) ? String(number) : "NaN";
        const read = metricText(`a{__proto__="x",b="${quoted}"} ${shown}\n`);
        if (!read.ok) throw new Error(`line ${read.line}`);
        expect(read.samples[0]?.labels.b).toBe(value);
        expect(read.samples[0]?.value).toBe(Number(shown));
      }),
    );
  });
});
