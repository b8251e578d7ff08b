/**
 * Sections that do nothing until one of their keys says so. Who fills in the rest and forgets that
 * key would rehearse without the part and never know; saying `mode: off` is saying so.
 */
import { finding, where } from "./check-findings.ts";
import type { Form } from "./defaults.ts";
import { valueAt } from "./findings.ts";
import { isForm } from "./overrides.ts";
import { dotted, type Finding, type Path } from "./problem.ts";

interface Switch {
  readonly section: Path;
  readonly key: string;
  readonly such: string;
}

const SWITCHES: readonly Switch[] = [
  { section: ["waiting-room"], key: "mode", such: "mode: on" },
  { section: ["platform", "database"], key: "pool", such: "pool: 10" },
  { section: ["platform", "shedding"], key: "kind", such: "kind: codel" },
];

/** `written` is the file with the command line's settings in it, and without any default. */
export function checkSwitches(written: Form): Finding[] {
  const plans = isForm(written.plans) ? Object.values(written.plans) : [];
  const forms = [written, ...plans];
  return SWITCHES.flatMap(({ section, key, such }) => {
    const sections = forms.map((form) => valueAt(form, section)).filter(isForm);
    const off = sections.length > 0 && sections.every((one) => !Object.hasOwn(one, key));
    const place = valueAt(written, section);
    return where(
      off &&
        isForm(place) &&
        Object.keys(place).length > 0 &&
        finding(dotted(section), `has no effect: no ${key} is given`, `add ${such}`),
    );
  });
}
