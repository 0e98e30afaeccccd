import type * as pulumi from "@pulumi/pulumi";
import type { CronTimes, ExternalServiceConfig, ReleaseTemplate } from "../../config";
import type { VolumesConfig } from "../../config/app/volumes";
import type { RequestScaling } from "../autoscaling/keda";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { RequestLimits } from "../shared/middlewares";
import type { NodeGroup } from "../shared/placement";
import type { CalledApp } from "./calls";
import type { SecretStores } from "./external-secrets";
import type { IngressArgs } from "./ingress";
import type { Migration } from "./migration";
import type { RoleArgs } from "./roles";
import type { Scaling } from "./scaling";
import type { Waiting } from "./services";
import type { WorkerPods } from "./worker";
import type { WorkerWaiting } from "./worker-releases";

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
  /** What runs before its first pod starts; nothing without it. */
  migration?: Migration;
  /** Fewest pods for now, where that is more than `scaling.min`. */
  floor?: number;
  /** Pods that must be ready before its share of the requests rises. */
  needed?: number;
  /** Role and pods of a worker's release; a web app's has none. */
  worker?: WorkerPods;
}

/** Arguments of {@link App}. */
export interface AppArgs {
  /** Namespace of the app's team. */
  namespace: pulumi.Input<string>;
  /** Team that owns the app. */
  team: string;
  /** When the stable release's jobs run, by their names. */
  cron?: CronTimes;
  /** Stores that its releases' Secrets come from, by name. */
  secretStores?: SecretStores;
  /** Volumes by name. */
  volumes?: VolumesConfig;
  /** Apps that it calls past the gateway; only where the namespaces are closed. */
  calls?: CalledApp[];
  /** Its environment names the directories of the app's logs. */
  context: PlatformContext;
  /** A worker has no Service and no route; a web app without it. */
  kind?: "web" | "worker";
  /** Host name that the gateway serves the app under; a worker has none. */
  domain?: string;
  /** Further host names. */
  hosts: string[];
  /** Prefixes of the paths that it is served under at each of them. */
  paths: string[];
  /** A plain Ingress instead of a route; then there can be no canary. */
  ingress?: IngressArgs;
  /** How the gateway serves the app's host name; an Ingress says for itself. */
  scheme?: "http" | "https";
  /** Ranges of client addresses that may call the app; everyone without it. */
  allow?: string[];
  /** Largest body of a request, bytes; any without it. */
  maxBodyBytes?: number;
  /** Most requests of one client; any number without it. */
  rateLimit?: RequestLimits["rateLimit"];
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
  /** Replicas or autoscaling of each release. */
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
  /** What is waited for before a worker's releases get fewer pods; only their Deployments without it. */
  workerWaiting?: WorkerWaiting;
  /** Whether a worker's releases get fewer pods without waiting for others to have more. */
  now?: boolean;
  /** In which order what leads requests to the releases changes; both Services first without it. */
  order?: RoleArgs["order"];
  /** What is waited for before this app's requests move, such as other apps' steps; nothing without it. */
  after?: pulumi.Output<unknown>;
  /** Gives what is recorded of the releases, once all of the app is in place. */
  recorded?: (ready: pulumi.Output<unknown>) => pulumi.Output<unknown>;
}
