/**
 * Parts that do nothing until one of their keys says so. Who fills in the rest and forgets that key,
 * or leaves it off, would rehearse without the part and never know. Keys stand in the file or in a
 * plan, and count there if any plan that has them has the part on. Who turns a part off on the
 * command line wants to see the sale without it, and is asked nothing about its other keys.
 */
import type { Form } from "./defaults.ts";
import { valueAt } from "./findings.ts";
import { isForm } from "./overrides.ts";
import { dotted, type Finding, type Path, showValue } from "./problem.ts";
import { parseCount, parseShare, type Reading } from "./units.ts";

interface Switch {
  /** What has no effect where the switch is off: a section with its keys, or one value. */
  readonly part: Path;
  /** The key that switches it; it may be one of the section's own. */
  readonly by: Path;
  readonly isOn: (written: unknown) => boolean;
  /** True where a file that does not give the key has the part on. */
  readonly onByDefault?: boolean;
  /** How to turn it on. */
  readonly such: string;
}

const isNot = (off: string) => (written: unknown) => written !== off;

/** What cannot be read is told where it is decoded, and not here. */
const isAbove0 = (parse: (written: string | number) => Reading<number>) => (written: unknown) => {
  if (typeof written !== "string" && typeof written !== "number") return true;
  const reading = parse(written);
  return !reading.ok || reading.value > 0;
};

const isShare = isAbove0(parseShare);
const isList = (written: unknown) => !Array.isArray(written) || written.length > 0;
const isPredictive = (written: unknown) =>
  !Array.isArray(written) || written.includes("predictive");

function own(part: Path, key: string, such: string, isOn: Switch["isOn"]): Switch {
  return { part, by: [...part, key], isOn, such };
}

const FEEDBACK_ASKED = "asked: 50%";

const SWITCHES: readonly Switch[] = [
  own(["waiting-room"], "mode", "mode: on", isNot("off")),
  own(["platform", "database"], "pool", "pool: 10", isAbove0(parseCount)),
  own(["platform", "shedding"], "kind", "kind: codel", isNot("none")),
  own(["platform", "bulkheads"], "kind", "kind: guaranteed", isNot("none")),
  own(["payments", "three-d-secure"], "share", "share: 60%", isShare),
  own(["feedback", "exit"], "asked", FEEDBACK_ASKED, isShare),
  own(["feedback", "survey"], "asked", FEEDBACK_ASKED, isShare),
  {
    part: ["feedback", "satisfaction"],
    by: ["feedback", "survey", "asked"],
    isOn: isShare,
    such: `feedback.survey.${FEEDBACK_ASKED}`,
  },
  {
    part: ["platform", "autoscaler", "predictive"],
    by: ["platform", "autoscaler", "also"],
    isOn: isPredictive,
    such: "also: [predictive]",
  },
  {
    part: ["platform", "cdn", "serve-stale"],
    by: ["platform", "cdn", "pages"],
    isOn: isList,
    onByDefault: true,
    such: "pages: [landing, list]",
  },
];

/** The file, or one of its plans. */
interface Place {
  readonly path: Path;
  readonly form: Form;
}

/** `file` as it is written, and `written` with the command line's settings in it; both without any default. */
export function checkSwitches(written: Form, file: Form): Finding[] {
  const places = placesOf(written);
  return SWITCHES.flatMap((one) => {
    if (isTurnedOff(one, places, file)) return [];
    return places
      .filter((place) => isFilledIn(one, place) && !isOnIn(one, place, places))
      .map((place) => withoutEffect(one, place, written));
  });
}

/** The file itself first. */
function placesOf(written: Form): readonly Place[] {
  const plans = isForm(written.plans) ? Object.entries(written.plans) : [];
  const ofPlans = plans.flatMap(([plan, form]) =>
    isForm(form) ? [{ path: ["plans", plan], form }] : [],
  );
  return [{ path: [], form: written }, ...ofPlans];
}

function isTurnedOff({ by, isOn }: Switch, places: readonly Place[], file: Form): boolean {
  return places.some(({ path, form }) => {
    const now = valueAt(form, by);
    const before = valueAt(file, [...path, ...by]);
    return now !== undefined && !isOn(now) && JSON.stringify(now) !== JSON.stringify(before);
  });
}

/** Whether something is said of the part, besides the switch and a plain nothing. */
function isFilledIn({ part, by }: Switch, { form }: Place): boolean {
  const there = valueAt(form, part);
  if (!isForm(there)) return there !== undefined && isShare(there);
  return Object.keys(there).some((key) => dotted([...part, key]) !== dotted(by));
}

/** Whether a plan that has what stands at this place has the part on. */
function isOnIn(one: Switch, { path, form }: Place, places: readonly Place[]): boolean {
  const [top, ...plans] = places;
  const concerned = path.length > 0 ? [form] : plans.map((plan) => plan.form);
  const all = concerned.length > 0 ? concerned : [form];
  return all.some((plan) => {
    const given = valueAt(plan, one.by) ?? valueAt(top?.form, one.by);
    return given === undefined ? one.onByDefault === true : one.isOn(given);
  });
}

function withoutEffect(one: Switch, { path, form }: Place, written: Form): Finding {
  const key = one.by.at(-1);
  const given = valueAt(form, one.by) ?? valueAt(written, one.by);
  const why = given === undefined ? `no ${key} is given` : `${key} is ${showValue(given)}`;
  const what = given === undefined ? `add ${one.such}` : `write ${one.such}, or leave this out`;
  return { path: [...path, ...one.part], message: `has no effect: ${why}`, suggestion: what };
}
