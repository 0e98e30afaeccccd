import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import type { Part } from "../shared/context";
import type { Network } from "../shared/network-policy";
import type { PartContainer, PodVolume } from "../shared/pod-template";
import type { DeclaredSecret } from "../shared/secret";
import * as workload from "../shared/workload";
import { metricsPath, ports } from "./config-files";

/** Context of Harbor's parts. */
export interface HarborContext {
  part: Part;
  /** Number of pods of each stateless workload. */
  replicas: number;
  /** Secret with the company's CA certificates. Default: public CAs only. */
  caBundle?: string;
}

/** A workload of Harbor. */
export interface HarborWorkload {
  name: string;
  /** User and group ID of its processes. Default: 10000, as in most of Harbor's images. */
  user?: number;
  /** Whether the start script of its image adds CA certificates. Default: false. */
  trustsAuthority?: boolean;
  containers: PartContainer[];
  initContainers?: PartContainer[];
  volumes: PodVolume[];
  /** Ports of its Service by name: the port, and the container's port. */
  servicePorts: Record<string, [port: number, target: number]>;
  /** Whether its container serves metrics. Default: false. */
  metrics?: boolean;
  /** Secrets that its pods read; changed content restarts the pods. Default: none. */
  secrets?: Pick<DeclaredSecret, "podAnnotations">[];
  /** Connections in addition to DNS and the scrapes of Prometheus. */
  network: Network;
  dependsOn?: pulumi.Resource[];
}

/** Declares a Deployment for a workload whose pods store no data, or share it. */
export function deployment(
  harbor: HarborWorkload,
  {
    replicas,
    singleWriter = false,
  }: {
    replicas: number;
    /**
     * Whether its volume attaches to one node at a time, so that old pods must stop before new ones start. Default:
     * false.
     */
    singleWriter?: boolean;
  },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  return workload.deployment(context.part, {
    ...common(harbor, context),
    replicas,
    rollout: singleWriter ? "recreate" : "surge",
    deployment: { revisionHistoryLimit: 3 },
  });
}

/** Declares a StatefulSet for a workload with a volume per pod. */
export function statefulSet(
  harbor: HarborWorkload,
  {
    replicas,
    volume,
  }: { replicas: number; volume: { name: string; size: string; class?: BlockStorageClass } },
  context: HarborContext,
): k8s.apps.v1.StatefulSet {
  return workload.statefulSet(context.part, {
    ...common(harbor, context),
    replicas,
    serviceName: harbor.name,
    claims: [{ name: volume.name, size: volume.size, storageClass: volume.class }],
  });
}

/** The company's CA certificates, in the folder of the images' start script (install_cert.sh). */
const certificates = { name: "certificates", mountPath: "/harbor_cust_cert", readOnly: true };

function common(harbor: HarborWorkload, { caBundle }: HarborContext): workload.WorkloadArgs {
  const { name, user = 10_000, initContainers, secrets, network } = harbor;
  const trusted = harbor.trustsAuthority === true ? caBundle : undefined;
  const volumes =
    trusted === undefined
      ? harbor.volumes
      : [...harbor.volumes, { name: certificates.name, secret: { secretName: trusted } }];
  const containers = harbor.containers.map((container) =>
    trusted === undefined
      ? container
      : {
          ...container,
          volumeMounts: [
            ...((container.volumeMounts ?? []) as (typeof certificates)[]),
            certificates,
          ],
        },
  );
  return {
    name,
    user,
    ownsVolumes: "large",
    containers,
    initContainers,
    volumes,
    secrets,
    network,
    metrics: harbor.metrics ? { port: ports.metrics, path: metricsPath } : undefined,
    service: {
      ports: Object.fromEntries(
        Object.entries(harbor.servicePorts).map(([port, [number, targetPort]]) => [
          port,
          { port: number, targetPort },
        ]),
      ),
    },
    // Time to finish uploads.
    spec: { terminationGracePeriodSeconds: 120 },
    dependsOn: harbor.dependsOn,
  };
}
