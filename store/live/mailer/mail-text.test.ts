import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confirmationMail, MAILS_OF_EACH_KIND, offerMail } from "../../testing/mails.ts";
import { mailText } from "./mail-text.ts";

describe("the text of a mail", () => {
  it("of an order names every line, what codes took off and the total", () => {
    expect(mailText(confirmationMail(), "Hearth").text).toBe(
      [
        "Thank you for your order.",
        "Order o-1 is paid and confirmed.",
        "  2 × Toaster: USD 50.00\n  1 × Kettle: USD 19.99\n  Discount: -USD 5.00\n  Total: USD 64.99",
        "See the order: https://shop.example/orders/o-1",
        "-- \nHearth\n",
      ].join("\n\n"),
    );
  });

  it("of an offer names its code, its end and a way out", () => {
    const { subject, text, html } = mailText(offerMail(), "Hearth");
    expect(subject).toBe("10 % off what you left in your cart");
    expect(text).toContain(
      "With the code COME-BACK-1 you get 10 % off, until 2011-11-25 13:20 UTC.",
    );
    expect(text).toContain("No more mails like this one: https://shop.example/mails");
    expect(html).toContain('<a href="https://shop.example/mails">');
  });

  it("says in HTML what it says in plain text, for every kind", () => {
    for (const mail of MAILS_OF_EACH_KIND) {
      const { subject, text, html } = mailText(mail, "Hearth");
      expect(html).toContain(`href="${mail.link}"`);
      expect(text).toContain(mail.link);
      expect(html).toContain(`<title>${subject}</title>`);
    }
  });

  it("lets nothing from outside become markup, whatever it is", () => {
    const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.length ?? 0;
    const plainTags = tagsOf(mailText(offerMail(), "Hearth").html);
    const nasty = fc.oneof(fc.string(), fc.stringMatching(/^[<>&"'a-z/= ]{1,40}$/));
    fc.assert(
      fc.property(nasty, nasty, nasty, (code, off, shop) => {
        const { html } = mailText(offerMail({ code, off }), shop);
        expect(tagsOf(html)).toBe(plainTags);
        expect(html.replaceAll(/<[^>]*>/g, "")).not.toMatch(/[<>]/);
      }),
    );
  });
});
