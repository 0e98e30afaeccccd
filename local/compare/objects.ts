/** An object in the format of `kubectl get -o json`. */
export interface LiveObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    managedFields?: { manager?: string }[];
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: unknown;
  [field: string]: unknown;
}

/** Field managers of plugins for Kubernetes. */
const manager = /^pulumi-kubernetes\b/;

/** Metadata that is unique to each object. */
const volatileMetadata = [
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "managedFields",
  "selfLink",
];

/** Random fields of the control plane, by kind. */
const randomFields: Record<string, readonly string[]> = {
  Service: ["clusterIP", "clusterIPs", "healthCheckNodePort"],
  PersistentVolumeClaim: ["volumeName"],
};

/** Annotations that the volume controller writes at any time. */
const byController = /^(pv\.kubernetes\.io|volume\.(beta\.)?kubernetes\.io)\//;

/** Returns the objects that Pulumi created, by name, without fields that differ between any two clusters. */
export function comparable(objects: readonly LiveObject[]): Record<string, unknown> {
  const own = objects.filter(({ metadata }) =>
    metadata.managedFields?.some((entry) => manager.test(entry.manager ?? "")),
  );
  return Object.fromEntries(own.map((object) => [nameOf(object), plain(object)]));
}

function nameOf({ apiVersion, kind, metadata: { namespace, name } }: LiveObject): string {
  return [apiVersion, kind, namespace, name].filter((part) => part !== undefined).join(" ");
}

function plain({ metadata, spec, ...rest }: LiveObject): unknown {
  const fields = Object.entries({ ...rest, status: undefined }).filter(
    ([, it]) => it !== undefined,
  );
  const annotations = without(metadata.annotations ?? {}, (key) => byController.test(key));
  const kept = without(metadata, (key) => volatileMetadata.includes(key));
  const random = randomFields[rest.kind] ?? [];
  return {
    ...Object.fromEntries(fields),
    metadata: { ...kept, annotations },
    ...(spec === undefined
      ? {}
      : { spec: withoutPorts(without(spec, (it) => random.includes(it))) }),
  };
}

/** Node ports of a LoadBalancer are random; those of a NodePort Service come from the program. */
function withoutPorts(spec: Record<string, unknown>): Record<string, unknown> {
  if (spec.type !== "LoadBalancer") return spec;
  const ports = (spec.ports as Record<string, unknown>[] | undefined) ?? [];
  return { ...spec, ports: ports.map((port) => without(port, (key) => key === "nodePort")) };
}

function without(
  map: Record<string, unknown>,
  isOmitted: (key: string) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !isOmitted(key)));
}
