import assert from "node:assert/strict";
import { at, type KubernetesObject } from "../../../render/objects";
import { kindLabel } from "../../../components/app/annotations";
import type { Policy } from "../../../policy/rule";
import { objectRules } from "../../../policy/rules";
import { imageFacts } from "../../../components/shared/image-facts/index";
import { imageReference, images, type ImageName } from "../../../versions/images";
import { budget, container, nodePorts, object, route, workload } from "./objects";

/** What a rule accepts, and its findings for everything else. */
interface Examples {
  passes: KubernetesObject[][];
  fails: [objects: KubernetesObject[], finding: string][];
}

const policy: Policy = {
  environment: "online",
  registries: ["harbor.example.com/shop", "docker.io/library", "localhost:5000"],
  nodePorts: { min: 30_000, max: 32_767 },
  digests: "required",
};

const image = (name: string) => [workload({ containers: [container({ image: name })] })];
const withContainer = (fields: Record<string, unknown>) => [
  workload({ containers: [container(fields)] }),
];
const team = object("Namespace", "commerce-dev", {
  metadata: { labels: { "platform/team": "commerce" } },
});
const quota = (fields: object) => object("ResourceQuota", "commerce-dev/team", { spec: fields });
const sums = {
  "requests.cpu": "8",
  "requests.memory": "16Gi",
  "requests.ephemeral-storage": "50Gi",
  pods: "50",
};
const binding = (roleRef: object, subject = "shop") =>
  object("RoleBinding", "commerce-dev/shop", {
    roleRef,
    subjects: [{ kind: "ServiceAccount", name: subject, namespace: "commerce-dev" }],
  });
const clusterRole = (rule: object) => object("ClusterRole", "reader", { rules: [rule] });
const shop = "Deployment commerce-dev/shop";
const fromSecret = {
  name: "PASSWORD",
  valueFrom: { secretKeyRef: { name: "shop", key: "password" } },
};
const closed = (spec: object) =>
  object("NetworkPolicy", "commerce-dev/shop", {
    spec: { policyTypes: ["Ingress", "Egress"], ...spec },
  });
/** An image without a shell, according to its facts. */
const [withoutShell = ""] = Object.entries(imageFacts)
  .filter(([, { shell }]) => shell === undefined)
  .map(([name]) => imageReference(images[name as ImageName]));

interface KafkaExample {
  /** Mount path of the persistent volume. */
  claim: string;
  /** Type of the volume at /tmp. */
  tmp?: "scratch" | "config" | "none";
  readOnly?: boolean;
  command?: string[];
}

/** Kafka, whose image has VOLUMEs and writes to /tmp. */
function kafka({ claim, tmp = "scratch", readOnly = true, command }: KafkaExample) {
  const volume = { scratch: { emptyDir: { sizeLimit: "1Mi" } }, config: { configMap: {} } };
  const pod = {
    containers: [
      container({
        image: `mirror.example.com/${images.kafka.repository}:${images.kafka.tag}`,
        command,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: readOnly,
        },
        volumeMounts: [
          { name: "data", mountPath: claim },
          ...(tmp === "none" ? [] : [{ name: "tmp", mountPath: "/tmp" }]),
        ],
      }),
    ],
    volumes: tmp === "none" ? [] : [{ name: "tmp", ...volume[tmp] }],
  };
  return workload(pod, { volumeClaimTemplates: [{ metadata: { name: "data" } }] }, "StatefulSet");
}

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

const examples: Record<string, Examples> = {
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
  networkPolicy: {
    passes: [
      [workload(), closed({ podSelector: {} })],
      [workload(), closed({ podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } } })],
      [workload({ hostNetwork: true })],
    ],
    fails: [
      [
        [workload(), closed({ podSelector: {}, policyTypes: ["Ingress"] })],
        `${shop}: egress: expected a NetworkPolicy that selects its pods, got none`,
      ],
      [
        [
          workload(),
          closed({ podSelector: {}, policyTypes: undefined }),
          closed({ podSelector: { matchLabels: { app: "x" } } }),
        ],
        `${shop}: egress: expected a NetworkPolicy that selects its pods, got none`,
      ],
    ],
  },
  headlessService: {
    passes: [
      [
        workload({}, { serviceName: "shop" }, "StatefulSet"),
        object("Service", "commerce-dev/shop", { spec: { clusterIP: "None" } }),
      ],
    ],
    fails: [
      [
        [
          workload({}, { serviceName: "shop" }, "StatefulSet"),
          object("Service", "commerce-dev/shop", { spec: {} }),
        ],
        'StatefulSet commerce-dev/shop: spec.serviceName: expected a headless Service of its namespace, got "shop"',
      ],
      [
        [workload({}, { serviceName: "shop" }, "StatefulSet")],
        'StatefulSet commerce-dev/shop: spec.serviceName: expected a headless Service of its namespace, got "shop"',
      ],
    ],
  },
  pinnedImages: {
    passes: [
      image("harbor.example.com:5000/shop/shop:1.4.2"),
      image(`harbor.example.com/shop/shop@sha256:${"a".repeat(64)}`),
      image(`harbor.example.com/shop/shop:latest@sha256:${"a".repeat(64)}`),
    ],
    fails: ["shop", "harbor.example.com:5000/shop", "harbor.example.com/shop:latest"].map(
      (name) => [
        image(name),
        `${shop}: container shop: expected an image with a tag other than latest, or a digest, got "${name}"`,
      ],
    ),
  },
  imageDigests: {
    passes: [image(imageReference(images.kafka)), image("harbor.example.com/shop/shop:1.4.2")],
    fails: [
      [
        image(imageReference(images.kafka, { digests: "ignored" })),
        `${shop}: container shop: expected an image with a digest, got "docker.io/apache/kafka:4.3.1"; set platform:images.digests to used, or fill the table: npx platform versions pin`,
      ],
    ],
  },
  lastingVolumes: {
    passes: [[kafka({ claim: "/var/lib/kafka/data" })], [kafka({ claim: "/data" })], [workload()]],
    fails: [
      [
        [kafka({ claim: "/var/lib/kafka" })],
        "StatefulSet commerce-dev/shop: container shop: volume mounted at /var/lib/kafka: expected a mount at exactly /var/lib/kafka/data, which is a VOLUME of the image, got one above it: the container runtime mounts an empty volume over it",
      ],
    ],
  },
  writablePaths: {
    passes: [
      [kafka({ claim: "/var/lib/kafka/data" })],
      [kafka({ claim: "/var/lib/kafka/data", tmp: "none", readOnly: false })],
    ],
    fails: [
      [
        [kafka({ claim: "/var/lib/kafka/data", tmp: "none" })],
        "StatefulSet commerce-dev/shop: container shop: path /tmp: expected a writable volume, got a read-only one",
      ],
      [
        [kafka({ claim: "/var/lib/kafka/data", tmp: "config" })],
        "StatefulSet commerce-dev/shop: container shop: path /tmp: expected a writable volume, got a read-only one",
      ],
    ],
  },
  imageShell: {
    passes: [[kafka({ claim: "/data", command: ["sh", "start.sh"] })]],
    fails: [
      [
        withContainer({ image: withoutShell, command: ["sh", "-c", "true"] }),
        `${shop}: container shop: command: expected a program of the image, got sh: the image has no shell`,
      ],
    ],
  },
  retiredImages: {
    passes: [[workload()]],
    fails: [
      [
        image("docker.io/bitnami/redis:8.0.0"),
        `${shop}: container shop: expected an image whose source gets security updates, got "docker.io/bitnami/redis:8.0.0"`,
      ],
    ],
  },
  allowedRegistries: {
    passes: [
      image("harbor.example.com/shop/shop:1"),
      image("nginx:1"),
      image("library/nginx:1"),
      image("localhost:5000/nginx:1"),
    ],
    fails: ["harbor.example.com/shopping/shop:1", "team/nginx:1", "quay.io/x/y:1"].map((name) => [
      image(name),
      `${shop}: container shop: expected an image of harbor.example.com/shop, docker.io/library, localhost:5000, got "${name}"`,
    ]),
  },
  clusterRoleWildcards: {
    passes: [
      [clusterRole({ apiGroups: [""], resources: ["pods"], verbs: ["get"] })],
      [binding({ kind: "ClusterRole", name: "view" })],
    ],
    fails: [
      [
        [clusterRole({ apiGroups: [""], resources: ["pods"], verbs: ["*"] })],
        'ClusterRole reader: rules[0].verbs: expected the names that are needed, got "*"',
      ],
      [
        [clusterRole({ apiGroups: ["apps"], resources: ["deployments", "*"], verbs: ["get"] })],
        'ClusterRole reader: rules[0].resources: expected the names that are needed, got "*"',
      ],
      [
        [clusterRole({ apiGroups: ["*"], resources: ["pods"], verbs: ["get"] })],
        'ClusterRole reader: rules[0].apiGroups: expected the names that are needed, got "*"',
      ],
      [
        [clusterRole({ nonResourceURLs: ["*"], verbs: ["get"] })],
        'ClusterRole reader: rules[0].nonResourceURLs: expected the names that are needed, got "*"',
      ],
      [
        [binding({ kind: "ClusterRole", name: "cluster-admin" })],
        "RoleBinding commerce-dev/shop: expected a role of its own, got cluster-admin, which may do everything",
      ],
    ],
  },
  serviceAccountToken: {
    passes: [
      [workload()],
      [
        workload({ automountServiceAccountToken: true, serviceAccountName: "shop" }),
        binding({ name: "shop" }),
      ],
    ],
    fails: [
      [
        [
          workload({ automountServiceAccountToken: undefined, serviceAccountName: "shop" }),
          binding({ name: "shop" }, "other"),
        ],
        `${shop}: automountServiceAccountToken is not false, and no role is bound to service account shop`,
      ],
    ],
  },
  selector: {
    passes: [[workload()]],
    fails: [
      [
        [workload({}, { selector: { matchLabels: { "app.kubernetes.io/name": "news" } } })],
        `${shop}: its selector does not match the labels of its own pods`,
      ],
    ],
  },
  disruptionBudget: {
    passes: [[workload(), budget()], [workload({}, { replicas: 1 })]],
    fails: [
      [workload()],
      [workload({}, { replicas: undefined })],
      [workload(), budget("content-dev")],
      [workload(), budget("commerce-dev", { "app.kubernetes.io/name": "news" })],
    ].map((objects) => [
      objects,
      `${shop}: no PodDisruptionBudget selects its pods, so maintenance can take all of them at the same time`,
    ]),
  },
  spread: {
    passes: [[workload()], [workload({ affinity: undefined }, { replicas: 1 })]],
    fails: [
      [
        [workload({ affinity: undefined })],
        `${shop}: it has no podAntiAffinity, so all of its pods can be lost with one node`,
      ],
    ],
  },
  routeWeights: {
    passes: [[route([90, 10], [0, 100])], [route([1])], [route([])]],
    fails: [
      [
        [route([50, 50], [90, 11])],
        "HTTPRoute commerce-dev/shop: rules[1]: expected weights that sum to 100, because they are percentages, got b0 90, b1 11, which sum to 101",
      ],
      [
        [route([99, undefined, 1])],
        "HTTPRoute commerce-dev/shop: rules[0]: expected weights that sum to 100, because they are percentages, got b0 99, b1 1, b2 1, which sum to 101",
      ],
    ],
  },
  nodePortRange: {
    passes: [
      [nodePorts("a", 30_000), nodePorts("b", 32_767)],
      [nodePorts("dns", 30_053, [30_053, "UDP"])],
      [object("Service", "commerce-dev/c", { spec: { ports: [{ port: 80 }] } })],
    ],
    fails: [
      [
        [nodePorts("a", 29_999)],
        "Service commerce-dev/a: expected a node port from 30000 to 32767, got 29999",
      ],
      [
        [nodePorts("a", 32_768)],
        "Service commerce-dev/a: expected a node port from 30000 to 32767, got 32768",
      ],
      [
        [nodePorts("a", 30_080), nodePorts("b", 30_080)],
        "Service commerce-dev/b: expected a node port that nothing else uses, got 30080, which Service commerce-dev/a uses",
      ],
    ],
  },
  teamQuota: {
    passes: [[team, quota({ hard: sums })], [object("Namespace", "gateway")]],
    fails: [
      [
        [team],
        "Namespace commerce-dev: no ResourceQuota of this namespace limits requests.cpu, requests.memory, requests.ephemeral-storage, pods",
      ],
      [
        [team, quota({ hard: { "requests.cpu": "8", pods: "50" } })],
        "Namespace commerce-dev: no ResourceQuota of this namespace limits requests.memory, requests.ephemeral-storage",
      ],
      [
        [team, quota({ hard: sums, scopeSelector: {} })],
        "Namespace commerce-dev: no ResourceQuota of this namespace limits requests.cpu, requests.memory, requests.ephemeral-storage, pods",
      ],
    ],
  },
};

describe("rules over objects", () => {
  it("have examples each, and a name of their own", () => {
    const ids = objectRules.map(({ id }) => id);
    assert.deepEqual(Object.keys(examples).sort(), [...new Set(ids)].sort());
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const rule of objectRules) {
    const { passes, fails } = examples[rule.id] ?? { passes: [], fails: [] };
    it(`${rule.id} lets through what keeps it`, () => {
      assert.ok(passes.length > 0);
      for (const objects of passes) assert.deepEqual(rule.check(objects, policy), []);
    });
    it(`${rule.id} finds what breaks it, and says what is required`, () => {
      assert.ok(fails.length > 0);
      for (const [objects, finding] of fails) {
        const found = rule.check(objects, policy).map((each) => `${each.object}: ${each.message}`);
        assert.deepEqual(found, [finding]);
      }
    });
  }

  it("let images from anywhere where the config names no registry", () => {
    const rule = objectRules.find(({ id }) => id === "allowedRegistries");
    assert.deepEqual(rule?.check(image("quay.io/x/y:1"), { ...policy, registries: undefined }), []);
  });

  it("leave the NetworkPolicies of namespaces to the stack that declares those", () => {
    const rule = objectRules.find(({ id }) => id === "networkPolicy");
    const platformStack = "organization/platform/prod";
    assert.equal(rule?.check([workload()], policy).length, 2);
    assert.deepEqual(rule.check([workload()], { ...policy, platformStack }), []);
  });

  it("look at every kind that makes pods", () => {
    const rule = objectRules.find(({ id }) => id === "runAsNonRoot")!;
    const pod = { securityContext: {} };
    for (const kind of ["StatefulSet", "DaemonSet", "Job"]) {
      assert.equal(rule.check([workload(pod, {}, kind)], policy).length, 1, kind);
    }
    const jobTemplate = { spec: workload(pod)["spec"] };
    const cronJob = object("CronJob", "commerce-dev/shop", { spec: { jobTemplate } });
    assert.equal(rule.check([cronJob], policy).length, 1);
  });
});
