/** What to do about a result, one sentence each with the command that does it. */
import type { RunResult } from "../../twin/result.ts";
import { leadingComparison, SURE_ENOUGH } from "./findings.ts";
import { figureText, sureText } from "./quantity.ts";

export interface Advice {
  readonly sentence: string;
  readonly command: string | null;
}

export function adviceOf(result: RunResult): readonly Advice[] {
  const { repeat, explanation } = result;
  const seeds = Math.max(0, ...Object.values(result.plans).map((plan) => plan.seeds.length));
  const missed = result.expectations.some(({ met }) => met === false);
  const [broken] = result.broken;
  return [
    ...(broken === undefined
      ? []
      : [
          say(
            `An invariant broke in ${broken.plan}, seed ${broken.seed}: that is a defect of Rehearse. Report it with this command.`,
            repeat,
          ),
        ]),
    ...(result.partial ? [say("Run it again to its end.", repeat)] : []),
    ...planAdvice(result),
    ...causeAdvice(result),
    ...(explanation === undefined && (missed || (result.differences !== undefined && seeds > 0))
      ? [say("Ask which part was the cause.", `${repeat} --explain`)]
      : []),
    ...(seeds === 1
      ? [
          say(
            "One seed says nothing about chance: rehearse several.",
            repeat.replace(/ --seeds 1\b/u, " --seeds 5"),
          ),
        ]
      : []),
    ...(result.scale < 1
      ? [
          say(
            "This is a smaller world: rehearse at full size before you decide.",
            repeat.replace(/ --scale \S+/u, ""),
          ),
        ]
      : []),
  ];
}

function say(sentence: string, command: string | null = null): Advice {
  return { sentence, command };
}

/** Which plan to take, by revenue, then orders, where a difference is more than chance. */
function planAdvice(result: RunResult): readonly Advice[] {
  return (result.comparisons ?? leadingComparison(result)).flatMap(
    ({ first, second, differences }) => {
      const name = ["revenue", "orders"].find((metric) => {
        const one = differences[metric];
        return one !== undefined && one.n >= 2 && one.better !== null && one.sure >= SURE_ENOUGH;
      });
      const difference = name === undefined ? undefined : differences[name];
      if (name === undefined || difference === undefined)
        return [
          say(
            `Between ${first} and ${second} revenue and orders do not decide: look at what each costs and risks.`,
          ),
        ];
      const by = figureText(name, Math.abs(difference.mean), result);
      const other = difference.better === first ? second : first;
      return [
        say(
          `By ${name}, ${difference.better} is better than ${other} by ${by} (sure to ${sureText(difference.sure)}).`,
        ),
      ];
    },
  );
}

/** The part to mend first, of each plan that an explanation was made of. */
function causeAdvice({ explanation, currency }: RunResult): readonly Advice[] {
  return Object.entries(explanation?.plans ?? {}).flatMap(([plan, { revenue, parts }]) => {
    const cause = revenue?.causes.find(
      ({ certainty, gain }) => certainty === "cause" && gain !== null,
    );
    if (cause?.gain == null) return [];
    const perfect = parts.find(({ name }) => name === cause.part)?.perfect;
    const by = figureText("revenue", cause.gain.mean, { currency });
    return [
      say(
        `${plan}: mend ${cause.part} first. It would add up to ${by}${perfect === undefined ? "" : ` if ${perfect}`}.`,
      ),
    ];
  });
}
