/** A word on how something stands, for the status row. */
import type { Severity } from "../theme/severity.ts";

export interface Status {
  readonly severity: Severity;
  readonly text: string;
  /** A file that was written: its path stays on the terminal after the screens are left. */
  readonly file?: string;
}
