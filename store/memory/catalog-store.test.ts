import { CONTRACT_CATALOG, catalogStoreContract } from "../testing/catalog-store.contract.ts";
import { MemoryCatalogStore } from "./catalog-store.ts";

catalogStoreContract("memory", MemoryCatalogStore.layer(CONTRACT_CATALOG));
