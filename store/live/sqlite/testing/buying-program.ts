/**
 * A process of its own that buys on a ledger file: so many buyers, so many at a time, each told on
 * a line of the output what became of the order when that is on disk. It begins when a line comes
 * in, so that several begin together, and ends by itself when all are served.
 *
 * node buying-program.mjs FOLDER NAME UNITS BUYERS AT_A_TIME
 */
import { once } from "node:events";
import { Effect } from "effect";
import { ScriptedGateway } from "../../../memory/scripted-gateway.ts";
import { demoSale } from "../../demo-sale.ts";
import { makeLiveStore } from "../../live-store.ts";
import { openSqlite } from "../sqlite-parts.ts";
import { buyingSale, PRICE, SKU } from "./buying-sale.ts";

const [folder = "", name = "", units = "0", buyers = "0", atATime = "1"] = process.argv.slice(2);

const setup = buyingSale(demoSale(Date.now() - 1_000), Number(units));
const parts = openSqlite({ folder, setup });
const gateways = [ScriptedGateway.make({ name: "sandbox" })];
const { checkout } = makeLiveStore({ setup, parts, gateways, keys: [Buffer.alloc(32, 7)] });

async function buy(buyer: number): Promise<void> {
  const shopper = `${name}-${buyer}`;
  const answer = await Effect.runPromise(
    checkout.placeOrder({
      shopper,
      key: "a click",
      items: { lines: [{ sku: SKU, units: 1, unitPrice: PRICE }] },
      paymentToken: "card",
      invited: false,
    }),
  );
  await parts.durable();
  process.stdout.write(`${JSON.stringify({ shopper, answer })}\n`);
}

process.stdout.write("ready\n");
await once(process.stdin, "data");
let next = 0;
const desk = async (): Promise<void> => {
  while (next < Number(buyers)) await buy(next++);
};
await Promise.all(Array.from({ length: Number(atATime) }, desk));
await parts.close();
process.stdin.destroy();
