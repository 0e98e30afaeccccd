import { Gateway, type GatewayArgs } from "../../../../components/gateway";
import { declare, type Declared } from "../../../support/declare";
import { partConfig } from "../../../support/part-config";

/** Fields of the part's section of the config. */
export type Config = Partial<GatewayArgs["config"]>;

/** Everything else that the component takes. */
export type Facts = Partial<Omit<GatewayArgs, "config">>;

/** Returns what the gateway declares; by default, it is exposed by node ports. */
export function gateway(config: Config = {}, facts: Facts = {}): Promise<Declared> {
  return declare((provider) => {
    new Gateway(
      "gateway",
      { context: { environment: "dev" }, config: partConfig("gateway", config), ...facts },
      { provider },
    );
  });
}
