import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import type { Part } from "../shared/context";
import type { Network } from "../shared/network-policy";
import type { PartContainer, PodVolume } from "../shared/pod-template";
import type { DeclaredSecret } from "../shared/secret";
import * as workload from "../shared/workload";
import { metricsPath, ports } from "./config-files";

/** What every part of Harbor knows. */
export interface HarborContext {
  part: Part;
  /** Pods of each workload that keeps no data itself. */
  replicas: number;
  /** Secret with the company's certificates; only public authorities are trusted without it. */
  caBundle?: string;
}

/** One workload of Harbor. */
export interface HarborWorkload {
  name: string;
  /** User and group of its processes, 10000 in most of Harbor's images. */
  user?: number;
  /** Whether the start script of its image adds certificates to those that it trusts. */
  trusting?: boolean;
  containers: PartContainer[];
  initContainers?: PartContainer[];
  volumes: PodVolume[];
  /** Ports of its Service, by name: port and the container's port. */
  servicePorts: Record<string, [port: number, target: number]>;
  /** Whether its container serves metrics. */
  metrics?: boolean;
  /** What its pods read: new content starts new pods. */
  secrets?: Pick<DeclaredSecret, "podAnnotations">[];
  /** Connections beside DNS and Prometheus' scrapes. */
  network: Network;
  dependsOn?: pulumi.Resource[];
}

/** A Deployment for a workload whose pods keep no data, or share what they keep. */
export function deployment(
  harbor: HarborWorkload,
  {
    replicas,
    singleWriter = false,
  }: {
    replicas: number;
    /** Whether its volume has one node at a time: an old pod must then go before a new one comes. */
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

/** A StatefulSet for a workload each of whose pods has a volume of its own. */
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

/** The company's certificates where the images' start script looks for them (install_cert.sh). */
const certificates = { name: "certificates", mountPath: "/harbor_cust_cert", readOnly: true };

function common(harbor: HarborWorkload, { caBundle }: HarborContext): workload.WorkloadArgs {
  const { name, user = 10_000, initContainers, secrets, network } = harbor;
  const trusted = harbor.trusting === true ? caBundle : undefined;
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
    // An upload that is under way may end.
    spec: { terminationGracePeriodSeconds: 120 },
    dependsOn: harbor.dependsOn,
  };
}
