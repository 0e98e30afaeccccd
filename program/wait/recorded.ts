import * as pulumi from "@pulumi/pulumi";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { lookup } from "../../config";
import { isWorker } from "../../config/app/kinds";
import {
  inPlaceAt,
  roleWord,
  type AppRecord,
  type Plan,
  type PlannedRelease,
} from "../../releases";
import { liveApps, type LiveApp, type LiveReleasePods } from "./live-app";
import type { LiveWorker } from "./live-worker";
import { isUpdating } from "./poll";

/**
 * How requests reach an app: through a route, or through a plain Ingress, which has no weights. A worker
 * fetches its work itself, so its shares are shares of its pods.
 */
export type Entrance = "route" | "ingress" | "pods";

/** Returns how requests reach an app, from its config. */
export function entranceOf(app: { ingress?: unknown; kind?: unknown }): Entrance {
  if (isWorker(app)) return "pods";
  return app.ingress === undefined ? "route" : "ingress";
}

/** Returns where the cluster differs from a plan; empty if it does not. */
export function notAsPlanned(
  {
    services,
    weights,
    releases,
    migrating = [],
    workerPods = {},
  }: Pick<Plan, "services" | "weights" | "releases"> &
    Partial<Pick<Plan, "migrating">> & {
      /**
       * Pods of each release of a worker, by the name of its objects. Default: the numbers that its objects have.
       */
      workerPods?: Record<string, number>;
    },
  live: LiveApp | undefined,
  app: string,
  entrance: Entrance,
): string[] {
  if (live === undefined) return ["none of its objects is in the cluster"];
  const named = releases.flatMap((release) => {
    const running = lookup(live.releases, release.name);
    return running === undefined ? [] : [[release, running] as const];
  });
  const roles = (entrance === "pods" ? [] : (["stable", "canary"] as const)).flatMap((role) => {
    const selected = live.services[role]?.name;
    return selected === services[role]
      ? []
      : [`Service ${app}-${role} selects ${selected ?? "nothing"}, not ${services[role]}`];
  });
  const missing = releases.filter(({ name }) => !Object.hasOwn(live.releases, name));
  const unmigrated = releases.filter(
    ({ key, name }) =>
      migrating.includes(key) &&
      !live.migrations?.[name]?.some(({ state }) => state === "complete"),
  );
  return [
    ...roles,
    ...(entrance === "pods"
      ? named.flatMap(([release, running]) =>
          workerDifferences(release, running, lookup(workerPods, release.name)),
        )
      : routeProblems(live.weight, weights.canary, app, entrance)),
    ...missing.map(({ name }) => `there is no Deployment ${name}`),
    ...unmigrated.map(({ name }) => `the migration of ${name} has not run`),
  ];
}

/** Returns where the Deployment of a worker's release differs from the plan, or was scaled by hand. */
function workerDifferences(
  { name, role, weight }: PlannedRelease,
  { worker, replicas = 1 }: LiveReleasePods,
  wanted: number | undefined,
): string[] {
  if (worker === undefined)
    return [`Deployment ${name} has no role, and should be ${roleWord(role)}`];
  const differs = worker.role !== role || worker.weight !== weight;
  return [
    ...(differs
      ? [
          `Deployment ${name} has role ${roleWord(worker.role)} at ${worker.weight}%, not ${roleWord(role)} at ${weight}%`,
        ]
      : []),
    ...podDifferences(name, replicas, worker, wanted),
  ];
}

/**
 * An update sets a Deployment's number of pods together with the annotation, so a different number was set by
 * hand. If nothing else of the Deployment changes, an update does not correct the number.
 */
function podDifferences(
  name: string,
  replicas: number,
  { replicas: set, autoscaler }: LiveWorker,
  wanted: number = set,
): string[] {
  const has = `Deployment ${name} has replicas ${replicas} instead of`;
  if (autoscaler !== undefined) {
    const scales = autoscaler === "scaling";
    const bound = scales ? "at least " : "";
    if (set !== wanted)
      return [`ScaledObject ${name} requests ${bound}${set} pods instead of ${wanted}`];
    const isSet = scales ? replicas >= set : replicas === set;
    return isSet ? [] : [`${has} ${bound}${set}: KEDA has not scaled it`];
  }
  if (replicas !== set) {
    return [`${has} ${set}: it was scaled by hand; "pulumi up --refresh --run-program" resets it`];
  }
  return replicas === wanted ? [] : [`${has} ${wanted}`];
}

function routeProblems(
  live: number | undefined,
  planned: number,
  app: string,
  entrance: Exclude<Entrance, "pods">,
): string[] {
  // The route that an Ingress replaces is deleted at the end of the update. Until then, its weight decides nothing,
  // because both Services select the same release.
  if (entrance === "ingress") return [];
  if (live === undefined) return [`there is no HTTPRoute ${app}`];
  if (live === planned) return [];
  return [`the route gives ${Math.round(live * 10) / 10}% to ${app}-canary, not ${planned}%`];
}

/**
 * Records what an update did to an app only if the cluster runs it: an update of some targets, or a refresh
 * that runs the program, can succeed without having deployed the plan.
 */
export class RecordedFacts {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * Returns what is recorded after the app is in place.
   * @param entrance how requests reach the app.
   * @param workerPods planned pods of each release of a worker, by the name of its objects.
   * @param former the record of the last update, which stays if the cluster differs from the plan.
   */
  record(
    app: string,
    namespace: pulumi.Input<string>,
    plan: Plan,
    { entrance, workerPods }: { entrance: Entrance; workerPods?: Record<string, number> },
    former: unknown,
    ready: pulumi.Output<unknown>,
  ): pulumi.Output<unknown> {
    if (pulumi.runtime.isDryRun()) return pulumi.output(former);
    if (!isUpdating()) return ready.apply(() => plan.next);
    return pulumi.all([namespace, ready]).apply(async ([place]) => {
      this.reader ??= new ClusterReader(this.cluster);
      const { [app]: live } = await liveApps({ [app]: place }, this.reader);
      const different = notAsPlanned({ ...plan, workerPods }, live, app, entrance);
      if (different.length === 0) {
        return inPlaceAt(plan.next, former as AppRecord | undefined, new Date());
      }
      await pulumi.log.warn(
        `${app}: nothing is recorded about its releases, because they are not what the config requests: ${different.join("; ")}. Run an update of the whole stack.`,
      );
      return former;
    });
  }
}
