/**
 * Pages as templates of this language: what is put into one is text and is escaped, unless it is
 * a piece of a page itself. There is no way past that: text becomes markup in this file alone.
 *
 * ```ts
 * html`<h1>${product.name}</h1>${isOpen && html`<p>Open until ${time}</p>`}`
 * ```
 */
import { assert } from "../../core/assert.ts";

/** A piece of a page. Only the template makes one. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The pieces and values of a template, one after the other. */
  static of(template: readonly string[], values: readonly Part[]): Html {
    checkTemplate(template);
    let text = template[0];
    for (const [place, value] of values.entries()) text += textOf(value) + template[place + 1];
    return new Html(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template; null and false leave nothing. */
export type Part = Html | string | number | null | false | readonly Part[];

export function html(template: TemplateStringsArray, ...values: readonly Part[]): Html {
  return Html.of(template, values);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text that reads the same in an element and in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (letter) => ENTITIES[letter]);
}

function textOf(value: Part): string {
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  if (value === null || value === false) return "";
  return value instanceof Html ? value.toString() : value.map(textOf).join("");
}

const checked = new WeakSet<readonly string[]>();

/** Refuses a value where escaping would not keep it in: an attribute without quotes, a script. */
function checkTemplate(template: readonly string[]): void {
  if (checked.has(template)) return;
  for (const before of template.slice(0, -1)) {
    assert(!/=\s*$/.test(before), `an attribute has quotes: ${before}`);
    assert(!/<(script|style)\b[^>]*>[^<]*$/i.test(before), `no script from text: ${before}`);
  }
  checked.add(template);
}
