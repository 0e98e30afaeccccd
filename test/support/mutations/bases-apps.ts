import type { Values } from "./base";

const resources = {
  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "1Gi" },
};
const limitedDisk = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "64Mi" },
};
const timing = { periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 };
const at = "2026-11-01T00:00:00Z";
const digest = `sha256:${"a".repeat(64)}`;
const by = { reason: "an incident", by: "ops" };

const team = {
  tenancy: {
    teams: { content: {}, commerce: { podSecurity: { level: "privileged", reason: "logs" } } },
  },
};
const app = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
};
const rules = { forcedCanary: false, checkRequired: false };

/** Configs of apps: their pods, routes and releases. */
export const appBases: Record<string, Values> = {
  pods: {
    releases: rules,
    nodeGroups: { fast: { labels: { disk: "ssd" } } },
    components: team,
    apps: {
      shop: {
        ...app,
        preset: "node",
        port: 8080,
        env: { LOG_LEVEL: "debug", HEAP: "1g" },
        secretEnv: { PASSWORD: { secret: "shop", key: "password" } },
        tracesEndpoint: "http://collector.test:4318",
        configFiles: { "/etc/shop/shop.yaml": "currency: EUR", "/etc/other.conf": "a" },
        configDir: {},
        secretFiles: { "/etc/keys": "shop-keys" },
        resources,
        probes: {
          readiness: { path: "/ready", ...timing },
          liveness: { tcp: true, ...timing },
          startup: { command: ["true"], ...timing },
        },
        metrics: { port: 9090, path: "/metrics" },
        hostAliases: { "10.0.0.2": ["erp.example.com"], "2001:db8::2": ["crm.example.com"] },
        logDirectories: {
          accesslogs: "/var/log/shop/access",
          devlogs: "/var/log/shop/dev",
          tomcatlogs: "/var/log/shop/tomcat",
        },
        hooks: { start: ["echo", "start"], stop: ["echo", "stop"] },
        nodeGroup: "fast",
        sidecars: {
          proxy: {
            image: "docker.io/library/proxy:1",
            command: ["run"],
            env: { A: "b" },
            resources,
          },
        },
        initContainers: [
          {
            name: "migrate",
            image: "docker.io/library/migrate:1",
            command: ["run"],
            env: { A: "b" },
            resources: limitedDisk,
          },
        ],
        drainSeconds: 30,
        tmp: "256Mi",
        readOnlyRootFilesystem: true,
        stable: { version: "1.4.2" },
      },
    },
  },
  workers: {
    releases: { ...rules, check: { queries: { restarts: { query: "sum(a)", max: 1 } } } },
    components: team,
    apps: {
      mailer: {
        team: "commerce",
        kind: "worker",
        image: "harbor.platform.test/shop/shop",
        command: ["/app/shop", "work"],
        port: 8081,
        probes: { readiness: { path: "/ready" }, liveness: { tcp: true } },
        metrics: { path: "/metrics" },
        hooks: { stop: ["/app/shop", "drain"] },
        scaling: { replicas: 4 },
        maxUnavailable: 2,
        steps: { weights: [25, 50], every: "30m" },
        check: {
          queries: {
            failed: { query: 'sum(failed_total{pod=~"$release-.*"})', max: 5, min: 0 },
          },
        },
        stable: { version: "1.4.2" },
        canary: { version: "1.5.0", weight: 25 },
      },
    },
  },
  routes: {
    releases: rules,
    components: {
      ...team,
      gateway: { middlewares: {} },
      autoscaling: { keda: { prometheus: "http://prometheus.test:9090" } },
    },
    apps: {
      shop: {
        ...app,
        hosts: ["www.shop.platform.test"],
        paths: ["/api/v2", "/shop"],
        protocol: "h2c",
        rateLimit: { perSecond: 100, burst: 200 },
        calls: ["news", "content/search"],
        allow: ["10.1.0.0/16", "2001:db8::/32"],
        maxBodySize: "10Mi",
        number: 7,
        scaling: {
          min: 2,
          max: 4,
          rest: 1,
          cpu: 70,
          memory: 80,
          requestsPerSecond: 50,
          queries: { queue: { query: 'max(queue{namespace="$namespace"})', perPod: 10 } },
          times: [{ from: "30 7 * * 1-5", to: "0 20 * * 1-5", timeZone: "Asia/Shanghai", min: 3 }],
          down: { after: "5m", percent: 50, every: "1m" },
        },
        maxUnavailable: 1,
        progressDeadlineSeconds: 300,
        externalServices: {
          pay: { host: "pay.example.com" },
          db: { addresses: ["10.0.0.1"], port: 3306 },
        },
        stable: { version: "1.4.2" },
        canary: { version: "1.5.0", weight: 10 },
        canaryFor: [
          { headers: { "x-gray": "1" } },
          { cookie: { name: "gray", value: "1" } },
          { query: { gray: "1" } },
        ],
      },
      news: { ...app, domain: "news.platform.test", stable: { version: "2" } },
      search: { ...app, team: "content", domain: "search.platform.test", stable: { version: "3" } },
    },
  },
  cron: {
    releases: rules,
    secretStores: { vault: { kind: "SecretStore" } },
    components: {
      tenancy: {
        teams: {
          commerce: {
            ...team.tenancy.teams.commerce,
            quota: { cpu: "32", memory: "64Gi", pods: 100, volumes: "1Ti" },
          },
        },
      },
      storage: { existing: { files: "shared", disks: "block" } },
    },
    apps: {
      shop: {
        ...app,
        externalSecrets: {
          login: {
            store: "vault",
            data: { password: { key: "shop/login", property: "password", version: "3" } },
          },
        },
        secretEnv: { PASSWORD: { secret: "login", key: "password" } },
        volumes: {
          uploads: {
            path: "/srv/uploads",
            storageClass: "files",
            size: "20Gi",
            per: "app",
            accessMode: "ReadWriteMany",
          },
          index: {
            path: "/srv/index",
            storageClass: "disks",
            size: "5Gi",
            per: "pod",
            accessMode: "ReadWriteOncePod",
          },
        },
        cron: {
          tidy: {
            command: ["tidy", "up"],
            resources,
            schedule: "30 2 * * *",
            timeZone: "Asia/Shanghai",
            concurrencyPolicy: "Replace",
            activeDeadlineSeconds: 600,
            retries: 1,
            history: { successful: 1, failed: 3 },
            suspend: true,
          },
        },
        migrate: {
          command: ["migrate", "up"],
          resources,
          activeDeadlineSeconds: 600,
          retries: 1,
          contract: "1.4.0",
        },
        stable: { version: "1.4.2" },
      },
    },
  },
  releases: {
    releases: rules,
    components: team,
    apps: {
      shop: {
        ...app,
        maxUnavailable: "25%",
        stable: {
          version: "1.4.2",
          digest,
          revision: 1,
          check: { verdict: "pass", at, release: "1.4.2", samples: 500, rules: "0123456789abcdef" },
          now: true,
        },
        canary: {
          version: "1.5.0",
          digest,
          revision: 2,
          check: { verdict: "inconclusive", at, release: "1.5.0-r2", samples: 5 },
          weight: 10,
          hold: true,
        },
        steps: {
          weights: [10, 50, 100],
          every: "30m",
          check: true,
          inconclusive: "wait",
          patience: "1d",
        },
        override: by,
        freeze: { until: "2026-01-01T00:00:00Z", reason: "a sale" },
        noRollbackBelow: "1.0.0",
      },
    },
  },
  ingress: {
    releases: rules,
    components: { ...team, gateway: {} },
    apps: {
      shop: {
        ...app,
        ingress: { className: "nginx", tlsSecret: "shop-tls" },
        stable: { version: "1" },
      },
    },
  },
  php: {
    releases: rules,
    components: team,
    apps: {
      shop: {
        ...app,
        preset: "php-fpm",
        runtime: "php:8.4",
        repository: "https://git.test/commerce/shop.git",
        stable: { version: "1.4.2" },
      },
    },
  },
  tomcat: {
    environment: "online",
    releases: rules,
    components: { tenancy: { teams: { commerce: {} } } },
    apps: {
      shop: { ...app, preset: "java-tomcat", number: 1, stable: { version: "1.4.2" } },
      news: { ...app, domain: "news.platform.test", preset: "static", stable: { version: "2" } },
    },
  },
  appStack: {
    platformStack: "organization/platform/base",
    releases: { forcedCanary: false },
    apps: { shop: { ...app, stable: { version: "1.4.2" } } },
  },
};
