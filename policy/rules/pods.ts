import { isDeepStrictEqual } from "node:util";
import type { PodRule } from "../exceptions";
import type { ObjectRule } from "../rule";
import { at, type KubernetesObject } from "../../render/objects";
import { kindLabel } from "../../components/app/annotations";
import { packageLabel } from "../../components/shared/labels";
import { containersOf, workloads, type Workload } from "../workloads";

/** A field of a pod or a container, and what a rule requires of it. */
interface Field {
  field: string;
  isMet: boolean;
  expected: string;
  got: string;
}

/** A field that must have one value. */
function equal(field: string, actual: unknown, required: unknown): Field {
  return {
    field,
    isMet: isDeepStrictEqual(actual, required),
    expected: JSON.stringify(required),
    got: JSON.stringify(actual) ?? "nothing",
  };
}

/** A field that must be present. */
function present(field: string, isMet: boolean, expected: string): Field {
  return { field, isMet, expected, got: "none" };
}

type Probe = NonNullable<Workload["pod"]["containers"][number]["livenessProbe"]>;

/** Whether pods run to completion, and therefore have no probes. */
function runsToCompletion({ object, pod }: Workload): boolean {
  if (object.kind === "Pod") return (pod.restartPolicy ?? "Always") !== "Always";
  return ["Job", "CronJob"].includes(object.kind);
}

/**
 * Returns the probe fields of a pod: a readiness probe, and for pods that serve requests also a liveness probe.
 * A worker may have nothing to probe. In that case, its pods must run for a while before they count, so that a
 * pod that exits immediately does not replace one that works. Since a hanging worker breaks no request, a
 * liveness probe is the app's own decision.
 */
function probeFields(workload: Workload): Field[] {
  if (runsToCompletion(workload)) return [];
  const { object, pod, labels } = workload;
  const isSettled = Number(at(object, "spec.minReadySeconds") ?? 0) > 0;
  return pod.containers.flatMap(({ name, livenessProbe, readinessProbe }): Field[] => {
    const isReady = readinessProbe !== undefined;
    if (labels[kindLabel] !== "worker") {
      return [
        present(`container ${name}: livenessProbe`, livenessProbe !== undefined, "a probe"),
        present(`container ${name}: readinessProbe`, isReady, "a probe"),
      ];
    }
    const expected = "a probe, or minReadySeconds above 0 in its Deployment";
    return [present(`container ${name}: readinessProbe`, isReady || isSettled, expected)];
  });
}

/** Resources for which every container needs a request and a limit. */
const counted = ["cpu", "memory", "ephemeral-storage"];

/** Rules about fields of pods, each with the fields that it checks. */
export const podRules: ObjectRule[] = [
  rule("runAsNonRoot", "Pods run as a user other than root", ({ pod }) => [
    equal("pod: securityContext.runAsNonRoot", pod.securityContext?.runAsNonRoot, true),
  ]),
  rule("seccompProfile", "Pods have the seccomp profile RuntimeDefault", ({ pod }) => [
    equal(
      "pod: securityContext.seccompProfile.type",
      pod.securityContext?.seccompProfile?.type,
      "RuntimeDefault",
    ),
  ]),
  rule("allowPrivilegeEscalation", "Containers cannot gain privileges", (workload) =>
    containersOf(workload).map(({ name, securityContext }) =>
      equal(
        `container ${name}: allowPrivilegeEscalation`,
        securityContext?.allowPrivilegeEscalation,
        false,
      ),
    ),
  ),
  rule("capabilities", "Containers drop all capabilities", (workload) =>
    containersOf(workload).map(({ name, securityContext }) =>
      equal(`container ${name}: capabilities.drop`, securityContext?.capabilities?.drop, ["ALL"]),
    ),
  ),
  rule("probes", "Containers are probed for liveness and readiness", probeFields),
  rule(
    "resources",
    "Containers have requests and limits of CPU, memory and ephemeral storage",
    (workload) =>
      containersOf(workload).flatMap(({ name, resources }): Field[] =>
        counted.flatMap((resource): Field[] => [
          present(
            `container ${name}: requests.${resource}`,
            has(resources?.requests, resource),
            "an amount",
          ),
          present(
            `container ${name}: limits.${resource}`,
            has(resources?.limits, resource),
            "an amount",
          ),
        ]),
      ),
  ),
  rule("readOnlyRootFilesystem", "Containers cannot write to their root file system", (workload) =>
    containersOf(workload).map(({ name, securityContext }) =>
      equal(
        `container ${name}: readOnlyRootFilesystem`,
        securityContext?.readOnlyRootFilesystem,
        true,
      ),
    ),
  ),
  rule("sizedEmptyDirs", "Every emptyDir has a size limit", ({ pod }) =>
    (pod.volumes ?? [])
      .filter(({ emptyDir }) => emptyDir !== undefined)
      .map(({ name, emptyDir }) =>
        present(`volume ${name}: emptyDir.sizeLimit`, emptyDir.sizeLimit !== undefined, "a size"),
      ),
  ),
  rule("volumeOwners", "A pod does not change the owner of all files of a volume", (workload) => {
    const { fsGroup, fsGroupChangePolicy } = workload.pod.securityContext ?? {};
    if (fsGroup === undefined || !hasClaims(workload) || !isOurs(workload.object)) return [];
    return [
      equal("pod: securityContext.fsGroupChangePolicy", fsGroupChangePolicy, "OnRootMismatch"),
    ];
  }),
  rule("distinctProbes", "A liveness probe waits longer than the readiness probe", (workload) =>
    workload.pod.containers.flatMap(({ name, livenessProbe, readinessProbe }): Field[] => {
      if (livenessProbe === undefined || readinessProbe === undefined) return [];
      const field = `container ${name}: livenessProbe`;
      const isOther = !isDeepStrictEqual(livenessProbe, readinessProbe);
      const other = {
        field,
        isMet: isOther,
        expected: "another probe than the readinessProbe",
        got: "the same",
      };
      if (!isOfPlatform(workload.object) || !isOther) return [other];
      const isMet = failsLater(livenessProbe, readinessProbe);
      const expected = `a failure after more than ${failureSeconds(readinessProbe)} s, when the readinessProbe has failed`;
      return [other, { field, isMet, expected, got: `${failureSeconds(livenessProbe)} s` }];
    }),
  ),
  rule("secretEnvironment", "Secrets reach processes as files", ({ object, pod }) =>
    isOfPlatform(object)
      ? pod.containers.flatMap(({ name, env = [] }) =>
          env.map((variable) => ({
            field: `container ${name}: environment variable ${variable.name}`,
            isMet: variable.valueFrom?.secretKeyRef === undefined,
            expected: "no secretKeyRef, because Secrets reach processes as files",
            got: "one",
          })),
        )
      : [],
  ),
];

/** Whether a liveness probe restarts a container only after its readiness probe has taken the pod out of service. */
function failsLater(liveness: Probe, readiness: Probe): boolean {
  return (
    !isDeepStrictEqual(handlerOf(liveness), handlerOf(readiness)) ||
    failureSeconds(liveness) > failureSeconds(readiness)
  );
}

function handlerOf({ httpGet, tcpSocket, exec, grpc }: Probe): object {
  return { httpGet, tcpSocket, exec, grpc };
}

/** Seconds until a probe has failed, with the defaults of Kubernetes. */
function failureSeconds({ periodSeconds = 10, failureThreshold = 3 }: Probe): number {
  return periodSeconds * failureThreshold;
}

/** Whether pods have volumes that outlive them, whose files may be many. */
function hasClaims({ object, pod: { volumes = [] } }: Workload): boolean {
  return (
    at(object, "spec.volumeClaimTemplates") !== undefined ||
    volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
  );
}

/** Whether this program builds a workload, and does not take it from a chart or manifests. */
function isOurs({ metadata: { labels = {} } }: KubernetesObject): boolean {
  return labels["app.kubernetes.io/managed-by"] === "pulumi" && labels[packageLabel] === undefined;
}

/**
 * Whether a workload belongs to the platform, and is neither an app nor from a chart or manifests, whose
 * owners choose how their containers get Secrets and when they are restarted.
 */
function isOfPlatform(object: KubernetesObject): boolean {
  return isOurs(object) && object.metadata.labels?.["app.kubernetes.io/part-of"] !== "apps";
}

function has(amounts: object | undefined, resource: string): boolean {
  return amounts !== undefined && resource in amounts;
}

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
          .filter(({ isMet }) => !isMet)
          .map(({ field, expected, got }) => ({
            object: workload.title,
            message: `${field}: expected ${expected}, got ${got}`,
          })),
      ),
  };
}
