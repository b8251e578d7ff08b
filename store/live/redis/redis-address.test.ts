import { describe, expect, it } from "vitest";
import { RedisAddressProblem, redisAddress } from "./redis-address.ts";

const nobody = { username: null, password: null };

describe("the address of Redis", () => {
  it("is one server, a cluster, or sentinels and the name of a master", () => {
    const server = { kind: "server", tls: false, ...nobody, rest: "" };
    expect(redisAddress("redis://cache")).toEqual({
      ...server,
      servers: [{ host: "cache", port: 6_379 }],
    });
    expect(redisAddress("rediss://ann:p%40ss:word@[::1]:7000/3")).toEqual({
      kind: "server",
      tls: true,
      username: "ann",
      password: "p@ss:word",
      servers: [{ host: "::1", port: 7_000 }],
      rest: "3",
    });
    const [a, b] = [
      { host: "10.0.0.1", port: 7_000 },
      { host: "10.0.0.2", port: 7_001 },
    ];
    expect(redisAddress("redis+cluster://10.0.0.1:7000,10.0.0.2:7001")).toEqual({
      ...server,
      kind: "cluster",
      servers: [a, b],
    });
    expect(redisAddress("redis+sentinel://:secret@one,two:26380/sale")).toEqual({
      kind: "sentinel",
      tls: false,
      username: null,
      password: "secret",
      servers: [
        { host: "one", port: 26_379 },
        { host: "two", port: 26_380 },
      ],
      rest: "sale",
    });
  });

  it.each([
    ["nonsense", "begins with redis://"],
    ["http://cache", "begins with redis://"],
    ["redis://", "names a host"],
    ["redis://cache:0", "host:port (got cache:0)"],
    ["redis://cache:70000", "host:port"],
    ["redis://a,b", "names one server"],
    ["redis://a/b", "is a number (got /b)"],
    ["redis+cluster://a:1/2", "no databases"],
    ["redis+sentinel://a:1", "ends with the name of the master"],
    ["redis://u:%zz@a", "%25"],
  ])("%s is refused", (text, why) => {
    expect(() => redisAddress(text)).toThrow(RedisAddressProblem);
    expect(() => redisAddress(text)).toThrow(why);
  });

  it("is refused without telling a password", () => {
    expect(() => redisAddress("redis://ann:hush@a,b")).toThrow(/^(?!.*hush)/);
    expect(() => redisAddress("redis://ann:hush@a/b/c")).toThrow(/^(?!.*hush)/);
  });
});
