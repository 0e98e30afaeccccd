import { at, type KubernetesObject } from "../../../render/objects";

type Fields = Record<string, unknown>;

const amounts = { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" };
const labels = { "app.kubernetes.io/name": "shop" };

/** A container that follows every rule, except for the given fields. */
export function container(fields: Fields = {}): Fields {
  return {
    name: "shop",
    image: "harbor.example.com/shop/shop:1.4.2",
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    livenessProbe: { failureThreshold: 6 },
    readinessProbe: { failureThreshold: 2 },
    resources: { requests: amounts, limits: amounts },
    ...fields,
  };
}

/** A workload with two pods that follows every rule, except for the given fields of its pods. */
export function workload(
  pod: Fields = {},
  spec: Fields = {},
  kind = "Deployment",
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "shop", namespace: "commerce-dev" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          automountServiceAccountToken: false,
          affinity: { podAntiAffinity: {} },
          containers: [container()],
          ...pod,
        },
      },
      ...spec,
    },
  };
}

/** A Pod without a controller, which follows every rule except for the given fields. */
export function barePod(fields: Fields = {}): KubernetesObject {
  const { metadata, spec } = at(workload(fields), "spec.template") as {
    metadata: Fields;
    spec: Fields;
  };
  return object("Pod", "commerce-dev/shop", { metadata, spec });
}

/** A disruption budget for the pods of {@link workload}. */
export function budget(namespace = "commerce-dev", matchLabels: Fields = labels): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "shop", namespace },
    spec: { selector: { matchLabels } },
  };
}

/** A policy that denies all connections of every pod in a namespace. */
export function closing(namespace = "commerce-dev"): KubernetesObject {
  const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  return object("NetworkPolicy", `${namespace}/default-deny`, { spec });
}

/** Any object. */
export function object(kind: string, path: string, fields: Fields = {}): KubernetesObject {
  const [name = "", namespace] = path.split("/").reverse();
  const { metadata, ...rest } = fields;
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata as object | undefined),
    },
    ...rest,
  };
}

/** A Service with fixed ports. */
export function nodePorts(name: string, ...ports: (number | [number, string])[]): KubernetesObject {
  return object("Service", `commerce-dev/${name}`, {
    spec: {
      ports: ports.map((port) =>
        typeof port === "number" ? { nodePort: port } : { nodePort: port[0], protocol: port[1] },
      ),
    },
  });
}

/** A route whose rules have backends of the given weights. */
export function route(...rules: (number | undefined)[][]): KubernetesObject {
  return object("HTTPRoute", "commerce-dev/shop", {
    spec: {
      rules: rules.map((weights) => ({
        backendRefs: weights.map((weight, index) => ({ name: `b${index}`, weight })),
      })),
    },
  });
}
