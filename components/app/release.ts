import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import { readyWithin } from "../../config/app/deadline";
import { disruptionBudget } from "../shared/budget";
import { objectLabels, selectorLabels, type SelectorLabels } from "../shared/labels";
import { scrapeAnnotations } from "../shared/pods";
import { migrationJob, type Migration, type MigrationWaiting } from "./migration";
import { mountsOf, type Mounts } from "./mounts";
import { podSpec, stoppingSeconds } from "./pod";
import type { PodArgs } from "./pod-args";
import { httpPort } from "./preset";
import { kindLabels, roleAnnotations, minimumRunTime, type WorkerPods } from "./worker";
import { autoscaler, type AutoscalerArgs } from "./scaling";

/** Arguments of {@link Release}. */
export interface ReleaseArgs
  extends PodArgs, Pick<AutoscalerArgs, "scaling" | "floor" | "services" | "requestScaling"> {
  /** Version, and revision if it is above 1. */
  key: string;
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** Domain of the app, which is part of the paths of its log directories. Omit it for a worker. */
  domain?: string;
  /** Claims and Secrets of the app that its pods may mount. */
  mounted: pulumi.Resource[];
  /** Number of pods that must be ready before its share of the requests rises. Default: 0. */
  needed?: number;
  /** Role and pods of a worker's release. Omit it for a web app, which has an autoscaler. */
  worker?: WorkerPods & {
    /** Resolves when its number of pods may change. Default: immediately. */
    after?: pulumi.Output<unknown>;
  };
  /** Migration that runs before its first pod starts. Default: none. */
  migration?: Migration;
  /** Only the wait for the migration is used here. */
  waiting: MigrationWaiting;
  /** Pods that node drains may evict at the same time: a number, or a percentage such as `25%`. */
  maxUnavailable: number | string;
  /**
   * Time within which its pods must become ready, seconds. After that, its rollout has failed. Default: 300, or as
   * long as its startup probe needs.
   */
  progressDeadlineSeconds?: number;
}

/**
 * One release of an app: its Deployment with its own config files, autoscaler and disruption budget. Nothing in
 * it depends on whether it is stable or canary, so no change of role restarts it.
 */
export class Release extends pulumi.ComponentResource {
  /** Labels that select only this release's pods. */
  readonly selector: SelectorLabels;
  /** Version, and revision if it is above 1. */
  readonly key: string;
  /** Name of its objects. */
  readonly releaseName: string;
  /** Volumes and mounts of its pods. */
  readonly mounts: Mounts;
  /** The Deployment, which must be ready before the release may get requests. */
  readonly deployment: k8s.apps.v1.Deployment;
  /**
   * The object that sets its number of pods. For a release without a role, it exists only after
   * {@link declareAutoscaler}.
   */
  autoscaler?: pulumi.CustomResource;
  /** Protocol of its port. Default: HTTP/1.1. */
  readonly protocol: ReleaseTemplate["protocol"];
  /** Number of pods that must be ready before its share of the requests rises; 0 if it does not rise. */
  readonly needed: number;
  /** Pods of a worker's release. Undefined for a web app. */
  readonly worker?: WorkerPods;
  private readonly scaling: AutoscalerArgs;
  private readonly isScaled: boolean;

  constructor(name: string, args: ReleaseArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:app:Release", name, {}, opts);
    this.releaseName = name;
    this.key = args.key;
    this.protocol = args.template.protocol;
    this.needed = args.needed ?? 0;
    this.selector = selectorLabels(args.app, name);
    const metadata = {
      name,
      namespace: args.namespace,
      labels: {
        ...objectLabels(args.app, "apps"),
        ...this.selector,
        "app.kubernetes.io/version": versionLabel(args.version),
      },
    };
    const mounts = mountsOf(name, args, this);
    this.mounts = mounts;
    const { migration, migrated } = declareMigration(name, args, mounts, this);
    const pods = {
      metadata: {
        labels: { ...metadata.labels, ...kindLabels(args.template) },
        annotations: metricsOf(args.template),
      },
      spec: podSpec(args, this.selector, mounts),
    };
    this.deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: { ...metadata, ...deploymentAnnotations(args) },
        spec: {
          ...fixedReplicas(args),
          selector: { matchLabels: this.selector },
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
          },
          progressDeadlineSeconds: readyWithin(args.template, args.progressDeadlineSeconds),
          template: migration.length === 0 ? pods : migrated.apply(() => pods),
        },
      },
      {
        parent: this,
        dependsOn: [...mounts.objects, ...migration],
        customTimeouts: customTimeouts(args),
      },
    );
    this.scaling = { ...args, metadata, deployment: this.deployment };
    this.isScaled = args.worker === undefined;
    this.worker = args.worker;
    if (args.worker?.autoscaler !== undefined) {
      // The temporary minimum is in the numbers of the worker.
      const { after } = args.worker;
      this.autoscaler = autoscaler({ ...this.scaling, floor: undefined, after }, this);
    } else if (this.isScaled && args.services.length > 0) {
      this.autoscaler = autoscaler(this.scaling, this);
    }
    const { maxUnavailable } = args;
    disruptionBudget(name, { ...metadata, matchLabels: this.selector, maxUnavailable }, this);
    this.registerOutputs({});
  }

  /**
   * Declares the autoscaler of a release without a role. A release that loses its role in this update serves
   * requests until `after`, so it keeps its autoscaler until then.
   */
  declareAutoscaler(after: pulumi.Output<unknown>): void {
    if (!this.isScaled) return;
    this.autoscaler ??= autoscaler({ ...this.scaling, after }, this);
  }
}

function deploymentAnnotations({ key, worker }: ReleaseArgs): {
  annotations?: pulumi.Input<Record<string, string>>;
} {
  if (worker === undefined) return {};
  const annotations = roleAnnotations(key, worker);
  // They change together with the number of pods, which may be in another object.
  return { annotations: worker.after?.apply(() => annotations) ?? annotations };
}

/**
 * Returns the number of a worker's pods, unless an autoscaler sets it. The number 0 is always declared: of a new
 * Deployment that states no number, Kubernetes starts one pod.
 */
function fixedReplicas({ worker, template }: ReleaseArgs): {
  replicas?: pulumi.Input<number>;
  minReadySeconds?: number;
} {
  if (worker === undefined) return {};
  const { replicas, after, autoscaler } = worker;
  if (autoscaler !== undefined && replicas > 0) return minimumRunTime(template);
  return { replicas: after?.apply(() => replicas) ?? replicas, ...minimumRunTime(template) };
}

/** Declares the Job of the release's migration, if it has one, and returns an output that resolves after it has run. */
function declareMigration(
  release: string,
  args: ReleaseArgs,
  mounts: Mounts,
  parent: pulumi.Resource,
): { migration: k8s.batch.v1.Job[]; migrated: pulumi.Output<unknown> } {
  const { migration, template, waiting } = args;
  const job = migration && migrationJob(args.app, { ...args, release, mounts, migration }, parent);
  if (job === undefined) return { migration: [], migrated: pulumi.output(undefined) };
  const deadlineSeconds = template.migrate?.activeDeadlineSeconds ?? 0;
  const migrated = waiting.afterMigration(job, { name: release, deadlineSeconds });
  return { migration: [job], migrated };
}

/** Returns the annotations with which Prometheus finds the app's metrics; none if it has no metrics. */
function metricsOf(template: ReleaseTemplate): Record<string, string> | undefined {
  const { metrics } = template;
  return metrics && scrapeAnnotations(metrics.port ?? httpPort(template), metrics.path);
}

/** Returns a version as a label value, which can have at most 63 characters. */
function versionLabel(version: string): string {
  return version.slice(0, 63).replace(/[^A-Za-z0-9]+$/, "");
}

/** How long the plugin waits for the deletion of an object by default, seconds. */
const defaultDeletionSeconds = 600;

/** A Deployment is gone when all of its pods have ended; each may take its whole termination grace period. */
function customTimeouts({ progressDeadlineSeconds, template }: ReleaseArgs): pulumi.CustomTimeouts {
  const ready = `${readyWithin(template, progressDeadlineSeconds) + 30}s`;
  const gone = Math.max(defaultDeletionSeconds, stoppingSeconds(template) + 60);
  return { create: ready, update: ready, delete: `${gone}s` };
}
