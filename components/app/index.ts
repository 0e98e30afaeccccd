import * as pulumi from "@pulumi/pulumi";
import { ProgramError, type ExternalServiceConfig, type ReleaseTemplate } from "../../config";
import type { GatewayAddress } from "../shared/gateway-api";
import type { NodeGroup } from "../shared/placement";
import { externalServices } from "./external";
import { Release, type Scaling } from "./release";
import { appRoute } from "./route";
import { fixedPortService, roleServices } from "./services";

/** One live release, as the release plan names it. */
export interface LiveRelease {
  /** Name of its objects, for example `shop-1-4-2`. */
  name: string;
  /** Image tag. */
  version: string;
  template: ReleaseTemplate;
}

/** Arguments of {@link App}. */
export interface AppArgs {
  namespace: pulumi.Input<string>;
  /** Environment that the app runs in; it names the directories of its logs. */
  environment: string;
  /** Host name that the gateway serves the app under. */
  domain: string;
  /** Gateway that the app's route attaches to. */
  gateway: pulumi.Input<GatewayAddress>;
  /** Every release that runs. */
  releases: LiveRelease[];
  /** Name of the release behind the Service `<app>-stable`. */
  stable: string;
  /** Name of the release behind the Service `<app>-canary`; the stable one without a canary. */
  canary?: string;
  /** Share of the requests that the canary gets, percent. */
  canaryWeight: number;
  scaling: Scaling;
  /** Pods of a release that may be away at once for maintenance: a number, or percent. */
  maxUnavailable: number | string;
  /** Services outside of the cluster, reached as `<app>-<name>`. */
  externalServices: Record<string, ExternalServiceConfig>;
  /** Port of every node on which the stable release is reached. */
  nodePort?: number;
  /** Node groups by name, for the templates that name one. */
  nodeGroups: Record<string, NodeGroup>;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Image pull secret of the namespace, by which its pods get the app's image. */
  pullSecret?: string;
}

/**
 * One app: a Deployment per live release, the two Services of constant name whose selectors say
 * which release is stable and which is canary, and one HTTPRoute of constant shape between them.
 */
export class App extends pulumi.ComponentResource {
  /** URL that the gateway serves the app under. */
  readonly url: pulumi.Output<string>;
  /** Resolves when the route, and everything it leads to, is in place. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: AppArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:app:App", name, {}, opts);
    const releases = args.releases.map(
      (release) =>
        new Release(
          release.name,
          {
            ...args,
            ...release,
            app: name,
            nodeGroup: nodeGroupOf(release.template, args.nodeGroups),
          },
          { parent: this },
        ),
    );
    const services = roleServices(name, args, releases, this);
    externalServices(name, args, this);
    if (args.nodePort !== undefined) {
      fixedPortService(name, { ...args, nodePort: args.nodePort }, releases, this);
    }
    const route = appRoute(name, args, services, this);
    this.url = pulumi.output(`http://${args.domain}/`);
    this.ready = route.id;
    this.registerOutputs({ url: this.url });
  }
}

function nodeGroupOf(
  { nodeGroup }: ReleaseTemplate,
  groups: Record<string, NodeGroup>,
): NodeGroup | undefined {
  if (nodeGroup === undefined) return undefined;
  const group = groups[nodeGroup];
  if (group === undefined) {
    throw new ProgramError(
      `A release runs on the node group "${nodeGroup}", which the stack has no more; there are ${Object.keys(groups).join(", ")}.`,
    );
  }
  return group;
}
