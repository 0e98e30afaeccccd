import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError, type ScalingConfig } from "../../config";
import { byKeda } from "../../config/app/scaling";
import type { RequestScaling } from "../autoscaling/keda";
import { customResource } from "../shared/custom-resource";
import { pausedReplicas } from "./annotations";
import type { WorkerPods } from "./worker";

/** How the number of a release's pods is determined; the keys are those of the config. */
export type Scaling = Pick<ScalingConfig, "min" | "max" | "cpu"> & Partial<ScalingConfig>;

/** Arguments of {@link autoscaler}. */
export interface AutoscalerArgs {
  /** Name of the app. */
  app: string;
  /** Metadata of the autoscaler. */
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };
  /** Deployment of the release. */
  deployment: k8s.apps.v1.Deployment;
  /** Bounds and targets of the autoscaler. */
  scaling: Scaling;
  /** Temporary minimum number of pods, which a rising share needs, if it is higher than `scaling.min`. Default: none. */
  floor?: number;
  /** Services whose requests go to the release; none for a former release. */
  services: string[];
  /** Resolves when it may change. Default: immediately. */
  after?: pulumi.Output<unknown>;
  /** Pods of a worker's release. Default: a web app. */
  worker?: Pick<WorkerPods, "replicas" | "autoscaler">;
  /** Where the requests are counted. Omit it if the stack has no KEDA. */
  requestScaling?: pulumi.Input<RequestScaling>;
}

/** Period over which requests are counted: four scrapes of Prometheus, so that one may fail. */
const rateWindow = "2m";

/** Interval between two queries, seconds. Prometheus scrapes every 30 s. */
const pollingInterval = 15;

/**
 * Declares the object that changes the number of a release's pods: a HorizontalPodAutoscaler by CPU and memory,
 * or a ScaledObject of KEDA, which creates such an autoscaler itself, if other metrics count as well. The
 * metric that asks for the most pods wins.
 */
export function autoscaler(args: AutoscalerArgs, parent: pulumi.Resource): pulumi.CustomResource {
  const { queries = {}, times = [] } = args.scaling;
  return byKeda({ ...args.scaling, queries, times }).length === 0
    ? horizontalPodAutoscaler(args, parent)
    : scaledObject(args, parent);
}

/** Returns how pods are removed. Default: the default of the autoscaler. */
function behavior({ down }: Scaling): { behavior?: object } {
  if (down === undefined) return {};
  const policy = { type: "Percent", value: down.percent, periodSeconds: down.every };
  return {
    behavior: { scaleDown: { stabilizationWindowSeconds: down.after, policies: [policy] } },
  };
}

function horizontalPodAutoscaler(
  { metadata, deployment, scaling, floor = scaling.min, after }: AutoscalerArgs,
  parent: pulumi.Resource,
): pulumi.CustomResource {
  const { max, cpu, memory } = scaling;
  const utilization = (resource: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name: resource, target: { type: "Utilization", averageUtilization } },
  });
  return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    metadata.name,
    {
      metadata: {
        ...metadata,
        // While a ScaledObject replaces this autoscaler, both exist for a moment. KEDA would reject the second one;
        // Kubernetes does not scale pods that two autoscalers select.
        annotations: { "validations.keda.sh/hpa-ownership": "false" },
      },
      spec: {
        scaleTargetRef: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: deployment.metadata.name,
        },
        minReplicas: declareAfter(floor, after),
        maxReplicas: max,
        metrics: [
          utilization("cpu", cpu),
          ...(memory === undefined ? [] : [utilization("memory", memory)]),
        ],
        ...behavior(scaling),
      },
    },
    { parent },
  );
}

function scaledObject(args: AutoscalerArgs, parent: pulumi.Resource): pulumi.CustomResource {
  const { app, metadata, deployment, scaling, services, requestScaling, after, worker } = args;
  if (requestScaling === undefined) {
    throw new ProgramError(
      `platform:components.autoscaling.keda: expected KEDA, because app "${app}" is scaled by metrics other than CPU and memory, got none; declare it in the platform stack.`,
    );
  }
  const { max, cpu, memory, requestsPerSecond, queries = {}, times = [] } = scaling;
  const utilization = (type: string, value: number) => ({
    type,
    metricType: "Utilization",
    metadata: { value: String(value) },
  });
  const prometheusTrigger = (text: (namespace: string) => string, perPod: number) => ({
    type: "prometheus",
    metricType: "AverageValue",
    metadata: {
      serverAddress: pulumi.output(requestScaling).prometheus,
      query: pulumi.output(metadata.namespace).apply(text),
      threshold: String(perPod),
      // Without a response, no pod is removed; CPU still adds pods.
      ignoreNullValues: "false",
    },
  });
  const requests =
    requestsPerSecond === undefined
      ? []
      : [prometheusTrigger((namespace) => query(namespace, services), requestsPerSecond)];
  const own = Object.values(queries).map(({ query: text, perPod }) =>
    prometheusTrigger(
      (namespace) => fillIn(text, { namespace, app, release: metadata.name }),
      perPod,
    ),
  );
  // A canary's pods follow its share of the requests, not the time of day.
  const isStable = services.includes(`${app}-stable`);
  return customResource(
    metadata.name,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { ...metadata, ...pauseAnnotation(args) },
      spec: {
        scaleTargetRef: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: deployment.metadata.name,
        },
        // Even without a query, this output orders the object: it is created after KEDA's CRDs, and deleted before the
        // operator, which removes its finalizer.
        pollingInterval: pulumi.output(requestScaling).apply(() => pollingInterval),
        minReplicaCount: declareAfter(minimumPods(args), after),
        maxReplicaCount: max,
        triggers:
          worker === undefined
            ? [
                utilization("cpu", cpu),
                ...(memory === undefined ? [] : [utilization("memory", memory)]),
                ...(services.length === 0 ? [] : [...requests, ...own]),
                ...(isStable ? times.map(cronTrigger) : []),
              ]
            : [...own, ...times.map(cronTrigger)],
        ...scaleDownSettings(scaling),
      },
    },
    { parent },
  );
}

/** Returns the minimum of a release's pods. A paused autoscaler has the number in its annotation. */
function minimumPods({ scaling, floor, worker }: AutoscalerArgs): number {
  return worker?.autoscaler === "scaling" ? worker.replicas : (floor ?? scaling.min);
}

/** Returns the annotation that keeps a number of pods, if the release of a worker has a fixed one. */
function pauseAnnotation({ worker, after }: AutoscalerArgs): {
  annotations?: Record<string, pulumi.Input<string>>;
} {
  if (worker?.autoscaler !== "paused") return {};
  const { replicas } = worker;
  return { annotations: { [pausedReplicas]: after?.apply(() => `${replicas}`) ?? `${replicas}` } };
}

/** Returns a value that is known immediately, but is declared only after something else has happened. */
function declareAfter(
  value: number,
  after: pulumi.Output<unknown> | undefined,
): pulumi.Input<number> {
  return after === undefined ? value : after.apply(() => value);
}

function cronTrigger({ from, to, timeZone, min }: ScalingConfig["times"][number]): object {
  return {
    type: "cron",
    metadata: { timezone: timeZone, start: from, end: to, desiredReplicas: String(min) },
  };
}

function scaleDownSettings(scaling: Scaling): { advanced?: object } {
  const own = behavior(scaling);
  return own.behavior === undefined ? {} : { advanced: { horizontalPodAutoscalerConfig: own } };
}

function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(/\$(namespace|app|release)\b/g, (_, name: string) => values[name] ?? "");
}

/**
 * Returns a query for the requests per second that the gateway sent to Services, from the monitoring's own
 * series. An app that has never had a request has no series; the result is 0 if other apps have series, and
 * empty if none has, because then Prometheus does not see the gateway.
 */
export function query(namespace: string, services: string[]): string {
  const of = `namespace="${namespace}",service=~"${services.join("|")}"`;
  return `sum(rate(app:requests:total{${of}}[${rateWindow}])) or 0 * sum(app:requests:total)`;
}
