import type { PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { TeamGroups } from "./casc-roles";
import type { PipelineApp } from "./jobs";
import type { Packages } from "./packages";
import type { RegistryLogin } from "./secrets";

/** Arguments of the component Jenkins. */
export interface JenkinsArgs extends PartArgs<"ci"> {
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
  /**
   * The stack's own registry, which receives the images, and the account that pushes them. Default: the registry that
   * the config of the part names, or `harbor.<domain>`; Secret `registry-push` is created by hand.
   */
  registry?: { address: string; ci: RegistryLogin };
  /**
   * The platform's base images for agents, and their registry if it is not that of the apps' images. Default: public
   * images.
   */
  baseImages?: { registry?: string };
  /**
   * The stack's own artifact repository, which says from where builds download packages. Default: the publishers'
   * repositories.
   */
  artifacts?: { packages?: Packages };
}
