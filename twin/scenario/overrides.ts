/**
 * Layers of a scenario: defaults below the file, the file below a plan's own keys, and above
 * all of them the `--set path=value` of the command line. A layer is a form in the file's
 * spelling; laying one over another changes neither.
 */
import { isAlias as isAliasNode, parseDocument } from "yaml";
import type { Form } from "./defaults.ts";
import {
  dotted,
  type Finding,
  type Path,
  type ScenarioProblem,
  showValue,
  suggestName,
} from "./problem.ts";
import { DISTRIBUTION_KINDS } from "./quantity.ts";

export function isForm(value: unknown): value is Form {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A section whose keys are all kinds of distribution: one kind replaces another as a whole. */
export function isDistribution(form: Form): boolean {
  const keys = Object.keys(form);
  return keys.length > 0 && keys.every((key) => DISTRIBUTION_KINDS.includes(key));
}

function isOtherKind(below: Form, above: Form): boolean {
  if (!isDistribution(below) || !isDistribution(above)) return false;
  return !Object.keys(above).some((key) => Object.hasOwn(below, key));
}

/** `above` laid over `below`: sections key by key, everything else (lists too) replaced. */
export function layer(below: Form, above: Form): Form {
  if (isOtherKind(below, above)) return above;
  const merged = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const under = merged.get(key);
    merged.set(key, isForm(under) && isForm(value) ? layer(under, value) : value);
  }
  return Object.fromEntries(merged);
}

/** One `--set`, read. */
export interface Setting {
  /** As on the command line. */
  readonly written: string;
  readonly path: Path;
  readonly value: unknown;
}

export function parseSetting(written: string): Setting | ScenarioProblem {
  const equals = written.indexOf("=");
  const path = written.slice(0, Math.max(equals, 0)).trim();
  if (equals < 1 || path.split(".").some((step) => step === "")) {
    return problemOf(written, [], {
      message: "not of the form path=value",
      suggestion: "write it like --set audience.visits=12%",
    });
  }
  return { written, path: stepsOf(path), value: readValue(written.slice(equals + 1).trim()) };
}

/** Metrics have dots in their names, so what follows `expect` is one step. */
function stepsOf(path: string): Path {
  const metric = /^((?:plans\.[^.]+\.)?expect)\.(.+)$/u.exec(path);
  const [, sections = path, name] = metric ?? [];
  const steps = sections.split(".").map((step) => (/^\d{1,4}$/u.test(step) ? Number(step) : step));
  return name === undefined ? steps : [...steps, name];
}

/** Values are read as the file reads them, so that `0.5`, `none` and `[landing]` mean the same. */
function readValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
  const broken = document.errors.length > 0 || document.warnings.length > 0;
  const isAlias = document.contents !== null && isAliasNode(document.contents);
  return broken || isAlias || text === "" ? text : document.toJS({ maxAliasCount: 0 });
}

function problemOf(
  written: string,
  path: Path,
  said: { message: string; suggestion: string; value?: unknown },
): ScenarioProblem {
  return {
    file: `--set ${written}`,
    line: 0,
    column: 0,
    path: path.join("."),
    value: showValue(said.value),
    message: said.message,
    suggestion: said.suggestion,
  };
}

/** A finding about a value that came from the command line. */
export function placeAtSetting(setting: Setting, finding: Finding): ScenarioProblem {
  return problemOf(setting.written, finding.path, finding);
}

/** The form with the setting in it; a list that is too short and a value that is no section are problems. */
export function applySetting(form: Form, setting: Setting): Form | ScenarioProblem {
  const problem = refusal(form, setting);
  if (problem !== null) return problem;
  return put(form, setting.path, setting.value) as Form;
}

function put(below: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return isForm(below) && isForm(value) ? layer(below, value) : value;
  if (Array.isArray(below)) {
    return below.map((item, index) => (index === step ? put(item, rest, value) : item));
  }
  const section = isForm(below) ? below : {};
  return layerKey(section, String(step), put(section[String(step)], rest, value));
}

/** Replaces one key; a distribution of another kind is replaced with it. */
function layerKey(section: Form, key: string, value: unknown): Form {
  const replaced = isOtherKind(section, { [key]: value }) ? {} : section;
  return Object.fromEntries(new Map<string, unknown>(Object.entries(replaced)).set(key, value));
}

function refusal(form: Form, setting: Setting): ScenarioProblem | null {
  let here: unknown = form;
  for (const [index, step] of setting.path.entries()) {
    const path = setting.path.slice(0, index);
    if (Array.isArray(here)) {
      if (typeof step !== "number" || step >= here.length) {
        return problemOf(setting.written, path, {
          message: `"${step}" is not a place in this list of ${here.length}`,
          suggestion:
            here.length === 0
              ? `give the whole list, like --set "${dotted(path)}=[{ … }]"`
              : `places are counted from 0 to ${here.length - 1}`,
        });
      }
      here = here[step];
    } else if (isForm(here)) {
      if (index === 1 && setting.path[0] === "plans" && !Object.hasOwn(here, String(step))) {
        return problemOf(setting.written, setting.path.slice(0, 2), {
          message: `there is no plan "${step}"`,
          suggestion: suggestName(String(step), Object.keys(here)),
        });
      }
      here = here[String(step)];
    } else if (here !== undefined && here !== null && here !== "none") {
      return problemOf(setting.written, path, {
        message: "is a value, not a section",
        suggestion: `set ${path.join(".")} itself`,
        value: here,
      });
    } else {
      return null;
    }
  }
  return null;
}
