import * as pulumi from "@pulumi/pulumi";
import { dashboardHost } from "../../config";
import { declarePart, type PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace } from "../shared/network-policy";
import { serviceAccount } from "../shared/service-account";
import { webRoute } from "../shared/web-route";
import { headlamp, headlampService } from "./headlamp";
import { viewRules } from "./rules";

/** Arguments of {@link Dashboard}. */
export interface DashboardArgs extends PartArgs<"dashboard"> {
  /** Domain of the stack, for example `platform.example.com`. The default host is `dashboard.<domain>`. */
  domain: string;
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
}

/**
 * A web UI of the cluster. Users have the rights of their own accounts. The account that this component declares can
 * only view; its tokens are for users who have no account.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Host of the web UI on the gateway. */
  readonly host: string;

  constructor(name: string, args: DashboardArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:dashboard:Dashboard", name, {}, opts);
    const { config, domain, gateway } = args;
    const part = declarePart("dashboard", args, this);
    const account = serviceAccount(part, "dashboard-viewer", {
      clusterRules: viewRules,
      workload: "headlamp",
    });
    headlamp(part, { ...config, account });
    closeNamespace(part);
    this.host = dashboardHost(config, domain);
    const { name: service, port } = headlampService;
    webRoute(part, "dashboard", { host: this.host, service, port, gateway });
    this.registerOutputs({ host: this.host });
  }
}
