/**
 * Where visits come from: the mailing and the traffic that no mail explains, or in place of both a
 * list of visits. Visitors without a mail are numbered after the recipients, so that no two share
 * their draws. Mailing and traffic end with the scenario.
 */
import type { RandomStream } from "../engine/random.ts";
import type { Simulation } from "../engine/simulation.ts";
import { Mailing } from "./email/mailing.ts";
import type { LaunchSpec, WorldSpec } from "./scenario/scenario.ts";
import { EarlyAccess } from "./shoppers/early-access.ts";
import type { TierFigures } from "./shoppers/tier-figures.ts";
import { BackgroundTraffic } from "./traffic/background-traffic.ts";
import { ListedVisits, type VisitList } from "./traffic/listed-visits.ts";

export interface VisitSourcesOptions {
  readonly world: WorldSpec;
  readonly launch: LaunchSpec;
  /** Null for a list without tiers. */
  readonly tiers: TierFigures | null;
  /** Whoever comes in place of the mailing and the traffic; null where nobody does. */
  readonly list: VisitList | null;
  /** A visit begins; `invited` to the early access or not. */
  readonly visit: (shopper: number, invited: boolean) => void;
}

/** Starts by itself. */
export class VisitSources {
  readonly mailing: Mailing;
  readonly #simulation: Simulation;
  readonly #options: VisitSourcesOptions;
  readonly #earlyAccess: EarlyAccess;
  readonly #traffic: { readonly visited: number };
  readonly #invitations: RandomStream;
  #mailed = 0;

  constructor(simulation: Simulation, options: VisitSourcesOptions) {
    const { list } = options;
    const { audience, sale, traffic, starts, lasts } =
      list === null ? options.world : withoutVisits(options.world);
    this.#simulation = simulation;
    this.#options = options;
    const invited = { segments: audience.segments, tiers: sale.earlyAccessFor };
    this.#earlyAccess = new EarlyAccess(simulation, invited);
    this.mailing = new Mailing(simulation, {
      audience,
      launch: options.launch,
      visit: (recipient) => this.#followMail(recipient),
    });
    this.#invitations = simulation.random("traffic.invited");
    this.#traffic =
      list === null
        ? new BackgroundTraffic(simulation, {
            traffic,
            starts,
            lasts,
            visit: (visitor) => this.#comeUninvited(visitor),
          })
        : new ListedVisits(simulation, {
            list,
            first: audience.recipients,
            visit: (visitor) => this.#arrive(visitor, true),
          });
  }

  /** Visits so far, by what brought them. */
  get counts(): { readonly mail: number; readonly traffic: number } {
    return { mail: this.#mailed, traffic: this.#traffic.visited };
  }

  #followMail(recipient: number): void {
    if (this.#simulation.now >= this.#options.world.lasts) return;
    this.#mailed += 1;
    this.#arrive(recipient, true);
  }

  /** Some who follow no mail of their own have a link that was passed on. */
  #comeUninvited(visitor: number): void {
    const { audience, traffic } = this.#options.world;
    const invited = this.#invitations.at(visitor).chance(traffic.invited);
    this.#arrive(audience.recipients + visitor, invited);
  }

  #arrive(shopper: number, invited: boolean): void {
    this.#options.tiers?.visited(shopper);
    this.#options.visit(shopper, invited && this.#earlyAccess.admits(shopper));
  }
}

/** The world with a mailing that nobody follows. */
function withoutVisits(world: WorldSpec): WorldSpec {
  const nobody = { share: 0, visitRate: 0, mailedBefore: 0 };
  const segments = { vip: nobody, loyal: nobody };
  return { ...world, audience: { ...world.audience, visitRate: 0, segments } };
}
