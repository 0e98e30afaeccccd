import type { PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { OtherParts, RuleArgs } from "./rules/args";

/** Arguments of the component Monitoring. */
export interface MonitoringArgs extends PartArgs<"monitoring"> {
  /** Domain of the web UIs for which the config has no host. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the routes attach to. */
  gateway: GatewayAddress;
  /** Team by namespace of apps. All other namespaces belong to the platform team. */
  owners: RuleArgs["owners"];
  /** Namespaces that the stack declares for teams, whose pods count as apps. */
  teamNamespaces: readonly string[];
  /** Other parts of the platform to monitor. Default: none. */
  parts?: OtherParts;
  /** Namespace of KEDA, which queries Prometheus. Default: `autoscaling`. */
  scaler?: string;
}
