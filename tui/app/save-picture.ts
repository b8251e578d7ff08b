/** Writes an SVG picture of the screen into the working folder, where reports go as well. */
/// <reference types="node" />
import { writeFileSync } from "node:fs";
import { SCREEN_NAMES } from "../keys/key-table.ts";
import type { Status } from "../screens/screen.ts";
import { Emulator } from "../terminal/emulator.ts";
import { screenPicture } from "../terminal/screen-picture.ts";
import type { App } from "./app.ts";

/** Beyond so many pictures of one screen in a folder somebody should tidy up. */
const NUMBER_MAX = 999;

/** What came of it, for the status row. `lines` is null where nothing is drawn. */
export async function savePicture(
  app: App,
  lines: readonly string[] | null,
  size: { readonly columns: number; readonly rows: number },
): Promise<Status> {
  if (lines === null) return { severity: "info", text: "there is no picture of spoken lines" };
  const { id } = app.front;
  const emulator = await Emulator.open(size.columns, size.rows);
  await emulator.write(lines.join("\r\n"));
  const title = `Rehearse, the screen ${SCREEN_NAMES[id]}`;
  const { ground } = app.appearance.theme;
  return save(`rehearse-${id}`, screenPicture(emulator.cells(), { title, ground }));
}

/** Under the first number that is free, so that no picture is written over. */
function save(name: string, text: string): Status {
  for (let number = 1; number <= NUMBER_MAX; number += 1) {
    const file = `${name}-${number}.svg`;
    try {
      writeFileSync(file, text, { flag: "wx" });
      return { severity: "ok", text: `picture in ${file}`, file };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") {
        return { severity: "warning", text: `no picture: ${file} cannot be written (${message})` };
      }
    }
  }
  return { severity: "warning", text: `no picture: ${NUMBER_MAX} of ${name} are here already` };
}
