import { isDeepStrictEqual } from "node:util";
import type { PodRule } from "../exceptions";
import type { ObjectRule } from "../rule";
import { at, type KubernetesObject } from "../../render/objects";
import { kindLabel } from "../../components/app/annotations";
import { containersOf, workloads, type Workload } from "../workloads";

/** A field of a pod or a container, its value and the required value. */
type Field = [field: string, actual: unknown, required: unknown];

type Probe = NonNullable<Workload["pod"]["containers"][number]["livenessProbe"]>;

/** Kinds whose pods run to completion and have no probes. */
const finite = ["Job", "CronJob"];

/**
 * Returns the probe fields of a pod: a readiness probe, and for pods that serve requests also a liveness probe.
 * A worker may have nothing to probe. In that case, its pods must run for a while before they count, so that a
 * pod that exits immediately does not replace one that works. Since a hanging worker breaks no request, a
 * liveness probe is the app's own decision.
 */
function probed({ object, pod, labels }: Workload): Field[] {
  if (finite.includes(object.kind)) return [];
  const isSettled = Number(at(object, "spec.minReadySeconds") ?? 0) > 0;
  return pod.containers.flatMap(({ name, livenessProbe, readinessProbe }): Field[] => {
    const isReady = readinessProbe !== undefined;
    if (labels[kindLabel] !== "worker") {
      return [
        [`container ${name}: has a livenessProbe`, livenessProbe !== undefined, true],
        [`container ${name}: has a readinessProbe`, isReady, true],
      ];
    }
    const what = `container ${name}: has a readinessProbe, or its Deployment minReadySeconds above 0`;
    return [[what, isReady || isSettled, true]];
  });
}

/** Resources for which every container needs a request and a limit. */
const counted = ["cpu", "memory", "ephemeral-storage"];

/** Rules about fields of pods, each with the fields that it checks. */
export const podRules: ObjectRule[] = [
  rule("runAsNonRoot", "Pods run as a user other than root", ({ pod }) => [
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
  rule("probes", "Containers are probed for liveness and readiness", probed),
  rule(
    "resources",
    "Containers have requests and limits of CPU, memory and ephemeral storage",
    (workload) =>
      containersOf(workload).flatMap(({ name, resources }): Field[] =>
        counted.flatMap((resource): Field[] => [
          [`container ${name}: requests ${resource}`, has(resources?.requests, resource), true],
          [`container ${name}: limits ${resource}`, has(resources?.limits, resource), true],
        ]),
      ),
  ),
  rule("readOnlyRootFilesystem", "Containers cannot write to their root file system", (workload) =>
    containersOf(workload).map(({ name, securityContext }): Field => [
      `container ${name}: readOnlyRootFilesystem`,
      securityContext?.readOnlyRootFilesystem,
      true,
    ]),
  ),
  rule("sizedEmptyDirs", "Every emptyDir has a size limit", ({ pod }) =>
    (pod.volumes ?? [])
      .filter(({ emptyDir }) => emptyDir !== undefined)
      .map(({ name, emptyDir }): Field => [
        `volume ${name}: emptyDir has a sizeLimit`,
        emptyDir.sizeLimit !== undefined,
        true,
      ]),
  ),
  rule("volumeOwners", "A pod does not change the owner of all files of a volume", (workload) => {
    const { fsGroup, fsGroupChangePolicy } = workload.pod.securityContext ?? {};
    if (fsGroup === undefined || !hasClaims(workload) || !isOurs(workload.object)) return [];
    return [["pod: securityContext.fsGroupChangePolicy", fsGroupChangePolicy, "OnRootMismatch"]];
  }),
  rule("distinctProbes", "A liveness probe waits longer than the readiness probe", (workload) =>
    workload.pod.containers.flatMap(({ name, livenessProbe, readinessProbe }): Field[] => {
      if (livenessProbe === undefined || readinessProbe === undefined) return [];
      const isOne = isDeepStrictEqual(livenessProbe, readinessProbe);
      const one: Field = [`container ${name}: liveness and readiness are one probe`, isOne, false];
      if (!isOfPlatform(workload.object) || isOne) return [one];
      const what = `container ${name}: liveness fails after readiness for the same answer`;
      return [one, [what, failsLater(livenessProbe, readinessProbe), true]];
    }),
  ),
  rule("secretEnvironment", "Secrets reach processes as files", ({ object, pod }) =>
    isOfPlatform(object)
      ? pod.containers.flatMap(({ name, env = [] }) =>
          env.map((variable): Field => [
            `container ${name}: environment variable ${variable.name} comes from a Secret`,
            variable.valueFrom?.secretKeyRef !== undefined,
            false,
          ]),
        )
      : [],
  ),
];

/** Whether a liveness probe restarts a container only after its readiness probe has taken the pod out of service. */
function failsLater(liveness: Probe, readiness: Probe): boolean {
  return (
    !isDeepStrictEqual(handlerOf(liveness), handlerOf(readiness)) ||
    wait(liveness) > wait(readiness)
  );
}

function handlerOf({ httpGet, tcpSocket, exec, grpc }: Probe): object {
  return { httpGet, tcpSocket, exec, grpc };
}

/** Seconds until a probe has failed, with the defaults of Kubernetes. */
function wait({ periodSeconds = 10, failureThreshold = 3 }: Probe): number {
  return periodSeconds * failureThreshold;
}

/** Whether pods have volumes that outlive them, whose files may be many. */
function hasClaims({ object, pod: { volumes = [] } }: Workload): boolean {
  return (
    at(object, "spec.volumeClaimTemplates") !== undefined ||
    volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
  );
}

/** Whether a workload is not of a team's own chart. */
function isOurs({ metadata: { labels = {} } }: KubernetesObject): boolean {
  return labels["app.kubernetes.io/managed-by"] === "pulumi";
}

/**
 * Whether a workload belongs to the platform, and is neither an app nor of a team's own chart. Teams choose how
 * their containers get Secrets and when they are restarted.
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
          .filter(([, actual, required]) => !isDeepStrictEqual(actual, required))
          .map(([field, actual, required]) => ({
            object: workload.title,
            message: `${field}: expected ${JSON.stringify(required)}, got ${JSON.stringify(actual) ?? "nothing"}`,
          })),
      ),
  };
}
