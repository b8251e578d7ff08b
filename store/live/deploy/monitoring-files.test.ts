import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ALERT_RULES } from "../monitoring/alert-rules.ts";
import { type Monitor, WatchedParts } from "../monitoring/monitor.ts";
import { registerMonitoring } from "../monitoring/register-monitoring.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import { groupingsIn, metricsIn, thresholdsIn } from "../testing/promql.ts";
import { ask, TrialShopper, trialServer, trialSetup } from "../testing/trial-server.ts";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
  };
}

const groups: readonly { readonly name: string; readonly rules: readonly PrometheusRule[] }[] =
  parse(read("prometheus-rules.yaml")).groups;
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(read("grafana-dashboard.json"));
const panels = dashboard.panels.filter(({ targets }) => targets !== undefined);

describe("the rules of Prometheus", () => {
  const rules = groups.find(({ name }) => name === "rehearse")?.rules ?? [];

  it("are those of the store, with their thresholds, times and words", () => {
    const found = rules.map((rule) => ({
      name: rule.alert,
      threshold: thresholdsIn(rule.expr)[0],
      forMillis: millisOf(rule.for),
      clearForMillis: millisOf(rule.keep_firing_for),
      severity: rule.labels.severity,
      about: rule.annotations.summary,
      todo: rule.annotations.description,
    }));
    expect(found).toEqual(
      ALERT_RULES.map(({ name, threshold, forMillis, clearForMillis, severity, about, todo }) => ({
        name,
        threshold,
        forMillis,
        clearForMillis,
        severity,
        about,
        todo,
      })),
    );
  });

  it("are drawn on the dashboard at the same height", () => {
    for (const name of [
      "error-rate",
      "slow-requests",
      "queue-rising",
      "payment-in-doubt",
      "event-loop-late",
      "mails-late",
      "disk-full",
      "stock-out-of-step",
    ]) {
      const panel = dashboard.panels.find((each) =>
        JSON.stringify(each).includes(`alert ${name} `),
      );
      const line = panel?.fieldConfig?.defaults.thresholds?.steps.at(-1)?.value;
      const rule = ALERT_RULES.find((each) => each.name === name);
      expect({ name, line }).toEqual({ name, line: rule?.threshold });
    }
  });
});

/** `90s` in milliseconds; nothing is no time. */
function millisOf(duration: string | undefined): number {
  if (duration === undefined) return 0;
  expect(duration).toMatch(/^\d+s$/);
  return Number(duration.slice(0, -1)) * 1_000;
}

/** The figures of an outbox that is empty. */
const NO_MAILS = { waiting: 0, failed: 0, awaited: 0, waitingSince: null };

describe("the metrics of rules and dashboard", () => {
  const folder = mkdtempSync(join(tmpdir(), "monitoring-files-"));
  let served = new Map<string, ReadonlySet<string>>();

  beforeAll(async () => {
    const setup = trialSetup();
    const watched = new WatchedParts(openSqlite({ folder, setup }));
    const held: { monitor: Monitor | null } = { monitor: null };
    const trial = await trialServer({
      setup,
      parts: () => watched.parts,
      guards: { admin: (_request, _reply, done) => done(), operator: (_r, _p, done) => done() },
      beside: (server) => {
        held.monitor = registerMonitoring(server, { watched, folder, mails: () => NO_MAILS });
      },
    });
    const ben = await TrialShopper.come(trial.origin);
    await ben.order("one");
    await ben.ask("/api/cart/lines", { body: { sku: "KETTLE", units: 1 } });
    await ask(trial.origin, "/nowhere");
    await held.monitor?.look();
    served = labelsByName((await ask(trial.origin, "/metrics")).body);
    await trial.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const queries = [
    ...groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }, place) => [`${title} ${place}`, expr] as const),
    ),
  ];

  it.each(queries)("%s", (_name, query) => {
    const found = metricsIn(query);
    expect(found.length).toBeGreaterThan(0);
    for (const { metric, labels } of found) {
      expect([...served.keys()]).toContain(metric);
      const known = served.get(metric) as ReadonlySet<string>;
      // What was never counted has no series to read labels from.
      if (known.size > 0) expect([...known]).toEqual(expect.arrayContaining([...labels]));
    }
    const all = found.map(({ metric }) => served.get(metric) as ReadonlySet<string>);
    if (all.some(({ size }) => size === 0)) return;
    const known = all.flatMap((labels) => [...labels]);
    expect(known).toEqual(expect.arrayContaining([...groupingsIn(query)]));
  });

  it("are nearly all that the store tells of itself", () => {
    const shown = new Set(
      queries.flatMap(([, query]) => metricsIn(query).map((each) => each.metric)),
    );
    const own = [...served.keys()].filter((name) => name.startsWith("rehearse_"));
    const unseen = own.filter((name) => !/_(bucket|sum|count)$/.test(name) && !shown.has(name));
    expect(unseen.sort()).toEqual([
      "rehearse_alert_firing",
      "rehearse_holds_live",
      "rehearse_orders_placed_total",
      "rehearse_queue_abandoned_total",
      "rehearse_queue_joined_total",
      "rehearse_queue_walked_in_total",
      "rehearse_refunded_minor_units_total",
      "rehearse_stock_all_units",
      "rehearse_surveys_asked_total",
    ]);
  });
});

/** The series of an exposition: the labels that each name was seen with. */
function labelsByName(exposition: string): Map<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const see = (name: string, labels: readonly string[]) => {
    names.set(name, new Set([...(names.get(name) ?? []), ...labels]));
  };
  for (const line of exposition.split("\n")) {
    const [, declared, type] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? [];
    if (type === "histogram") for (const part of PARTS) see(`${declared}${part}`, []);
    else if (declared !== undefined) see(declared, []);
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined || line.startsWith("#")) continue;
    // `instance` and `job` are added by Prometheus itself.
    const own = [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label);
    see(name, [...own, "instance", "job"]);
  }
  return names;
}

const PARTS = ["_bucket", "_sum", "_count"];
