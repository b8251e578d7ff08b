/** Which texts are seeds: the same rule for the file and for the command line. */

/** A seed stands in results, file names and repeat commands; nobody needs a longer one. */
export const SEED_LENGTH_MAX = 200;

/** As a sentence goes on after "must be". */
export const SEED_RULE = `1 to ${SEED_LENGTH_MAX} printable characters on one line`;

/** An empty seed would be the same for everybody who forgot it; a control character cannot be repeated. */
export function isSeed(text: string): boolean {
  return text.length >= 1 && text.length <= SEED_LENGTH_MAX && !/[\p{Cc}\u2028\u2029]/u.test(text);
}
