/** Mails for tests, one of each kind. */
import type {
  CartOfferMail,
  Mail,
  OrderConfirmationMail,
  SurveyInvitationMail,
  TurnMail,
} from "../core/mail.ts";

const TO = "ann@example.com";
const LINK = "https://shop.example/orders/o-1";
const UNTIL = 1_322_227_200_000;

export function confirmationMail(over: Partial<OrderConfirmationMail> = {}): OrderConfirmationMail {
  return {
    kind: "order-confirmation",
    to: TO,
    order: "o-1",
    lines: [
      { name: "Toaster", units: 2, unitPrice: 2_500 },
      { name: "Kettle", units: 1, unitPrice: 1_999 },
    ],
    discount: 500,
    total: 6_499,
    currency: "USD",
    link: LINK,
    ...over,
  };
}

export function turnMail(over: Partial<TurnMail> = {}): TurnMail {
  return { kind: "turn", to: TO, ticket: "t-1", until: UNTIL, link: LINK, ...over };
}

export function surveyMail(over: Partial<SurveyInvitationMail> = {}): SurveyInvitationMail {
  return { kind: "survey-invitation", to: TO, order: "o-1", until: UNTIL, link: LINK, ...over };
}

export function offerMail(over: Partial<CartOfferMail> = {}): CartOfferMail {
  const unsubscribe = "https://shop.example/mails";
  const offer = { code: "COME-BACK-1", off: "10 %", until: UNTIL, unsubscribe };
  return { kind: "cart-offer", to: TO, ...offer, link: LINK, ...over };
}

export const MAILS_OF_EACH_KIND: readonly Mail[] = [
  confirmationMail(),
  turnMail(),
  surveyMail(),
  offerMail(),
];
