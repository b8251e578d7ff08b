import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.ts";

describe("a template", () => {
  it("escapes what is put into it, in elements and in attributes", () => {
    const name = `"><script>alert('x')</script>&\``;
    expect(String(html`<a title="${name}">${name}</a>`)).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&#96;">' +
        "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&#96;</a>",
    );
  });

  it("keeps pieces of a page as they are, and lists of them", () => {
    const items = ["<b>", "c"].map((text) => html`<li>${text}</li>`);
    expect(String(html`<ul>${items}</ul>${null}${false}${0}`)).toBe(
      "<ul><li>&lt;b&gt;</li><li>c</li></ul>0",
    );
  });

  it("lets no text open a tag, close a quote or begin an entity", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const made = String(html`${text}`);
        expect(made).not.toMatch(/[<>"'`]/);
        expect(made.replace(/&(amp|lt|gt|quot|#39|#96);/g, "")).not.toContain("&");
      }),
    );
  });

  it("takes nothing for markup that only looks like a piece of a page", () => {
    const forged = { toString: () => "<script>" } as unknown as string;
    expect(() => String(html`${forged}`)).toThrow();
  });

  it("refuses values in an attribute without quotes and inside a script", () => {
    expect(() => html`<a href=${"x onclick=alert(1)"}>x</a>`).toThrow("an attribute has quotes");
    expect(() => html`<script>let name = "${"x"}";</script>`).toThrow("no script from text");
  });
});
