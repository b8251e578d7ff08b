/** The sandbox gateway as a program: `--folder DIR --port N --seed S`. */
import { runSandboxProgram } from "./sandbox-program.ts";

await runSandboxProgram(process.argv.slice(2));
