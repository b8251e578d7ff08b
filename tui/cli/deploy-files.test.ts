import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { SECOND } from "../../engine/time.ts";
import { REQUEST_MILLIS_MAX } from "../../store/live/http/http-limits.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { endAll, ended, serve } from "./testing/serving.ts";
import { usageOf } from "./usage.ts";

const folder = mkdtempSync(join(tmpdir(), "deploy-files-"));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

const DEPLOY = "store/live/deploy";
const PORT = 8_080;
const read = (path: string) => readFileSync(path, "utf8");
// biome-ignore lint/suspicious/noExplicitAny: a test reads what a file holds
type Any = any;

/** A tag that names one version, down to its last number. */
const PINNED = /^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.]+)?$|^[\w./-]+:\d+\.\d+-[\w.]+$/;
const SECRET = /password|secret|token|keys?$/i;

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

const instructions: readonly Instruction[] = read("Dockerfile")
  .replace(/\\\n\s*/g, " ")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ word: line.split(" ", 1)[0] as string, rest: line.replace(/^\S+\s+/, "") }));
const restsOf = (word: string) =>
  instructions.filter((each) => each.word === word).map(({ rest }) => rest);
const entry: readonly string[] = JSON.parse(restsOf("ENTRYPOINT")[0] ?? "[]");
const [node, program, ...serveWords] = entry;
const [verb, ...flags] = serveWords;
const demo: readonly string[] = JSON.parse(restsOf("CMD").at(-1) ?? "[]");

/** Sources that are copied from this folder, not from an earlier stage. */
const copied = restsOf("COPY")
  .filter((rest) => !rest.startsWith("--from"))
  .flatMap((rest) => rest.split(" ").slice(0, -1));

describe("the Dockerfile", () => {
  it("names what there is, one version of Node 20, and an account that is not root", () => {
    for (const source of copied)
      expect({ source, is: existsSync(source) }).toMatchObject({ is: true });
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"));
    expect(allowed.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
    for (const from of restsOf("FROM")) expect(from.split(" ")[0]).toMatch(/^node:20\.\d+\.\d+-/);
    expect(restsOf("USER")).toEqual(["node"]);
    expect(instructions.findIndex(({ word }) => word === "USER")).toBeLessThan(
      instructions.findIndex(({ word }) => word === "ENTRYPOINT"),
    );
    for (const rest of [...restsOf("ENV"), ...restsOf("ARG")]) {
      expect(rest.split("=")[0]).not.toMatch(SECRET);
    }
  });

  it("builds a store from what it copies, which is healthy until a signal ends it", async () => {
    const app = join(folder, "app");
    for (const source of copied) {
      const filter = (path: string) => !/\.(test|bench)\.ts$/.test(path);
      cpSync(source, join(app, source), { recursive: true, filter });
    }
    symlinkSync(resolve("node_modules"), join(app, "node_modules"));
    const step = restsOf("RUN").find((rest) => rest.includes("bundle.mjs")) as string;
    const build = (step.split(" && ")[0] as string).split(" ");
    expect(build[0]).toBe("node");
    const ran = spawnSync(process.execPath, build.slice(1), { cwd: app, encoding: "utf8" });
    expect({ code: ran.status, err: ran.stderr }).toEqual({ code: 0, err: "" });

    expect([node, verb, restsOf("WORKDIR").at(-1)]).toEqual(["node", "serve", "/app"]);
    expect(flags).toEqual(expect.arrayContaining(["--data", restsOf("VOLUME")[0]]));
    expect(flags).toEqual(expect.arrayContaining(["--port", String(PORT)]));
    expect(restsOf("EXPOSE")).toEqual([String(PORT)]);
    const data = join(folder, "data");
    const own = flags.filter((word) => word !== "--port" && word !== String(PORT));
    const words = [...own, ...demo].map((word) => (word === "/data" ? data : word));
    const built = join(app, (program as string).replace("/app/", ""));
    const store = await serve(words, {}, built);
    const check = restsOf("HEALTHCHECK")[0]?.replace(/^.* CMD /, "") as string;
    const probe = (JSON.parse(check) as readonly string[]).slice(1);
    const { port } = new URL(store.url);
    const healthy = () =>
      spawnSync(
        process.execPath,
        probe.map((word) => word.replace(String(PORT), port)),
      ).status;
    expect(healthy()).toBe(0);
    expect(restsOf("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(await ended(store, "SIGTERM")).toBe(0);
    expect(healthy()).toBe(1);
  });

  it("keeps every package that the program looks for when it runs", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    const files = readdirSync("dist").filter((name) => /^rehearse.*\.js$/.test(name));
    const wanted = files.flatMap((name) =>
      [...read(join("dist", name)).matchAll(/\b(?:from|import)\s*\(?"(@?[a-z][\w@/.-]*)"/g)].map(
        ([, from = ""]) => from,
      ),
    );
    const packages = wanted.filter((from) => !isBuiltin(from));
    expect(packages).toContain("ioredis");
    for (const name of packages) expect(dependencies).toHaveProperty([name]);
  });
});

/** Variables that the store reads, by their names in its sources. */
const SOURCES = ["store/live/node-secrets.ts", "store/live/payments.ts", "tui/cli/serve.ts"];
const known = new Set(
  SOURCES.flatMap((source) => [
    ...read(source).matchAll(/"((?:REHEARSE|STRIPE)_[A-Z_]+)"/g),
  ]).flatMap(([, name = ""]) => [name, `${name}_FILE`]),
);

describe("the compose file", () => {
  const text = read(join(DEPLOY, "compose.yaml"));
  const compose: Any = parse(text);
  const services: readonly (readonly [string, Any])[] = Object.entries(compose.services);

  it("pins its images, names files that there are, and has no password of its own", () => {
    for (const [, { image, build, volumes = [] }] of services) {
      if (image !== undefined) expect(image).toMatch(PINNED);
      else expect(existsSync(join(DEPLOY, build, "Dockerfile"))).toBe(true);
      for (const volume of volumes as readonly string[]) {
        const [source = ""] = volume.split(":");
        if (source.startsWith(".")) expect(existsSync(join(DEPLOY, source))).toBe(true);
        else expect(compose.volumes).toHaveProperty(source);
      }
    }
    const filledIn = [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inside = ""]) => inside);
    expect(filledIn.length).toBeGreaterThan(4);
    for (const inside of filledIn) expect(inside).toMatch(/^[A-Z_]+:\?see docs\/deploy\.md$/);
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries<string>(environment)) {
        if (SECRET.test(name)) expect(value).toMatch(/^\$\{|^\/run\/secrets\//);
      }
    }
    for (const [, { secrets = [] }] of services) {
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
    }
  });

  it("starts the store with words and variables that it takes, where Prometheus asks it", () => {
    const { store } = compose.services;
    expect(usageOf([...serveWords, ...store.command])).toMatchObject({ kind: "verb" });
    for (const name of Object.keys(store.environment)) expect([...known]).toContain(name);
    expect(store.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
    const prometheus: Any = parse(read(join(DEPLOY, "prometheus.yaml")));
    const [job] = prometheus.scrape_configs;
    expect(job.static_configs).toEqual([{ targets: [`store:${PORT}`] }]);
    expect(job.authorization.credentials_file).toBe("/run/secrets/metrics-token");
    const mounts: readonly string[] = compose.services.prometheus.volumes;
    for (const file of prometheus.rule_files) expect(mounts.join()).toContain(`:${file}:ro`);
    const source: Any = parse(read(join(DEPLOY, "grafana-datasource.yaml")));
    expect(source.datasources[0].url).toBe("http://prometheus:9090");
    const { path } = (parse(read(join(DEPLOY, "grafana-dashboards.yaml"))) as Any).providers[0]
      .options;
    expect(compose.services.grafana.volumes.join()).toContain(`grafana-dashboard.json:${path}/`);
  });

  it("gives the store time for its longest request", () => {
    expect(secondsOf(compose.services.store.stop_grace_period)).toBeGreaterThan(
      REQUEST_MILLIS_MAX / 1_000 + 1,
    );
  });
});

function secondsOf(duration: string): number {
  expect(duration).toMatch(/^\d+s$/);
  return Number.parseInt(duration, 10);
}

describe("the Kubernetes example", () => {
  const documents: readonly Any[] = parseAllDocuments(read(join(DEPLOY, "kubernetes.yaml"))).map(
    (document) => document.toJS(),
  );
  const ofKind = (kind: string): Any => documents.find((document) => document.kind === kind);
  const deployment = ofKind("Deployment").spec;
  const pod = deployment.template.spec;
  const [container] = pod.containers;

  it("starts pods with words and variables that the store takes", () => {
    expect(container.image).toMatch(PINNED);
    expect(container.image.split(":")[1]).toBe(JSON.parse(read("package.json")).version);
    expect(usageOf([...serveWords, ...container.args])).toMatchObject({ kind: "verb" });
    for (const { name } of container.env) expect([...known]).toContain(name);
    expect(container.ports).toEqual([{ name: "http", containerPort: PORT }]);
    const mounts = container.volumeMounts.map(({ name }: Any) => name);
    expect(mounts).toEqual(pod.volumes.map(({ name }: Any) => name));
    for (const { name, value } of container.env) {
      if (value === undefined) continue;
      const file = String(value).replace("/secrets/", "");
      const { secret } = pod.volumes.find((volume: Any) => volume.secret !== undefined);
      expect({ name, paths: secret.items.map(({ path }: Any) => path) }).toMatchObject({
        paths: expect.arrayContaining([file]),
      });
    }
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
  });

  it("asks the store for its health, and lets it drain before it is killed", () => {
    const paths = ["startupProbe", "readinessProbe", "livenessProbe"].map(
      (probe) => container[probe].httpGet.path,
    );
    expect(paths).toEqual(["/health/ready", "/health/ready", "/health/live"]);
    const routes = read("store/live/http/routes/health.ts");
    for (const path of paths) expect(routes).toContain(`"${path}"`);
    const [command, seconds] = container.lifecycle.preStop.exec.command;
    expect(command).toBe("sleep");
    const needed = Number(seconds) + REQUEST_MILLIS_MAX / 1_000 + 1;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
    // By then a pod that says that it is not ready is out of the service.
    const { periodSeconds, failureThreshold } = container.readinessProbe;
    expect(Number(seconds)).toBeGreaterThanOrEqual(periodSeconds * failureThreshold);
  });

  it("selects its own pods, and never lets all of them go at once", () => {
    const { labels } = deployment.template.metadata;
    expect(deployment.selector.matchLabels).toEqual(labels);
    expect(ofKind("Service").spec.selector).toEqual(labels);
    expect(ofKind("Service").spec.ports[0].targetPort).toBe(container.ports[0].name);
    const budget = ofKind("PodDisruptionBudget").spec;
    expect(budget).toEqual({ maxUnavailable: 1, selector: { matchLabels: labels } });
    expect(deployment.replicas).toBeUndefined();
  });

  it("scales as the rehearsal found it", () => {
    const path = "scenarios/pods-for-a-mailing.yaml";
    const scenario = decodeScenario({ text: read(path), path });
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    const plan = scenario.plans.find(({ name }) => name === "as-found");
    if (plan === undefined) throw new Error(`${path} has no plan as-found`);
    const { fleet, autoscaler } = plan.world as Any;
    const side = ({ window, policies }: Any) => ({
      stabilizationWindowSeconds: window / SECOND,
      selectPolicy: "Max",
      policies: policies.map(({ unit, by, every }: Any) => ({
        type: unit === "pods" ? "Pods" : "Percent",
        value: by,
        periodSeconds: every / SECOND,
      })),
    });
    const target = { type: "Utilization", averageUtilization: autoscaler.target * 100 };
    expect(autoscaler.kind).toBe("hpa");
    expect(ofKind("HorizontalPodAutoscaler").spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "rehearse" },
      minReplicas: fleet.min,
      maxReplicas: fleet.max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      behavior: { scaleUp: side(autoscaler.up), scaleDown: side(autoscaler.down) },
    });
    expect(container.resources.requests.cpu).toBe(String(fleet.cores));
  });
});
