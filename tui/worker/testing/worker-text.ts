/** The program of the workers, bundled from the source as it is now. */
import { workerText } from "../../../build/bundle.mjs";

let text: Promise<string> | null = null;

export function bundledWorker(): Promise<string> {
  text ??= workerText();
  return text;
}
