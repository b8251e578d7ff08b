import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import pg from "pg";
import { expect, it } from "vitest";
import { askForServer, describeWithServer } from "../store/testing/real-servers.ts";
import { findProgram } from "../tui/cli/installed-programs.ts";

/** What a Redis answers to these lines, or null where nobody listens. */
function asked(url: string, lines: readonly string[]): Promise<string | null> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection({ port: Number(port), host: "127.0.0.1" });
    socket.once("error", () => resolve(null));
    socket.once("connect", () => socket.write(`${lines.join("\r\n")}\r\n`));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(bytes.toString());
    });
  });
}

await describeWithServer("redis", "a private Redis", ({ url }) => {
  it("answers nobody without its password", async () => {
    expect(await asked(url, ["PING"])).toContain("NOAUTH");
    expect(await asked(url, [`AUTH ${new URL(url).password}`])).toBe("+OK\r\n");
  });

  it("ends with its starter, even where that is killed", { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rehearse-starter-"));
    const file = join(folder, "starter.mjs");
    const redis = JSON.stringify(findProgram("redis"));
    await build({
      stdin: {
        contents: `import { startRedis } from "./build/private-server.ts";
          console.log((await startRedis(${redis})).url);
          setInterval(() => {}, 1_000);`,
        resolveDir: process.cwd(),
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "esm",
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
      },
      outfile: file,
      logLevel: "error",
      external: ["pg-native"],
    });
    const starter = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(starter.stdout, "data");
    const address = String(line).trim();
    expect(await asked(address, ["PING"])).toContain("NOAUTH");
    starter.kill("SIGKILL");
    await expect.poll(() => asked(address, ["PING"]), { timeout: 20_000 }).toBe(null);
    rmSync(folder, { recursive: true });
  });
});

await describeWithServer("redis", "a Redis that all files share", (shared) => {
  it("is one, however often it is asked for", async () => {
    const again = await askForServer("redis");
    expect(again).toEqual({ url: shared.url });
  });

  it("is another than one that a file has for itself", async () => {
    const own = await askForServer("redis", { own: true });
    expect(own).not.toEqual({ url: shared.url });
    if (!("url" in own)) throw new Error("a second Redis starts where the first did");
    expect(await asked(own.url, [`AUTH ${new URL(own.url).password}`])).toBe("+OK\r\n");
  });
});

await describeWithServer("postgres", "a private PostgreSQL", ({ url, ownName }) => {
  it("makes a database for whoever has its password", async () => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(`CREATE DATABASE ${ownName}`);
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [ownName]);
    await client.end();
    expect(found.rowCount).toBe(1);
  });

  it("answers nobody else", async () => {
    const stranger = new URL(url);
    stranger.password = "guessed";
    await expect(new pg.Client(stranger.href).connect()).rejects.toThrow("password");
  });
});
