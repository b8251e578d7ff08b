/**
 * Prints how fast the parts are, each as a ratio to something measured in the same run: the kernel
 * against a plain binary heap, a checkout and a whole sale against the kernel's own event. Ratios
 * travel between machines; absolute times do not, so nothing is gated on them.
 */
import { readFileSync } from "node:fs";
import { digestShare, measureKernel } from "../engine/kernel.bench.ts";
import { benchCheckout } from "../store/service/checkout.bench.ts";
import { decodeScenario } from "../twin/scenario/decode.ts";
import { rehearse } from "../twin/world.ts";

const CHECKOUTS = 20_000;

/** Microseconds of CPU that this process has used. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function row(name: string, figures: string): void {
  process.stdout.write(`${name.padEnd(56)} ${figures}\n`);
}

function kernel(): number {
  process.stdout.write("kernel: million events per second (ratio to the first row; goal)\n");
  const measured = measureKernel();
  for (const { name, millionEventsPerSecond, ratio, goal } of measured) {
    const wanted = goal === null ? "" : `; goal ${goal}`;
    row(`  ${name}`, `${millionEventsPerSecond.toFixed(2)} (${ratio.toFixed(2)}x${wanted})`);
  }
  row(
    "  share of the digest in an event",
    `${(digestShare(measured) * 100).toFixed(1)} % (goal 3 %)`,
  );
  const [heap] = measured;
  return heap === undefined ? Number.NaN : 1 / heap.millionEventsPerSecond;
}

function store(eventMicros: number): void {
  process.stdout.write("store over memory: microseconds of CPU (in events of the heap above)\n");
  const { checkoutMicros, cartAddMicros } = benchCheckout(CHECKOUTS, cpuMicros);
  row(
    "  one confirmed checkout",
    `${checkoutMicros.toFixed(1)} (${(checkoutMicros / eventMicros).toFixed(0)}x)`,
  );
  row(
    "  one line added to a cart",
    `${cartAddMicros.toFixed(1)} (${(cartAddMicros / eventMicros).toFixed(0)}x)`,
  );
}

function sale(path: string, scale: number, eventMicros: number): void {
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, scale });
  const plan = Array.isArray(scenario) ? undefined : scenario.plans[0];
  if (plan === undefined) throw new Error(`${path} cannot be read`);
  const before = cpuMicros();
  const { events, metrics } = rehearse({ plan, seed: "bench" });
  const micros = cpuMicros() - before;
  const perEvent = micros / events / eventMicros;
  const rss = process.resourceUsage().maxRSS / 1024;
  row(
    `  ${path.replace("scenarios/", "")} at ${scale * 100} %`,
    `${(micros / 1e6).toFixed(2)} s of CPU, ${events} events (${perEvent.toFixed(1)}x an event), ${metrics.orders} orders, ${rss.toFixed(0)} MB`,
  );
}

const eventMicros = kernel();
store(eventMicros);
process.stdout.write("whole sales, one core\n");
sale("scenarios/small-drop.yaml", 1, eventMicros);
sale("scenarios/webstore-black-friday.yaml", 0.02, eventMicros);
if (!process.argv.includes("--quick")) sale("scenarios/webstore-black-friday.yaml", 1, eventMicros);
