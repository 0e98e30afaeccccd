import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformContext } from "./context";
import { withEphemeralStorage } from "./ephemeral-storage";
import { imageReference, images } from "../../versions/images";
import { objectLabels, selectorLabels } from "./labels";
import type { PartContainer, PodVolume } from "./part-container";
import { containerSecurityContext, podSecurityContext, scrapeAnnotations } from "./pods";
import type { DeclaredSecret } from "./secret";

export type { PartContainer, PodVolume } from "./part-container";

type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** The pods of a workload. */
export interface PodArgs {
  /** Containers of the pods. */
  containers: PartContainer[];
  /** Init containers of the pods, in their order. Default: none. */
  initContainers?: PartContainer[];
  /** Volumes of the pods. Default: none. */
  volumes?: PodVolume[];
  /** User and group ID of its processes; a single number is both. Without a group, they have the user's in the image. */
  user: number | { user: number; group?: number };
  /**
   * Whether its volumes belong to that group. `small` changes the owner of every file at each start, and is for Secrets and
   * ConfigMaps. `large` looks at the volume's root only, and is for volumes that keep their files. Default: they do not.
   */
  ownsVolumes?: "small" | "large";
  /** Service account whose token the pods get. Default: no token. */
  account?: pulumi.Input<string>;
  /** Whether the pods get the token of `account`, stated in the pod. Default: not stated, and they get it. */
  token?: boolean;
  /** Secrets that the pods read: changed content restarts the pods. Default: none. */
  secrets?: readonly Pick<DeclaredSecret, "podAnnotations">[];
  /** Port and path of the metrics that Prometheus scrapes. Default: no scrape. */
  metrics?: { port: number; path?: string };
  /** Additional labels of the pods. Default: none. */
  labels?: Record<string, string>;
  /** Additional annotations of the pods. Default: none. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** Additional fields of the pod spec, which override derived ones. Default: none. */
  spec?: Partial<PodSpec>;
}

/**
 * Returns an emptyDir volume.
 * @param sizeLimit for example `64Mi`; a pod that exceeds it is evicted.
 */
export function scratch(name: string, sizeLimit: string): PodVolume {
  return { name, emptyDir: { sizeLimit } };
}

/** Returns whether the pods of a workload have a token with which they call the API server. */
export function usesApi({ account, token = true }: Pick<PodArgs, "account" | "token">): boolean {
  return account !== undefined && token;
}

/** Returns the labels, annotations and spec of a workload's pods. */
export function podTemplate(
  name: string,
  partOf: string,
  args: PodArgs,
  context: PlatformContext,
): { metadata: k8s.types.input.meta.v1.ObjectMeta; spec: PodSpec } {
  const { account, token, volumes = [], secrets = [], metrics } = args;
  const annotations = {
    ...(metrics === undefined ? {} : scrapeAnnotations(metrics.port, metrics.path)),
    ...Object.assign({}, ...secrets.map((it) => it.podAnnotations)),
    ...args.annotations,
  };
  const sized = withEphemeralStorage(args.containers, volumes);
  const initial = args.initContainers && withEphemeralStorage(args.initContainers, volumes);
  return {
    metadata: {
      labels: { ...objectLabels(name, partOf), ...selectorLabels(name), ...args.labels },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...(account === undefined
        ? { automountServiceAccountToken: false }
        : {
            serviceAccountName: account,
            ...(token === undefined ? {} : { automountServiceAccountToken: token }),
          }),
      enableServiceLinks: false,
      securityContext: securityContext(args),
      ...(initial && { initContainers: initial.map((it) => container(it, context)) }),
      containers: sized.map((it) => container(it, context)),
      ...(volumes.length === 0 ? {} : { volumes }),
      ...args.spec,
    },
  };
}

function securityContext({
  user,
  ownsVolumes,
}: PodArgs): k8s.types.input.core.v1.PodSecurityContext {
  const ids: { user: number; group?: number } =
    typeof user === "number" ? { user, group: user } : user;
  return {
    ...podSecurityContext,
    ...(ids.user === 0 ? { runAsNonRoot: false } : {}),
    runAsUser: ids.user,
    ...(ids.group === undefined ? {} : { runAsGroup: ids.group }),
    ...(ownsVolumes === undefined ? {} : { fsGroup: ids.group }),
    ...(ownsVolumes === "large" ? { fsGroupChangePolicy: "OnRootMismatch" } : {}),
  };
}

function container(
  { image, writableRoot = false, ...rest }: PartContainer,
  { imageSource }: PlatformContext,
): Container {
  return {
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: !writableRoot },
    ...rest,
    image: typeof image === "string" ? imageReference(images[image], imageSource) : image.reference,
  };
}
