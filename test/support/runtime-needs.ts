import type { Registration } from "../../render/record";
import { claimedClasses, driverOf } from "./claims";

type Json = Record<string, unknown>;

/** Kinds whose creation waits until their pods run. */
const awaited = /:(Deployment|StatefulSet|DaemonSet|Job|Pod)$/;

/**
 * Dependencies of a pod's readiness on other pods that are not visible in its objects, but follow from the products. A
 * name is that of the object, without the hash of its content.
 */
const products: Record<string, { needs: string[]; reason: string }> = {
  kibana: {
    needs: ["logging-bootstrap", "elasticsearch"],
    reason: "Its user has no password in Elasticsearch before the Job sets it.",
  },
  logstash: {
    needs: ["kafka", "elasticsearch"],
    reason: "It is ready when its outputs and inputs are.",
  },
  "harbor-core": {
    needs: ["harbor-database", "harbor-redis"],
    reason: "It migrates its database before it listens.",
  },
  "harbor-jobservice": {
    needs: ["harbor-core", "harbor-redis"],
    reason: "It asks core for its configuration at the start.",
  },
};

/** Returns the URNs of what must exist or run before the creation of a resource can finish, by the resource's URN. */
export function runtimeNeeds(registrations: Registration[]): Map<string, string[]> {
  const find = (kinds: RegExp, name: string, namespace?: string) =>
    registrations
      .filter(({ type, inputs }) => {
        const own = metadataOf(inputs);
        return kinds.test(type) && own.name === name && own.namespace === namespace;
      })
      .map(({ urn }) => urn);
  const named = (name: string) =>
    registrations
      .filter(
        ({ type, inputs }) => awaited.test(type) && withoutHash(metadataOf(inputs).name) === name,
      )
      .map(({ urn }) => urn);

  return new Map(
    registrations.map((entry) => {
      const { namespace, name } = metadataOf(entry.inputs);
      const pod = awaited.test(entry.type) ? podOf(entry.inputs) : undefined;
      const needs = [
        ...claimNeeds(entry, registrations),
        ...mentioned(pod, "Secret").flatMap((secret) => find(/:Secret$/, secret, namespace)),
        ...mentioned(pod, "ConfigMap").flatMap((map) => find(/:ConfigMap$/, map, namespace)),
        ...[pod?.serviceAccountName ?? ""].flatMap((own) =>
          find(/:ServiceAccount$/, own, namespace),
        ),
        ...[pod?.priorityClassName ?? ""].flatMap((own) => find(/:PriorityClass$/, own)),
        ...(pod?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
          find(/:PersistentVolumeClaim$/, claim?.claimName ?? "", namespace),
        ),
        ...(awaited.test(entry.type)
          ? (products[withoutHash(name)]?.needs ?? []).flatMap(named)
          : []),
        ...(entry.type.endsWith(":Job") ? servers(entry, registrations) : []),
      ];
      return [entry.urn, [...new Set(needs)].filter((urn) => urn !== entry.urn)];
    }),
  );
}

/** A claim is bound once its class and the pods of its driver run. */
export function claimNeeds(entry: Registration, registrations: Registration[]): string[] {
  return claimedClasses(entry, registrations).flatMap((claimed) => [
    claimed.urn,
    ...driverOf(claimed, registrations),
  ]);
}

/** A Job finishes when every server whose address is in its settings responds. */
function servers(job: Registration, registrations: Registration[]): string[] {
  const { namespace } = metadataOf(job.inputs);
  const maps = mentioned(podOf(job.inputs), "ConfigMap");
  const text = JSON.stringify([
    job.inputs,
    ...registrations
      .filter(({ inputs }) => {
        const own = metadataOf(inputs);
        return own.namespace === namespace && maps.includes(own.name);
      })
      .map(({ inputs }) => inputs["data"]),
  ]);
  const services = registrations.filter(({ type, inputs }) => {
    const own = metadataOf(inputs);
    const local =
      own.namespace === namespace ? `(\\.${own.namespace}(\\.svc)?)?` : `\\.${own.namespace}`;
    return (
      type.endsWith(":Service") &&
      new RegExp(`//${own.name}${local}(?![\\w.-])|[\\s",.]${own.name}${local}:\\d`).test(text)
    );
  });
  return registrations
    .filter(({ type, inputs }) => {
      const pods = (inputs["spec"] as { template?: { metadata?: Metadata } } | undefined)?.template;
      return (
        awaited.test(type) &&
        services.some((service) => selects(service, pods?.metadata, metadataOf(inputs).namespace))
      );
    })
    .map(({ urn }) => urn);
}

function selects(
  { inputs }: Registration,
  pods: Metadata | undefined,
  namespace?: string,
): boolean {
  const { selector = {} } = inputs["spec"] as { selector?: Record<string, string> };
  const entries = Object.entries(selector);
  return (
    metadataOf(inputs).namespace === namespace &&
    entries.length > 0 &&
    entries.every(([key, value]) => pods?.labels?.[key] === value)
  );
}

interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
}

interface Pod {
  serviceAccountName?: string;
  priorityClassName?: string;
  volumes?: { persistentVolumeClaim?: { claimName?: string } }[];
}

function metadataOf(inputs: Json): Metadata {
  return (inputs["metadata"] ?? { name: "" }) as Metadata;
}

function podOf({ spec }: Json): Pod | undefined {
  return (spec as { template?: { spec?: Pod } } | undefined)?.template?.spec;
}

/** Returns the names of the Secrets or ConfigMaps without which a pod cannot start. */
function mentioned(pod: unknown, kind: "Secret" | "ConfigMap"): string[] {
  if (Array.isArray(pod)) return pod.flatMap((entry) => mentioned(entry, kind));
  if (typeof pod !== "object" || pod === null) return [];
  return Object.entries(pod).flatMap(([key, value]: [string, unknown]) => {
    const keys =
      kind === "Secret"
        ? ["secret", "secretRef", "secretKeyRef"]
        : ["configMap", "configMapRef", "configMapKeyRef"];
    if (!keys.includes(key)) return mentioned(value, kind);
    const { name, secretName, optional } = value as Record<string, unknown>;
    return optional === true ? [] : [String(secretName ?? name)];
  });
}

function withoutHash(name: string): string {
  return name.replace(/-[0-9a-f]{10}$/, "");
}
