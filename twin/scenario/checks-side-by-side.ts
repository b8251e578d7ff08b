/** What cannot be about other sellers, bulkheads and load shedding; see `checks.ts`. */
import { HOUR, SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import { pagesOf, shareOf } from "./resolve-side-by-side.ts";
import type { World } from "./schema.ts";
import { writeDuration } from "./units.ts";

/** Other sellers on the same servers. */
const NEIGHBOURS_MAX = 20;
/** Requests of all of them in one rehearsal. */
const REQUESTS_MAX = 200_000_000;
/** Requests inside one server that a limit may allow. */
const INSIDE_MAX = 1_000_000;
const ROUNDING = 1e-9;

export function checkSideBySide(world: World): Finding[] {
  const { neighbours } = world;
  if (neighbours.length > NEIGHBOURS_MAX) {
    const count = neighbours.length;
    return [finding("neighbours", `more than ${NEIGHBOURS_MAX}`, "put some together", count)];
  }
  return [...neighbours.flatMap((_one, place) => checkNeighbour(world, place)), ...checkAll(world)];
}

function checkNeighbour({ neighbours, sellers }: World, place: number): Finding[] {
  const one = neighbours[place];
  if (one === undefined) return [];
  const at = `neighbours.${place}`;
  const asked = Object.values(pagesOf(one)).reduce((sum, share) => sum + share, 0);
  const names = [...sellers.map(({ name }) => name), ...neighbours.map(({ name }) => name)];
  return where(
    names.indexOf(one.name) !== sellers.length + place &&
      finding(`${at}.name`, "is another seller's name as well", "give each a name of their own"),
    Math.abs(asked - 1) > ROUNDING &&
      finding(
        `${at}.pages`,
        `the shares add up to ${(asked * 100).toFixed(2)}%`,
        "together they are 100%",
      ),
    shareOf(one) === 0 &&
      finding(`${at}.share`, "leaves the seller nothing", "such as 25%, of every server"),
  );
}

function checkAll(world: World): Finding[] {
  const { neighbours, platform, lasts } = world;
  const shares = neighbours.reduce((sum, one) => sum + shareOf(one), 0);
  const requests = neighbours.reduce((sum, { rate }) => sum + (rate * lasts) / SECOND, 0);
  return where(
    neighbours.length > 0 &&
      platform.autoscaler.kind === "serverless" &&
      finding(
        "neighbours",
        "share no servers with a shop on functions, which has an environment for every request",
        "leave them away, or choose another platform.autoscaler.kind",
      ),
    requests > REQUESTS_MAX &&
      finding(
        "neighbours",
        `${Math.round(requests / 1e6)}M requests in ${writeDuration(lasts)} are beyond any rehearsal`,
        `at most ${REQUESTS_MAX / 1e6}M: lower their rate`,
      ),
    neighbours.length > 0 &&
      shares >= 1 - ROUNDING &&
      finding(
        "neighbours",
        `their shares add up to ${(shares * 100).toFixed(2)}%, which leaves the sale nothing`,
        "let them be less than 100% together",
      ),
    platform.bulkheads.kind !== "none" &&
      neighbours.length === 0 &&
      finding(
        "platform.bulkheads.kind",
        "keeps the sale apart from nobody: there are no neighbours",
        "list neighbours, or write kind: none",
      ),
  );
}

export function checkShedding({ platform }: World): Finding[] {
  const { kind, codel, gradient2, "retry-after": retryAfter } = platform.shedding;
  if (kind === "none") return [];
  const at = "platform.shedding";
  return where(
    platform.autoscaler.kind === "serverless" &&
      finding(`${at}.kind`, "has no effect on functions, where nothing waits", "write kind: none"),
    kind !== "gradient2" &&
      codel.target > codel.interval &&
      finding(`${at}.codel.target`, "is more than the interval", "such as a twentieth of it"),
    kind !== "codel" &&
      gradient2.min > gradient2.max &&
      finding(`${at}.gradient2.min`, `is more than max, ${gradient2.max}`, "swap the two"),
    kind !== "codel" &&
      gradient2.max > INSIDE_MAX &&
      finding(`${at}.gradient2.max`, `more than ${INSIDE_MAX}`, "check the number"),
    retryAfter.from > retryAfter.to &&
      finding(`${at}.retry-after.from`, "is later than to", "swap the two"),
    retryAfter.to > HOUR &&
      finding(`${at}.retry-after.to`, "is over an hour: nobody waits so long", "such as 30s"),
  );
}
