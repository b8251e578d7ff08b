/**
 * A book whose rules are a class of `store/core`, kept as the journal of the steps that changed
 * it. The book itself is in memory; a process that opens the file takes the steps again, and one
 * that comes to the book later than another takes those that the other took. A step is taken
 * inside a group, so all processes take all steps in one order.
 *
 * The journal is only as good as the promise that the same steps give the same answers. So every
 * row keeps a digest of what its steps were answered; where they now would be answered otherwise
 * (the rules or the settings of the sale were changed) the book is refused instead of made up.
 */
import { Data } from "effect";
import { assert } from "../../core/assert.ts";
import { FNV_BASIS, fnv1a } from "../../core/fnv.ts";
import type { GroupCommit, Image } from "./group-commit.ts";

/** What can be done to a book, by name; a request has to be plain JSON. */
export type BookSteps<Book> = Readonly<Record<string, BookStep<Book>>>;
// biome-ignore lint/suspicious/noExplicitAny: each step knows its own request and answer.
type BookStep<Book> = (book: Book, request: any) => unknown;

export interface BookRules<Book, Steps extends BookSteps<Book>> {
  /** Names the book in the journal and in messages. */
  readonly name: string;
  /** Counts the changes of the rules that answer old steps otherwise. */
  readonly version: number;
  readonly open: () => Book;
  readonly steps: Steps;
}

/** The journal of a book cannot be taken again as it was written. */
export class JournalRefused extends Data.TaggedError("JournalRefused")<{
  readonly book: string;
  readonly step: number;
  readonly reason: string;
}> {
  override get message(): string {
    return (
      `the journal of ${this.book} cannot be gone on with: from step ${this.step} on ` +
      `${this.reason}. Start the store with the program and the settings that the sale was ` +
      "opened with (sale.json in its folder), or in another folder."
    );
  }
}

interface JournalRow {
  readonly first: number;
  readonly count: number;
  readonly rules: number;
  readonly steps: string;
  readonly digest: number;
}

export class BookJournal<Book, Steps extends BookSteps<Book>> implements Image {
  readonly #group: GroupCommit;
  readonly #rules: BookRules<Book, Steps>;
  readonly #insert;
  readonly #select;
  #book: Book | null = null;
  /** The number of the last step that the book in memory has taken. */
  #taken = 0;
  #isCurrent = false;
  /** The steps of the open group, as texts, and the digest of their answers. */
  #written: string[] = [];
  #digest = FNV_BASIS;

  constructor(group: GroupCommit, rules: BookRules<Book, Steps>) {
    this.#group = group;
    this.#rules = rules;
    const { connection } = group;
    this.#insert = connection.prepare(
      `INSERT INTO book_journal (book, first, count, rules, steps, digest)
         VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#select = connection.prepare<[string, number], JournalRow>(
      `SELECT first, count, rules, steps, digest FROM book_journal
         WHERE book = ? AND first > ? ORDER BY first`,
    );
    group.join(this);
  }

  /** The book as all processes have left it. */
  current(): Book {
    if (this.#book === null) {
      this.#book = this.#rules.open();
      this.#taken = 0;
      this.#isCurrent = false;
    }
    if (!this.#isCurrent) {
      for (const row of this.#select.all(this.#rules.name, this.#taken)) this.#replay(row);
      this.#isCurrent = true;
    }
    return this.#book;
  }

  /** Takes a step and writes it down, unless `isIdle` says that its answer changed nothing. */
  take<Name extends keyof Steps & string>(
    name: Name,
    request: Parameters<Steps[Name]>[1],
    isIdle?: (answer: ReturnType<Steps[Name]>) => boolean,
  ): ReturnType<Steps[Name]> {
    const answer = this.#answered(this.current(), name, request) as ReturnType<Steps[Name]>;
    if (isIdle?.(answer) === true) return answer;
    this.#group.wrote();
    this.#taken += 1;
    this.#written.push(JSON.stringify([name, request]));
    this.#digest = digestOf(answer, this.#digest);
    return answer;
  }

  flush(): void {
    const { length } = this.#written;
    if (length === 0) return;
    const { name, version } = this.#rules;
    const first = this.#taken - length + 1;
    this.#insert.run(name, first, length, version, `[${this.#written.join(",")}]`, this.#digest);
    this.#written = [];
    this.#digest = FNV_BASIS;
  }

  forget(why: Parameters<Image["forget"]>[0]): void {
    this.#isCurrent = false;
    if (why !== "lost") return;
    this.#book = null;
    this.#written = [];
    this.#digest = FNV_BASIS;
  }

  /** A step that breaks off may have changed half of the book, so that is opened again. */
  #answered(book: Book, name: string, request: unknown): unknown {
    const step = this.#rules.steps[name];
    assert(step !== undefined, `the journal of ${this.#rules.name} knows the step ${name}`);
    try {
      return step(book, request);
    } catch (error) {
      this.flush();
      this.#book = null;
      throw error;
    }
  }

  #replay(row: JournalRow): void {
    const { name, version } = this.#rules;
    const refused = (reason: string) => new JournalRefused({ book: name, step: row.first, reason });
    if (row.rules !== version) {
      throw refused(`it follows rules of version ${row.rules}, and these are ${version}`);
    }
    assert(row.first === this.#taken + 1, "a journal has no gap");
    const steps: readonly [string, unknown][] = JSON.parse(row.steps);
    assert(steps.length === row.count, "a row of a journal is whole");
    let digest = FNV_BASIS;
    for (const [step, request] of steps) {
      let answer: unknown;
      try {
        answer = this.#answered(this.#book as Book, step, request);
      } catch (error) {
        throw refused(`a step is refused (${error instanceof Error ? error.message : error})`);
      }
      digest = digestOf(answer, digest);
    }
    if (digest !== row.digest) {
      this.#book = null;
      throw refused("the rules or the settings answer otherwise than they did");
    }
    this.#taken = row.first + row.count - 1;
  }
}

function digestOf(answer: unknown, before: number): number {
  return fnv1a(JSON.stringify(answer) ?? "", before);
}
