/**
 * Where the chance in discount codes comes from. Live it is the operating system's secure source;
 * in a rehearsal a stream under the seed, so that the same run gives the same codes.
 */
import { Context } from "effect";

export interface CodeSourceService {
  /** A whole number from 0 and below `limit`, each as likely as the others. */
  readonly below: (limit: number) => number;
}

export class CodeSource extends Context.Tag("store/CodeSource")<CodeSource, CodeSourceService>() {}
