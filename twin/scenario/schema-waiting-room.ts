/** The waiting room of a scenario file: how many may be in the shop, and how the others wait. */
import { Schema } from "effect";
import {
  Count,
  DistributionForm,
  key,
  MomentOfSale,
  optionalKey,
  PositiveDuration,
  Rate,
  Share,
} from "./quantity.ts";

const Mode = Schema.Literal("off", "on");

const Doors = Schema.Struct({
  vip: optionalKey(MomentOfSale, "For VIPs, where they have a lane. Default: at once, no lot."),
  loyal: optionalKey(MomentOfSale, "For loyal shoppers, likewise. Default: at once, no lot."),
  regular: optionalKey(MomentOfSale, "For everybody else. Default: at once, no lot."),
});

export const WaitingRoom = Schema.Struct({
  mode: key(Mode, "Whether there is one."),
  capacity: key(Count, "Shoppers in the shop at once, unused passes included; 0 is no limit."),
  rate: key(Rate, "Shoppers let in per time; 0/s is no limit."),
  from: optionalKey(
    MomentOfSale,
    "From when on it holds anybody back. Default: from the start of the scenario.",
  ),
  above: key(Share, "Share of the capacity up to which everybody walks in, whatever the rate."),
  doors: key(
    Doors,
    "When each lane begins to admit; who comes before has their place by lot at that moment.",
  ),
  lanes: key(
    Schema.Struct({
      vip: key(Share, "Of the VIPs (audience.segments); 0% and they stand with everybody."),
      loyal: key(Share, "Of the loyal shoppers; 0% and they stand with everybody."),
    }),
    "Lanes of their own: share of the admissions that a lane gets while all of them wait.",
  ),
  pass: key(PositiveDuration, "How long after their turn a shopper may still come in."),
  session: key(
    PositiveDuration,
    "How long after their last request a shopper counts as in the shop; who comes back later waits again.",
  ),
  poll: key(PositiveDuration, "How often the waiting page asks for its place."),
  "place-kept": key(PositiveDuration, "How long a place is kept that nobody asks for any more."),
  patience: key(DistributionForm, "How long a shopper waits in it before leaving."),
  "no-show": key(
    Share,
    "Share that misses its turn of those who waited ten minutes or more; of shorter waits, less in proportion.",
  ),
  reload: key(Share, "Share of the waiting page's requests that are reloads by hand."),
  adaptive: key(
    Schema.Struct({
      mode: key(Mode, "Whether the capacity follows the store's health (Gradient2 and CoDel)."),
      least: key(Share, "Share of the capacity that it goes down to."),
      target: key(
        PositiveDuration,
        "Nobody is let in while even the quickest page takes the servers longer.",
      ),
      interval: key(PositiveDuration, "Over how long the quickest page is looked for."),
    }),
    "Fewer inside while the servers answer slowly.",
  ),
});
