import { isDeepStrictEqual } from "node:util";
import type { PodRule } from "../exceptions";
import type { ObjectRule } from "../rule";
import { containersOf, workloads, type Workload } from "../workloads";

/** A field of a pod or a container, what it is and what it must be. */
type Field = [field: string, actual: unknown, required: unknown];

/** Kinds whose pods run to an end and answer no probe. */
const finite = ["Job", "CronJob"];

/** What every container requests, and has a limit of. */
const counted = ["cpu", "memory"];

/** What every pod says about itself, each rule with the fields that it looks at. */
export const podRules: ObjectRule[] = [
  rule("runAsNonRoot", "Pods run as another user than root", ({ pod }) => [
    ["pod: securityContext.runAsNonRoot", pod.securityContext?.runAsNonRoot, true],
  ]),
  rule("seccompProfile", "Pods have the seccomp profile RuntimeDefault", ({ pod }) => [
    [
      "pod: securityContext.seccompProfile.type",
      pod.securityContext?.seccompProfile?.type,
      "RuntimeDefault",
    ],
  ]),
  rule("allowPrivilegeEscalation", "Containers cannot gain privileges", (workload) =>
    containersOf(workload).map(({ name, securityContext }): Field => [
      `container ${name}: allowPrivilegeEscalation`,
      securityContext?.allowPrivilegeEscalation,
      false,
    ]),
  ),
  rule("capabilities", "Containers drop all capabilities", (workload) =>
    containersOf(workload).map(({ name, securityContext }): Field => [
      `container ${name}: capabilities.drop`,
      securityContext?.capabilities?.drop,
      ["ALL"],
    ]),
  ),
  rule("probes", "Containers are probed for liveness and readiness", ({ object, pod }) =>
    finite.includes(object.kind)
      ? []
      : pod.containers.flatMap(({ name, livenessProbe, readinessProbe }): Field[] => [
          [`container ${name}: has a livenessProbe`, livenessProbe !== undefined, true],
          [`container ${name}: has a readinessProbe`, readinessProbe !== undefined, true],
        ]),
  ),
  rule("resources", "Containers have requests and limits of CPU and memory", (workload) =>
    containersOf(workload).flatMap(({ name, resources }): Field[] =>
      counted.flatMap((resource): Field[] => [
        [`container ${name}: requests ${resource}`, resource in (resources?.requests ?? {}), true],
        [`container ${name}: limits ${resource}`, resource in (resources?.limits ?? {}), true],
      ]),
    ),
  ),
];

function rule(
  id: PodRule | "resources",
  title: string,
  fields: (workload: Workload) => Field[],
): ObjectRule {
  return {
    id,
    title,
    level: "mandatory",
    check: (objects) =>
      workloads(objects).flatMap((workload) =>
        fields(workload)
          .filter(([, actual, required]) => !isDeepStrictEqual(actual, required))
          .map(([field, actual, required]) => ({
            object: workload.title,
            message: `${field} is ${JSON.stringify(actual) ?? "not given"}; required is ${JSON.stringify(required)}`,
          })),
      ),
  };
}
