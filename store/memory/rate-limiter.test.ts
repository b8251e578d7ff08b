import { rateLimiterContract } from "../testing/rate-limiter.contract.ts";
import { MemoryRateLimiter } from "./rate-limiter.ts";

rateLimiterContract("memory", MemoryRateLimiter.layer());
