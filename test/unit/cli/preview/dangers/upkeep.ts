import { container, type Fields, type Pair } from "./examples";

const listener = (fields: Fields): Fields => ({ name: "websecure", port: 8443, ...fields });
const gateway = (...listeners: Fields[]): Fields => ({ spec: { listeners } });
const secured = listener({ tls: { certificateRefs: [{ name: "wildcard" }] } });
const file = (name: string, content: unknown): Fields => ({
  data: { [name]: typeof content === "string" ? content : JSON.stringify(content) },
});
const lifeCycle = (age: string): Fields =>
  file("settings.json", {
    objects: [{ path: "/_ilm", body: { phases: { delete: { min_age: age } } } }],
  });
const snapshots = (schedule: string): Fields =>
  file("elasticsearch.json", { policy: { schedule } });
const cron = (schedule: string, suspend = false): Fields => ({ spec: { schedule, suspend } });
const keeping = (count: string): Fields => ({
  spec: {
    schedule: "0 1 * * *",
    jobTemplate: {
      spec: {
        template: {
          spec: { containers: [{ name: "save", env: [{ name: "KEEP_DAILY", value: count }] }] },
        },
      },
    },
  },
});
const hard = (cpu: string): Fields => ({ spec: { hard: { "requests.cpu": cpu } } });
const memory = (request: string, limit: string): Fields =>
  container({ resources: { requests: { memory: request }, limits: { memory: limit } } });

/** Changes of data and availability: each danger with the most similar harmless change. */
export const upkeep: Pair[] = [
  {
    what: "a TLS listener is removed",
    kind: "Gateway",
    before: gateway(secured),
    after: gateway(),
    is: ["tls", /no longer listens as `websecure`/],
    harmless: {
      after: { ...gateway(secured), metadata: { name: "x", namespace: "a", labels: { a: "b" } } },
    },
  },
  {
    what: "a listener gets another certificate",
    kind: "Gateway",
    before: gateway(secured),
    after: gateway(listener({ tls: { certificateRefs: [{ name: "other" }] } })),
    is: ["tls", /listener `websecure`: `tls` changes/],
    harmless: { after: gateway(secured) },
  },
  {
    what: "requests are no longer sent to HTTPS",
    kind: "HTTPRoute",
    before: { spec: { rules: [{ filters: [{ requestRedirect: { scheme: "https" } }] }] } },
    after: { spec: { rules: [{}] } },
    is: ["tls", /no longer sends its clients to HTTPS/],
    harmless: {
      before: { spec: { rules: [{}] } },
      after: { spec: { rules: [{ filters: [{ requestRedirect: { scheme: "https" } }] }] } },
    },
  },
  {
    what: "Prometheus keeps less",
    kind: "StatefulSet",
    before: container({ args: ["--storage.tsdb.retention.time=1d"] }),
    after: container({ args: ["--storage.tsdb.retention.time=1h"] }),
    is: ["retention", /retention\.time` changes from `1d` to `1h`/],
    harmless: { after: container({ args: ["--storage.tsdb.retention.time=2d"] }) },
  },
  {
    what: "indices are deleted earlier",
    kind: "ConfigMap",
    before: lifeCycle("10d"),
    after: lifeCycle("12h"),
    is: ["retention", /delete\.min_age` changes from `10d` to `12h`/],
    harmless: { after: lifeCycle("30d") },
  },
  {
    what: "fewer copies are kept",
    kind: "CronJob",
    before: keeping("7"),
    after: keeping("1"),
    is: ["retention", /KEEP_DAILY` changes from `7` to `1`/],
    harmless: { after: keeping("14") },
  },
  {
    what: "Kafka keeps less",
    kind: "ConfigMap",
    before: file("server.properties", "log.retention.hours=24"),
    after: file("server.properties", "log.retention.hours=1"),
    is: ["retention", /log\.retention\.hours/],
    harmless: { after: file("server.properties", "log.retention.hours=48") },
  },
  {
    what: "a backup is suspended",
    kind: "CronJob",
    before: cron("0 1 * * *"),
    after: cron("0 1 * * *", true),
    is: ["schedule", /is suspended/],
    harmless: { before: cron("0 1 * * *", true), after: cron("0 1 * * *") },
  },
  {
    what: "a backup runs less often",
    kind: "CronJob",
    before: cron("0 1 * * *"),
    after: cron("0 1 * * 0"),
    is: ["schedule", /runs less often/],
    harmless: { after: cron("30 2 * * *") },
  },
  {
    what: "snapshots are taken less often",
    kind: "ConfigMap",
    before: snapshots("0 30 1 * * ?"),
    after: snapshots("0 30 1 1 * ?"),
    is: ["schedule", /run less often/],
    harmless: { after: snapshots("0 30 2 * * ?") },
  },
  {
    what: "a storage class deletes volumes",
    kind: "StorageClass",
    before: { reclaimPolicy: "Retain" },
    after: { reclaimPolicy: "Delete" },
    is: ["storage", /reclaimPolicy` changes from `Retain` to `Delete`/],
    harmless: { after: { reclaimPolicy: "Retain" } },
  },
  {
    what: "pods' volumes are deleted with them",
    kind: "StatefulSet",
    before: { spec: {} },
    after: { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } } },
    is: ["storage", /persistentVolumeClaimRetentionPolicy/],
    harmless: { after: { spec: { podManagementPolicy: "Parallel" } } },
  },
  {
    what: "a webhook changes",
    kind: "ValidatingWebhookConfiguration",
    before: { webhooks: [{ failurePolicy: "Ignore" }] },
    after: { webhooks: [{ failurePolicy: "Fail" }] },
    is: ["admission", /admitted or refused by other rules/],
    harmless: { after: { webhooks: [{ failurePolicy: "Ignore" }] } },
  },
  {
    what: "a definition is new",
    kind: "CustomResourceDefinition",
    op: "create",
    after: {},
    is: ["admission", /New for the whole cluster/],
    harmless: { kind: "ConfigMap" },
  },
  {
    what: "an image changes across a major version",
    kind: "StatefulSet",
    before: container({ image: "docker.io/library/postgres:16.4" }),
    after: container({ image: "docker.io/library/postgres:17.0" }),
    is: ["image", /a new major version/],
    harmless: { after: container({ image: "docker.io/library/postgres:16.5" }) },
  },
  {
    what: "an image goes back a version",
    kind: "StatefulSet",
    before: container({ image: "a/b:v2.5.1-alpine" }),
    after: container({ image: "a/b:v2.4.9-alpine" }),
    is: ["image", /back to an earlier version/],
    harmless: { after: container({ image: "a/b:v2.6.0-alpine" }) },
  },
  {
    what: "a quota is below what runs",
    kind: "ResourceQuota",
    before: hard("16"),
    after: hard("1"),
    is: ["quota", /falls from `16` to `1`, and what is declared there may need `2`/],
    harmless: { after: hard("8") },
  },
  {
    what: "memory falls below what was reserved",
    kind: "Deployment",
    before: memory("1Gi", "2Gi"),
    after: memory("256Mi", "512Mi"),
    is: ["quota", /at most `512Mi` of memory/],
    harmless: { after: memory("1Gi", "1Gi") },
  },
  {
    what: "an autoscaler keeps fewer pods",
    kind: "ScaledObject",
    before: { spec: { minReplicaCount: 4 } },
    after: { spec: { minReplicaCount: 2 } },
    is: ["capacity", /minReplicaCount` falls from `4` to `2`/],
    harmless: { after: { spec: { minReplicaCount: 5 } } },
  },
  {
    what: "an autoscaler makes fewer pods",
    kind: "HorizontalPodAutoscaler",
    before: { spec: { maxReplicas: 9 } },
    after: { spec: { maxReplicas: 3 } },
    is: ["capacity", /may run fewer pods/],
    harmless: { after: { spec: { maxReplicas: 10 } } },
  },
  {
    what: "a disruption budget is loosened",
    kind: "PodDisruptionBudget",
    before: { spec: { maxUnavailable: 1 } },
    after: { spec: { maxUnavailable: 3 } },
    is: ["capacity", /lets more pods be evicted/],
    harmless: { before: { spec: { minAvailable: 1 } }, after: { spec: { minAvailable: 2 } } },
  },
];
