import { pipelineGroupsOf, pipelinesOf, type CiConfig, type StackConfig } from "../../config";
import type { JenkinsArgs } from "./index";

/** Arguments of the component for a stack: a pipeline per app, for the groups of the app's team. */
export function jenkinsArgs(
  stack: StackConfig,
  ci: CiConfig,
  /** The stack's own registry, where it declares one. */
  registry: { address: string; ci: JenkinsArgs["registry"]["login"] } | undefined,
): Pick<JenkinsArgs, "apps" | "teams" | "registry" | "ci"> {
  const { address = ci.registry ?? `harbor.${stack.domain}`, ci: login } = registry ?? {};
  return {
    apps: pipelinesOf(stack),
    teams: pipelineGroupsOf(stack),
    registry: { address, login },
    ci,
  };
}
