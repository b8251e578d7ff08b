/** The question to who leaves, the survey of an order, and the thanks for either. */
import {
  EXIT_REASONS,
  type ExitReason,
  NOTE_LENGTH_MAX,
  RECOMMEND_MAX,
  SATISFACTION_MAX,
  SATISFACTION_MIN,
} from "../../core/feedback.ts";
import type { SurveyStanding } from "../../service/survey.ts";
import { type Html, html } from "./html.ts";
import { notice, page } from "./page-frame.ts";
import { GOODBYE, INVITATION, PRODUCTS, surveyPath } from "./page-paths.ts";
import { timeTag } from "./sale-words.ts";

const REASONS: Readonly<Record<ExitReason, string>> = {
  price: "It costs too much",
  wait: "The wait was too long",
  soldOut: "What I wanted was sold out",
  payment: "I could not pay",
  error: "Something did not work",
  closed: "The sale was not open",
  choice: "I did not find what I was looking for",
  other: "Something else",
};

const SATISFACTION = ["Very unhappy", "Unhappy", "Neither", "Happy", "Very happy"];

export interface QuestionContent {
  readonly sale: string;
  readonly problem: string | null;
}

export function goodbyePage({ sale, problem }: QuestionContent): Html {
  const main = html`<h1>Before you go</h1>
${problem !== null && notice(problem)}
${exitForm()}`;
  return page({ title: "Before you go", sale, main });
}

/** Why somebody leaves, on the page of its own or in a dialog. */
export function exitForm(): Html {
  const reasons = EXIT_REASONS.map((reason) => radio("reason", reason, REASONS[reason]));
  return html`<form class="question" method="post" action="${GOODBYE}" data-once>
<fieldset><legend>What kept you from buying?</legend>${reasons}</fieldset>
<div class="field"><label for="note">What else? <span class="quiet">(only with “something else”)</span></label>
<textarea id="note" name="note" maxlength="${NOTE_LENGTH_MAX}" rows="3"></textarea></div>
<button class="button" type="submit">Send</button>
</form>`;
}

export function surveyPage({ sale, problem, order }: QuestionContent & { order: string }): Html {
  const satisfaction = SATISFACTION.map((words, place) =>
    radio("satisfaction", String(SATISFACTION_MIN + place), words),
  );
  const recommend = Array.from({ length: RECOMMEND_MAX + 1 }, (_unused, value) =>
    radio("recommend", String(value), String(value)),
  );
  const main = html`<h1>How was it?</h1>
${problem !== null && notice(problem)}
<form class="question" method="post" action="${surveyPath(order)}" data-once>
<fieldset><legend>How happy are you with your order, from ${SATISFACTION_MIN} to ${SATISFACTION_MAX}?</legend>${satisfaction}</fieldset>
<fieldset class="scale"><legend>How likely would you tell a friend to come, from 0 (never) to
${RECOMMEND_MAX} (surely)?</legend><div class="scale-row">${recommend}</div></fieldset>
<button class="button" type="submit">Send</button>
</form>`;
  return page({ title: "How was it?", sale, main });
}

/** Instead of a survey that cannot be answered now. */
export function noSurveyPage(sale: string, survey: SurveyStanding | null): Html {
  const main = html`<section class="result"><h1>No questions now</h1>
<p class="lead">${wordsOf(survey)}</p>
<p><a class="button" href="${PRODUCTS}">Back to the shop</a></p></section>`;
  return page({ title: "No questions now", sale, main });
}

function wordsOf(survey: SurveyStanding | null): Html | string {
  switch (survey?._tag) {
    case "SurveyPlanned":
      return html`We ask you how it was after ${timeTag(survey.dueAt)}.`;
    case "SurveyAnswered":
      return "You have answered. Thank you.";
    case "SurveyClosed":
      return html`The survey was open until ${timeTag(survey.answerBy)}.`;
    default:
      return "This browser has no order that we ask about. Open the page where you bought.";
  }
}

function radio(name: string, value: string, words: string): Html {
  return html`<label class="choice"><input type="radio" name="${name}" value="${value}" required>
<span>${words}</span></label>`;
}

export function thanksPage(sale: string): Html {
  const main = html`<section class="result result-good"><h1>Thank you</h1>
<p class="lead">Your answer helps.</p>
<p><a class="button" href="${PRODUCTS}">Back to the shop</a></p></section>`;
  return page({ title: "Thank you", sale, main });
}

export function invitationPage(sale: string, invitation: string): Html {
  const main = html`<section class="hero"><p class="phase">Invitation</p>
<h1>You are invited</h1>
<p class="lead">Come in with your invitation: it is yours alone.</p>
<form method="post" action="${INVITATION}" data-once>
<input type="hidden" name="invitation" value="${invitation}">
<button class="button" type="submit">Come in</button></form></section>`;
  return page({ title: "You are invited", sale, main });
}
