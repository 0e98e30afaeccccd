/** Values of a key; undefined removes it. */
export type Values = readonly unknown[];

const cidrs = [["10.0.0.0/8"], ["10.0.0.0/8", "192.168.0.0/16"], ["0.0.0.0/0"], undefined];

const resources = (cpu: string, memory: string) => ({
  requests: { cpu, memory },
  limits: { cpu: "2", memory: "2Gi" },
});

/** Two containers that run before the app, whose order can change. */
export const initContainers = ["fetch", "unpack"].map((name) => ({
  ...{ name, image: "harbor.dev.platform.test/tools/tools:1.0.0" },
  command: ["/bin/true"],
}));

/** Values of keys of apps, by `app key.key`. */
export const ofApps: Record<string, Values> = {
  "shop env.LOG_LEVEL": ["info", undefined],
  "shop env.CURRENCY": ["EUR", "yes"],
  "shop configFiles./etc/shop/shop~yaml": ["currency: CHF\npageSize: 20\n", undefined],
  "shop canary.weight": [0, 25, 60, 100],
  "shop canary": [undefined, { version: "1.6.0", weight: 5 }],
  "shop initContainers": [[...initContainers].reverse(), initContainers.slice(0, 1)],
  "shop env": [{ LOG_LEVEL: "debug" }, { POOL: "5", LOG_LEVEL: "debug" }],
  "shop hosts": [["www.shop.dev.platform.test"]],
  "shop paths": [["/"], ["/shop", "/api"]],
  "shop allow": cidrs,
  "shop rateLimit": [{ perSecond: 20 }, { perSecond: 500, burst: 900 }],
  "shop scaling": [{ min: 1, max: 4 }, { min: 3, max: 12 }, { cpu: 90 }],
  "shop maxUnavailable": [1, "50%"],
  "shop resources": [resources("100m", "256Mi"), resources("0.5", "1Gi")],
  "shop probes": [{ readiness: { path: "/ready", periodSeconds: 7 } }],
  "shop drainSeconds": [60],
  "shop calls": [["content/news"]],
  "shop domain": ["store.dev.platform.test"],
  "shop externalServices": [
    { pay: { host: "pay.example.com" } },
    { db: { addresses: ["192.0.2.10", "192.0.2.11"], port: 3306 } },
  ],
  "shop number": [3],
  "shop canaryFor": [[{ headers: { "x-gray": "yes" } }], [{ cookie: { name: "a", value: "b" } }]],
  "shop freeze": [{ until: "2099-01-01T00:00:00Z", reason: "a sale" }],
  "shop metrics": [{ port: 9100 }],
  "news stable.version": ["2.1.0"],
  "news canary": [{ version: "2.1.0", weight: 15 }],
  "news scaling": [
    { min: 2, max: 2 },
    { min: 1, max: 9, memory: 80 },
  ],
  "news maxBodySize": ["5Mi"],
  "news cron": [{ index: { schedule: "5 * * * *", command: ["/app/news", "index"] } }],
  news: [undefined],
  "orders allow": cidrs,
  "orders rateLimit": [{ perSecond: 10 }, undefined],
  "orders maxBodySize": ["1Mi", "40Mi", undefined],
  "orders cron.close-day.schedule": ["0 3 * * 0", "*/5 * * * *"],
  "orders cron.close-day.suspend": [true],
  "orders cron": [undefined],
  "orders number": [13, undefined],
  "orders hosts": [[], ["www.dev.platform.test", "order.dev.platform.test"]],
  "orders paths": [["/orders"], ["/orders", "/api/orders", "/api/bills"]],
  "orders calls": [[], ["commerce/shop", "news"]],
  "orders stable.version": ["3.2.0"],
  "orders env.POOL": ["5"],
  "mailer scaling.replicas": [1, 2, 8],
  "mailer canary.weight": [0, 50],
  "mailer canary": [undefined],
  "mailer command": [["/app/shop", "send-mails", "--fast"]],
  mailer: [undefined],
  blog: [
    {
      ...{ team: "content", domain: "blog.dev.platform.test", stable: { version: "1.0.0" } },
      image: "harbor.dev.platform.test/blog.dev.platform.test/blog",
    },
  ],
};

/** Values of keys of parts, by `part key.key`. */
export const ofParts: Record<string, Values> = {
  "tenancy teams.commerce.quota": [
    { cpu: "1", memory: "2Gi", pods: 5 },
    { cpu: "32", memory: "64Gi", pods: 300 },
  ],
  "tenancy teams.content.quota.pods": [20, 151],
  "tenancy teams.commerce.groups.view": [[], ["auditors", "support"], ["support", "auditors"]],
  "tenancy teams.commerce.groups.admin": [["commerce-leads", "everyone"]],
  "tenancy teams.content.groups.release": [[], ["content-developers", "support"]],
  "tenancy teams.commerce.egress": [
    [{ cidr: "198.51.100.0/24", ports: [443] }],
    [{ cidr: "0.0.0.0/0", ports: [443, 8443], reason: "payment" }],
  ],
  "tenancy teams.content.labels": [{ cost: "a12" }],
  "tenancy teams.content.podSecurity": [{ level: "baseline", reason: "an old image" }],
  "tenancy teams.payments": [{ groups: { view: ["support"] } }],
  "tenancy dnsServers": [["169.254.20.10/32", "10.1.2.3/32"]],
  "gateway replicas": [2, 3],
  "gateway exposure.http": [30081],
  "gateway exposure.uploads": [undefined],
  "gateway exposure.externalTrafficPolicy": ["Local"],
  "gateway timeouts": [{ read: "30s", idle: "90s" }],
  "gateway allow": [{ default: ["10.0.0.0/8"] }],
  "gateway proxies": [{ forwardedHeaders: ["10.9.0.0/16"] }],
  "dashboard replicas": [2],
  "dashboard host": ["cluster.dev.platform.test"],
  dashboard: [undefined],
};

/**
 * The same of parts with state, which take long to bring up. No claim gets another size: the simulated cluster has no
 * storage that can grow, and its API server refuses it.
 */
export const ofServices: Record<string, Values> = {
  "monitoring prometheus.retention": ["6h", "15d"],
  "monitoring prometheus.scrapeInterval": ["60s"],
  "monitoring prometheus.replicas": [2],
  "monitoring prometheus.storage": ["4Gi"],
  "monitoring alertmanager.retention": ["240h"],
  "monitoring pages": [{ prometheus: "metrics.dev.platform.test", alertmanager: false }],
  "monitoring controlPlane.apiserver.enabled": [false],
  "logging load.linesPerDay": [2000000, 500000],
  "logging retentionDays": [3, 20],
  "logging bufferHours": [2, 48],
  "logging rotation.keepDays": [1],
  "logging kibana.host": ["logs.dev.platform.test"],
  "logging elasticsearch.formed": [true],
  "artifacts heap": ["2Gi"],
  "artifacts cleanup.unusedFor": ["7d"],
  "artifacts repositories.files": [undefined],
  "artifacts host": ["files.dev.platform.test"],
  "backup retention": [{ last: 1, daily: 1, weekly: 0, monthly: 0 }],
  "backup suspended": [["nexus"]],
  "backup schedules.nexus": ["30 3 * * *"],
  "backup repository.prefix": ["other"],
  "tracing sampling.percent": [10],
  "tracing tempo.retention": ["1h"],
  tracing: [undefined],
  "storage nfs.exports.shared.reclaimPolicy": ["Retain"],
  "storage nfs.exports.shared.share": ["/exports/other"],
  "storage nfs.exports.more": [{ server: "nfs.dev.platform.test", share: "/exports/more" }],
  "storage default": ["shared"],
  "gateway replicas": [3],
  "gateway allow.kibana": [["10.0.0.0/8"]],
};
