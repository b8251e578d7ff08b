/** Surveys of a live store: planned from its log, out when they are due, told at the order. */
import { afterEach, describe, expect, it } from "vitest";
import type { SaleSetup } from "../service/sale-setup.ts";
import { backgroundRounds } from "./background.ts";
import { memoryParts } from "./memory-parts.ts";
import { WatchedParts } from "./monitoring/monitor.ts";
import type { LiveParts } from "./parts.ts";
import { SurveyCalendar } from "./survey-calendar.ts";
import { TrialShopper, trialServer, trialSetup } from "./testing/trial-server.ts";

const DAY = 86_400_000;
const ANSWER = { satisfaction: 5, recommend: 9 };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

function setupWith(after: number, surveyShare = 1): SaleSetup {
  const setup = trialSetup();
  const surveyAfterMillis = { from: after, to: after };
  return { ...setup, feedback: { ...setup.feedback, surveyShare, surveyAfterMillis } };
}

/** A store over the parts, with its round of surveys to be run by hand. */
async function storeOver(setup: SaleSetup, parts: LiveParts = memoryParts(setup)) {
  const watched = new WatchedParts(parts);
  const trial = await trialServer({ setup, parts: () => watched.parts });
  undo.push(trial.close);
  const calendar = new SurveyCalendar(trial.store.surveys, setup.feedback);
  watched.tail.listen((event) => calendar.heed(event));
  const round = backgroundRounds(trial.store, calendar).find(({ name }) => name === "survey");
  if (round === undefined) throw new Error("a store has a round of surveys");
  return { trial, round: round.run, catchUp: () => watched.tail.catchUp() };
}

describe("the survey of a live order", () => {
  it("is planned once the order is confirmed, and told with the order", async () => {
    const { trial, round } = await storeOver(setupWith(DAY));
    const ann = await TrialShopper.come(trial.origin);
    const { body } = await ann.order("one");
    const path = `/api/orders/${body.order}`;
    expect((await ann.ask(path)).body.survey).toBeUndefined();
    await round();
    const { survey, changedAt } = (await ann.ask(path)).body;
    expect(survey).toEqual({ status: "planned", dueAt: changedAt + DAY });
    const early = await ann.ask(`/api/surveys/${body.order}`, { body: ANSWER });
    expect(early.status).toBe(404);
  });

  it("is open when it is due, and answered once", async () => {
    const { trial, round } = await storeOver(setupWith(0));
    const ann = await TrialShopper.come(trial.origin);
    const { body } = await ann.order("one");
    await round();
    await round();
    const path = `/api/orders/${body.order}`;
    const open = (await ann.ask(path)).body.survey;
    expect(open).toMatchObject({ status: "open", answerBy: expect.any(Number) });
    const answer = () => ann.ask(`/api/surveys/${body.order}`, { body: ANSWER });
    expect((await answer()).body).toEqual({ taken: true });
    expect((await answer()).status).toBe(409);
    expect((await ann.ask(path)).body.survey).toEqual({ status: "answered" });
  });

  it("is planned after a start as well where a crash came before the plan", async () => {
    const setup = setupWith(0);
    const parts = memoryParts(setup);
    const first = await storeOver(setup, parts);
    const ann = await TrialShopper.come(first.trial.origin);
    const { body } = await ann.order("one");
    const next = await storeOver(setup, parts);
    await next.catchUp();
    await next.round();
    const { origin } = next.trial;
    const told = await fetch(`${origin}/api/orders/${body.order}`, { headers: ann.headers });
    expect(((await told.json()) as { survey: unknown }).survey).toMatchObject({ status: "open" });
  });

  it("is none where nobody is asked", async () => {
    const setup = setupWith(0, 0);
    const { trial, round } = await storeOver(setup);
    const ann = await TrialShopper.come(trial.origin);
    const { body } = await ann.order("one");
    await round();
    const { status, body: order } = await ann.ask(`/api/orders/${body.order}`);
    expect([status, order.survey]).toEqual([200, undefined]);
  });
});
