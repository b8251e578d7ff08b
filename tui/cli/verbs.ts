/**
 * The verbs of the command line as data. Help pages, the search for the nearest spelling and the
 * order of a repeat command are drawn from this table; `command-words.test.ts` holds it against
 * what the parser really takes.
 */

export interface Verb {
  readonly name: string;
  readonly about: string;
  /** Its arguments as a usage line writes them. */
  readonly usage: string;
  readonly flags: readonly string[];
  /** What it does in more words, one paragraph. */
  readonly more: string;
  /** Commands that work in a checkout of this project. */
  readonly examples: readonly string[];
}

const EXPERIMENT_FLAGS = [
  "seed",
  "seeds",
  "set",
  "scale",
  "json",
  "out",
  "events",
  "workers",
  "timing",
  "quiet",
  "no-color",
];

export const VERBS: readonly Verb[] = [
  {
    name: "run",
    about: "rehearse one launch plan of a scenario",
    usage: "run <scenario> [--plan NAME] [flags]",
    flags: ["plan", "change", "explain", ...EXPERIMENT_FLAGS],
    more: "Rehearses one plan, once per seed, and prints its figures with 95 % intervals, whether the scenario's expectations were met, and the command that repeats it. With --change the sale goes on as planned until a time and is changed then; up to there it is the unchanged one.",
    examples: [
      "rehearse run scenarios/small-drop.yaml",
      "rehearse run scenarios/small-drop.yaml --change '+2min launch.every=5min'",
      "rehearse run scenarios/webstore-black-friday.yaml --plan batched --scale 2% --seeds 3",
    ],
  },
  {
    name: "compare",
    about: "rehearse launch plans against each other with the same shoppers",
    usage: "compare <scenario> [--plans A,B | --plan P --what-if PATH=VALUE] [flags]",
    flags: ["plans", "plan", "what-if", "explain", ...EXPERIMENT_FLAGS],
    more: "Rehearses every plan with the same seeds, so that the same shoppers meet each of them, and prints the paired differences, the first plan minus the second, with 95 % intervals. With --what-if a plan is compared with itself changed: the plan `what-if` stands first, so a difference is what the change brings; --plans a,what-if sets it beside another. A path is seen from the plan: launch.batches is its own, platform.fleet.initial what it takes from the file.",
    examples: [
      "rehearse compare scenarios/webstore-black-friday.yaml --scale 2%",
      "rehearse compare scenarios/webstore-after-christmas.yaml --scale 2% --seeds 5 --out report.html",
      "rehearse compare scenarios/small-drop.yaml --what-if launch.batches=4 --what-if launch.every=2min",
    ],
  },
  {
    name: "explain",
    about: "say why the sale of a saved result went as it did, part by part",
    usage: "explain <result.json> [--plans A,B] [flags]",
    flags: ["plans", "seeds", "scale", "json", "out", "workers", "quiet", "no-color"],
    more: "Rehearses the plans of a result again with one part after the other made perfect (servers, scaling, database, CDN, neighbours, faults, payment networks, declines, 3-D Secure, stock, waiting room, bots, limits) and with the same shoppers: which part cost how much revenue, in order, which lets each missed expectation be met, and for a comparison who bought under one plan and not under the other, by cause. The result is one that --out wrote. It takes some 15 to 30 reruns a plan and seed; --seeds and --scale make it quicker. Exit code 2 where the scenario has changed since, 3 where the same inputs give another digest.",
    examples: [
      "rehearse explain result.json",
      "rehearse explain result.json --plans purged-with-the-mail --seeds 2 --out why.md",
    ],
  },
  {
    name: "report",
    about: "render a saved result again: as HTML, Markdown, CSV, JUnit, JSON or text",
    usage: "report <result.json> [--out FILE] [flags]",
    flags: ["json", "out", "quiet", "no-color"],
    more: "Reads a result that --out wrote and makes of it what the verb itself would have written, byte for byte; nothing is rehearsed. Without --out or --json it prints the text. Of run and compare there are .html, .md, .csv, .xml and .json, of check .md, .xml and .json, of explain .md and .json. Exit code 0 where the report was made, whatever the result says; 2 where the file is no result.",
    examples: [
      "rehearse report result.json",
      "rehearse report result.json --out report.html --out series.csv",
    ],
  },
  {
    name: "forecast",
    about: "the demand sheet of a plan: peak shoppers, orders, servers, load-test steps",
    usage: "forecast <scenario> [--plan NAME] [flags]",
    flags: ["plan", "closed-form", ...EXPERIMENT_FLAGS.filter((flag) => flag !== "events")],
    more: "From the list to clicks, shoppers at once, pages, orders and servers, as expected values in closed form, beside one rehearsal of the same plan (--seeds for more): how far they are apart, what explains it, the multiple of a normal day, and the steps of a load test. Exit code 4 where a difference is beyond the tolerance and nothing explains it.",
    examples: [
      "rehearse forecast scenarios/webstore-black-friday.yaml --closed-form",
      "rehearse forecast scenarios/webstore-black-friday.yaml --scale 5%",
    ],
  },
  {
    name: "import",
    about: "the record of a past sale as a recording: orders, counts, access logs, sale logs",
    usage: "import <file> [--as FORMAT] [--columns FILE] [--zone ZONE] [--out FILE] [flags]",
    flags: ["as", "columns", "zone", "out", "force", "json", "quiet", "no-color"],
    more: "Reads a table of orders, of counts per interval or of published figures (comma, semicolon or tab), a web server's access log (common, combined, JSON) or a sale log, also as .gz, and writes one event a line; without --out into NAME.recording.ndjson. A file is recognised by its first lines, a column by its name; a columns file beside it (NAME.columns.yaml) says what cannot be guessed. What was left out stands in a file of its own with its line and why. Gigabytes are streamed. Exit code 2 where it holds no event.",
    examples: ["rehearse import scenarios/past-sales/small-drop-orders.csv --out recording.ndjson"],
  },
  {
    name: "fit",
    about: "what a recording tells: arrivals, order values, baskets, repeats, with their errors",
    usage: "fit <recording> [--scenario FILE] [--out FILE] [flags]",
    flags: ["as", "columns", "zone", "scenario", "json", "out", "quiet", "no-color"],
    more: "Reads a recording, or any file that import reads, and fits what it tells: when its orders came and how they scatter, what they are worth and hold, how often a shopper buys, how soon mails are opened, how long visits last. For each it ranks candidates by Akaike's criterion with the tests of how well they fit; where none fits the measured curve stands for it, and from too little nothing is concluded. --scenario writes a scenario with what was fitted, each value with its error. Exit code 4 where nothing can be concluded, 2 where it holds no event.",
    examples: [
      "rehearse fit recording.ndjson",
      "rehearse fit orders.csv --zone Europe/London --scenario fitted.yaml",
    ],
  },
  {
    name: "replay",
    about: "a past sale through the twin: recorded against simulated, and what if",
    usage: "replay <recording> [--scenario FILE] [--change PATH=VALUE] [flags]",
    flags: [
      "as",
      "columns",
      "zone",
      "scenario",
      "plan",
      "set",
      "change",
      "process",
      "seed",
      "seeds",
      "scale",
      "sample",
      "speed",
      "loops",
      "gaps",
      "dry-run",
      "json",
      "out",
      "quiet",
      "no-color",
    ],
    more: "Reads a recording, or any file that import reads, and lets its shoppers come again at the very times at which they came, each for an order of the value that was recorded, through the real store; or as many drawn from what was fitted. Without --scenario the shop has room for everybody; with it they meet that scenario's servers, payments, limits and waiting room. It prints recorded against simulated, figure by figure and series by series, with a mark for each; --change shows what the sale would have been. Of published figures the scenario says who comes, and is rehearsed beside them. Exit code 4 where a figure is further off than its goal.",
    examples: [
      "rehearse replay scenarios/past-sales/small-drop-orders.csv",
      "rehearse replay scenarios/past-sales/small-drop-live/log.ndjson --process fitted --seeds 5",
      "rehearse replay scenarios/past-sales/small-drop-orders.csv --change payments.primary.error=9%",
    ],
  },
  {
    name: "serve",
    about: "the live store: the engine that was rehearsed, on the wall clock",
    usage: "serve [--scenario FILE | --demo] [--data DIR] [--port N] [flags]",
    flags: [
      "scenario",
      "plan",
      "set",
      "scale",
      "demo",
      "data",
      "memory",
      "host",
      "port",
      "cluster",
      "redis",
      "postgres",
      "https",
      "trust-proxy",
      "export",
      "mail",
      "mail-from",
      "shop-url",
      "record",
      "log-level",
      "alert-webhook",
      "admin-network",
      "quiet",
      "no-color",
    ],
    more: "Opens the sale of a scenario (one whose start is past starts now) or a demonstration, and serves it until it is told to stop: the API under /api, its description at /openapi.json, /health/live and /health/ready. Pages to buy from stand at /. The folder keeps the sale and every order; without --scenario or --demo the store goes on with the sale that is there. SIGHUP changes the workers of a cluster one by one. With --log-level the log has stdout to itself, and the greeting goes to stderr. Secrets come from the environment: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS, addresses with a password as REHEARSE_REDIS_URL and REHEARSE_POSTGRES_URL, and for several nodes REHEARSE_KEYS and REHEARSE_ADMIN_TOKENS (with _FILE behind the name: the path of a file).",
    examples: [
      "rehearse serve --demo",
      "rehearse serve --scenario scenarios/small-drop.yaml --data drop --port 8081",
      "rehearse serve --demo --record sale-log.ndjson --log-level info",
    ],
  },
  {
    name: "follow",
    about: "the figures of a running store, a line every few seconds",
    usage: "follow [--target URL] [--scenario FILE] [--sale-log FILE] [--for TIME] [flags]",
    flags: [
      "target",
      "sale-log",
      "for",
      "every",
      "scenario",
      "plan",
      "set",
      "seeds",
      "scale",
      "json",
      "quiet",
      "no-color",
    ],
    more: "Reads the metrics and the alerts of a store that runs and prints its orders, revenue, waiting room, 95th percentile of the answers, errors, event loop and stock left, with the store's own goals and the alerts that fire; with --json as one object a line. With --scenario the sale is rehearsed first and its figures stand beside the band of the rehearsals: what has left the band is told with the lever that repairs it, and the orders of the next half hour are forecast from what the sale has brought so far. It changes nothing. Exit code 1 where a critical alert fired, 2 where the store cannot be reached. Of a store on another machine it takes an operator's token, in REHEARSE_ADMIN_TOKEN.",
    examples: [
      "rehearse follow --for 30s",
      "rehearse follow --target http://127.0.0.1:8081 --every 5s --json",
      "rehearse follow --scenario scenarios/small-drop.yaml --seeds 10",
    ],
  },
  {
    name: "load",
    about: "the shoppers of a rehearsal as HTTP requests to a store that runs",
    usage: "load <scenario> [--target URL] [--for TIME] [flags]",
    flags: [
      ...["target", "allow-remote", "plan", "seed", "set", "scale", "from", "for", "speed"],
      ...["processes", "connections", "data", "json", "out", "quiet", "no-color"],
    ],
    more: "Sends the pages, carts, checkouts and orders of the shoppers that a rehearsal with this plan and seed has, each when it is due and whatever the answers do (an open loop); times count from when a request was due. The store must serve the same scenario. Prints what each route met, what became of the orders beside what the rehearsal made of them, the expectations that apply, and whether the machine that sent was the limit and not the store. With --data, the folder of a store on this machine, invited shoppers come with their invitation. A store on another machine is left alone without --allow-remote. Exit code 1 where an expectation is missed, 2 where the store cannot be asked or serves another sale.",
    examples: [
      "rehearse load scenarios/small-drop.yaml --for 30s",
      "rehearse load scenarios/small-drop.yaml --from +2min --for 1m --speed 200% --out load.md",
    ],
  },
  {
    name: "calibrate",
    about: "measure a store on this machine, and score how well its loads are predicted",
    usage: "calibrate [--validate] [--redis URL --postgres URL] [--out FILE] [flags]",
    flags: ["validate", "quick", "memory", "redis", "postgres", "json", "out", "quiet", "no-color"],
    more: "Starts a store of its own, asks it route by route and in mixes, takes service demands from CPU time, and writes a capacity profile that says on what machine, version and date (--out profile.json, or --json). With --validate it then predicts loads that the calibration has not seen, with 90 % intervals, measures each of them several times, and writes the score with the floor of the machine beside every error (--out accuracy.md); some ten minutes a ledger, --quick for seconds. SQLite where no servers are named. Nothing else should run on the machine. Exit code 4 where a goal is missed.",
    examples: [
      "rehearse calibrate --quick --out profile.json",
      "rehearse calibrate --validate --out accuracy.md",
    ],
  },
  {
    name: "check",
    about: "rerun every golden scenario and compare it with what was kept",
    usage: "check [scenario …] [--update] [flags]",
    flags: ["update", "json", "out", "workers", "timing", "quiet", "no-color"],
    more: "Rehearses each golden scenario twice. Exit code 3 where the two differ from each other, 1 where they differ from the golden, 0 where all is as it was.",
    examples: ["rehearse check", "rehearse check scenarios/small-drop.yaml --out check.xml"],
  },
  {
    name: "validate",
    about: "check a scenario file and say what it holds",
    usage: "validate <scenario> [--set PATH=VALUE] [flags]",
    flags: ["set", "scale", "json", "quiet", "no-color"],
    more: "Prints every problem with its line, column, path and value, or what the scenario holds.",
    examples: ["rehearse validate scenarios/small-drop.yaml"],
  },
  {
    name: "schema",
    about: "print the JSON Schema of scenarios, results, forecasts and other documents",
    usage: "schema [subject]",
    flags: ["quiet", "no-color"],
    more: "The subject is scenario (where none is named); result, of run, compare and check; forecast, explanation, fit, replay, load or import, of the verb; accuracy, of calibrate --validate; profile, of calibrate. Editors complete and check a scenario with it; CI jobs can check what a verb prints with --json.",
    examples: ["rehearse schema > scenario.schema.json", "rehearse schema replay"],
  },
  {
    name: "metrics",
    about: "list every metric: its name, unit, meaning, and what a scale does to it",
    usage: "metrics [word] [--json]",
    flags: ["json", "quiet", "no-color"],
    more: "Results, expectations and series use these names and no others. With a word, only the metrics that have it in their name.",
    examples: ["rehearse metrics", "rehearse metrics latency"],
  },
  {
    name: "init",
    about: "write a commented starter scenario",
    usage: "init [file] [--force]",
    flags: ["force", "quiet", "no-color"],
    more: "Writes a small scenario with comments to FILE (scenario.yaml where none is named). A file that is there is left alone.",
    examples: ["rehearse init my-sale.yaml"],
  },
  {
    name: "doctor",
    about: "say what is installed, what is missing, and what this machine can do",
    usage: "doctor [--json]",
    flags: ["json", "quiet", "no-color"],
    more: "Checks the version of Node, the cores, the memory and whether files can be written here. Exit code 2 where something needed is missing.",
    examples: ["rehearse doctor"],
  },
];

export function verbNamed(name: string): Verb | undefined {
  return VERBS.find((verb) => verb.name === name);
}
