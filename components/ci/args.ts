import type { CiConfig } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { TeamGroups } from "./casc-roles";
import type { PipelineApp } from "./jobs";
import type { Packages } from "./packages";
import type { RegistryLogin } from "./secrets";

/** Arguments of the component Jenkins. */
export interface JenkinsArgs {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
  /** Domain of the stack. The default host is `ci.<domain>`. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Apps by name; each has a pipeline in the folder of its team. */
  apps: Record<string, PipelineApp>;
  /** Teams of these apps by name, with their groups. */
  teams: Record<string, TeamGroups>;
  /** Address of the registry that receives the images. */
  registry: string;
  /** Accounts of builds, if this stack declares the servers. Default: none. */
  accounts?: {
    /** Account of the registry. Default: Secret `registry-push` is created by hand. */
    registry?: RegistryLogin;
    /** Account of the package repositories. Default: packages come from their publishers. */
    packages?: Packages["login"];
  };
  /** Registry with the platform's base images for agents. Default: public images. */
  baseImages?: string;
  /** Repositories from which builds download packages. Default: the publishers' repositories. */
  packages?: Omit<Packages, "login">;
  /** Jenkins in the cluster, or an external one. */
  ci: CiConfig;
}
