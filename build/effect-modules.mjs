/**
 * Imports of `"effect"` name single modules of it once bundled. Modules of the bundle that are
 * evaluated only when they are needed would otherwise all wait for the whole of Effect, because
 * its index evaluates every module that any part of the program uses.
 */
import { readFile } from "node:fs/promises";

const INDEX_IMPORT = /^import \{([^}]*)\} from "effect";$/gm;

/** @type {import("esbuild").Plugin} */
export const effectModules = {
  name: "effect-modules",
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => ({
      contents: withSingleModules(await readFile(path, "utf8")),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};

/**
 * The source with `import { Effect, type Exit } from "effect"` as one import per module. An import
 * of a function such as `pipe`, which is no module, stays as it is.
 * @param {string} source
 */
export function withSingleModules(source) {
  return source.replace(INDEX_IMPORT, (written, /** @type {string} */ list) => {
    const names = list.split(",").map((name) => name.trim());
    const values = names.filter((name) => name !== "" && !name.startsWith("type "));
    return values.every((name) => /^[A-Z]/.test(name)) ? values.map(ofModule).join(" ") : written;
  });
}

/** @param {string} name as the import lists it, `Option as OptionModule` included */
function ofModule(name) {
  const [module, local = module] = name.split(" as ");
  return `import * as ${local} from "effect/${module}";`;
}
