import type { ImageIndex } from "../images/registry";
import { machineLabel } from "./settings";

/** Label of the simulated nodes. */
export const simulatedLabel = { "platform/machine": "simulated" };

/** Largest requests of a pod on a real node; its limits are unchanged. */
export const maxRequested = { cpu: "50m", memory: "256Mi" };

/** A workload that cannot do anything while another system is simulated. */
export interface Waiting {
  namespace: string;
  /** Prefix of its pods' names. */
  pods: string;
}

const version = "admissionregistration.k8s.io/v1";
const [label = "", real = ""] = Object.entries(machineLabel)[0] ?? [];
const simulated = simulatedLabel["platform/machine"];

/**
 * Returns the admission policies of the local cluster: pods whose images are available run on real nodes with small
 * requests; all others run on simulated ones. The program does not depend on them.
 */
export function placementPolicies(index: ImageIndex, waiting: readonly Waiting[]): object[] {
  const place = (path: string, of: string) => ({
    patchType: "JSONPatch",
    jsonPatch: {
      expression: `has(${of}.nodeSelector)
        ? [JSONPatch{op: "add", path: "${path}/nodeSelector/${label.replace("/", "~1")}", value: variables.machine}]
        : [JSONPatch{op: "add", path: "${path}/nodeSelector", value: {"${label}": variables.machine}}]`,
    },
  });
  return [
    ...policy("machines-of-pods", [rule("", "pods", ["CREATE"])], {
      matchConditions: [
        {
          name: "placed-by-scheduler",
          expression: `!has(object.metadata.ownerReferences) || !object.metadata.ownerReferences.exists(o, o.kind == "DaemonSet")`,
        },
        // A pod that must run next to another, such as a backup next to the server whose volume it reads, goes where that
        // one is. Another choice would leave it pending forever.
        {
          name: "next-to-no-other",
          expression: `!has(object.spec.affinity) || !has(object.spec.affinity.podAffinity)
            || !has(object.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution)`,
        },
      ],
      variables: variables("object.spec", index, waiting),
      mutations: [place("/spec", "object.spec")],
    }),
    ...policy("requests-of-pods", [rule("", "pods", ["CREATE"])], {
      matchConditions: [],
      variables: variables("object.spec", index, waiting),
      mutations: (["containers", "initContainers"] as const).flatMap((list) =>
        (["cpu", "memory"] as const).map((resource) => lowerRequests(list, resource)),
      ),
    }),
    // Each pod of a DaemonSet belongs to a fixed node.
    ...policy("machines-of-daemonsets", [rule("apps", "daemonsets", ["CREATE", "UPDATE"])], {
      matchConditions: [],
      variables: variables("object.spec.template.spec", index, []),
      mutations: [place("/spec/template/spec", "object.spec.template.spec")],
    }),
  ];
}

function variables(spec: string, index: ImageIndex, waiting: readonly Waiting[]): object[] {
  const waits = waiting.map(
    ({ namespace, pods }) =>
      `(object.metadata.namespace == "${namespace}" && variables.name.startsWith("${pods}"))`,
  );
  return [
    {
      name: "images",
      expression: `${spec}.containers.map(c, c.image) + (has(${spec}.initContainers) ? ${spec}.initContainers.map(c, c.image) : [])`,
    },
    {
      name: "name",
      expression: `has(object.metadata.generateName) ? object.metadata.generateName : object.metadata.name`,
    },
    { name: "known", expression: JSON.stringify(Object.keys(index.exact)) },
    {
      name: "apps",
      expression: JSON.stringify(Object.keys(index.apps).map((name) => `${name}:`)),
    },
    {
      name: "machine",
      expression: `variables.images.all(i, i in variables.known || variables.apps.exists(a, i.startsWith(a)))
        && !(${waits.length === 0 ? "false" : waits.join(" || ")}) ? "${real}" : "${simulated}"`,
    },
  ];
}

/** Lowers excessive requests of the containers in one list. */
function lowerRequests(
  list: "containers" | "initContainers",
  resource: keyof typeof maxRequested,
): object {
  const type = `Object.spec.${list}`;
  const limit = maxRequested[resource];
  const asked = `c.resources.requests["${resource}"]`;
  return {
    patchType: "ApplyConfiguration",
    applyConfiguration: {
      expression: `variables.machine != "${real}" || !has(object.spec.${list}) ? Object{} : Object{spec: Object.spec{${list}:
        object.spec.${list}.filter(c, has(c.resources) && has(c.resources.requests) && "${resource}" in c.resources.requests
          && quantity(string(${asked})).isGreaterThan(quantity("${limit}"))).map(c, ${type}{name: c.name,
          resources: ${type}.resources{requests: {"${resource}": "${limit}"}}})}}`,
    },
  };
}

function rule(apiGroup: string, resource: string, operations: string[]): object {
  return {
    apiGroups: [apiGroup],
    apiVersions: ["v1"],
    resources: [resource],
    operations,
  };
}

function policy(
  name: string,
  resourceRules: object[],
  spec: { matchConditions: object[]; variables: object[]; mutations: object[] },
): object[] {
  const metadata = { name: `local-${name}` };
  return [
    {
      apiVersion: version,
      kind: "MutatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        matchConstraints: { resourceRules },
        ...spec,
      },
    },
    {
      apiVersion: version,
      kind: "MutatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name },
    },
  ];
}
