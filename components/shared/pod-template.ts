import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformContext } from "./context";
import { withEphemeralStorage } from "./ephemeral-storage";
import { imageReference, images } from "../../versions/images";
import { objectLabels, selectorLabels } from "./labels";
import type { PartContainer, PodVolume } from "./part-container";
import { containerSecurityContext, podSecurityContext, scraped } from "./pods";
import type { DeclaredSecret } from "./secret";

export type { PartContainer, PodVolume } from "./part-container";

type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** The pods of a workload. */
export interface PodArgs {
  containers: PartContainer[];
  initContainers?: PartContainer[];
  volumes?: PodVolume[];
  /** User and group that its processes run as; a number is both. */
  user: number | { user: number; group: number };
  /** Whether its volumes belong to that group; `large` does not change the owner of every file at each start. */
  ownsVolumes?: "small" | "large";
  /** Service account, whose token the pods get; none without it. */
  account?: pulumi.Input<string>;
  /** Secrets that the pods read: new content starts new pods. */
  secrets?: readonly Pick<DeclaredSecret, "podAnnotations">[];
  /** Port and path of the metrics that Prometheus scrapes. */
  metrics?: { port: number; path?: string };
  /** Further labels and annotations of the pods. */
  labels?: Record<string, string>;
  annotations?: Record<string, pulumi.Input<string>>;
  /** Further fields of the pods' spec; they replace those that are derived. */
  spec?: Partial<PodSpec>;
}

/** A volume that is emptied with its pod. @param sizeLimit for example `64Mi`; more evicts the pod. */
export function scratch(name: string, sizeLimit: string): PodVolume {
  return { name, emptyDir: { sizeLimit } };
}

/** The labels, annotations and spec of a workload's pods. */
export function podTemplate(
  name: string,
  partOf: string,
  args: PodArgs,
  context: PlatformContext,
): { metadata: k8s.types.input.meta.v1.ObjectMeta; spec: PodSpec } {
  const { account, volumes = [], secrets = [], metrics } = args;
  const annotations = {
    ...(metrics === undefined ? {} : scraped(metrics.port, metrics.path)),
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
        : { serviceAccountName: account }),
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
  const ids = typeof user === "number" ? { user, group: user } : user;
  return {
    ...podSecurityContext,
    ...(ids.user === 0 ? { runAsNonRoot: false } : {}),
    runAsUser: ids.user,
    runAsGroup: ids.group,
    ...(ownsVolumes === undefined ? {} : { fsGroup: ids.group }),
    ...(ownsVolumes === "large" ? { fsGroupChangePolicy: "OnRootMismatch" } : {}),
  };
}

function container(
  { image, writableRoot = false, ...rest }: PartContainer,
  { imageMirror }: PlatformContext,
): Container {
  return {
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: !writableRoot },
    ...rest,
    image: typeof image === "string" ? imageReference(images[image], imageMirror) : image.reference,
  };
}
