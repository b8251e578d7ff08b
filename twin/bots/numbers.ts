/**
 * How bots are told from shoppers inside the twin: by their numbers, which begin where those of
 * shoppers and of their sessions end. The store knows nothing of it.
 */

/** The first identity of a bot; shoppers are numbered from 0 and never come to this. */
export const FIRST_BOT = 2 ** 30;
/** Identities of one raid stand in a row; the next raid's begin after these. */
export const IDENTITIES_OF_A_RAID = 2 ** 24;
/** The first request row of a bot's program; a shopper's session is below. */
export const FIRST_PROGRAM = 2 ** 23;

export function isBot(shopper: number): boolean {
  return shopper >= FIRST_BOT;
}
