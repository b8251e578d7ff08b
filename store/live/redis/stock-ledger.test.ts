import { Effect, Layer } from "effect";
import { StockLedger } from "../../ports/stock-ledger.ts";
import { CONTRACT_ITEMS, stockLedgerContract } from "../../testing/stock-ledger.contract.ts";
import { scopedNode, withRedis } from "../testing/redis-store.ts";

withRedis("the stock in Redis", (server) => {
  const node = scopedNode(server, { items: CONTRACT_ITEMS });
  stockLedgerContract(
    "redis",
    Layer.scoped(
      StockLedger,
      Effect.map(node, ({ stock }) => stock),
    ),
  );
});
