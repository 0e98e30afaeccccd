import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import { objectLabels } from "../shared/labels";
import { podsIn } from "../shared/network-policy";
import { kindLabel } from "./annotations";
import type { Release } from "./release";
import type { WorkerPods } from "./worker";

/** Declares the network policy of a worker: only Prometheus can connect to its pods, if they have metrics. */
export function workerPolicy(
  app: string,
  { namespace }: { namespace: pulumi.Input<string> },
  releases: readonly { template: ReleaseTemplate }[],
  parent: pulumi.Resource,
): void {
  const ports = releases.flatMap(({ template: { metrics, port } }) =>
    metrics === undefined ? [] : (metrics.port ?? port ?? []),
  );
  const scraped = [...new Set(ports)].sort((a, b) => a - b);
  new k8s.networking.v1.NetworkPolicy(
    `${app}.worker`,
    {
      metadata: { name: `${app}.worker`, namespace, labels: objectLabels(app, "apps") },
      spec: {
        podSelector: {
          matchLabels: { "app.kubernetes.io/name": app, [kindLabel]: "worker" },
        },
        policyTypes: ["Ingress"],
        ingress:
          scraped.length === 0
            ? []
            : [
                {
                  from: [podsIn("monitoring")],
                  ports: scraped.map((port) => ({ port, protocol: "TCP" })),
                },
              ],
      },
    },
    { parent },
  );
}

/** What the update waits for before a worker's pods change. */
export interface WorkerWaiting {
  /** Resolves after all pods of a release are available. */
  afterPodsAvailable(release: Release): pulumi.Output<unknown>;
  /** Resolves after a release has no more pods than it should. */
  afterScaled(release: Release): pulumi.Output<unknown>;
}

/** Waits for nothing except the Deployments. */
export const waitForDeployments: WorkerWaiting = {
  afterPodsAvailable: ({ deployment }) => deployment.id,
  afterScaled: ({ deployment }) => deployment.id,
};

/** Arguments of {@link workerReleases}. */
export interface WorkerReleasesArgs<Args extends { worker?: WorkerPods }> {
  /** All releases that run. */
  releases: readonly Args[];
  /** What the update waits for before another release changes. */
  waiting: WorkerWaiting;
  /** Resolves when numbers of pods may change. Default: immediately. */
  after?: pulumi.Output<unknown>;
  /** Whether releases lose pods immediately, without waiting for the pods of others. Default: false. */
  now?: boolean;
  /** Declares one release. Its number of pods changes after `after` has resolved. */
  declare: (args: Args, after: pulumi.Output<unknown> | undefined) => Release;
}

/**
 * Declares the releases of a worker: first those whose pods must be available before others lose some, the
 * stable one before the canary; then those that get fewer pods, the canary first; and last those that keep
 * none. A canary never gets a larger share of the pods than the larger of its former and its requested share,
 * and there are always pods for the work.
 */
export function workerReleases<Args extends { worker?: WorkerPods }>({
  releases,
  waiting,
  after,
  now = false,
  declare,
}: WorkerReleasesArgs<Args>): { releases: Release[]; ready: pulumi.Output<unknown> } {
  // A preview waits for nothing, so that it knows every value.
  const isPreview = pulumi.runtime.isDryRun();
  const first = isPreview ? undefined : after;
  const made = new Map<Args, Release>();
  const waits = new Map<Release, pulumi.Output<unknown>>();
  const afterScaled = (release: Release) => {
    const wait = waits.get(release) ?? waiting.afterScaled(release);
    waits.set(release, wait);
    return wait;
  };
  let available: pulumi.Output<unknown> = pulumi.output(first);
  for (const role of ["stable", "canary"]) {
    const own = releases.filter(({ worker }) => worker?.precedes === true && worker.role === role);
    for (const each of own) {
      const release = declare(each, isPreview || made.size === 0 ? first : available);
      made.set(each, release);
      available = pulumi.all([available, waiting.afterPodsAvailable(release)]);
    }
  }
  let then = isPreview ? undefined : now ? first : available;
  const declareShrinking = (which: (pods: WorkerPods | undefined) => boolean) => {
    const own = releases.filter((each) => !made.has(each) && which(each.worker));
    const declared = own.map((each) => [each, declare(each, then)] as const);
    for (const [each, release] of declared) made.set(each, release);
    const done = declared.map(([, it]) => (now ? it.deployment.id : afterScaled(it)));
    if (then) then = pulumi.all<unknown>([then, ...done]);
  };
  declareShrinking((pods) => pods?.role === "canary");
  declareShrinking((pods) => pods !== undefined && pods.replicas > 0);
  declareShrinking(() => true);
  const all = releases.flatMap((each) => made.get(each) ?? []);
  return { releases: all, ready: pulumi.all<unknown>([available, ...all.map(afterScaled)]) };
}
