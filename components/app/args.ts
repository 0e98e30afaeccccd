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

/** One live release, according to the release plan. */
export interface LiveRelease {
  /** Name of its objects, for example `shop-1-4-2`. */
  name: string;
  /** Version, and revision if it is above 1, for example `1.4.2-r2`. */
  key: string;
  /** Image tag. */
  version: string;
  /** Digest of its image. Default: the image that the tag names. */
  digest?: string;
  template: ReleaseTemplate;
  /** Migration that runs before its first pod starts. Default: none. */
  migration?: Migration;
  /** Temporary minimum number of pods, if it is higher than `scaling.min`. */
  floor?: number;
  /** Number of pods that must be ready before its share of the requests rises. */
  needed?: number;
  /** Role and pods of a worker's release. Undefined for a web app. */
  worker?: WorkerPods;
}

/** Arguments of {@link App}. */
export interface AppArgs {
  /** Namespace of the app's team. */
  namespace: pulumi.Input<string>;
  /** Team that owns the app. */
  team: string;
  /** Schedules of the stable release's jobs, by name. Default: none. */
  cron?: CronTimes;
  /** Stores of its releases' Secrets, by name. Default: none. */
  secretStores?: SecretStores;
  /** Volumes by name. Default: none. */
  volumes?: VolumesConfig;
  /** Apps that it calls directly, without the gateway. Omit them where namespaces are open, which need no policy. */
  calls?: CalledApp[];
  /** Context of the stack. Its environment is part of the paths of the app's log directories. */
  context: PlatformContext;
  /** A worker has no Service and no route. Default: `web`. */
  kind?: "web" | "worker";
  /** Host name of the app at the gateway. Omit it for a worker. */
  domain?: string;
  /** Additional host names. */
  hosts: string[];
  /** Prefixes of the paths that the app serves on each of its hosts. */
  paths: string[];
  /** A plain Ingress instead of a route. The app then cannot have a canary. Default: a route. */
  ingress?: IngressArgs;
  /** How the gateway serves the host name. Not used for an Ingress of another controller. Default: `http`. */
  scheme?: "http" | "https";
  /** Ranges of client addresses that may call the app. Default: all. */
  allow?: string[];
  /** Maximum size of a request body, bytes. Default: no limit. */
  maxBodyBytes?: number;
  /** Maximum rate of requests from one client. Default: no limit. */
  rateLimit?: RequestLimits["rateLimit"];
  /** Gateway that the app's route attaches to. */
  gateway: GatewayAddress;
  /** All releases that run. */
  releases: LiveRelease[];
  /** Name of the release that the Service `<app>-stable` selects. */
  stable: string;
  /** Name of the release that the Service `<app>-canary` selects. Default: the stable one. */
  canary?: string;
  /** Share of the requests that the canary gets, percent. */
  canaryWeight: number;
  /** Requests that go to the canary regardless of its weight: those that match any of these kinds. */
  canaryFor: RoleArgs["canaryFor"];
  /** Replicas or autoscaling of each release. */
  scaling: Scaling;
  /** Where requests are counted. Omit it if no app is scaled by requests. */
  requestScaling?: pulumi.Input<RequestScaling>;
  /** Pods of a release that node drains may evict at the same time: a number, or a percentage. */
  maxUnavailable: number | string;
  /** Time within which a release's pods must become ready, seconds. Default: 300, or as long as its startup probe needs. */
  progressDeadlineSeconds?: number;
  /** Services outside the cluster, which the app reaches as `<app>-<name>`. */
  externalServices: Record<string, ExternalServiceConfig>;
  /** Node port of the stable release. Default: none. */
  nodePort?: number;
  /** Node groups by name, for templates that name one. */
  nodeGroups: Record<string, NodeGroup>;
  /** Image pull Secret of the namespace. Default: none. */
  pullSecret?: string;
  /** What the update waits for before requests go to a release. Default: nothing. */
  waiting?: Waiting;
  /** What the update waits for before a worker's releases get fewer pods. Default: only their Deployments. */
  workerWaiting?: WorkerWaiting;
  /** Whether a worker's releases get fewer pods without waiting until others have more. Default: false. */
  now?: boolean;
  /** Order in which the Services and the route change. */
  order: RoleArgs["order"];
  /**
   * What the update waits for before this app's requests move, such as the steps of other apps. Default:
   * nothing.
   */
  after?: pulumi.Output<unknown>;
  /** Returns what is recorded about the releases, after the whole app is in place. Default: nothing. */
  recorded?: (ready: pulumi.Output<unknown>) => pulumi.Output<unknown>;
}
