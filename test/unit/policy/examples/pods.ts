import { at, type KubernetesObject } from "../../../../render/objects";
import { kindLabel } from "../../../../components/app/annotations";
import { container, workload } from "../objects";
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

/** Returns the example as a part of the platform. */
function ofPlatform(env: object[]): KubernetesObject {
  const example = workload({ containers: [container({ env })] });
  const labels = {
    "app.kubernetes.io/name": "shop",
    "app.kubernetes.io/part-of": "platform-part",
  };
  return { ...example, metadata: { ...example.metadata, labels } };
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
      worker({ livenessProbe: undefined }),
      worker({ livenessProbe: undefined, readinessProbe: undefined }, { minReadySeconds: 10 }),
      worker({ readinessProbe: undefined }, { minReadySeconds: 10 }),
    ],
    fails: [
      [
        worker({ readinessProbe: undefined }),
        `${shop}: container shop: has a readinessProbe, or its Deployment minReadySeconds above 0: expected true, got false`,
      ],
      [
        withContainer({ readinessProbe: undefined }),
        `${shop}: container shop: has a readinessProbe: expected true, got false`,
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
        `${shop}: container shop: limits memory: expected true, got false`,
      ],
      [
        withContainer({
          resources: {
            requests: { cpu: "1", memory: "1Gi" },
            limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
          },
        }),
        `${shop}: container shop: requests ephemeral-storage: expected true, got false`,
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
        `${shop}: volume tmp: emptyDir has a sizeLimit: expected true, got false`,
      ],
    ],
  },
  distinctProbes: {
    passes: [[workload()]],
    fails: [
      [
        withContainer({
          livenessProbe: { periodSeconds: 5 },
          readinessProbe: { periodSeconds: 5 },
        }),
        `${shop}: container shop: liveness and readiness are one probe: expected false, got true`,
      ],
    ],
  },
  secretEnvironment: {
    passes: [
      [workload()],
      withContainer({ env: [fromSecret] }),
      [ofPlatform([{ name: "LEVEL", value: "info" }])],
    ],
    fails: [
      [
        [ofPlatform([fromSecret])],
        `${shop}: container shop: environment variable PASSWORD comes from a Secret: expected false, got true`,
      ],
    ],
  },
};
