import { CONTRACT_TIMES, saleControlContract } from "../testing/sale-control.contract.ts";
import { MemorySaleControl } from "./sale-control.ts";

saleControlContract("memory", MemorySaleControl.layer(CONTRACT_TIMES));
