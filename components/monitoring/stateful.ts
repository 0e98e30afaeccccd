import type * as k8s from "@pulumi/kubernetes";
import type { BlockStorageClass } from "../../config";
import type { Part } from "../shared/context";
import { service, type ServiceArgs } from "../shared/service";
import { statefulSet, type StatefulSetArgs } from "../shared/workload";

type Server = "prometheus" | "alertmanager";

/** Arguments of {@link serverSet}. */
export interface ServerArgs extends Pick<
  StatefulSetArgs,
  "account" | "containers" | "dependsOn" | "network" | "replicas" | "spec" | "volumes"
> {
  /** Name of the StatefulSet, its Service and its pods' label. */
  name: Server;
  /** Size of each pod's volume, with a unit, for example `50Gi`. */
  storage: string;
  /** Block storage class. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Port for queries, scrapes and probes. */
  port: number;
  /** Additional ports for connections between the pods. Default: none. */
  peerPorts?: ServiceArgs["ports"];
}

/** Name of the volume of each pod. */
export const dataVolume = "data";

/** UID and GID of `nobody` in both images. */
const nobody = 65_534;

/** Returns the name of the Service for single pods, `<name>-<n>.<this>`. */
function podService(name: Server): string {
  return `${name}-pods`;
}

/** Returns the addresses of every pod inside the cluster. */
export function podAddresses(
  name: Server,
  { namespace, replicas, port }: { namespace: string; replicas: number; port: number },
): string[] {
  return Array.from(
    { length: replicas },
    (_, index) => `${name}-${index}.${podService(name)}.${namespace}.svc:${port}`,
  );
}

/** Declares a StatefulSet of servers with a volume each, the Service for clients, and one for the names of the pods. */
export function serverSet(part: Part, args: ServerArgs): k8s.apps.v1.StatefulSet {
  const { name, storage, storageClass, port, peerPorts, ...workload } = args;
  const serviceName = service(part, name, {
    name: podService(name),
    headless: true,
    ports: { web: port, ...peerPorts },
    // Pods must find each other before they are ready.
    spec: { publishNotReadyAddresses: true },
  });
  return statefulSet(part, {
    ...workload,
    name,
    serviceName,
    spread: "preferred",
    user: nobody,
    ownsVolumes: "large",
    claims: [{ name: dataVolume, size: storage, storageClass }],
    metrics: { port },
    // Replicas differ by a scrape or a silence, so a client stays with the same replica.
    service: { ports: { web: port }, spec: { sessionAffinity: "ClientIP" } },
    // No pod needs another one to start.
    statefulSet: { podManagementPolicy: "Parallel" },
  });
}
