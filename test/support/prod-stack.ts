import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../local/toolchain/paths";

type Config = Record<string, unknown>;
type Fields = Record<string, object>;

/** A typical change of the prod stack's config, and the steps of its update. */
interface Edit {
  change: (config: Config) => void;
  /** `updated HTTPRoute shop`. */
  steps: string[];
}

/** Returns the prod stack's config in git without its cluster. */
export function prodConfig(): Config {
  const text = readFileSync(join(checkout, "Pulumi.prod.yaml"), "utf8");
  const { config } = parse(text) as { config: Config };
  delete config["platform:cluster"];
  return config;
}

/** Ten different edits, each of one value or one name. */
export const edits: readonly Edit[] = [
  {
    change: app("shop", { canary: { version: "1.5.0", weight: 20 } }),
    steps: ["updated HTTPRoute shop"],
  },
  {
    change: app("news", { canary: { version: "2.1.0", weight: 5 } }),
    steps: [
      "created Deployment news-2-1-0",
      "created HorizontalPodAutoscaler news-2-1-0",
      "created PodDisruptionBudget news-2-1-0",
      "updated HTTPRoute news",
      "updated Service news-canary",
    ],
  },
  {
    change: (config) => {
      const { teams } = partsOf(config).tenancy as { teams: Record<string, { quota: object }> };
      Object.assign(teams.commerce?.quota ?? {}, { cpu: "220" });
    },
    steps: ["updated ResourceQuota commerce-online"],
  },
  {
    // Claim templates of a StatefulSet are immutable. Nothing else is replaced, for example its backups.
    change: part("monitoring", "prometheus", { storage: "600Gi" }),
    steps: ["replaced StatefulSet prometheus"],
  },
  {
    change: part("monitoring", "kubeStateMetrics", {
      resources: {
        requests: { cpu: "300m", memory: "512Mi" },
        limits: { cpu: "1", memory: "2Gi" },
      },
    }),
    steps: ["updated Deployment kube-state-metrics"],
  },
  {
    change: part("autoscaling", "metricsServer", { replicas: 3 }),
    steps: ["updated Deployment metrics-server"],
  },
  { change: part("dashboard", undefined, { replicas: 3 }), steps: ["updated Deployment headlamp"] },
  { change: part("gateway", undefined, { replicas: 4 }), steps: ["updated Deployment traefik"] },
  { change: part("artifacts", undefined, { heap: "5Gi" }), steps: ["updated StatefulSet nexus"] },
  {
    change: part("tracing", "sampling", { percent: 10 }),
    steps: [
      "created ConfigMap otel-gateway-…",
      "deleted ConfigMap otel-gateway-…",
      "updated Deployment otel-gateway",
      "updated ConfigMap prometheus-config",
    ],
  },
];

function partsOf(config: Config): Record<string, Fields> {
  return config["platform:components"] as Record<string, Fields>;
}

function app(name: string, fields: Fields) {
  return (config: Config) => {
    const apps = config["platform:apps"] as Record<string, object>;
    Object.assign(apps[name] ?? {}, fields);
  };
}

function part(name: string, key: string | undefined, fields: Record<string, unknown>) {
  return (config: Config) => {
    const { [name]: own = {} } = partsOf(config);
    Object.assign(key === undefined ? own : (own[key] ?? {}), fields);
  };
}
