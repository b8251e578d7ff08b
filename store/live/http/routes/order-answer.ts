/** How the store's answers about orders read in HTTP: what was done, or a problem. */
import {
  type PlaceOrderAnswer,
  type StartCheckoutAnswer,
  statusOf,
} from "../../../core/checkout.ts";
import { type Problem, problemOf, problemOfAnswer } from "../problem.ts";

type NotDone = Exclude<StartCheckoutAnswer | PlaceOrderAnswer, { _tag: "CheckoutStarted" }>;

/**
 * The problem of an answer. Another shopper's code reads as one that is not there: nobody learns
 * from the store which codes are out.
 */
export function orderProblem(answer: NotDone): Problem {
  if (answer._tag === "NotYours") return problemOf("CodeUnknown", 404, { code: answer.code });
  return problemOfAnswer(answer, statusOf(answer));
}
