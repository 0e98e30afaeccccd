import * as pulumi from "@pulumi/pulumi";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import type { Plan } from "../../releases";
import { liveApps, type LiveApp } from "./live-app";
import { updating } from "./poll";

/** What of a plan the cluster does not run; empty when all of it is so. */
export function notAsPlanned(
  { services, weights, releases }: Pick<Plan, "services" | "weights" | "releases">,
  live: LiveApp | undefined,
  app: string,
): string[] {
  if (live === undefined) return ["the cluster has nothing of it"];
  const roles = (["stable", "canary"] as const).flatMap((role) => {
    const selected = live.services[role]?.name;
    return selected === services[role]
      ? []
      : [`Service ${app}-${role} selects ${selected ?? "nothing"}, not ${services[role]}`];
  });
  const weight =
    live.weight === undefined || live.weight === weights.canary
      ? []
      : [`the route gives ${live.weight}% to ${app}-canary, not ${weights.canary}%`];
  const missing = releases.filter(({ name }) => !Object.hasOwn(live.releases, name));
  return [...roles, ...weight, ...missing.map(({ name }) => `there is no Deployment ${name}`)];
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
   * @param former what the last update recorded, which stays where the plan is not what runs.
   */
  of(
    app: string,
    namespace: pulumi.Input<string>,
    plan: Plan,
    former: unknown,
    ready: pulumi.Output<unknown>,
  ): pulumi.Output<unknown> {
    if (pulumi.runtime.isDryRun()) return pulumi.output(former);
    if (!updating()) return ready.apply(() => plan.next);
    return pulumi.all([namespace, ready]).apply(async ([place]) => {
      this.reader ??= new ClusterReader(this.cluster);
      const { [app]: live } = await liveApps({ [app]: place }, this.reader);
      const different = notAsPlanned(plan, live, app);
      if (different.length === 0) return plan.next;
      await pulumi.log.warn(
        `${app}: nothing is recorded of its releases, as they are not what the config asks for: ${different.join("; ")}. Run an update of the whole stack.`,
      );
      return former;
    });
  }
}
