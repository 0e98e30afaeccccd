import { appBases } from "./bases-apps";
import type { Base, Values } from "./base";
import { ciBases } from "./bases-ci";
import { longestBases } from "./bases-longest";
import { observingBases } from "./bases-observing";
import { storedBases } from "./bases-stored";

export type { Base, Values } from "./base";

/** Required keys of every stack. */
const stack = {
  environment: "dev",
  domain: "platform.test",
  cluster: { kubeconfig: "none", context: "none" },
};

const crds = (file: string, sha256: string) => ({ file: `.local/crds/${file}.json`, sha256 });
const allowed = ["10.1.0.0/16"];
const reason = "a sale";

/** Independent parts of a stack, by topic. */
const parts: Record<string, Values> = {
  stack: {
    cluster: {
      kubeconfig: "none",
      context: "none",
      uid: "5c1d9f0e-7c1b-4a52-9d0e-2f6c7a1b3e84",
      version: "1.36",
    },
    releases: {
      forcedCanary: false,
      soak: "0s",
      checkRequired: false,
      requires: "organization/platform/gray",
      retain: 1,
      secondRelease: "refuse",
      prometheus: "http://prometheus.test:9090",
      check: {
        window: "30m",
        minimumRequests: 500,
        maximumErrorRatio: 0.01,
        highestErrorRatio: 0.05,
        errorFactor: 2,
        quantile: 0.99,
        latencyFactor: 1.5,
        maximumRestarts: 0,
        windows: ["5m"],
        validFor: "1d",
        queries: { saturation: { query: "max(x)", max: 0.9, min: 0 } },
      },
      weaker: { reason, by: "ops" },
    },
    freeze: { until: "2026-01-01T00:00:00Z", reason },
    teamFreezes: { commerce: { until: "2026-01-01T00:00:00Z", reason } },
    nodeGroups: { fast: { labels: { disk: "ssd" }, exclusive: true } },
    images: { mirror: "mirror.test:5000/images", digests: "used" },
    notifications: [
      {
        type: "webhook",
        url: { variable: "RELEASES_URL" },
        events: ["promote"],
        teams: ["commerce"],
        secret: { variable: "RELEASES_SECRET" },
      },
      ...["slack", "dingtalk", "wecom", "feishu"].map((type) => ({
        type,
        url: { variable: "CHAT_URL" },
        events: ["promote"],
        teams: ["commerce"],
        ...(["dingtalk", "feishu"].includes(type) ? { secret: { variable: "CHAT_SECRET" } } : {}),
      })),
    ],
    policy: {
      proposers: { commerce: ["ann"] },
      registries: ["quay.io"],
      digests: "required",
      nodePorts: { min: 30_000, max: 32_767 },
    },
    components: {
      placement: { declare: true, nodeGroup: "fast" },
      tenancy: { teams: { commerce: {} } },
    },
  },
  tenancy: {
    components: {
      tenancy: {
        teams: {
          commerce: {
            namespace: "commerce-shops",
            quota: { cpu: "16", memory: "32Gi", pods: 100, "ephemeral-storage": "25Gi" },
            labels: { "example.com/unit": "sales" },
            groups: { view: ["support"], release: ["leads"], admin: ["heads"] },
            egress: [{ cidr: "10.0.0.0/8", ports: [443, 8443], protocol: "TCP", reason }],
            nodePortApps: ["other"],
            podSecurity: { level: "privileged", reason },
          },
          content: { labels: { a: "b" } },
        },
        dnsServers: ["169.254.20.10/32"],
      },
    },
  },
  branch: {
    environment: "test",
    branch: "feature/pay",
    releases: { forcedCanary: false },
    components: { tenancy: { teams: { commerce: {} } } },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        number: 7,
        externalServices: { db: { addresses: ["10.0.0.1"], port: 3306 } },
        stable: { version: "1.4.2" },
        canary: { version: "1.5.0", weight: 10 },
      },
    },
  },
  gateway: {
    components: {
      gateway: {
        replicas: 2,
        exposure: {
          type: "NodePort",
          http: 30_080,
          https: 30_443,
          uploads: 30_444,
          externalTrafficPolicy: "Local",
        },
        tls: {
          secret: "tls",
          namespace: "certificates",
          hostname: "*.platform.test",
          redirect: true,
          port: 443,
        },
        proxies: { forwardedHeaders: ["10.9.0.0/16"], proxyProtocol: ["10.8.0.0/16"] },
        address: "gateway.platform.test",
        timeouts: { read: "60s", idle: "180s" },
        middlewares: {},
        allow: {
          default: allowed,
          harbor: allowed,
          nexus: allowed,
          jenkins: allowed,
          grafana: allowed,
          prometheus: allowed,
          alertmanager: allowed,
          kibana: allowed,
          dashboard: allowed,
        },
      },
    },
  },
  balanced: {
    components: {
      gateway: {
        exposure: {
          type: "LoadBalancer",
          annotations: { "example.com/class": "fast" },
          uploads: { annotations: { "example.com/class": "slow" } },
          externalTrafficPolicy: "Cluster",
        },
        tls: { secret: "tls", hostname: "a.test", issuer: { kind: "ClusterIssuer", name: "ca" } },
      },
    },
  },
  onMachines: {
    components: { gateway: { exposure: { type: "HostPort", http: 80, https: 443, uploads: 444 } } },
  },
  definitions: {
    components: {
      gateway: {
        crds: crds(
          "gateway-api-v1.4.0",
          "ce4cb96119019b0629a45af5cb16e0e98092c83e7e83f45d05a26d27eccfbede",
        ),
        middlewares: {
          crds: crds(
            "traefik-v3.6.23",
            "3dec89041597405c6717791f94f6fc2bf89b59fd84a5f0e77955f733a505a059",
          ),
        },
      },
    },
  },
  autoscaling: {
    components: {
      autoscaling: {
        metricsServer: { replicas: 1, kubeletInsecureTls: false },
        keda: { replicas: 1, prometheus: "http://prometheus.test:9090" },
      },
    },
  },
  keda: {
    components: {
      autoscaling: {
        keda: {
          crds: crds(
            "keda-v2.20.2",
            "0610b9fd808d67616c8b96d4601edfee2788dd4d130a6eba5e4acb41147ca238",
          ),
          prometheus: "http://prometheus.test:9090",
        },
      },
    },
  },
  dashboard: {
    components: {
      gateway: {},
      dashboard: {
        host: "dashboard.platform.test",
        replicas: 1,
        oidc: {
          issuer: "https://login.test",
          clientId: "headlamp",
          secret: "headlamp-oidc",
          scopes: ["profile"],
        },
      },
    },
  },
  images: {
    components: {
      images: {
        registry: "harbor.platform.test:5000",
        build: true,
        runtimes: ["nginx:1.26"],
        mirror: "https://nexus.platform.test/sources",
        debianMirror: "https://nexus.platform.test/debian",
        credentials: { username: "pusher", password: "secret-word" },
      },
    },
  },
};

/** Small complete configs. Together they contain every possible key. */
export const bases: Base[] = Object.entries({
  ...parts,
  ...storedBases,
  ...ciBases,
  ...observingBases,
  ...appBases,
  ...longestBases,
}).map(([name, values]) => ({ name, values: { ...stack, ...values } }));
