/**
 * The flags of the command line as data. Help pages, the search for the nearest spelling and the
 * order of a repeat command are drawn from this table.
 */

export interface Flag {
  readonly name: string;
  /** What stands for its value in a help page; null for a switch. */
  readonly value: string | null;
  /** Whether one command may give it several times. */
  readonly repeated?: true;
  readonly about: string;
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
      "run: change something on the way: '+27min launch.every=12min'; also platform.fleet.min and .max, waiting-room.capacity, fault={ … }. replay: what the sale would have been with PATH=VALUE. May be repeated",
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
    name: "process",
    value: "NAME",
    about: "who comes: recorded, the very arrivals of the recording, or fitted, drawn from its fit",
  },
  {
    name: "sample",
    value: "10%",
    about: "replay this part of the shoppers, the same ones every time",
  },
  { name: "loops", value: "N", about: "play the recording N times, each by other shoppers" },
  { name: "gaps", value: "TIME", about: "cut longer times without a visit to this, as in 10min" },
  { name: "dry-run", value: null, about: "say what would be done and how long it would take" },
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
  { name: "scenario", value: "FILE", about: "open the sale of this scenario; fit: write one" },
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
    about: "the store that runs; http://127.0.0.1:8080 where not given",
  },
  {
    name: "allow-remote",
    value: null,
    about: "send the load to a store on another machine, which must be yours to test",
  },
  {
    name: "from",
    value: "TIME",
    about: "where in the sale the shoppers begin, as in +5min; its start where not given",
  },
  {
    name: "speed",
    value: "200%",
    about: "so many times as fast: at 200% twice as many come at a time; 100% where not given",
  },
  {
    name: "processes",
    value: "N",
    about: "send from so many processes, or auto: one for every two cores",
  },
  {
    name: "connections",
    value: "N",
    about: "connections that are open at once, all processes together; 1024 where not given",
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
    about:
      "end after this time, as in 30s, 10m; where not given until Ctrl+C, and a load with the sale",
  },
  { name: "every", value: "TIME", about: "how often the store is looked at; 2s where not given" },
  {
    name: "validate",
    value: null,
    about: "also predict loads that the calibration has not seen, measure them, and score it",
  },
  { name: "quick", value: null, about: "few and short loads: seconds, and figures to match" },
  { name: "force", value: null, about: "overwrite the file if there is one" },
  { name: "quiet", value: null, about: "no progress and no hints on stderr" },
  {
    name: "no-color",
    value: null,
    about: "no colours; NO_COLOR=1 does the same, FORCE_COLOR=1 the opposite",
  },
];

export function flagNamed(name: string): Flag | undefined {
  return FLAGS.find((flag) => flag.name === name);
}
