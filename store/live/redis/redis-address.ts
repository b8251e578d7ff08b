/**
 * Where Redis is, as an operator writes it: one server, the nodes of a Redis Cluster, or the
 * sentinels that know which server is the master now.
 *
 *   redis://[user:password@]host[:port][/db]        one server; rediss:// where it speaks TLS
 *   redis+cluster://[user:password@]host:port,…     a cluster, by one or more of its nodes
 *   redis+sentinel://[user:password@]host:port,…/name   the master that the sentinels call `name`
 *
 * `rediss+cluster` and `rediss+sentinel` speak TLS. Characters of a user or a password that have a
 * meaning in an address are percent-encoded.
 */

export interface RedisServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  readonly kind: "server" | "cluster" | "sentinel";
  /** The server, nodes of the cluster, or the sentinels. */
  readonly servers: readonly RedisServerAddress[];
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  /** The number of the database on one server, and the name of the master behind sentinels. */
  readonly rest: string;
}

/** The address cannot be read; `message` says why, and names no password. */
export class RedisAddressProblem extends Error {}

const ADDRESS =
  /^redis(?<tls>s)?(?:\+(?<kind>cluster|sentinel))?:\/\/(?:(?<user>[^@/]*)@)?(?<servers>[^/@]+)(?:\/(?<rest>[^/]*))?$/;
const SERVER = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\],\s]+)(?::(?<port>\d{1,5}))?$/;
const PORT = 6_379;
const SENTINEL_PORT = 26_379;
const PORT_MAX = 65_535;

export function redisAddress(text: string): RedisAddress {
  const found = ADDRESS.exec(text)?.groups;
  if (found === undefined) {
    throw new RedisAddressProblem(
      "an address of Redis begins with redis://, rediss://, redis+cluster:// or redis+sentinel:// and names a host",
    );
  }
  const kind = (found.kind ?? "server") as RedisAddress["kind"];
  const { rest = "" } = found;
  const port = kind === "sentinel" ? SENTINEL_PORT : PORT;
  const servers = (found.servers ?? "").split(",").map((server) => serverOf(server, port));
  if (kind === "server" && servers.length > 1) {
    throw new RedisAddressProblem(
      "redis:// names one server; several are a redis+cluster:// or behind redis+sentinel://",
    );
  }
  if (kind === "server" && !/^\d*$/.test(rest)) {
    throw new RedisAddressProblem(`a database of Redis is a number (got /${rest})`);
  }
  if (kind === "cluster" && rest !== "") {
    throw new RedisAddressProblem(`a cluster has no databases (got /${rest})`);
  }
  if (kind === "sentinel" && rest === "") {
    throw new RedisAddressProblem(
      "redis+sentinel:// ends with the name of the master, as in /mymaster",
    );
  }
  return { kind, servers, tls: found.tls !== undefined, ...credentials(found.user), rest };
}

function serverOf(text: string, ordinaryPort: number): RedisServerAddress {
  const found = SERVER.exec(text)?.groups;
  const port = Number(found?.port ?? ordinaryPort);
  if (found === undefined || port === 0 || port > PORT_MAX) {
    throw new RedisAddressProblem(`a server of Redis is host:port (got ${text})`);
  }
  return { host: (found.host ?? "").replace(/^\[|\]$/g, ""), port };
}

function credentials(user = ""): Pick<RedisAddress, "username" | "password"> {
  const [name = "", ...password] = user.split(":");
  try {
    return {
      username: name === "" ? null : decodeURIComponent(name),
      password: password.length === 0 ? null : decodeURIComponent(password.join(":")),
    };
  } catch {
    throw new RedisAddressProblem(
      "a percent sign in the user or the password of an address is written %25",
    );
  }
}
