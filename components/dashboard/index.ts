import * as pulumi from "@pulumi/pulumi";
import { dashboardHost } from "../../config";
import { declarePart, type PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { objectLabels } from "../shared/labels";
import { closeNamespace } from "../shared/network-policy";
import { serviceAccount } from "../shared/service-account";
import { webRoute } from "../shared/web-route";
import { headlamp, headlampService, type Login } from "./headlamp";
import { viewRules } from "./rules";

/** Arguments of {@link Dashboard}. */
export interface DashboardArgs {
  context: PlatformContext;
  /** Domain of the stack, for example `platform.example.com`. */
  domain: string;
  /** Host of the web UI; `dashboard.<domain>` without it. */
  host?: string;
  gateway: GatewayAddress;
  /** Pods. */
  replicas: number;
  /** Login at the company's identity provider; people paste a token without it. */
  oidc?: Login;
}

/**
 * A web UI that shows what is in the cluster. Users see and do what their own account may. The
 * account that is declared here can only view; a token of it is for those who have no account.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Host that the gateway serves the web UI under. */
  readonly host: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:dashboard:Dashboard", name, {}, opts);
    const part = declarePart("dashboard", args, this);
    const { namespace } = part;
    const account = serviceAccount(
      "dashboard-viewer",
      { namespace, labels: objectLabels("headlamp", "dashboard"), clusterRules: viewRules },
      this,
    );
    headlamp(part, { ...args, account });
    closeNamespace(part);
    const host = dashboardHost(args, args.domain);
    const { gateway } = args;
    const { name: service, port } = headlampService;
    webRoute("dashboard", { namespace, host, service, port, gateway }, this);
    this.host = pulumi.output(host);
    this.registerOutputs({ host: this.host });
  }
}
