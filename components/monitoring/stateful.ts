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
  /** Name of the set, its Service and its pods' label. */
  name: Server;
  /** Size of each pod's volume. */
  storage: string;
  /** Block storage; the cluster's default class without it. */
  storageClass?: BlockStorageClass;
  /** Port that answers queries, scrapes and probes. */
  port: number;
  /** Further ports by which the pods reach each other. */
  peerPorts?: ServiceArgs["ports"];
}

/** Name of the volume that every pod of the set has for itself. */
export const dataVolume = "data";

/** User and group `nobody`, whom both images run as. */
const nobody = 65_534;

/** Name of the Service by which single pods are reached, `<name>-<n>.<this>`. */
function podService(name: Server): string {
  return `${name}-pods`;
}

/** Addresses of every pod, within the cluster. */
export function podAddresses(
  name: Server,
  { namespace, replicas, port }: { namespace: string; replicas: number; port: number },
): string[] {
  return Array.from(
    { length: replicas },
    (_, index) => `${name}-${index}.${podService(name)}.${namespace}.svc:${port}`,
  );
}

/** A set of servers, each with a volume of its own, the Service for everybody, and one for each pod's name. */
export function serverSet(part: Part, args: ServerArgs): k8s.apps.v1.StatefulSet {
  const { name, storage, storageClass, port, peerPorts, ...workload } = args;
  const serviceName = service(part, name, {
    name: podService(name),
    headless: true,
    ports: { web: port, ...peerPorts },
    // Pods find each other before they are ready; being found is what makes them so.
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
    // Replicas differ by a scrape or a silence: a reader stays with the one it began with.
    service: { ports: { web: port }, spec: { sessionAffinity: "ClientIP" } },
    // None of them needs another one to start.
    statefulSet: { podManagementPolicy: "Parallel" },
  });
}
