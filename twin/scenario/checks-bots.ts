/** Raids and limits that are well written and yet cannot be: out of the sale's time, too large, none. */
import { DAY, SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import { toSale } from "./resolve.ts";
import { toRaid } from "./resolve-bots.ts";
import type { World } from "./schema.ts";
import { keysOfRaid, type RaidForm } from "./schema-bots.ts";
import { writeDuration } from "./units.ts";

const RAIDS_MAX = 20;
/** Requests of one raid: as many as all the shoppers of the largest sales come to. */
const REQUESTS_MAX = 100_000_000;
/** Their numbers stand beside those of the shoppers. */
const IDENTITIES_MAX = 1_000_000;
const PROGRAMS_MAX = 100_000;
/** At 19 of 20 requests there are no shoppers left to look at. */
const SHARE_MAX = 0.95;
/** A limit below this is no limit but a closed door. */
const RATE_MIN = 1 / 3_600;
const RATE_MAX = 1_000_000;
const BURST_MAX = 1_000_000;

export function checkBots(world: World): Finding[] {
  const { bots } = world;
  if (bots.length > RAIDS_MAX) {
    return [finding("bots", `more than ${RAIDS_MAX}`, "make one raid of several", bots.length)];
  }
  return bots.flatMap((raid, place) => {
    const at = `bots.${place}`;
    const keys = checkKeys(raid, at);
    if (keys.length > 0) return keys;
    return [
      ...checkCodes(world, raid, at),
      ...checkTime(world, raid, at),
      ...checkSize(world, raid, at),
    ];
  });
}

function checkKeys(raid: RaidForm, at: string): Finding[] {
  const taken = keysOfRaid(raid.kind);
  const foreign = Object.keys(raid).filter((name) => !taken.includes(name));
  return foreign.map((name) => ({
    ...finding(`${at}.${name}`, `means nothing for ${raid.kind}`, `it takes ${taken.join(", ")}`),
    atKey: true,
  }));
}

/** A store without offers has no codes, and looks at none. */
function checkCodes({ promotions }: World, { kind }: RaidForm, at: string): Finding[] {
  return where(
    kind === "crack" &&
      promotions.offers.length === 0 &&
      finding(
        `${at}.kind`,
        "there are no codes to crack",
        "add an offer: promotions: { offers: [{ name: stay, trigger: exit-intent }] }",
        kind,
      ),
  );
}

function checkTime(world: World, raid: RaidForm, at: string): Finding[] {
  const sale = toSale(world);
  const { at: begins, ends } = toRaid(raid, world, sale);
  const path = raid.at === undefined ? at : `${at}.at`;
  return where(
    begins < 0 &&
      finding(path, "lies before the scenario starts", "starts is the earliest moment there is"),
    begins >= sale.closesAt &&
      finding(
        path,
        "begins when the sale is over",
        `the sale closes ${writeDuration(Math.max(0, sale.closesAt))} after the start`,
      ),
    begins >= 0 &&
      ends > world.lasts &&
      finding(
        raid.for === undefined ? path : `${at}.for`,
        "outlasts the scenario",
        `at most ${writeDuration(Math.max(0, world.lasts - begins))}`,
      ),
  );
}

function checkSize(world: World, raid: RaidForm, at: string): Finding[] {
  const {
    at: begins,
    ends,
    rate,
    programs,
    identities,
    ...spec
  } = toRaid(raid, world, toSale(world));
  const requests = (rate * Math.max(0, ends - begins)) / SECOND;
  const more = (name: keyof RaidForm, value: number, most: number) =>
    value > most && finding(`${at}.${name}`, `more than ${most}`, `at most ${most}`, value);
  return where(
    raid.kind !== "refresh" &&
      rate <= 0 &&
      finding(`${at}.rate`, "asks for nothing", "write it like 50/s, or leave the raid out"),
    raid.kind === "refresh" &&
      spec.share <= 0 &&
      finding(`${at}.share`, "loads nothing", "write it like 18%, or leave the raid out"),
    spec.share > SHARE_MAX &&
      finding(`${at}.share`, "leaves hardly a shopper", `at most ${SHARE_MAX * 100}%`, spec.share),
    requests > REQUESTS_MAX &&
      finding(
        `${at}.rate`,
        `comes to more than ${REQUESTS_MAX} requests`,
        "lower the rate, or say how long: for: 30min",
      ),
    more("programs", programs, PROGRAMS_MAX),
    more("identities", identities, IDENTITIES_MAX),
    spec.networks > identities &&
      finding(`${at}.networks`, "are more than the identities", `at most ${identities}`),
    spec.people > identities &&
      finding(`${at}.people`, "are more than the identities", `at most ${identities}`),
  );
}

export function checkLimits(world: World): Finding[] {
  const { limits } = world;
  const lapse = limits["after-lapse"];
  const { networks } = world.shoppers.whereabouts;
  return [
    ...checkRequests(limits["per-shopper"], "limits.per-shopper"),
    ...checkRequests(limits["per-network"], "limits.per-network"),
    ...where(
      lapse.first !== null &&
        lapse.max < lapse.first &&
        finding(
          "limits.after-lapse.max",
          "is shorter than the first wait",
          `at least ${writeDuration(lapse.first)}`,
        ),
      lapse.max > DAY &&
        finding("limits.after-lapse.max", "keeps a shopper out for over a day", "at most 1d"),
      networks > IDENTITIES_MAX &&
        finding(
          "shoppers.whereabouts.networks",
          `more than ${IDENTITIES_MAX}`,
          `at most ${IDENTITIES_MAX}`,
          networks,
        ),
    ),
  ];
}

function checkRequests(
  { requests, burst }: { readonly requests: number | null; readonly burst: number },
  at: string,
): Finding[] {
  const rate = requests ?? 1;
  return where(
    rate < RATE_MIN &&
      finding(`${at}.requests`, "lets nobody through", "at least 1/h, or none for no limit"),
    rate > RATE_MAX &&
      finding(`${at}.requests`, "limits nothing", `at most ${RATE_MAX}/s, or none for no limit`),
    burst > BURST_MAX && finding(`${at}.burst`, `more than ${BURST_MAX}`, `at most ${BURST_MAX}`),
  );
}
