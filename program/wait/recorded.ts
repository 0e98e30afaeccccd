import * as pulumi from "@pulumi/pulumi";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { own } from "../../config";
import { isWorker } from "../../config/app/kinds";
import type { Plan, PlannedRelease } from "../../releases";
import { liveApps, type LiveApp, type LiveReleasePods } from "./live-app";
import { updating } from "./poll";

/**
 * How requests reach an app: by a route, or by a plain Ingress, which has no weights. A worker takes its work
 * itself, so its shares are shares of its pods.
 */
export type Entrance = "route" | "ingress" | "pods";

/** Returns how requests reach an app, by its config. */
export function entranceOf(app: { ingress?: unknown; kind?: unknown }): Entrance {
  if (isWorker(app)) return "pods";
  return app.ingress === undefined ? "route" : "ingress";
}

/** What of a plan the cluster does not run; empty when all of it is so. */
export function notAsPlanned(
  {
    services,
    weights,
    releases,
    migrating = [],
    workerPods = {},
  }: Pick<Plan, "services" | "weights" | "releases"> &
    Partial<Pick<Plan, "migrating">> & {
      /** Pods of each release of a worker, by the name of its objects; those that its Deployment says without it. */
      workerPods?: Record<string, number>;
    },
  live: LiveApp | undefined,
  app: string,
  entrance: Entrance,
): string[] {
  if (live === undefined) return ["the cluster has nothing of it"];
  const named = releases.flatMap((release) => {
    const running = own(live.releases, release.name);
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
          workerDifferences(release, running, own(workerPods, release.name)),
        )
      : routed(live.weight, weights.canary, app, entrance)),
    ...missing.map(({ name }) => `there is no Deployment ${name}`),
    ...unmigrated.map(({ name }) => `the migration of ${name} has not run`),
  ];
}

/** Where the Deployment of a worker's release is not as planned, or was scaled by hand. */
function workerDifferences(
  { name, role, weight }: PlannedRelease,
  { worker, replicas = 1 }: LiveReleasePods,
  wanted: number | undefined,
): string[] {
  if (worker === undefined) return [`Deployment ${name} has no role, and is to be ${role}`];
  const differs = worker.role !== role || worker.weight !== weight;
  const asks = `Deployment ${name} asks for ${replicas} pods, not`;
  return [
    ...(differs
      ? [`Deployment ${name} is ${worker.role} at ${worker.weight}%, not ${role} at ${weight}%`]
      : []),
    ...podDifferences(asks, replicas, worker.replicas, wanted),
  ];
}

/**
 * A change sets a Deployment's number of pods together with the annotation, so that a number that differs from it was
 * changed by hand. An update leaves that as it is where nothing else of the Deployment changes.
 */
function podDifferences(
  asks: string,
  replicas: number,
  set: number,
  wanted: number = set,
): string[] {
  if (replicas !== set) {
    return [
      `${asks} ${set}, so it was scaled by hand; "pulumi up --refresh --run-program" sets it again`,
    ];
  }
  return replicas === wanted ? [] : [`${asks} ${wanted}`];
}

function routed(
  live: number | undefined,
  planned: number,
  app: string,
  entrance: Entrance,
): string[] {
  if (live === undefined) return entrance === "route" ? [`there is no HTTPRoute ${app}`] : [];
  if (live === planned) return [];
  return [`the route gives ${Math.round(live * 10) / 10}% to ${app}-canary, not ${planned}%`];
}

/**
 * Records what an update made of an app only if the cluster runs it: an update of some targets, or a
 * refresh that runs the program, comes to its end without having deployed what was planned.
 */
export class RecordedFacts {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * What is to be recorded once the app is in place.
   * @param entrance how requests reach the app.
   * @param workerPods pods of each release that are planned for a worker, by the name of its objects.
   * @param former what the last update recorded, which stays where the plan is not what runs.
   */
  of(
    app: string,
    namespace: pulumi.Input<string>,
    plan: Plan,
    { entrance, workerPods }: { entrance: Entrance; workerPods?: Record<string, number> },
    former: unknown,
    ready: pulumi.Output<unknown>,
  ): pulumi.Output<unknown> {
    if (pulumi.runtime.isDryRun()) return pulumi.output(former);
    if (!updating()) return ready.apply(() => plan.next);
    return pulumi.all([namespace, ready]).apply(async ([place]) => {
      this.reader ??= new ClusterReader(this.cluster);
      const { [app]: live } = await liveApps({ [app]: place }, this.reader);
      const different = notAsPlanned({ ...plan, workerPods }, live, app, entrance);
      if (different.length === 0) return plan.next;
      await pulumi.log.warn(
        `${app}: nothing is recorded of its releases, as they are not what the config asks for: ${different.join("; ")}. Run an update of the whole stack.`,
      );
      return former;
    });
  }
}
