import { rushContract } from "../testing/rush.contract.ts";

rushContract("parts in memory");
