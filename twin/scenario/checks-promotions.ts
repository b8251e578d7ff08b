/** Offers that are well written and yet cannot be: of nothing, to nobody, beyond what can be given. */
import { DAY } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { PRICE_MAJOR_MAX } from "./checks-sellers.ts";
import type { Finding } from "./problem.ts";
import type { World } from "./schema.ts";
import type { OfferForm } from "./schema-promotions.ts";
import { type Amount, isCurrency, minorUnits, writeDuration } from "./units.ts";

/** Offers of one scenario; each is asked in turn whenever one is to be made. */
const OFFERS_MAX = 20;
/** As many as a ledger of codes in memory keeps. */
const CODES_MAX = 4_000_000;
const MONEY_MAJOR_MAX = 1e12;
const WRONG_CODES_MAX = 1_000;
const VIEWS_MAX = 1_000;
const VALID_MAX = 365 * DAY;
const BASIS = 10_000;

export function checkPromotions(world: World, currency: string | null): Finding[] {
  const { offers, "high-intent-views": views, "wrong-codes": wrong } = world.promotions;
  const at = "promotions";
  if (offers.length > OFFERS_MAX) {
    return [finding(`${at}.offers`, `more than ${OFFERS_MAX}`, "keep the best", offers.length)];
  }
  return [
    ...where(
      views > VIEWS_MAX &&
        finding(`${at}.high-intent-views`, "nobody looks at so many", "such as 3", views),
      wrong.max > WRONG_CODES_MAX &&
        finding(`${at}.wrong-codes.max`, `more than ${WRONG_CODES_MAX}`, "such as 10", wrong.max),
      wrong.within > VALID_MAX &&
        finding(`${at}.wrong-codes.within`, "is longer than a year", "such as 1h"),
    ),
    ...offers.flatMap((offer, place) => [
      ...checkOffer(world, offer, place),
      ...checkSegment(world, offer, `${at}.offers.${place}`),
      ...checkAmounts(offer, `${at}.offers.${place}`, currency),
    ]),
  ];
}

function checkOffer(world: World, offer: OfferForm, place: number): Finding[] {
  const at = `promotions.offers.${place}`;
  const { discount, budget, trigger } = offer;
  const first = world.promotions.offers.findIndex(({ name }) => name === offer.name);
  const { after } = offer;
  const mailed = trigger === "abandoned-cart";
  return where(
    first < place && finding(`${at}.name`, "two offers have this name", "rename one", offer.name),
    (budget.redemptions ?? 1) > budget.codes &&
      finding(
        `${at}.budget.redemptions`,
        "is more than there are codes",
        `${budget.codes} or less`,
      ),
    budget.codes > CODES_MAX &&
      finding(`${at}.budget.codes`, `more than ${CODES_MAX}`, "give out fewer", budget.codes),
    offer["valid-for"] > VALID_MAX &&
      finding(`${at}.valid-for`, "is longer than a year", "such as 1h or 2d"),
    !mailed &&
      after !== undefined && {
        ...finding(`${at}.after`, `means nothing for ${trigger}`, "it is for abandoned-cart"),
        atKey: true,
      },
    mailed &&
      (after ?? 0) >= world.lasts &&
      finding(
        `${at}.after`,
        "is when the scenario is over",
        `less than ${writeDuration(world.lasts)}`,
      ),
    discount.kind === "percent" &&
      world.sellers.every(({ floor }) => discount.basisPoints > (1 - floor) * BASIS) &&
      finding(
        `${at}.discount`,
        "brings every line under its seller's floor",
        "lower it, or sellers[].floor",
      ),
  );
}

/** Offers to people who are not there, or whom the moment says nothing about. */
function checkSegment(world: World, { segment, trigger }: OfferForm, at: string): Finding[] {
  const { vip, loyal } = world.audience.segments;
  const behaviour = segment === "cart-abandoner" || segment === "high-intent";
  const nobody =
    (segment === "vip" && vip.share === 0) ||
    (segment === "loyal" && vip.share + loyal.share === 0);
  return where(
    nobody &&
      finding(`${at}.segment`, "nobody is in it", `give audience.segments.${segment}.share`),
    behaviour &&
      trigger === "mailed" &&
      finding(
        `${at}.segment`,
        "is known only in the visit, after the mailing",
        "everyone, loyal or vip",
      ),
  );
}

function checkAmounts(offer: OfferForm, at: string, currency: string | null): Finding[] {
  const { discount, budget, floor } = offer;
  const amounts: { path: string; amount: Amount; max: number }[] = [
    { path: "budget.money", amount: budget.money, max: MONEY_MAJOR_MAX },
    { path: "floor", amount: floor, max: PRICE_MAJOR_MAX },
  ];
  if (discount.kind === "amount")
    amounts.push({ path: "discount", amount: discount.amount, max: PRICE_MAJOR_MAX });
  const takes =
    discount.kind === "percent"
      ? discount.basisPoints
      : minorUnits(discount.amount, currency ?? "USD");
  const all = discount.kind === "percent" && discount.basisPoints >= BASIS;
  return [
    ...where(
      minorUnits(budget.money, currency ?? "USD") < 1 &&
        finding(`${at}.budget.money`, "gives nothing away", "such as €500, or remove the offer"),
      takes < 1 && finding(`${at}.discount`, "takes nothing off", "such as 10% or $5"),
      all && finding(`${at}.discount`, "leaves nothing to pay", "less than 100%"),
    ),
    ...amounts.flatMap(({ path, amount, max }) =>
      where(
        currency !== null &&
          !isCurrency(amount, currency) &&
          finding(
            `${at}.${path}`,
            `the scenario's currency is ${currency}, not ${amount.currency}`,
            "set currency at the top of the file, or write the amount in it",
          ),
        amount.major > max && finding(`${at}.${path}`, "is beyond any sale", "check the amount"),
      ),
    ),
  ];
}
