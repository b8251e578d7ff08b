/** What a fleet counts and measures while it works. */
import { TimeWeighted } from "../../engine/statistics/time-weighted.ts";
import { HOUR, type Ticks } from "../../engine/time.ts";

export class FleetFigures {
  /** Requests that an instance took in. */
  accepted = 0;
  /** Pages made, also for shoppers who will find that they waited too long. */
  answered = 0;
  /** Of those, pages made for nobody: the shopper had given up the wait. */
  wasted = 0;
  /** Requests turned away for want of a place. */
  refused = 0;
  /** Requests that the rule of load shedding refused at the door. */
  shedAtDoor = 0;
  /** Of the requests taken in, those that it refused when a core would have taken them up. */
  shedInLine = 0;
  /** Requests that went down with their instance. */
  failed = 0;
  /** Requests that waited for the database for too long. */
  overtaxed = 0;
  crashes = 0;
  /** Instances that went with their zone. */
  lost = 0;
  /** Instances that are paid for in full: from the order until gone, asleep in the pool not. */
  readonly instances: TimeWeighted;
  /** Instances asleep in the warm pool, stopped or hibernated. */
  readonly asleep: TimeWeighted;
  /** Instances in service. */
  readonly serving: TimeWeighted;

  constructor(now: Ticks) {
    this.instances = new TimeWeighted(now);
    this.asleep = new TimeWeighted(now);
    this.serving = new TimeWeighted(now);
  }

  /** Hours that instances have been asleep in the warm pool until now. */
  asleepHours(now: Ticks): number {
    return this.asleep.integral(now) / HOUR;
  }

  /** Hours paid for in full until now, over all instances. */
  instanceHours(now: Ticks): number {
    return this.instances.integral(now) / HOUR;
  }
}
