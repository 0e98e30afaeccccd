import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import { objectLabels, selectorLabels, type SelectorLabels } from "../shared/labels";
import { scraped } from "../shared/pods";
import { mountsOf } from "./mounts";
import { podSpec } from "./pod";
import type { PodArgs } from "./pod-args";
import { httpPort } from "./preset";
import { autoscaler, type AutoscalerArgs } from "./scaling";

/** Arguments of {@link Release}. */
export interface ReleaseArgs
  extends PodArgs, Pick<AutoscalerArgs, "scaling" | "floor" | "services" | "requestScaling"> {
  /** Version, and revision above 1. */
  key: string;
  namespace: pulumi.Input<string>;
  domain: string;
  /** Pods that must be ready before its share of the requests rises. */
  needed?: number;
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
  /** What must be ready before the release may take requests. */
  readonly deployment: k8s.apps.v1.Deployment;
  /** What sets the number of its pods. */
  readonly autoscaler: pulumi.CustomResource;
  /** Pods that must be ready before its share of the requests rises; 0 where it does not rise. */
  readonly needed: number;

  constructor(name: string, args: ReleaseArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:app:Release", name, {}, opts);
    this.releaseName = name;
    this.key = args.key;
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
    this.deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata,
        spec: {
          // No replicas: the autoscaler owns that field.
          selector: { matchLabels: this.selector },
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
          },
          progressDeadlineSeconds: args.progressDeadlineSeconds,
          template: {
            metadata: { labels: metadata.labels, annotations: metricsOf(args.template) },
            spec: podSpec(args, this.selector, mounts),
          },
        },
      },
      {
        parent: this,
        dependsOn: mounts.objects,
        customTimeouts: customTimeouts(args.progressDeadlineSeconds + 30),
      },
    );
    this.autoscaler = autoscaler({ ...args, metadata, deployment: this.deployment }, this);
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
