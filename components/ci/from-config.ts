import {
  pipelineGroupsOf,
  pipelinesOf,
  schemeOf,
  type CiConfig,
  type StackConfig,
} from "../../config";
import type { JenkinsArgs } from "./args";
import type { Packages } from "./packages";

/** Arguments of the component for a stack: a pipeline per app, for the groups of the app's team. */
export function jenkinsArgs(
  stack: StackConfig,
  ci: CiConfig,
  /** The stack's own registry, where it declares one. */
  registry: { address: string; ci: JenkinsArgs["registry"]["login"] } | undefined,
  /** The stack's own repositories of packages, where it declares them. */
  artifacts: { host: string; ci: Packages["login"] } | undefined,
): Pick<JenkinsArgs, "apps" | "teams" | "registry" | "baseImages" | "packages" | "ci"> {
  const { address = ci.registry ?? `harbor.${stack.domain}`, ci: login } = registry ?? {};
  return {
    apps: pipelinesOf(stack),
    teams: pipelineGroupsOf(stack),
    registry: { address, login },
    baseImages: stack.components.images && (stack.components.images.registry ?? address),
    packages: packagesOf(stack, artifacts),
    ci,
  };
}

/** Where builds get their packages: from the stack's own repositories, once these may answer. */
function packagesOf(
  stack: StackConfig,
  artifacts: { host: string; ci: Packages["login"] } | undefined,
): Packages | undefined {
  const config = stack.components.artifacts;
  if (artifacts === undefined || config?.acceptEula !== true) return undefined;
  return {
    url: `${schemeOf(stack)}://${artifacts.host}`,
    repositories: config.repositories,
    login: artifacts.ci,
  };
}
