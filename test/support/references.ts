import { at, titleOf, type KubernetesObject } from "../../render/objects";
import { containersOf, workloads, type Workload } from "../../policy/workloads";
import { findObject } from "./find-object";
import { missingClaimsAndKeys } from "./reference-claims";

type Labels = Record<string, string>;
type Container = ReturnType<typeof containersOf>[number];

/** Checks the references of one kind between all objects of a stack; returns those that lead nowhere. */
type Check = (objects: KubernetesObject[]) => string[];

/** Namespaces whose pods are created by something other than this program. */
const foreignPods = ["ci-agents"];

/** Roles that every cluster has. */
const builtInRoles = /^(system:|extension-apiserver-authentication-reader$)/;

/** References that neither the API server nor a type checks, by what they lead to. */
export const references: Record<string, Check> = {
  "a port of every pod that the Service selects": (objects) =>
    ofKind(objects, "Service").flatMap((service) => {
      const selector = at(service, "spec.selector") as Labels | undefined;
      const ports = (at(service, "spec.ports") ?? []) as { port: number; targetPort?: unknown }[];
      if (selector === undefined) return [];
      return selected(objects, service, selector).flatMap((workload) =>
        ports
          .map(({ port, targetPort = port }) => targetPort)
          .filter((target) => !portsOf(containersOf(workload)).has(target))
          .map((target) => `${titleOf(service)}: ${workload.title} has no port ${String(target)}`),
      );
    }),
  "the port that a probe names": (objects) =>
    eachContainer(objects, ({ title }, container) =>
      [container.livenessProbe, container.readinessProbe, container.startupProbe].flatMap(
        (probe) => {
          const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
          const isMissing = typeof port === "string" && !portsOf([container]).has(port);
          return isMissing ? [`${title}: container ${container.name} has no port ${port}`] : [];
        },
      ),
    ),
  "pods that a budget or a NetworkPolicy selects": (objects) =>
    [
      ...ofKind(objects, "PodDisruptionBudget").map((it) => [it, "spec.selector"] as const),
      ...ofKind(objects, "NetworkPolicy").map((it) => [it, "spec.podSelector"] as const),
    ].flatMap(([object, path]) => {
      const { matchLabels } = (at(object, path) ?? {}) as { matchLabels?: Labels };
      if (matchLabels === undefined || foreignPods.includes(object.metadata.namespace ?? ""))
        return [];
      return selected(objects, object, matchLabels).length > 0 ? [] : [titleOf(object)];
    }),
  "a variable that is defined once, before others name it": (objects) =>
    eachContainer(objects, ({ title }, { name, env = [] }) => {
      const known = new Set<string>();
      return env.flatMap((variable) => {
        const named = [...(variable.value ?? "").matchAll(/(?<!\$)\$\(([\w.-]+)\)/g)];
        const unknown = named.map(([, other = ""]) => other).filter((other) => !known.has(other));
        const isRepeated = known.has(variable.name);
        known.add(variable.name);
        return [...unknown, ...(isRepeated ? [variable.name] : [])].map(
          (other) => `${title}: container ${name}: ${variable.name} with ${other}`,
        );
      });
    }),
  "a file of the ConfigMap that is mounted": (objects) =>
    eachContainer(objects, ({ title, object, pod }, { volumeMounts = [] }) =>
      volumeMounts.flatMap(({ name, subPath }) => {
        const map = (pod.volumes ?? []).find((volume) => volume.name === name)?.configMap;
        if (subPath === undefined || map === undefined || map.items !== undefined) return [];
        const source = findObject(objects, "ConfigMap", object.metadata.namespace, map.name);
        if (source === undefined) return [];
        const files = Object.keys({ ...(at(source, "data") as object | undefined) });
        return files.includes(subPath) ? [] : [`${title}: ${map.name} has no ${subPath}`];
      }),
    ),
  "a volume claim, or a key of a Secret": missingClaimsAndKeys,
  "a service account, or a role": (objects) => [
    ...workloads(objects).flatMap(({ title, object, pod: { serviceAccountName: account } }) => {
      if (account === undefined) return [];
      const found = findObject(objects, "ServiceAccount", object.metadata.namespace, account);
      return found === undefined ? [`${title}: account ${account}`] : [];
    }),
    ...[...ofKind(objects, "RoleBinding"), ...ofKind(objects, "ClusterRoleBinding")].flatMap(
      (binding) => {
        const { kind, name } = at(binding, "roleRef") as { kind: string; name: string };
        const namespace = kind === "Role" ? binding.metadata.namespace : undefined;
        const found =
          builtInRoles.test(name) || findObject(objects, kind, namespace, name) !== undefined;
        return found ? [] : [`${titleOf(binding)}: ${kind} ${name}`];
      },
    ),
  ],
};

function ofKind(objects: KubernetesObject[], wanted: string): KubernetesObject[] {
  return objects.filter(({ kind }) => kind === wanted);
}

function eachContainer(
  objects: KubernetesObject[],
  check: (workload: Workload, container: Container) => string[],
): string[] {
  return workloads(objects).flatMap((workload) =>
    containersOf(workload).flatMap((container) => check(workload, container)),
  );
}

/** Returns the workloads of an object's namespace whose pods have all of some labels. */
function selected(
  objects: KubernetesObject[],
  { metadata: { namespace } }: KubernetesObject,
  wanted: Labels,
): Workload[] {
  return workloads(objects).filter(
    ({ object, labels }) =>
      object.metadata.namespace === namespace &&
      Object.entries(wanted).every(([key, value]) => labels[key] === value),
  );
}

/** Returns the names and the numbers of containers' ports. */
function portsOf(containers: Container[]): Set<unknown> {
  return new Set(
    containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ name, containerPort }) => [name, containerPort]),
    ),
  );
}
