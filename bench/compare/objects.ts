import { firstVersion, namespace } from "./settings";
import { platformApp } from "./platform-settings";
import type { Site } from "./site";

/** Pod template and autoscaler of the platform's app, for the same app of another system. */
export interface SameApp {
  /** Template of its pods in a version, with the label that the objects of the app select. */
  template(version: string): Template;
  /** Labels of its pods. */
  labels: Record<string, string>;
  /** Settings of its Deployment or Rollout, except for the pods. */
  workload: object;
  /** Its autoscaler. */
  autoscaler(target: { apiVersion: string; kind: string }): object;
  /** Service that leads to its pods. */
  service(name: string): object;
}

/** Template of pods. */
export interface Template {
  metadata?: object;
  spec: { containers: Container[]; [key: string]: unknown };
}

interface Container {
  image: string;
  ports: unknown;
  lifecycle?: { preStop?: { sleep?: { seconds: number }; exec?: { command: string[] } } };
}

/** Returns the platform's app with another name: the same containers, probes, resources and limits of scaling. */
export async function sameApp(site: Site, app: string): Promise<SameApp> {
  const own = `${platformApp}-${firstVersion.replaceAll(".", "-")}`;
  const deployment = await site.get<{
    spec: { template: Template; progressDeadlineSeconds: number; strategy: object };
  }>(`/apis/apps/v1/namespaces/${namespace}/deployments/${own}`);
  const { spec: scaling } = await site.get<{ spec: object }>(
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${own}`,
  );
  const labels = { app };
  const { template, progressDeadlineSeconds } = deployment.spec;
  return {
    labels,
    workload: { progressDeadlineSeconds },
    template: (version) => ({ metadata: { labels }, spec: inVersion(template.spec, version) }),
    autoscaler: (target) => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: app, namespace },
      spec: { ...scaling, minReplicas: 2, scaleTargetRef: { ...target, name: app } },
    }),
    service: (name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    }),
  };
}

/** Without rules that spread the pods of one release of the platform's app. */
function inVersion(spec: Template["spec"], version: string): Template["spec"] {
  const containers = spec.containers.map((container) => ({
    ...container,
    image: container.image.replace(/:[^:]*$/, `:${version}`),
  }));
  return { ...spec, affinity: undefined, topologySpreadConstraints: undefined, containers };
}
