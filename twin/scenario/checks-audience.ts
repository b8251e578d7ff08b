/** Lists, segments and early access that are well written and yet cannot be. */
import type { Ticks } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { ticksSince } from "./date.ts";
import type { Finding } from "./problem.ts";
import type { LaunchForm, World } from "./schema.ts";
import { writeDuration } from "./units.ts";

/** Addresses on one list. */
const RECIPIENTS_MAX = 100_000_000;
const ROUNDING = 1e-9;

export function checkAudience(world: World): Finding[] {
  const { recipients, "sender-rate": senderRate, segments } = world.audience;
  const inSegments = segments.vip.share + segments.loyal.share;
  return where(
    inSegments > 1 + ROUNDING &&
      finding("audience.segments", "more than 100% in all", "lower a share", inSegments),
    recipients > RECIPIENTS_MAX &&
      finding("audience.recipients", `more than ${RECIPIENTS_MAX}`, "check the number", recipients),
    senderRate <= 0 &&
      finding("audience.sender-rate", "the sender sends nothing", "write it like 5M/h"),
  );
}

export function checkEarlyAccess({ sale, audience, starts }: World): Finding[] {
  const { "early-access": early, "early-access-for": tiers, public: open } = sale;
  const at = "sale.early-access-for";
  const { vip, loyal } = audience.segments;
  const shares = { vip: vip.share, loyal: loyal.share, regular: 1 - vip.share - loyal.share };
  const isEarly = early !== undefined && ticksSince(starts, early) < ticksSince(starts, open);
  return where(
    new Set(tiers).size < tiers.length && finding(at, "names a tier twice", "name each once"),
    isEarly &&
      !tiers.some((tier) => shares[tier] > ROUNDING) &&
      finding(
        at,
        tiers.length === 0 ? "admits nobody early" : "admits nobody early: its tiers are empty",
        "name a tier that has a share in audience.segments, or leave early-access out",
        tiers,
      ),
  );
}

/** How long before the launch the first mails go out; a segment that is empty has none. */
function leadOf({ audience }: World): Ticks {
  const { vip, loyal } = audience.segments;
  const leads = [vip, loyal].map((one) => (one.share > 0 ? one["mailed-before"] : 0));
  return Math.max(...leads);
}

/** Tiers mailed before the scenario begins; the path begins at the plan. */
export function checkLead(launch: LaunchForm, world: World): Finding[] {
  const at = ticksSince(world.starts, launch.at);
  const lead = leadOf(world);
  return where(
    at >= 0 &&
      lead > at &&
      finding(
        "launch.at",
        `lies ${writeDuration(at)} after the start, and a segment is mailed ${writeDuration(lead)} before that`,
        "launch later, or lower mailed-before in audience.segments",
      ),
  );
}
