import * as pulumi from "@pulumi/pulumi";
import { ProgramError, type ExternalServiceConfig, type ReleaseTemplate } from "../../config";
import type { RequestScaling } from "../autoscaling/keda";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { NodeGroup } from "../shared/placement";
import { appIngress, type IngressArgs } from "./ingress";
import { externalServices } from "./external";
import { Release } from "./release";
import type { Scaling } from "./scaling";
import { roleObjects, type RoleArgs } from "./roles";
import { nothing, roleServiceNames, type Waiting } from "./services";

/** One live release, as the release plan names it. */
export interface LiveRelease {
  /** Name of its objects, for example `shop-1-4-2`. */
  name: string;
  /** Version, and revision above 1, for example `1.4.2-r2`. */
  key: string;
  /** Image tag. */
  version: string;
  /** Digest of its image; what the tag names without it. */
  digest?: string;
  template: ReleaseTemplate;
  /** Fewest pods for now, where that is more than `scaling.min`. */
  floor?: number;
  /** Pods that must be ready before its share of the requests rises. */
  needed?: number;
}

/** Arguments of {@link App}. */
export interface AppArgs {
  namespace: pulumi.Input<string>;
  /** Its environment names the directories of the app's logs. */
  context: PlatformContext;
  /** Host name that the gateway serves the app under. */
  domain: string;
  /** A plain Ingress in the place of a route; then there can be no canary. */
  ingress?: IngressArgs;
  /** How the gateway serves the app's host name; an Ingress says for itself. */
  scheme?: "http" | "https";
  /** Ranges of client addresses that may call the app; everyone without it. */
  allow?: string[];
  /** Largest body of a request, bytes; any without it. */
  maxBodyBytes?: number;
  /** Gateway that the app's route attaches to. */
  gateway: GatewayAddress;
  /** Every release that runs. */
  releases: LiveRelease[];
  /** Name of the release behind the Service `<app>-stable`. */
  stable: string;
  /** Name of the release behind the Service `<app>-canary`; the stable one without a canary. */
  canary?: string;
  /** Share of the requests that the canary gets, percent. */
  canaryWeight: number;
  /** Requests that go to the canary whatever its weight: those of any of these kinds. */
  canaryFor: RoleArgs["canaryFor"];
  scaling: Scaling;
  /** Where requests are counted; for an app that is scaled by them. */
  requestScaling?: pulumi.Input<RequestScaling>;
  /** Pods of a release that may be away at once for maintenance: a number, or percent. */
  maxUnavailable: number | string;
  /** Seconds in which a release's pods must become ready. */
  progressDeadlineSeconds: number;
  /** Services outside of the cluster, reached as `<app>-<name>`. */
  externalServices: Record<string, ExternalServiceConfig>;
  /** Port of every node on which the stable release is reached. */
  nodePort?: number;
  /** Node groups by name, for the templates that name one. */
  nodeGroups: Record<string, NodeGroup>;
  /** Image pull secret of the namespace, by which its pods get the app's image. */
  pullSecret?: string;
  /** What is waited for before requests go to a release; nothing without it. */
  waiting?: Waiting;
  /** In which order what leads requests to the releases changes; both Services first without it. */
  order?: RoleArgs["order"];
  /** Gives what is recorded of the releases, once all of the app is in place. */
  recorded?: (ready: pulumi.Output<unknown>) => pulumi.Output<unknown>;
}

/**
 * One app: a Deployment per live release, the two Services of constant name whose selectors say
 * which release is stable and which is canary, and one HTTPRoute of constant shape between them.
 */
export class App extends pulumi.ComponentResource {
  /** URL that the gateway serves the app under. */
  readonly url: pulumi.Output<string>;
  /** What is recorded of its releases; nothing without {@link AppArgs.recorded}. */
  readonly record?: pulumi.Output<unknown>;

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
            services: roleServiceNames(name, args, release.name),
            nodeGroup: nodeGroupOf(release.template, args.nodeGroups),
          },
          { parent: this },
        ),
    );
    if (args.ingress !== undefined && args.canary !== undefined && args.canary !== args.stable) {
      throw noCanary(name);
    }
    const roles = { ...args, waiting: args.waiting ?? nothing };
    const { services, ready } = roleObjects(name, roles, releases, this);
    externalServices(name, args, this);
    const entrance =
      args.ingress === undefined
        ? ready
        : appIngress(name, { ...args, ingress: args.ingress }, services.stable, this).id;
    this.url = pulumi.output(`${schemeOf(args)}://${args.domain}/`);
    this.record = args.recorded?.(pulumi.all([ready, entrance]));
    // Of its own, so that an app is recorded although another one of the stack fails.
    this.registerOutputs({ url: this.url, ...(this.record && { record: this.record }) });
  }
}

/** How clients reach the app: an Ingress has a certificate of its own, or none. */
function schemeOf({ ingress, scheme = "http" }: AppArgs): "http" | "https" {
  if (ingress === undefined) return scheme;
  return ingress.tlsSecret === undefined ? "http" : "https";
}

function noCanary(app: string): ProgramError {
  return new ProgramError(
    `App "${app}" is served by an Ingress, which cannot divide requests, and has a canary; serve it by the gateway, or end the canary.`,
  );
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
