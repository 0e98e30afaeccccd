import type { Values } from "./base";

const resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};
const endpoint = {
  enabled: true,
  addresses: ["10.0.0.1:1234"],
  scheme: "https",
  tls: { skipVerify: true, serverName: "a.test", secret: "scrape" },
  credentials: "none",
};
const podEndpoint = (port: number) => ({ ...endpoint, port, podLabels: { component: "part" } });
const found = (port: number) => ({ enabled: true, port, podLabels: { component: "part" } });

/** Configs of observability: logs, metrics and traces. */
export const observingBases: Record<string, Values> = {
  logging: {
    components: {
      storage: { existing: { block: "block" } },
      gateway: {},
      logging: {
        load: { linesPerDay: 1_000_000, bytesPerLine: 500, peakFactor: 3 },
        retentionDays: 10,
        bufferHours: 24,
        highlyAvailable: false,
        otherApps: { other: "other.platform.test" },
        storageClass: "block",
        zones: false,
        tlsSecret: "logging-tls",
        kafka: { security: "sasl-tls" },
        elasticsearch: { memoryMap: true, formed: true },
        kibana: { host: "kibana.platform.test" },
        rotation: { maximumSize: "100Mi", keepDays: 3, intervalMinutes: 5 },
        selinuxType: "spc_t",
      },
    },
  },
  loggingLarge: { components: { logging: { highlyAvailable: true, zones: true } } },
  monitoring: {
    components: {
      storage: { existing: { block: "block" } },
      gateway: {},
      tenancy: { teams: { commerce: {} } },
      monitoring: {
        storageClass: "block",
        pages: {
          grafana: "grafana.platform.test",
          prometheus: "prometheus.platform.test",
          alertmanager: false,
        },
        prometheus: {
          replicas: 1,
          scrapeInterval: "30s",
          retention: "15d",
          storage: "20Gi",
          appSampleLimit: 5000,
          resources,
        },
        alertmanager: { replicas: 1, retention: "120h", storage: "1Gi", resources },
        grafana: { storage: "2Gi", resources },
        kubeStateMetrics: { resources },
        nodeExporter: { resources },
        alertRoutes: {
          default: [{ type: "webhook", url: { secret: "receivers", key: "on-call" } }],
          heartbeat: { value: "https://heart.test/beat" },
          teams: {
            commerce: [
              { type: "slack", channel: "#shop", url: { secret: "receivers", key: "slack" } },
              { type: "email", to: "shop@platform.test" },
              {
                type: "dingtalk",
                url: { secret: "receivers", key: "dingtalk" },
                secret: { secret: "receivers", key: "dingtalk-secret" },
              },
              { type: "wecom", url: { value: "https://chat.test/wecom?key=x" } },
              {
                type: "feishu",
                url: { value: "https://chat.test/feishu" },
                secret: { value: "signed" },
              },
            ],
          },
          mail: {
            smarthost: "mail.test:587",
            from: "alerts@platform.test",
            login: { username: "alerts", password: { secret: "receivers", key: "mail" } },
          },
        },
        objective: 0.999,
        runbooks: "https://wiki.test/runbooks",
      },
    },
  },
  controlPlane: {
    components: {
      monitoring: {
        controlPlane: {
          apiserver: endpoint,
          etcd: podEndpoint(2381),
          controllerManager: podEndpoint(10_257),
          scheduler: podEndpoint(10_259),
          kubeProxy: podEndpoint(10_249),
          coredns: podEndpoint(9153),
          kubelet: endpoint,
        },
      },
    },
  },
  controlPlanePods: {
    components: {
      monitoring: {
        controlPlane: {
          etcd: found(2381),
          controllerManager: found(10_257),
          scheduler: found(10_259),
          kubeProxy: found(10_249),
          coredns: found(9153),
        },
      },
    },
  },
  tracing: {
    components: {
      storage: { existing: { block: "block" } },
      tracing: {
        sampling: { percent: 10, slowerThan: "2s", wait: "10s" },
        gateway: { replicas: 1, tracesPerSecond: 20 },
        tempo: { retention: "1d", storage: "2Gi", storageClass: "block", resources },
      },
    },
  },
};
