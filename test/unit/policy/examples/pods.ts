import { at, type KubernetesObject } from "../../../../render/objects";
import { kindLabel } from "../../../../components/app/annotations";
import { objectLabels } from "../../../../components/shared/labels";
import { barePod, container, workload } from "../objects";
import { type Examples, withContainer, shop } from "./builders";

const fromSecret = {
  name: "PASSWORD",
  valueFrom: { secretKeyRef: { name: "shop", key: "password" } },
};

/** Returns a worker whose container has other fields. */
function worker(fields: Record<string, unknown>, spec: object = {}): KubernetesObject[] {
  const example = workload({ containers: [container(fields)] });
  const template = at(example, "spec.template") as { metadata: { labels: object } };
  const labels = { ...template.metadata.labels, [kindLabel]: "worker" };
  const pods = { ...template, metadata: { labels } };
  return [workload({}, { ...spec, template: pods })];
}

/** Returns the example with the labels of a part of the platform. */
function ofPlatform(fields: Record<string, unknown>, partOf = "logging"): KubernetesObject {
  const example = workload({ containers: [container(fields)] });
  return { ...example, metadata: { ...example.metadata, labels: objectLabels("shop", partOf) } };
}

const restricted = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const claimed = { name: "data", persistentVolumeClaim: { claimName: "data" } };

/** Returns a workload of this program with these volumes, in pods with this security context. */
function ofUs(securityContext: object, volumes: object[], spec: Record<string, unknown> = {}) {
  const pod = { securityContext: { ...restricted, ...securityContext }, volumes };
  const example = workload(pod, spec);
  return { ...example, metadata: { ...example.metadata, labels: objectLabels("shop", "apps") } };
}

const tcpSocket = { port: 80 };

/** Returns a part of the platform with these probes. */
function probedPart(livenessProbe: object, readinessProbe: object): KubernetesObject {
  return ofPlatform({ livenessProbe, readinessProbe });
}

/** Examples for the rules of `policy/rules/pods.ts`. */
export const podExamples: Record<string, Examples> = {
  runAsNonRoot: {
    passes: [[workload()]],
    fails: [
      [
        [workload({ securityContext: {} })],
        `${shop}: pod: securityContext.runAsNonRoot: expected true, got nothing`,
      ],
      [
        [workload({ securityContext: undefined })],
        `${shop}: pod: securityContext.runAsNonRoot: expected true, got nothing`,
      ],
    ],
  },
  seccompProfile: {
    passes: [[workload()]],
    fails: [
      [
        [workload({ securityContext: { seccompProfile: { type: "Unconfined" } } })],
        `${shop}: pod: securityContext.seccompProfile.type: expected "RuntimeDefault", got "Unconfined"`,
      ],
    ],
  },
  allowPrivilegeEscalation: {
    passes: [[workload()]],
    fails: [
      [
        withContainer({ securityContext: {} }),
        `${shop}: container shop: allowPrivilegeEscalation: expected false, got nothing`,
      ],
    ],
  },
  capabilities: {
    passes: [[workload()]],
    fails: [
      [
        [workload({ initContainers: [container({ name: "init", securityContext: {} })] })],
        `${shop}: container init: capabilities.drop: expected ["ALL"], got nothing`,
      ],
    ],
  },
  probes: {
    passes: [
      [workload()],
      [
        workload(
          { containers: [container({ livenessProbe: undefined, readinessProbe: undefined })] },
          {},
          "Job",
        ),
      ],
      [
        barePod({
          restartPolicy: "Never",
          containers: [container({ livenessProbe: undefined, readinessProbe: undefined })],
        }),
      ],
      worker({ livenessProbe: undefined }),
      worker({ livenessProbe: undefined, readinessProbe: undefined }, { minReadySeconds: 10 }),
      worker({ readinessProbe: undefined }, { minReadySeconds: 10 }),
    ],
    fails: [
      [
        worker({ readinessProbe: undefined }),
        `${shop}: container shop: readinessProbe: expected a probe, or minReadySeconds above 0 in its Deployment, got none`,
      ],
      [
        withContainer({ readinessProbe: undefined }),
        `${shop}: container shop: readinessProbe: expected a probe, got none`,
      ],
      [
        [barePod({ containers: [container({ livenessProbe: undefined })] })],
        "Pod commerce-dev/shop: container shop: livenessProbe: expected a probe, got none",
      ],
    ],
  },
  resources: {
    passes: [[workload()]],
    fails: [
      [
        withContainer({
          resources: {
            requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
            limits: { cpu: "1", "ephemeral-storage": "1Gi" },
          },
        }),
        `${shop}: container shop: limits.memory: expected an amount, got none`,
      ],
      [
        withContainer({
          resources: {
            requests: { cpu: "1", memory: "1Gi" },
            limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
          },
        }),
        `${shop}: container shop: requests.ephemeral-storage: expected an amount, got none`,
      ],
    ],
  },
  readOnlyRootFilesystem: {
    passes: [[workload()]],
    fails: [
      [
        withContainer({ securityContext: { readOnlyRootFilesystem: false } }),
        `${shop}: container shop: readOnlyRootFilesystem: expected true, got false`,
      ],
    ],
  },
  sizedEmptyDirs: {
    passes: [
      [workload({ volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }] })],
      [workload({ volumes: [{ name: "config", configMap: { name: "shop" } }] })],
    ],
    fails: [
      [
        [workload({ volumes: [{ name: "tmp", emptyDir: {} }] })],
        `${shop}: volume tmp: emptyDir.sizeLimit: expected a size, got none`,
      ],
    ],
  },
  volumeOwners: {
    passes: [
      [ofUs({ fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" }, [claimed])],
      [ofUs({ fsGroup: 1000 }, [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }])],
      [ofUs({}, [claimed])],
      [workload({ securityContext: { ...restricted, fsGroup: 1000 }, volumes: [claimed] })],
    ],
    fails: [
      [
        [ofUs({ fsGroup: 1000 }, [claimed])],
        `${shop}: pod: securityContext.fsGroupChangePolicy: expected "OnRootMismatch", got nothing`,
      ],
      [
        [ofUs({ fsGroup: 0, fsGroupChangePolicy: "Always" }, [], { volumeClaimTemplates: [{}] })],
        `${shop}: pod: securityContext.fsGroupChangePolicy: expected "OnRootMismatch", got "Always"`,
      ],
    ],
  },
  distinctProbes: {
    passes: [
      [workload()],
      [probedPart({ tcpSocket, failureThreshold: 4 }, { tcpSocket })],
      [probedPart({ tcpSocket, failureThreshold: 1 }, { httpGet: { path: "/", port: 80 } })],
      withContainer({
        livenessProbe: { tcpSocket, periodSeconds: 5 },
        readinessProbe: { tcpSocket, periodSeconds: 10 },
      }),
    ],
    fails: [
      [
        [probedPart({ tcpSocket, failureThreshold: 6 }, { tcpSocket, periodSeconds: 30 })],
        `${shop}: container shop: livenessProbe: expected a failure after more than 90 s, when the readinessProbe has failed, got 60 s`,
      ],
      [
        withContainer({
          livenessProbe: { periodSeconds: 5 },
          readinessProbe: { periodSeconds: 5 },
        }),
        `${shop}: container shop: livenessProbe: expected another probe than the readinessProbe, got the same`,
      ],
    ],
  },
  secretEnvironment: {
    passes: [
      [workload()],
      withContainer({ env: [fromSecret] }),
      [ofPlatform({ env: [fromSecret] }, "apps")],
      [ofPlatform({ env: [{ name: "LEVEL", value: "info" }] })],
    ],
    fails: [
      [
        [ofPlatform({ env: [fromSecret] })],
        `${shop}: container shop: environment variable PASSWORD: expected no secretKeyRef, because Secrets reach processes as files, got one`,
      ],
    ],
  },
};
