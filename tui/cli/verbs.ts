/**
 * The verbs and flags of the command line as data. Help pages, the search for the nearest
 * spelling and the order of a repeat command are drawn from these tables; `command-line.test.ts`
 * holds them against what the parser really takes.
 */

export interface Flag {
  readonly name: string;
  /** What stands for its value in a help page; null for a switch. */
  readonly value: string | null;
  /** Whether one command may give it several times. */
  readonly repeated?: true;
  readonly about: string;
}

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

export const FLAGS: readonly Flag[] = [
  {
    name: "plan",
    value: "NAME",
    about: "the launch plan to rehearse or to change; the scenario's first where none is named",
  },
  {
    name: "plans",
    value: "A,B",
    about: "the launch plans to compare, the first against the others; all where none is named",
  },
  {
    name: "seed",
    value: "S",
    about: "the seed; without it the scenario's own. The same seed gives the same bytes",
  },
  {
    name: "seeds",
    value: "N",
    about: "rehearsals per plan: seeds S, S#2 … S#N. Without it the scenario's own number",
  },
  {
    name: "set",
    value: "PATH=VALUE",
    repeated: true,
    about: "change one value of the scenario, for example audience.visits=12%; may be repeated",
  },
  {
    name: "as",
    value: "FORMAT",
    about: "what the file is: sale-log, orders, counts, targets or access-log",
  },
  {
    name: "columns",
    value: "FILE",
    about: "which column is what; without it NAME.columns.yaml beside the file, if it is there",
  },
  {
    name: "zone",
    value: "ZONE",
    about: "the zone of times without an offset, as Europe/London or +02:00; without it UTC",
  },
  {
    name: "change",
    value: "CHANGE",
    repeated: true,
    about:
      "change something on the way: '+27min launch.every=12min'; also platform.fleet.min and .max, waiting-room.capacity, fault={ … }. May be repeated",
  },
  {
    name: "what-if",
    value: "PATH=VALUE",
    repeated: true,
    about:
      "adds a plan `what-if`: --plan with this value changed, for example launch.batches=6; may be repeated",
  },
  {
    name: "scale",
    value: "5%",
    about: "a smaller world for a quick look: fewer shoppers on proportionally less capacity",
  },
  {
    name: "closed-form",
    value: null,
    about: "the closed form alone, in seconds; nothing is simulated",
  },
  {
    name: "explain",
    value: null,
    about:
      "also say why: rehearse again with one part after the other made perfect (several times as long)",
  },
  { name: "update", value: null, about: "write the goldens anew instead of comparing with them" },
  { name: "json", value: null, about: "print the canonical result as JSON" },
  {
    name: "out",
    value: "FILE",
    repeated: true,
    about:
      "also write the result to FILE; its ending says how: .html (the report to hand on), .md, .csv (series), .json or .xml (JUnit), as far as the verb has it. May be repeated",
  },
  {
    name: "events",
    value: "FILE",
    about: "write the sale log of every rehearsal to FILE (.ndjson), one event a line",
  },
  {
    name: "workers",
    value: "N",
    about: "rehearsals at the same time; as many as there are cores where not given",
  },
  {
    name: "timing",
    value: null,
    about: "say how long it took: to stderr, and with --json as a separate `timing` object",
  },
  { name: "scenario", value: "FILE", about: "open the sale of this scenario" },
  { name: "demo", value: null, about: "open a small demonstration sale" },
  {
    name: "data",
    value: "DIR",
    about: "the store's folder: its sale, keys and orders; rehearse-data where not given",
  },
  {
    name: "memory",
    value: null,
    about: "keep everything in memory: it is gone when the store ends",
  },
  {
    name: "host",
    value: "ADDRESS",
    about: "the address to listen at; 127.0.0.1, which is this machine alone, where not given",
  },
  { name: "port", value: "N", about: "the port to listen at; 8080 where not given, 0 is any free" },
  { name: "cluster", value: "N", about: "so many workers on this machine share the port" },
  {
    name: "https",
    value: null,
    about: "shoppers come over https, through a proxy that ends it: cookies are bound to it",
  },
  {
    name: "trust-proxy",
    value: "ADDRESS",
    repeated: true,
    about: "a proxy, or a block of them, whose X-Forwarded-For is believed; may be repeated",
  },
  {
    name: "export",
    value: "DIR",
    about: "write the pages that are the same for everybody into DIR, for a CDN, and serve nothing",
  },
  {
    name: "record",
    value: "FILE",
    about: "write the sale log into FILE (.ndjson) while the sale is on, one event a line",
  },
  {
    name: "log-level",
    value: "LEVEL",
    about:
      "log requests and failures as JSON lines on stdout: debug, info, warn, error; silent where not given",
  },
  {
    name: "alert-webhook",
    value: "URL",
    about: "tell this address of every alert that begins or ends, signed",
  },
  {
    name: "admin-network",
    value: "BLOCK",
    repeated: true,
    about:
      "addresses that may run the sale with a token, as in 10.1.0.0/16; this machine alone where not given. May be repeated",
  },
  {
    name: "redis",
    value: "URL",
    about:
      "holds, carts and limits in Redis: redis://host:port, also redis+cluster, redis+sentinel",
  },
  {
    name: "postgres",
    value: "URL",
    about: "orders in PostgreSQL, for several nodes: postgres://user@host/database",
  },
  {
    name: "mail",
    value: "URL",
    about: "mail shoppers about their orders: smtp://user@host, smtps://user@host, or a folder",
  },
  { name: "mail-from", value: "ADDRESS", about: "who the mails are from" },
  {
    name: "shop-url",
    value: "URL",
    about: "the address that shoppers know, for links in mails; where it listens where not given",
  },
  {
    name: "target",
    value: "URL",
    about: "the store to follow; http://127.0.0.1:8080 where not given",
  },
  {
    name: "sale-log",
    value: "FILE",
    about:
      "the file that the store writes its sale log into: orders are then counted by their events",
  },
  {
    name: "for",
    value: "TIME",
    about: "end after this time, as in 30s, 10m; until Ctrl+C where not given",
  },
  { name: "every", value: "TIME", about: "how often the store is looked at; 2s where not given" },
  { name: "force", value: null, about: "overwrite the file if there is one" },
  { name: "quiet", value: null, about: "no progress and no hints on stderr" },
  {
    name: "no-color",
    value: null,
    about: "no colours; NO_COLOR=1 does the same, FORCE_COLOR=1 the opposite",
  },
];

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
    examples: ["rehearse import orders.csv --zone Europe/London", "rehearse import access.log.gz"],
  },
  {
    name: "serve",
    about: "the live store: the engine that was rehearsed, on the wall clock",
    usage: "serve [--scenario FILE | --demo] [--data DIR] [--port N] [flags]",
    flags: [
      "scenario",
      "plan",
      "set",
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
    usage: "follow [--target URL] [--sale-log FILE] [--for TIME] [--every TIME] [flags]",
    flags: ["target", "sale-log", "for", "every", "json", "quiet", "no-color"],
    more: "Reads the metrics and the alerts of a store that runs and prints its orders, revenue, waiting room, 95th percentile of the answers, errors, event loop and stock left, with the store's own goals and the alerts that fire; with --json as one object a line. It changes nothing. Exit code 1 where a critical alert fired, 2 where the store cannot be reached. Of a store on another machine it takes an operator's token, in REHEARSE_ADMIN_TOKEN.",
    examples: [
      "rehearse follow --for 30s",
      "rehearse follow --target http://127.0.0.1:8081 --every 5s --json",
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
    about: "print the JSON Schema of scenarios, results, forecasts or explanations",
    usage: "schema [scenario|result|forecast|explanation]",
    flags: ["quiet", "no-color"],
    more: "Editors complete and check a scenario with it; CI jobs can check a result.",
    examples: ["rehearse schema > scenario.schema.json", "rehearse schema result"],
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

export function flagNamed(name: string): Flag | undefined {
  return FLAGS.find((flag) => flag.name === name);
}
