import type { Fields, Pair } from "./examples";

const cpu = (value: string): Fields => ({ type: "cpu", metadata: { value } });
const clock = (desiredReplicas: string): Fields => ({
  type: "cron",
  metadata: { timezone: "Etc/UTC", start: "0 18 * * *", end: "0 22 * * *", desiredReplicas },
});
const requests = (threshold: string, service: string): Fields => ({
  type: "prometheus",
  metadata: { query: `sum(rate(app:requests:total{service=~"${service}"}[2m]))`, threshold },
});
const scaled = (...triggers: Fields[]): Fields => ({ spec: { maxReplicaCount: 9, triggers } });
const autoscaled = (...use: [resource: string, averageUtilization: number][]): Fields => ({
  spec: {
    maxReplicas: 9,
    metrics: use.map(([name, averageUtilization]) => ({
      type: "Resource",
      resource: { name, target: { type: "Utilization", averageUtilization } },
    })),
  },
});

/** How many pods a load makes: each danger with the nearest change that is none. */
export const scalers: Pair[] = [
  {
    what: "pods are no longer added by schedule",
    kind: "ScaledObject",
    before: scaled(clock("20"), cpu("70")),
    after: scaled(cpu("70")),
    is: ["capacity", /no longer keeps `20` pods by `the schedule/],
    harmless: { before: scaled(cpu("70")), after: scaled(clock("20"), cpu("70")) },
  },
  {
    what: "fewer pods are kept by schedule",
    kind: "ScaledObject",
    before: scaled(clock("20")),
    after: scaled(clock("5")),
    is: ["capacity", /keeps fewer pods by `the schedule/],
    harmless: { after: scaled(clock("30")) },
  },
  {
    what: "a pod gets more load",
    kind: "ScaledObject",
    before: scaled(cpu("70")),
    after: scaled(cpu("100")),
    is: ["capacity", /target of `cpu` rises from `70` to `100`/],
    harmless: { after: scaled(cpu("50")) },
  },
  {
    what: "requests are counted differently",
    kind: "ScaledObject",
    before: scaled(requests("50", "shop-canary")),
    after: scaled({ type: "prometheus", metadata: { query: "vector(0)", threshold: "50" } }),
    is: ["capacity", /scales by another query/],
    harmless: { after: scaled(requests("50", "shop-stable|shop-canary")) },
  },
  {
    what: "a metric goes",
    kind: "HorizontalPodAutoscaler",
    before: autoscaled(["cpu", 70], ["memory", 80]),
    after: autoscaled(["cpu", 70]),
    is: ["capacity", /no longer scales by `memory`/],
    harmless: { before: autoscaled(["cpu", 70]), after: autoscaled(["cpu", 70], ["memory", 80]) },
  },
  {
    what: "a metric's target rises",
    kind: "HorizontalPodAutoscaler",
    before: autoscaled(["cpu", 70]),
    after: autoscaled(["cpu", 100]),
    is: ["capacity", /target of `cpu` rises from `70` to `100`/],
    harmless: { after: autoscaled(["cpu", 60]) },
  },
];
