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
