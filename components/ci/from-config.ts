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

/**
 * Returns the arguments of the component for a stack: one pipeline per app, for the groups of the app's team.
 * @param others apps of other stacks with pipelines in this Jenkins.
 */
export function jenkinsArgs(
  stack: StackConfig,
  ci: CiConfig,
  others: JenkinsArgs["apps"] = {},
): Omit<JenkinsArgs, "context" | "gateway" | "accounts"> {
  const { domain, components } = stack;
  const apps = { ...others, ...pipelinesOf(stack) };
  const address = registryAddress(stack) ?? ci.registry ?? `harbor.${domain}`;
  return {
    domain,
    scheme: schemeOf(stack),
    apps,
    teams: pipelineGroupsOf(stack, apps),
    registry: address,
    baseImages: components.images && (components.images.registry ?? address),
    packages: packagesOf(stack),
    ci,
  };
}

/** Returns the stack's own package repositories; undefined until the config accepts their license. */
function packagesOf(stack: StackConfig): JenkinsArgs["packages"] {
  const { artifacts } = stack.components;
  if (artifacts?.acceptEula !== true) return undefined;
  return {
    url: `${schemeOf(stack)}://${artifactsHost(artifacts, stack.domain)}`,
    repositories: artifacts.repositories,
  };
}
