/** The HTML report of a result, written below the folder for state and opened in a browser. */
/// <reference types="node" />
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../twin/result.ts";
import { reasonOf } from "../cli/reasons.ts";
import type { Status } from "../model/status.ts";
import type { Environment } from "../terminal/capabilities.ts";
import { makeFolder, stateFolder } from "./folders.ts";

/** Writes the report and shows it; where nothing can show it, says where it lies. */
export async function showReport(result: RunResult, environment: Environment): Promise<Status> {
  const folder = join(stateFolder(environment), "reports");
  const plans = Object.keys(result.plans).join("-");
  const path = join(folder, `${fileWord(`${result.scenario}-${plans}`)}.html`);
  try {
    makeFolder(folder);
    const { htmlReport } = await import("../report/html-report.ts");
    writeFileSync(path, htmlReport(result));
  } catch (cause) {
    return { severity: "critical", text: `No report, ${reasonOf(cause)}: ${path}` };
  }
  const opened = await openFile(path, environment);
  const text = opened ? `The report is open: ${path}` : `The report is ${path}`;
  return { severity: "ok", text, file: path };
}

function fileWord(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/gu, "-");
}

/** With the desktop's own opener; false where there is none, or no screen to open anything on. */
function openFile(path: string, environment: Environment): Promise<boolean> {
  const mac = process.platform === "darwin";
  const { DISPLAY = "", WAYLAND_DISPLAY = "" } = environment;
  if (!mac && DISPLAY === "" && WAYLAND_DISPLAY === "") return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(mac ? "open" : "xdg-open", [path], {
      env: environment as NodeJS.ProcessEnv,
      stdio: "ignore",
      detached: true,
    });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
