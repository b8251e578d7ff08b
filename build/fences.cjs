/**
 * Who may import whom, as ARCHITECTURE.md says it. `npm run check` fails on any other import.
 * `inside` names the folder the rule is for, `only` what it may import beyond itself.
 */
/** The folders of twin/ that hold models. */
const MODELS =
  "(shoppers|email|traffic|fleet|autoscaler|cdn|payments|faults|waiting-room|promotions|bots|neighbours)";
const tests = "(\\.(test|bench|contract)\\.ts$|/testing/)";

/**
 * A folder may import itself and what `only` lists; everything else is forbidden.
 * @param {string} name @param {string} inside @param {string[]} only @param {string} comment
 */
function fence(name, inside, only, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: inside, pathNot: tests },
    to: { pathNot: [inside, ...only] },
  };
}

/**
 * A room of tui/ may import itself and these others of it; what is outside tui/ has rules of its own.
 * @param {string} name @param {string[]} only @param {string} comment
 */
function room(name, only, comment) {
  const inside = `^tui/${name}/`;
  return {
    name: `tui-${name.replaceAll("/", "-")}`,
    comment,
    severity: "error",
    from: { path: inside, pathNot: tests },
    to: { path: "^tui/", pathNot: [inside, ...only.map(inTui)] },
  };
}

/** What lays text out in cells without Ink. */
const CELLS = "components/(canvas|chart|text-width)\\.ts$";
const COMMON_OF_SCREENS = "screens/[a-z-]+\\.tsx?$";
const BELOW_SCREENS = [
  ...["components/", "keys/", "terminal/", "theme/", "model/", "state/", "worker/", "live/"],
  ...["report/", "cli/", "version\\.ts$"],
];

/** @param {string} path */
const inTui = (path) => `^tui/${path}`;

/** @param {string} name */
const npm = (name) => `node_modules/${name}/`;
const effect = npm("effect");
const xstate = npm("xstate");
/** What a live store stands on beside Node itself. */
const LIVE_PACKAGES = [
  "fastify",
  "@fastify",
  "better-sqlite3",
  "ioredis",
  "pg",
  "stripe",
  "nodemailer",
  "pino",
  "prom-client",
  "csv-parse",
];

module.exports = {
  forbidden: [
    fence(
      "engine",
      "^engine/",
      [npm("seedrandom"), npm("@types/seedrandom")],
      "the kernel knows no shop",
    ),
    fence("store-core", "^store/core/", [xstate], "rules are plain functions"),
    fence("store-ports", "^store/ports/", ["^store/core/", effect], "a port knows no adapter"),
    fence(
      "store-service",
      "^store/service/",
      ["^store/core/", "^store/ports/", effect],
      "services know ports, not adapters",
    ),
    fence(
      "store-memory",
      "^store/memory/",
      ["^store/core/", "^store/ports/", effect],
      "an adapter is imported by nobody but who starts it",
    ),
    {
      name: "store-live",
      comment: "the live store knows no rehearsal",
      severity: "error",
      from: { path: "^store/live/", pathNot: tests },
      to: {
        pathNot: ["^store/", effect, npm("@types"), ...LIVE_PACKAGES.map(npm)],
        dependencyTypesNot: ["core"],
      },
    },
    fence(
      "twin-models",
      `^twin/${MODELS}/`,
      [
        "^engine/",
        "^store/core/",
        "^twin/(distributions|metric|scenario/(scenario|[a-z-]+-spec))\\.ts$",
        `^twin/${MODELS}/`,
        xstate,
      ],
      "models compute; they do not coordinate",
    ),
    fence(
      "twin",
      "^twin/",
      ["^engine/", "^store/(core|ports|service|memory)/", effect, npm("yaml"), xstate],
      "the twin never touches the live store",
    ),
    fence(
      "twin-recordings",
      "^twin/recordings/",
      ["^store/core/money\\.ts$"],
      "what was recorded is read without a rehearsal",
    ),
    fence(
      "twin-fitting",
      "^twin/fitting/",
      ["^engine/", "^store/core/money\\.ts$", "^twin/recordings/"],
      "a fit knows what was recorded, and no model",
    ),
    {
      name: "twin-adapters-inward",
      comment: "models do not know who brings them to the store",
      severity: "error",
      from: {
        path: `^twin/(${MODELS}|scenario)/`,
        pathNot: tests,
      },
      to: { path: "^twin/(adapters|experiments|world)" },
    },
    {
      name: "forecast-without-simulation",
      comment: "a forecast is arithmetic; who wants both sets it beside a rehearsal",
      severity: "error",
      from: { path: "^twin/forecast/", pathNot: tests },
      to: { path: "^twin/(adapters|world|invariants|measurement)|^store/" },
    },
    {
      name: "nobody-imports-tui",
      comment: "screens draw what others compute",
      severity: "error",
      from: { pathNot: "^(tui|build)/" },
      to: { path: "^tui/" },
    },
    {
      name: "tui-outside-live",
      comment: "only a verb that starts a live store may import it",
      severity: "error",
      from: { path: "^tui/", pathNot: tests },
      to: { path: "^store/(service|memory|ports)/" },
    },
    room("theme", [], "colours by meaning know nobody"),
    room("report", [], "a result is all that a report knows"),
    room("components", ["theme/"], "parts of a picture know no screen"),
    room("terminal", ["theme/", CELLS], "bytes to and from a terminal know no screen"),
    room("keys", ["terminal/key-reader\\.ts$"], "the key table knows what a key is called"),
    room(
      "model",
      ["theme/", "report/", "state/", "worker/", CELLS],
      "what a screen shows is computed as data, without Ink and without a screen",
    ),
    {
      name: "tui-model-plain",
      comment: "models read no file and start no thread: of who does they know the types",
      severity: "error",
      from: { path: "^tui/model/", pathNot: tests },
      to: { path: "^tui/(state|worker)/", dependencyTypesNot: ["type-only"] },
    },
    room(
      "state",
      ["cli/", "model/", "report/", "terminal/capabilities\\.ts$", "theme/"],
      "files know no screen",
    ),
    room("worker", ["cli/shell\\.ts$"], "threads know no screen"),
    room("live", ["model/"], "who follows a store knows no screen"),
    room(
      "calibration",
      ["live/prometheus-text\\.ts$", "load/"],
      "who drives a store and times it knows no verb and no report",
    ),
    room("load", [], "what sends requests knows no verb and no report"),
    room("recordings", [], "what reads a file of a past sale knows no verb"),
    room(
      "cli",
      [
        "live/",
        "calibration/",
        "load/",
        "model/",
        "recordings/",
        "report/",
        "worker/",
        "progress\\.ts$",
        "version\\.ts$",
      ],
      "a verb runs without a terminal and loads nothing of the screens",
    ),
    {
      name: "tui-screens",
      comment: "a screen knows no other screen, nor the application that shows it",
      severity: "error",
      from: { path: "^tui/screens/([a-z-]+)/", pathNot: tests },
      to: {
        path: "^tui/",
        pathNot: ["^tui/screens/$1/", ...[COMMON_OF_SCREENS, ...BELOW_SCREENS].map(inTui)],
      },
    },
    {
      name: "tui-common-of-screens",
      comment: "what screens share knows none of them",
      severity: "error",
      from: { path: `^tui/${COMMON_OF_SCREENS}`, pathNot: tests },
      to: { path: "^tui/", pathNot: [COMMON_OF_SCREENS, ...BELOW_SCREENS].map(inTui) },
    },
    {
      name: "tui-app-outermost",
      comment: "the screens are opened by the program alone",
      severity: "error",
      from: { pathNot: ["^tui/(app/|main\\.ts$)", tests] },
      to: { path: "^tui/(app/|main\\.ts$)" },
    },
    {
      name: "ink-draws",
      comment: "models, files, threads, reports and terminals do without Ink and React",
      severity: "error",
      from: { path: "^tui/", pathNot: ["^tui/(app|screens|components)/", tests] },
      to: { path: "node_modules/(@types/)?(ink|react|react-reconciler)/" },
    },
    {
      name: "stepped-outermost",
      comment: "no model and no world knows that it is stepped, watched or changed",
      severity: "error",
      from: { path: "^twin/", pathNot: ["^twin/stepped/", tests] },
      to: { path: "^twin/stepped/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "replay-outermost",
      comment: "no model and no world knows that it replays a recording",
      severity: "error",
      from: { path: "^twin/", pathNot: ["^twin/replay/", tests] },
      to: { path: "^twin/replay/" },
    },
    {
      name: "models-without-stepped",
      comment: "interventions are the experiments' word, not the models'",
      severity: "error",
      from: { path: `^twin/(${MODELS}|scenario|adapters|forecast|invariants)/`, pathNot: tests },
      to: { path: "^twin/stepped/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "node-outside-the-twin",
      comment: "no clock, no file, no network where a rehearsal must be repeatable",
      severity: "error",
      from: { path: "^(engine|store/(core|ports|service|memory)|twin)/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
