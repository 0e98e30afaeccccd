import * as pulumi from "@pulumi/pulumi";
import type { GatewayAddress } from "../shared/gateway-api";
import { objectLabels } from "../shared/labels";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { serviceAccount } from "../shared/service-account";
import { webRoute } from "../shared/web-route";
import { headlamp, headlampPort, type Login } from "./headlamp";
import { viewRules } from "./rules";

/** Arguments of {@link Dashboard}. */
export interface DashboardArgs {
  environment: string;
  /** Domain under which the pages are served, where they have no host of their own. */
  domain: string;
  /** Host of the pages; `dashboard.<domain>` without it. */
  host?: string;
  gateway: pulumi.Input<GatewayAddress>;
  /** Pods. */
  replicas: number;
  /** Login at the company's identity provider; people paste a token without it. */
  oidc?: Login;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/**
 * Pages that show what is in the cluster. Who logs in sees and does what their own account may. The
 * one account that is declared here may only look, and a token of it is for those who have none.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Host that the gateway serves the pages under. */
  readonly host: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:dashboard:Dashboard", name, {}, opts);
    const namespace = platformNamespace("dashboard", this, args.environment);
    const account = serviceAccount(
      "dashboard-viewer",
      { namespace, labels: objectLabels("headlamp", "dashboard"), clusterRules: viewRules },
      this,
    );
    const service = headlamp({ ...args, namespace, account }, this);
    const host = args.host ?? `dashboard.${args.domain}`;
    const { gateway } = args;
    webRoute("dashboard", { namespace, host, service, port: headlampPort, gateway }, this);
    this.host = pulumi.output(host);
    this.registerOutputs({ host: this.host });
  }
}
