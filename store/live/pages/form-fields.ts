/** What a form of the pages has sent: texts by their names, each as long as it may be. */
import type { FastifyInstance } from "fastify";

/** More than any form here has, so that nobody sends thousands. */
const FIELDS_MAX = 50;

export class FormFields {
  readonly #fields: URLSearchParams;

  constructor(fields: URLSearchParams) {
    this.#fields = fields;
  }

  /** Without blanks around it; empty where it was not sent, and where it is longer than allowed. */
  text(name: string, lengthMax: number): string {
    const text = this.#fields.get(name)?.trim() ?? "";
    return text.length > lengthMax ? "" : text;
  }

  /** A whole number of up to six digits, or null. */
  whole(name: string): number | null {
    const text = this.text(name, 6);
    return /^\d+$/.test(text) ? Number(text) : null;
  }
}

const NO_FIELDS = new FormFields(new URLSearchParams());

/** Forms are read within the pages alone: the API takes JSON and nothing else. */
export function takeForms(server: FastifyInstance): void {
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      const fields = new URLSearchParams(String(body));
      const tooMany = fields.size > FIELDS_MAX;
      done(
        tooMany ? Object.assign(new Error("too many fields"), { statusCode: 400 }) : null,
        fields,
      );
    },
  );
}

/** The fields of a form that was sent; none where it was sent empty. */
export function fieldsOf(body: unknown): FormFields {
  return body instanceof URLSearchParams ? new FormFields(body) : NO_FIELDS;
}

/** The path of the shop that a form or an address names, or null: nobody is sent elsewhere. */
export function ownPath(text: string | undefined): string | null {
  if (text === undefined || text.length > 500) return null;
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : null;
}
