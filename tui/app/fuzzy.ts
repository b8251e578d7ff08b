/** Finds what was meant by a few typed characters. */

/**
 * Places of the options that hold the typed characters in their order, best first: those that hold
 * them in one piece, then those where they begin words, then those where they lie closest together.
 */
export function fuzzyPlaces(options: readonly string[], typed: string): readonly number[] {
  const sought = typed.toLowerCase().replace(/\s+/gu, "");
  if (sought === "") return options.map((_, place) => place);
  return options
    .flatMap((option, place) => {
      const cost = costOf(option.toLowerCase(), sought, typed.toLowerCase().trim());
      return cost === null ? [] : [{ place, cost }];
    })
    .sort((one, other) => one.cost - other.cost || one.place - other.place)
    .map(({ place }) => place);
}

const WHOLE = 0;
const PIECES = 1_000;

/** Less is better; null where the characters are not all there in their order. */
function costOf(option: string, sought: string, typed: string): number | null {
  const whole = option.indexOf(typed);
  if (whole >= 0) return WHOLE + (startsWord(option, whole) ? 0 : 100) + whole;
  let cost = PIECES;
  let from = 0;
  for (const character of sought) {
    const next = nextPlace(option, character, from);
    if (next < 0) return null;
    cost += next === from ? 0 : startsWord(option, next) ? 1 : 2 + next - from;
    from = next + character.length;
  }
  return cost;
}

/** Where a word begins with it, if one does nearby, else where it stands next. */
function nextPlace(option: string, character: string, from: number): number {
  const next = option.indexOf(character, from);
  if (next === from || next < 0) return next;
  for (let place = next; place >= 0; place = option.indexOf(character, place + 1)) {
    if (startsWord(option, place)) return place;
  }
  return next;
}

function startsWord(text: string, place: number): boolean {
  return place === 0 || /[^\p{L}\p{N}]/u.test(text[place - 1] ?? "");
}
