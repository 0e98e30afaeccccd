import { nodePortOf, type AppConfig, type Environment } from "../config";
import { rolesText, type Plan, type RefusedRule } from "../releases";
import type { LiveApp } from "./wait/live-app";

/** Returns what a canary means for an app with a fixed node port, a sentence each; empty for any other app. */
export function nodePortTexts(
  { number }: Pick<AppConfig, "number">,
  environment: Environment,
  { canary }: Pick<Plan, "canary">,
): string[] {
  if (number === undefined || canary === undefined) return [];
  const port = nodePortOf(environment, number);
  return [
    `requests on node port ${port} all go to the stable release; the share of ${canary} and its check concern only requests through the gateway`,
  ];
}

/**
 * Refuses a fixed node port that another app of the stack has in the cluster. The engine deletes the other app's Service
 * last, and the API server gives a port to one Service only, so the update would fail halfway.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 */
export function takenNodePorts(
  planned: readonly { name: string; app: Pick<AppConfig, "number">; plan: Plan }[],
  environment: Environment,
  live: Record<string, LiveApp>,
): RefusedRule[] {
  return planned.flatMap(({ name: app, app: { number }, plan }) => {
    if (number === undefined) return [];
    const port = nodePortOf(environment, number);
    const owner = Object.entries(live).find(
      ([other, runs]) => other !== app && [runs, runs.former].some((it) => it?.nodePort === port),
    )?.[0];
    if (owner === undefined) return [];
    const roles = rolesText(plan.stable, plan.next.canary, plan.next.retained);
    return [
      {
        app,
        rule: "port-in-use" as const,
        message: `node port ${port} (number: ${number}) is that of ${owner} until the end of this update, and no two Services can have it`,
        remedy: `remove number from ${owner} in a separate update first; the port does not answer until ${app} has it`,
        asked: roles,
        live: roles,
      },
    ];
  });
}
