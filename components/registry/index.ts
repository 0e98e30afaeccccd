import * as pulumi from "@pulumi/pulumi";
import { harborHost, type RegistryConfig } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { harbor } from "./harbor";
import { pullSecret, type Login } from "./pull-secrets";

/** A team, as far as images go. */
export interface RegistryTeam {
  /** Name of its namespace. */
  namespace: string;
  /** Domains of its apps; each is a project of images. */
  domains: string[];
}

/** Arguments of {@link Registry}. */
export interface RegistryArgs {
  context: PlatformContext;
  /** Domain of the stack; Harbor's host is `harbor.<domain>` unless the config names one. */
  domain: string;
  /** How clients reach the gateway; Docker's clients take `http` only when they are told to. */
  scheme: "http" | "https";
  gateway: GatewayAddress;
  /** Teams by name. */
  teams: Record<string, RegistryTeam>;
  /** Namespaces that this stack declares, by team, once they exist. */
  namespaces?: Record<string, pulumi.Output<string>>;
  /** Harbor in the cluster, or a registry that exists already. */
  registry: RegistryConfig;
}

/** The registry of images, and what the teams need to pull from it. */
export class Registry extends pulumi.ComponentResource {
  /** What images are named by: a host, perhaps with a port. */
  readonly address: string;
  /** Account that pushes images; its password is secret, and known when the account exists. */
  readonly ci: Login;
  /**
   * Name of the image pull secret in each team's namespace, by team. Plain text: an app's pods must
   * not wait for Harbor, and retry a pull by themselves.
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
          `registry-pull-${team}`,
          {
            namespace: args.namespaces?.[team] ?? namespace,
            address,
            login: pull[team] ?? ci,
          },
          this,
        ),
      ]),
    );
    this.registerOutputs({ address, pullSecrets: this.pullSecrets });
  }

  private accounts({ registry, teams, domain, ...common }: RegistryArgs): {
    address: string;
    ci: Login;
    pull: Record<string, Login>;
  } {
    if (registry.external !== undefined) {
      const { address, credentials } = registry.external;
      const { username, password } = credentials;
      return { address, ci: { username, password: pulumi.secret(password) }, pull: {} };
    }
    const host = harborHost(registry, domain);
    const domains = Object.fromEntries(
      Object.entries(teams).map(([team, { domains: own }]) => [team, own]),
    );
    return { address: host, ...harbor({ ...common, host, domains, harbor: registry }, this) };
  }
}
