import * as pulumi from "@pulumi/pulumi";
import { harborHost } from "../../config";
import type { PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { harbor } from "./harbor";
import { pullSecret, type Login } from "./pull-secrets";

/** A team's namespace and domains. */
export interface RegistryTeam {
  /** Name of the team's namespace. */
  namespace: string;
  /** Domains of the team's apps; each is a project of images. */
  domains: string[];
}

/** Arguments of {@link Registry}. */
export interface RegistryArgs extends PartArgs<"registry"> {
  /** Domain of the stack. The default host of Harbor is `harbor.<domain>`. */
  domain: string;
  /** How clients reach the gateway. Docker accepts `http` only for configured insecure registries. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Teams by name. */
  teams: Record<string, RegistryTeam>;
  /** Namespaces that this stack declares, by team, once they exist. Default: none. */
  namespaces?: Record<string, pulumi.Output<string>>;
}

/** The image registry, and the teams' pull secrets. */
export class Registry extends pulumi.ComponentResource {
  /** Prefix of image names: a host, optionally with a port. */
  readonly address: string;
  /** Account that pushes images. The password is a secret output, and resolves once the account exists. */
  readonly ci: Login;
  /**
   * Name of the image pull secret in each team's namespace, by team. A plain string, because an app's pods need not
   * wait for Harbor: they retry a pull themselves.
   */
  readonly pullSecrets: Record<string, string>;

  constructor(name: string, args: RegistryArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:registry:Registry", name, {}, opts);
    const { address, ci, pull } = this.accounts(args);
    this.address = address;
    this.ci = ci;
    this.pullSecrets = Object.fromEntries(
      Object.entries(args.teams).map(([team, { namespace }]) => [
        team,
        pullSecret(
          { name: "registry", namespace: args.namespaces?.[team] ?? namespace, parent: this },
          `registry-pull-${team}`,
          { address, login: pull[team] ?? ci },
        ),
      ]),
    );
    this.registerOutputs({ address, pullSecrets: this.pullSecrets });
  }

  private accounts({ config, teams, domain, ...common }: RegistryArgs): {
    address: string;
    ci: Login;
    pull: Record<string, Login>;
  } {
    if (config.external !== undefined) {
      const { address, credentials } = config.external;
      const { username, password } = credentials;
      return { address, ci: { username, password: pulumi.secret(password) }, pull: {} };
    }
    const host = harborHost(config, domain);
    const domains = Object.fromEntries(
      Object.entries(teams).map(([team, { domains: own }]) => [team, own]),
    );
    return { address: host, ...harbor({ ...common, host, domains, config }, this) };
  }
}
