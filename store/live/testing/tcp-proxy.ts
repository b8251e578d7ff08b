/**
 * A network between a store and a server that a test can hurt: it lets nothing through, loses the
 * answers alone, or cuts every connection.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class TcpProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #links = new Set<{ readonly client: Socket; readonly server: Socket }>();
  #losesRequests = false;
  #losesAnswers = false;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Stands before the server of the URL, under a URL of its own. */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer((client) => proxy.#link(client, hostname, Number(port)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const through = new URL(url);
    through.port = `${typeof address === "object" && address !== null ? address.port : 0}`;
    const proxy = new TcpProxy(server, through.href);
    return proxy;
  }

  /** Nobody hears anything any more, and no connection ends. */
  freeze(): void {
    this.#losesRequests = true;
    this.#losesAnswers = true;
  }

  /** What is asked arrives, and nobody hears of it. */
  loseAnswers(): void {
    this.#losesAnswers = true;
  }

  /** Ends every connection; new ones work. */
  cut(): void {
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }

  /** New connections work; what was lost stays lost. */
  heal(): void {
    this.#losesRequests = false;
    this.#losesAnswers = false;
    this.cut();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #link(client: Socket, host: string, port: number): void {
    const server = connect({ host, port });
    const link = { client, server };
    this.#links.add(link);
    client.on("data", (bytes) => {
      if (!this.#losesRequests) server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (!this.#losesAnswers) client.write(bytes);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#links.delete(link);
        other.destroy();
      });
    }
  }
}
