/** What a buyer has filled in, and what is wrong with it, field by field. */
import { addressProblem } from "../../core/mail.ts";
import { type CardForm, takesToken } from "./card-form.ts";
import {
  CHECKOUT_FIELDS,
  type CheckoutFieldName,
  type CheckoutValues,
  type FieldErrors,
} from "./checkout-page.ts";
import type { FormFields } from "./form-fields.ts";

const TOKEN_LENGTH_MAX = 200;

/** What to do about an empty field. */
const MISSING: Readonly<Record<CheckoutFieldName, string>> = {
  email: "Enter your email address",
  street: "Enter the street and number",
  postcode: "Enter the postcode",
  city: "Enter the city",
  country: "Enter the country",
};

export function checkForm(
  fields: FormFields,
  card: CardForm,
): { readonly values: CheckoutValues; readonly errors: FieldErrors } {
  const errors: Partial<Record<keyof CheckoutValues, string>> = {};
  const values = {} as Record<keyof CheckoutValues, string>;
  for (const { name, lengthMax } of CHECKOUT_FIELDS) {
    values[name] = fields.text(name, lengthMax);
    if (values[name] === "") errors[name] = MISSING[name];
  }
  if (values.email !== "" && addressProblem(values.email) !== null) {
    errors.email = "Enter an email address, as in name@example.com";
  }
  values.paymentToken = fields.text("paymentToken", TOKEN_LENGTH_MAX);
  if (!takesToken(card, values.paymentToken)) {
    errors.paymentToken = card.kind === "sandbox" ? "Choose a card" : "Enter your card";
  }
  return { values, errors };
}
