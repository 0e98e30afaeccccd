import type { Values } from "./base";
import { team, app, rules } from "./bases-apps-shared";
import { podBases } from "./bases-pods";

const at = "2026-11-01T00:00:00Z";

const digest = `sha256:${"a".repeat(64)}`;

const by = { reason: "an incident", by: "ops" };

/** Configs of apps: their routes and releases. */
const routeBases: Record<string, Values> = {
  routes: {
    releases: rules,
    components: {
      ...team,
      gateway: { middlewares: {} },
      autoscaling: { keda: { installedIn: "keda", prometheus: "http://prometheus.test:9090" } },
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
          timeout: "1d",
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
  appStack: {
    platformStack: "organization/platform/base",
    releases: { forcedCanary: false },
    apps: { shop: { ...app, stable: { version: "1.4.2" } } },
  },
};

/** Configs of apps: their pods, routes and releases. */
export const appBases: Record<string, Values> = { ...podBases, ...routeBases };
