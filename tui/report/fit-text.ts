/** What a recording tells, for people. */
import type { FittedParameter } from "../../twin/fitting/families.ts";
import type { FitResult, QuantityResult } from "../../twin/fitting/fit-result.ts";
import { percentText, plainNumber } from "./quantity.ts";

export function fitText(result: FitResult): string {
  const { arrivals, dispersion, shoppers, milestones } = result;
  const lines = [
    `${result.recording}: ${plainNumber(result.orders, 0)} orders`,
    "",
    "arrivals",
    ...("why" in arrivals
      ? [`  nothing is concluded: ${arrivals.why}`]
      : arrivals.candidates.map(
          ({ name, parameters, quasiAic }) =>
            `  ${name.padEnd(36)} QAIC ${plainNumber(quasiAic, 1)}  ${parametersText(parameters)}`,
        )),
    ...dispersion.map(
      ({ seconds, ratio, low, high, verdict }) =>
        `  variance over mean per ${seconds} s: ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), ${verdict}`,
    ),
    ...Object.entries(result.quantities).flatMap(([name, quantity]) =>
      quantityLines(name, quantity),
    ),
    ...(shoppers === null ? [] : ["", `shoppers: ${percentText(shoppers.single)} with one order`]),
    ...milestones.map(
      ({ sale, metric, candidates }) =>
        `${sale} ${metric}: ${candidates[0]?.name ?? "too few milestones"}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function quantityLines(name: string, { why, candidates, chosen }: QuantityResult): string[] {
  if (why !== null) return ["", name, `  nothing is concluded: ${why}`];
  return [
    "",
    name,
    ...candidates.map(
      (one) =>
        `  ${one.name.padEnd(30)} AIC ${plainNumber(one.aic, 1)}  KS ${one.kolmogorovSmirnov.toFixed(3)}  AD ${one.andersonDarling.toFixed(2)}  ${parametersText(one.parameters)}${one.name === chosen ? "  chosen" : ""}`,
    ),
    ...(chosen === null ? ["  none fits: use the measured curve"] : []),
  ];
}

function parametersText(parameters: Readonly<Record<string, FittedParameter>>): string {
  return Object.entries(parameters)
    .map(([name, { value, error }]) => `${name} ${value.toPrecision(4)} ± ${error.toPrecision(2)}`)
    .join(", ");
}
