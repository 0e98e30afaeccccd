/** An object as `kubectl get -o json` prints it. */
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

/** How plugins for Kubernetes name themselves to the API server. */
const manager = /^pulumi-kubernetes\b/;

/** Metadata that no two objects share. */
const passing = ["uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink"];

/** Fields that the control plane gives by chance, by kind. */
const drawn: Record<string, readonly string[]> = {
  Service: ["clusterIP", "clusterIPs", "healthCheckNodePort"],
  PersistentVolumeClaim: ["volumeName"],
};

/** Annotations that the volume controller writes, sooner or later. */
const byController = /^(pv\.kubernetes\.io|volume\.(beta\.)?kubernetes\.io)\//;

/** The objects that Pulumi made, by their names, without what differs between any two clusters. */
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
  const kept = without(metadata, (key) => passing.includes(key));
  const random = drawn[rest.kind] ?? [];
  return {
    ...Object.fromEntries(fields),
    metadata: { ...kept, annotations },
    ...(spec === undefined
      ? {}
      : { spec: withoutPorts(without(spec, (it) => random.includes(it))) }),
  };
}

/** A LoadBalancer's node ports are drawn; those of a NodePort Service are the program's own. */
function withoutPorts(spec: Record<string, unknown>): Record<string, unknown> {
  if (spec.type !== "LoadBalancer") return spec;
  const ports = (spec.ports as Record<string, unknown>[] | undefined) ?? [];
  return { ...spec, ports: ports.map((port) => without(port, (key) => key === "nodePort")) };
}

function without(
  map: Record<string, unknown>,
  goes: (key: string) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !goes(key)));
}
