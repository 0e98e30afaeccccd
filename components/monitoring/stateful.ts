import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import { objectLabels, selectorLabels } from "../shared/labels";
import { ownsLargeVolumes, scraped } from "../shared/pods";
import { declareService } from "../shared/service";

/** Name of the volume that every pod of the set has for itself. */
export const dataVolume = "data";

/** Labels and names of one of the servers. */
export interface ServerArgs {
  /** Name of the set, its Service and its pods' label. */
  name: "prometheus" | "alertmanager";
  namespace: pulumi.Input<string>;
  replicas: number;
  /** Size of each pod's volume. */
  storage: string;
  /** Block storage; the cluster's default class without it. */
  storageClass?: BlockStorageClass;
  /** Port that answers queries, scrapes and probes. */
  port: number;
  annotations?: Record<string, pulumi.Input<string>>;
  pod: k8s.types.input.core.v1.PodSpec;
}

/** User and group `nobody`, whom both images run as. */
const nobody = 65_534;

/** Who the pods of both servers run as, and who owns their volumes. */
export const serverSecurityContext = ownsLargeVolumes(nobody);

/** Name of the Service by which single pods are reached, `<name>-<n>.<this>`. */
function podService(name: ServerArgs["name"]): string {
  return `${name}-pods`;
}

/** Addresses of every pod, within the cluster. */
export function podAddresses(
  name: ServerArgs["name"],
  { namespace, replicas, port }: { namespace: string; replicas: number; port: number },
): string[] {
  return Array.from(
    { length: replicas },
    (_, index) => `${name}-${index}.${podService(name)}.${namespace}.svc:${port}`,
  );
}

/** A set of servers, each with a volume of its own. */
export function statefulSet(
  args: ServerArgs,
  parent: pulumi.Resource,
  dependsOn: pulumi.Resource[] = [],
): k8s.apps.v1.StatefulSet {
  const { name, namespace, replicas, storage, storageClass, port, annotations, pod } = args;
  const labels = objectLabels(name, "monitoring");
  const selector = selectorLabels(name);
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        serviceName: podService(name),
        // None of them needs another one to start.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: {
              ...scraped(port),
              ...annotations,
            },
          },
          spec: pod,
        },
        volumeClaimTemplates: [
          {
            metadata: { name: dataVolume },
            spec: {
              accessModes: ["ReadWriteOnce"],
              ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
              resources: { requests: { storage } },
            },
          },
        ],
      },
    },
    { parent, dependsOn },
  );
}

/** The Service for everybody, and the headless one that gives each pod a name. */
export function serverServices(
  { name, namespace, port }: Pick<ServerArgs, "name" | "namespace" | "port">,
  ports: k8s.types.input.core.v1.ServicePort[],
  parent: pulumi.Resource,
): { service: k8s.core.v1.Service; pods: k8s.core.v1.Service } {
  const labels = objectLabels(name, "monitoring");
  const selector = selectorLabels(name);
  const web = { name: "web", port, targetPort: "web" };
  const service = declareService(
    name,
    {
      metadata: { name, namespace, labels },
      // Replicas differ by a scrape or a silence: a reader stays with the one it began with.
      spec: { selector, ports: [web], sessionAffinity: "ClientIP" },
    },
    { parent },
  );
  const headless = podService(name);
  const pods = declareService(
    headless,
    {
      metadata: { name: headless, namespace, labels },
      spec: {
        clusterIP: "None",
        // Pods find each other before they are ready; being found is what makes them so.
        publishNotReadyAddresses: true,
        selector,
        ports: [web, ...ports],
      },
    },
    { parent },
  );
  return { service, pods };
}
