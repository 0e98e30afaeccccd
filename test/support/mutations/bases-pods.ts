import type { Values } from "./base";
import { team, app, rules } from "./bases-apps-shared";

const resources = {
  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "1Gi" },
};

const limitedDisk = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "64Mi" },
};

const timing = { periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 };

/** Configs of apps: what their pods are, by kind and preset. */
export const podBases: Record<string, Values> = {
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
  scaledWorkers: {
    releases: rules,
    components: {
      ...team,
      autoscaling: { keda: { installedIn: "keda", prometheus: "http://prometheus.test:9090" } },
    },
    apps: {
      mailer: {
        team: "commerce",
        kind: "worker",
        image: "harbor.platform.test/shop/shop",
        scaling: {
          min: 2,
          max: 9,
          queries: { waiting: { query: 'sum(queue{app="$app"})', perPod: 100 } },
          times: [{ from: "0 18 * * *", to: "0 23 * * *", timeZone: "Asia/Shanghai", min: 4 }],
          down: { after: "10m", percent: 10, every: "1m" },
        },
        stable: { version: "1.4.2" },
        canary: { version: "1.5.0", weight: 25 },
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
  cron: {
    releases: rules,
    secretStores: { vault: { kind: "SecretStore" }, shared: { keys: ["{team}/{app}/"] } },
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
};
