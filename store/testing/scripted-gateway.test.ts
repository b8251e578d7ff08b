import { Layer } from "effect";
import { ScriptedGateway } from "../memory/scripted-gateway.ts";
import { PaymentGateways } from "../ports/payment-gateway.ts";
import { paymentGatewayContract } from "./payment-gateway.contract.ts";

paymentGatewayContract(
  "scripted, with no script",
  Layer.sync(PaymentGateways, () => ({ gateways: [ScriptedGateway.make({ name: "first" })] })),
);
