import {
  artifactsHost,
  pipelineGroupsOf,
  pipelinesOf,
  registryAddress,
  schemeOf,
  type CiConfig,
  type StackConfig,
} from "../../config";
import type { JenkinsArgs } from "./args";

/** Arguments of the component for a stack: a pipeline per app, for the groups of the app's team. */
export function jenkinsArgs(
  stack: StackConfig,
  ci: CiConfig,
): Omit<JenkinsArgs, "context" | "gateway" | "accounts"> {
  const { domain, components } = stack;
  const address = registryAddress(stack) ?? ci.registry ?? `harbor.${domain}`;
  return {
    domain,
    scheme: schemeOf(stack),
    apps: pipelinesOf(stack),
    teams: pipelineGroupsOf(stack),
    registry: address,
    baseImages: components.images && (components.images.registry ?? address),
    packages: packagesOf(stack),
    ci,
  };
}

/** Where builds get their packages: from the stack's own repositories, once these may answer. */
function packagesOf(stack: StackConfig): JenkinsArgs["packages"] {
  const { artifacts } = stack.components;
  if (artifacts?.acceptEula !== true) return undefined;
  return {
    url: `${schemeOf(stack)}://${artifactsHost(artifacts, stack.domain)}`,
    repositories: artifacts.repositories,
  };
}
