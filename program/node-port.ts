import { nodePortOf, type AppConfig, type Environment } from "../config";
import type { Plan } from "../releases";

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
