import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import { objectLabels, selectorLabels, type SelectorLabels } from "../shared/labels";
import { scraped } from "../shared/pods";
import { migrationJob, type Migration, type MigrationWaiting } from "./migration";
import { mountsOf, type Mounts } from "./mounts";
import { podSpec } from "./pod";
import type { PodArgs } from "./pod-args";
import { httpPort } from "./preset";
import { kindLabels, roleAnnotations, settling, type WorkerPods } from "./worker";
import { autoscaler, type AutoscalerArgs } from "./scaling";

/** Arguments of {@link Release}. */
export interface ReleaseArgs
  extends PodArgs, Pick<AutoscalerArgs, "scaling" | "floor" | "services" | "requestScaling"> {
  /** Version, and revision above 1. */
  key: string;
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** Domain of the app, which names its log directories; a worker has neither. */
  domain?: string;
  /** Claims and Secrets of the app that its pods may mount. */
  mounted: pulumi.Resource[];
  /** Pods that must be ready before its share of the requests rises. */
  needed?: number;
  /** Role and pods of a worker's release; a web app has an autoscaler. */
  worker?: WorkerPods & {
    /** What must have happened before its number of pods changes; nothing without it. */
    after?: pulumi.Output<unknown>;
  };
  /** What runs before its first pod starts; nothing without it. */
  migration?: Migration;
  /** Only the migration is waited for here. */
  waiting: MigrationWaiting;
  /** Pods that may be away at once for maintenance: a number, or percent such as `25%`. */
  maxUnavailable: number | string;
  /** Seconds in which its pods must become ready, or its rollout has failed. */
  progressDeadlineSeconds: number;
}

/**
 * One release of an app: its Deployment with its own config files, autoscaler and disruption
 * budget. Nothing in it says whether it is stable or canary, so that no change of role restarts it.
 */
export class Release extends pulumi.ComponentResource {
  /** Labels that pick out this release's pods, and no other's. */
  readonly selector: SelectorLabels;
  /** Version, and revision above 1. */
  readonly key: string;
  /** Name of its objects. */
  readonly releaseName: string;
  /** What its pods mount. */
  readonly mounts: Mounts;
  /** What must be ready before the release may take requests. */
  readonly deployment: k8s.apps.v1.Deployment;
  /** What sets the number of its pods; without a role only after {@link declareAutoscaler}. */
  autoscaler?: pulumi.CustomResource;
  /** What its port speaks; HTTP/1.1 without it. */
  readonly protocol: ReleaseTemplate["protocol"];
  /** Pods that must be ready before its share of the requests rises; 0 where it does not rise. */
  readonly needed: number;
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
    const { migration, migrated } = migrationOf(name, args, mounts, this);
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
        metadata: { ...metadata, ...annotated(args) },
        spec: {
          ...numbered(args),
          selector: { matchLabels: this.selector },
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
          },
          progressDeadlineSeconds: args.progressDeadlineSeconds,
          template: migration.length === 0 ? pods : migrated.apply(() => pods),
        },
      },
      {
        parent: this,
        dependsOn: [...mounts.objects, ...migration],
        customTimeouts: customTimeouts(args.progressDeadlineSeconds + 30),
      },
    );
    this.scaling = { ...args, metadata, deployment: this.deployment };
    this.isScaled = args.worker === undefined;
    if (this.isScaled && args.services.length > 0) this.autoscaler = autoscaler(this.scaling, this);
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      {
        metadata,
        spec: { maxUnavailable: args.maxUnavailable, selector: { matchLabels: this.selector } },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * Declares the autoscaler of a release without a role. A release that loses its role in this update serves
   * requests until `after`, so that it keeps what scales it until then.
   */
  declareAutoscaler(after: pulumi.Output<unknown>): void {
    if (!this.isScaled) return;
    this.autoscaler ??= autoscaler({ ...this.scaling, after }, this);
  }
}

function annotated({ key, worker }: ReleaseArgs): { annotations?: Record<string, string> } {
  return worker === undefined ? {} : { annotations: roleAnnotations(key, worker) };
}

/** The number of a worker's pods. The autoscaler of a web app owns that field. */
function numbered({ worker, template }: ReleaseArgs): {
  replicas?: pulumi.Input<number>;
  minReadySeconds?: number;
} {
  if (worker === undefined) return {};
  const { replicas, after } = worker;
  return { replicas: after?.apply(() => replicas) ?? replicas, ...settling(template) };
}

/** The Job of the release's migration, if it has one, and what is known once it has run. */
function migrationOf(
  release: string,
  args: ReleaseArgs,
  mounts: Mounts,
  parent: pulumi.Resource,
): { migration: k8s.batch.v1.Job[]; migrated: pulumi.Output<unknown> } {
  const { migration, template, waiting } = args;
  const job = migration && migrationJob(args.app, { ...args, release, mounts, migration }, parent);
  if (job === undefined) return { migration: [], migrated: pulumi.output(undefined) };
  const deadlineSeconds = template.migrate?.activeDeadlineSeconds ?? 0;
  const migrated = waiting.migrated(job, { name: release, deadlineSeconds });
  return { migration: [job], migrated };
}

/** Annotations by which Prometheus finds the app's metrics; none where it has none. */
function metricsOf(template: ReleaseTemplate): Record<string, string> | undefined {
  const { metrics } = template;
  return metrics && scraped(metrics.port ?? httpPort(template), metrics.path);
}

/** A version as a label value, which is at most 63 characters long. */
function versionLabel(version: string): string {
  return version.slice(0, 63).replace(/[^A-Za-z0-9]+$/, "");
}

function customTimeouts(seconds: number): pulumi.CustomTimeouts {
  return { create: `${seconds}s`, update: `${seconds}s` };
}
