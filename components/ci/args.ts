import type { CiConfig } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { TeamGroups } from "./casc-roles";
import type { PipelineApp } from "./jobs";
import type { Packages } from "./packages";
import type { RegistryLogin } from "./secrets";

/** Arguments of the component Jenkins. */
export interface JenkinsArgs {
  context: PlatformContext;
  /** Domain of the stack; the host is `ci.<domain>` unless the config names one. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  gateway: GatewayAddress;
  /** Apps by name, each with a pipeline in the folder of its team. */
  apps: Record<string, PipelineApp>;
  /** Teams of these apps by name, each with its groups. */
  teams: Record<string, TeamGroups>;
  /** Address of the registry that images are pushed to. */
  registry: string;
  /** Accounts of builds, where this stack declares the servers. */
  accounts?: {
    /** Without it, Secret `registry-push` is made by hand. */
    registry?: RegistryLogin;
    /** Without it, packages come from their publishers. */
    packages?: Packages["login"];
  };
  /** Registry that holds this platform's base images, which agents build in; public images without it. */
  baseImages?: string;
  /** Repositories that builds get their packages from; the publishers' own without them. */
  packages?: Omit<Packages, "login">;
  /** Jenkins in the cluster, or one that exists elsewhere. */
  ci: CiConfig;
}
