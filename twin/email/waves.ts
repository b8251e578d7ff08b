/**
 * A mailing in waves: tiers that are mailed before the rest. Each wave is handed over as the launch
 * plan says, batch by batch, only earlier; the sender forwards them all, each mail when it is due
 * and never faster than its throughput limit, whichever wave it is of. The list itself stays in its
 * order within a wave.
 */
import { assert } from "../../engine/assert.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { TIERS, type Tier } from "../../store/core/tier.ts";
import type { AudienceSpec, LaunchSpec } from "../scenario/scenario.ts";
import { duesOf } from "./sender.ts";

/** A share this small is what rounding leaves of none. */
const NOBODY = 1e-9;

export interface TierMailing {
  readonly name: Tier;
  /** Its index into TIERS. */
  readonly tier: number;
  /** Share of the list. */
  readonly share: number;
  /** Share of its mails that lead to a visit. */
  readonly visitRate: number;
  readonly mailedBefore: Ticks;
}

/** Tiers that are mailed together. */
export interface Wave {
  readonly tiers: readonly TierMailing[];
  /** The plan's launch, that much earlier. */
  readonly launch: LaunchSpec;
}

/** The tiers that have anybody in them, lowest first. */
export function tiersOf({ segments, visitRate }: AudienceSpec): readonly TierMailing[] {
  const { vip, loyal } = segments;
  const regular = { share: 1 - vip.share - loyal.share, visitRate, mailedBefore: 0 };
  return TIERS.flatMap((name, tier) => {
    const mailing = name === "vip" ? vip : name === "loyal" ? loyal : regular;
    return mailing.share > NOBODY ? [{ ...mailing, name, tier }] : [];
  });
}

/** The waves in the order in which they go out; one where nobody is mailed before the rest. */
export function wavesOf(audience: AudienceSpec, launch: LaunchSpec): readonly Wave[] {
  const tiers = tiersOf(audience);
  const leads = [...new Set(tiers.map(({ mailedBefore }) => mailedBefore))].sort((a, b) => b - a);
  return leads.map((lead) => ({
    tiers: tiers.filter(({ mailedBefore }) => mailedBefore === lead),
    launch: { ...launch, at: launch.at - lead },
  }));
}

interface WaveOfMails {
  readonly recipients: number;
  readonly launch: LaunchSpec;
  /** When each batch is handed over, in order; as the launch says where left out. */
  readonly dues?: readonly Ticks[];
}

/** When each mail of each wave leaves the one sender they share, ticks (not whole). */
export function sendWaves(of: readonly WaveOfMails[], senderRate: number): readonly Float64Array[] {
  assert(senderRate > 0, "a sender sends");
  const waves = of.map((wave) => ({ ...wave, dues: wave.dues ?? duesOf(wave.launch) }));
  const gap = SECOND / senderRate;
  const sent = waves.map(({ recipients }) => new Float64Array(recipients));
  const next = waves.map(() => 0);
  const dues = waves.map((wave) => dueAt(wave, 0));
  let free = Number.NEGATIVE_INFINITY;
  for (let mails = sent.reduce((sum, { length }) => sum + length, 0); mails > 0; mails -= 1) {
    const wave = dues.indexOf(Math.min(...dues));
    const place = next[wave];
    const at = Math.max(dues[wave], free);
    sent[wave][place] = at;
    free = at + gap;
    next[wave] = place + 1;
    dues[wave] = dueAt(waves[wave], place + 1);
  }
  return sent;
}

/** When a mail is handed over; never, for one beyond the last. */
function dueAt({ recipients, launch, dues }: Required<WaveOfMails>, place: number): number {
  if (place >= recipients) return Number.POSITIVE_INFINITY;
  const { batches, eachOver } = launch;
  const firstOf = (batch: number) => Math.floor((batch * recipients) / batches);
  const batch = Math.ceil(((place + 1) * batches) / recipients) - 1;
  const first = firstOf(batch);
  const size = firstOf(batch + 1) - first;
  assert(place >= first && size > 0, "a mail is in a batch");
  return dues[batch] + (eachOver * (place - first)) / size;
}
