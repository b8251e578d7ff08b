/**
 * HTML and SVG as text that cannot be broken out of: whatever is put into a template is escaped,
 * unless it is markup itself. Names of scenarios and plans come from files that anybody wrote.
 */

/** Text that is HTML already; made by {@link markup} alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | readonly Content[];

/** A template of HTML: texts and numbers in it are escaped, lists are joined, null is nothing. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const filled = parts.map((part, index) => part + textOf(contents[index] ?? null));
  return new Markup(filled.join(""));
}

/** What is HTML by its nature and written by us: a style sheet, a script. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === null) return "";
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(textOf).join("");
  return escapedHtml(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as content and in a quoted attribute; what no document may hold stands as a question mark. */
export function escapedHtml(text: string): string {
  return text
    .replace(UNPRINTABLE, "\ufffd")
    .replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? "");
}

/** Controls, halves of characters, and the marks that turn the direction of the text after them. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

/** JSON that may stand inside a script element: nothing in it ends the element or begins a comment. */
export function inlineJson(value: unknown): Markup {
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/gu, unicodeEscape);
  return new Markup(text);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
