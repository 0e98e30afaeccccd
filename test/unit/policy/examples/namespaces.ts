import type { KubernetesObject } from "../../../../render/objects";
import { barePod, budget, object, workload } from "../objects";
import { type Examples, shop } from "./builders";

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

const allowing = (fields: object): KubernetesObject => {
  const { spec, ...rest } = budget();
  return { ...rest, spec: { ...(spec as object), ...fields } };
};

const selecting = (matchExpressions: object[]) => allowing({ selector: { matchExpressions } });

const scaler = (fields: object) =>
  object("HorizontalPodAutoscaler", "commerce-dev/shop", {
    spec: { scaleTargetRef: { kind: "Deployment", name: "shop" }, ...fields },
  });

const clusterRole = (rule: object) => object("ClusterRole", "reader", { rules: [rule] });

/** Examples for the rules of `policy/rules/rights.ts`, `policy/rules/quotas.ts` and `policy/rules/availability.ts`. */
export const namespaceExamples: Record<string, Examples> = {
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
        `${shop}: automountServiceAccountToken: expected false, because no role is bound to service account shop, got nothing`,
      ],
    ],
  },
  selector: {
    passes: [[workload()]],
    fails: [
      [
        [workload({}, { selector: { matchLabels: { "app.kubernetes.io/name": "news" } } })],
        `${shop}: spec.selector.matchLabels: expected labels of its own pods, got {"app.kubernetes.io/name":"news"}`,
      ],
    ],
  },
  disruptionBudget: {
    passes: [
      [workload(), budget()],
      [workload(), selecting([{ key: "app.kubernetes.io/name", operator: "Exists" }])],
      [workload({}, { replicas: 1 })],
    ],
    fails: [
      [workload()],
      [workload({}, { replicas: undefined })],
      [workload(), budget("content-dev")],
      [workload(), budget("commerce-dev", { "app.kubernetes.io/name": "news" })],
      [
        workload(),
        selecting([{ key: "app.kubernetes.io/name", operator: "NotIn", values: ["shop"] }]),
      ],
    ].map((objects) => [
      objects,
      `${shop}: expected a PodDisruptionBudget that selects its pods, got none: a drain can evict all of them at once; add one`,
    ]),
  },
  evictable: {
    passes: [
      [workload(), allowing({ maxUnavailable: 1 })],
      [workload({}, { replicas: 1 }), allowing({ maxUnavailable: "25%" })],
      [workload(), allowing({ minAvailable: 1 })],
      [workload(), allowing({ minAvailable: "50%" })],
      [
        workload({}, { replicas: undefined }),
        scaler({ minReplicas: 2 }),
        allowing({ minAvailable: 1 }),
      ],
      [workload({}, { replicas: 0 }), allowing({ minAvailable: 1 })],
      [allowing({ minAvailable: 3 })],
    ],
    fails: [
      [[allowing({ maxUnavailable: 0 })], "maxUnavailable: 0"],
      [[allowing({ maxUnavailable: "0%" })], "maxUnavailable: 0%"],
      [[allowing({ minAvailable: "100%" })], "minAvailable: 100%"],
      [[workload(), allowing({ minAvailable: 2 })], "minAvailable: 2 for 2 pods"],
      [
        [workload({}, {}, "ReplicaSet"), allowing({ minAvailable: 2 })],
        "minAvailable: 2 for 2 pods",
      ],
      [[barePod(), allowing({ minAvailable: 1 })], "minAvailable: 1 for 1 pod"],
      [
        [workload({}, { replicas: 1 }), allowing({ minAvailable: "50%" })],
        "minAvailable: 50% for 1 pod",
      ],
      [
        [workload(), scaler({ minReplicaCount: 0 }), allowing({ minAvailable: 1 })],
        "minAvailable: 1 for 1 pod",
      ],
    ].map(([objects, got]) => [
      objects as KubernetesObject[],
      `PodDisruptionBudget commerce-dev/shop: expected a budget that lets a pod be evicted, got ${got as string}; no node with such a pod can be drained`,
    ]),
  },
  spread: {
    passes: [[workload()], [workload({ affinity: undefined }, { replicas: 1 })]],
    fails: [
      [
        [workload({ affinity: undefined })],
        `${shop}: affinity.podAntiAffinity: expected a rule that spreads its pods over nodes, got none: all of them can be lost with one node`,
      ],
    ],
  },
  teamQuota: {
    passes: [[team, quota({ hard: sums })], [object("Namespace", "gateway")]],
    fails: [
      [
        [team],
        "Namespace commerce-dev: expected a ResourceQuota of this namespace that limits requests.cpu, requests.memory, requests.ephemeral-storage, pods, got none",
      ],
      [
        [team, quota({ hard: { "requests.cpu": "8", pods: "50" } })],
        "Namespace commerce-dev: expected a ResourceQuota of this namespace that limits requests.memory, requests.ephemeral-storage, got none",
      ],
      [
        [team, quota({ hard: sums, scopeSelector: {} })],
        "Namespace commerce-dev: expected a ResourceQuota of this namespace that limits requests.cpu, requests.memory, requests.ephemeral-storage, pods, got none",
      ],
    ],
  },
};
