import type * as k8s from "@pulumi/kubernetes";
import { hasAll } from "../../config/label-selector";
import { titleOf, type KubernetesObject } from "../../render/objects";
import { containersOf, workloads, type Workload } from "../../policy/workloads";
import { allows, policiesOf, type OneSided } from "./network-ends";

type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

/** A connection to a port of a Service that the text of a workload names. */
export interface ServiceCall {
  source: Workload;
  target: Workload;
  /** Port of the pods, not of the Service: policies apply after the Service's address is translated. */
  port: number | string;
}

/**
 * Returns every call of a Service of the stack: the addresses in the environment variables, commands and mounted files
 * of the pods. A Service without pods in the stack has none.
 */
export function serviceCalls(objects: KubernetesObject[]): ServiceCall[] {
  const all = workloads(objects);
  const services = objects.filter(({ kind }) => kind === "Service");
  return all.flatMap((source) =>
    addressesIn(textOf(source, objects)).flatMap(({ host, port }) =>
      services
        .filter((service) => isNamed(service, host, source))
        .flatMap((service) => {
          const { ports = [], selector } = service["spec"] as ServiceSpec;
          const called = ports.find((each) => each.port === port);
          if (called === undefined || Object.keys(selector ?? {}).length === 0) return [];
          return all
            .filter(({ object }) => object.metadata.namespace === service.metadata.namespace)
            .filter(({ labels, title }) => title !== source.title && covers(selector, labels))
            .map((target) => ({ source, target, port: called.targetPort ?? port }));
        }),
    ),
  );
}

/** Returns the calls of Services that a policy of either end refuses, each once. */
export function refusedCalls(objects: KubernetesObject[]): OneSided[] {
  const policies = policiesOf(objects);
  const found = serviceCalls(objects).flatMap(({ source, target, port }) => {
    const call = { from: titleOf(source.object), to: titleOf(target.object), port: String(port) };
    const isOpen = (own: Workload) => own.pod.hostNetwork === true;
    return [
      ...(isOpen(source) || allows(policies, source, "Egress", target, { port })
        ? []
        : [{ ...call, refusedBy: "source" as const }]),
      ...(isOpen(target) || allows(policies, target, "Ingress", source, { port })
        ? []
        : [{ ...call, refusedBy: "target" as const }]),
    ];
  });
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

function covers(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return hasAll(labels, selector);
}

/** Whether a host is a Service's name as the source's pods resolve it. */
function isNamed(
  { metadata: { name, namespace = "" } }: KubernetesObject,
  host: string,
  source: Workload,
): boolean {
  const names = [
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ];
  return names.includes(host) || (host === name && namespace === source.object.metadata.namespace);
}

/** URLs, and `host:port`. */
const address =
  /(?:\b(https?):\/\/(?:[^\s/@"']+@)?|(?<![\w.:/-]))([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{2,5}))?(?![\w-])/g;

function addressesIn(text: string): { host: string; port: number }[] {
  return [...text.matchAll(address)].flatMap(([, scheme, host = "", port]) => {
    if (port !== undefined) return [{ host, port: Number(port) }];
    return scheme === undefined ? [] : [{ host, port: scheme === "https" ? 443 : 80 }];
  });
}

/** Returns what pods of a workload read: environment, commands, and files from the stack's ConfigMaps and Secrets. */
function textOf(workload: Workload, objects: KubernetesObject[]): string {
  const { pod, object } = workload;
  const own = containersOf(workload).flatMap(({ env = [], command = [], args = [] }) => [
    ...env.map(({ name, value }) => `${name}=${value}`),
    ...command,
    ...args,
  ]);
  const mounted = JSON.stringify(pod);
  const files = objects.filter(
    ({ kind, metadata }) =>
      (kind === "ConfigMap" || kind === "Secret") &&
      metadata.namespace === object.metadata.namespace &&
      mounted.includes(JSON.stringify(metadata.name)),
  );
  const contents = files.flatMap(({ data, stringData }) =>
    Object.values({ ...(data as object), ...(stringData as object) }),
  );
  return [...own, ...contents].join("\n");
}
