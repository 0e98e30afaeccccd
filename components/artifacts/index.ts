import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { artifactsHost, type ArtifactsConfig } from "../../config";
import { configureJob } from "../shared/configure-job";
import { declarePart, type Part, type PartArgs } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import { closeNamespace, podsOf } from "../shared/network-policy";
import { secret, type DeclaredSecret } from "../shared/secret";
import { webRoute } from "../shared/web-route";
import { bootstrapSettings, ciUser } from "./bootstrap-settings";
import { nexusName as name, nexusPort, nexusServer } from "./server";

/** Arguments of {@link Artifacts}. */
export interface ArtifactsArgs extends PartArgs<"artifacts"> {
  /** Domain of the stack. The default host is `nexus.<domain>`. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
}

/** Warning in the preview of a stack that has not accepted the license. */
export const eulaWarning =
  "platform:components.artifacts.acceptEula is false: Nexus answers every request for a package with 403, " +
  "and builds get their packages from the internet. Read Sonatype's license of the Community Edition " +
  "(https://help.sonatype.com/en/ce-onboarding.html), then set acceptEula to true.";

/** The artifact repository: one Nexus with its volume, configured through its API. */
export class Artifacts extends pulumi.ComponentResource {
  /** Host of the repositories; their path is `/repository/<name>/`. */
  readonly host: string;
  /** Account of builds. The password is a secret output, and resolves once the account exists. */
  readonly ci: { username: string; password: pulumi.Output<string> };
  /** Repositories of builds, with their account. Undefined until the config accepts the license. */
  readonly packages?: {
    /** URL of the server, without a final slash. */
    url: string;
    repositories: ArtifactsConfig["repositories"];
    login: Artifacts["ci"];
  };

  constructor(resourceName: string, args: ArtifactsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:artifacts:Artifacts", resourceName, {}, opts);
    const { config } = args;
    if (!config.acceptEula) void pulumi.log.warn(eulaWarning, this);
    const part = declarePart("artifacts", args, this);
    const passwords = this.passwords();
    const own = this.ownSecret(part, passwords);
    const server = nexusServer(part, { config, secret: own.server });
    this.host = this.route(args, part);
    const job = this.bootstrap(part, config, own, server);
    closeNamespace(part);
    this.ci = {
      username: ciUser,
      password: pulumi.secret(
        pulumi.all([passwords.ci.result, job.id]).apply(([password]) => password),
      ),
    };
    if (config.acceptEula) {
      const url = `${args.scheme}://${this.host}`;
      this.packages = { url, repositories: config.repositories, login: this.ci };
    }
    this.registerOutputs({ host: this.host });
  }

  private passwords(): Record<"admin" | "initial" | "ci" | "key", random.RandomPassword> {
    const text = (suffix: string) =>
      new random.RandomPassword(
        `${name}-${suffix}`,
        { length: 32, special: false },
        { parent: this },
      );
    return {
      admin: text("admin-password"),
      initial: text("initial-password"),
      ci: text("ci-password"),
      // Encrypts the passwords of other servers that Nexus stores. It must never change.
      key: text("encryption-key"),
    };
  }

  private ownSecret(
    part: Part,
    { admin, initial, ci, key }: Record<"admin" | "initial" | "ci" | "key", random.RandomPassword>,
  ): { server: DeclaredSecret; admin: DeclaredSecret } {
    const declared = (suffix: string, data: Record<string, pulumi.Input<string>>) =>
      secret(part, `${name}-${suffix}`, { data, workload: name });
    return {
      server: declared("server", {
        "initial-password": initial.result,
        "keys.json": key.result.apply(encryptionKeys),
      }),
      admin: declared("admin", { password: admin.result, "ci-password": ci.result }),
    };
  }

  private route({ config, domain, gateway }: ArtifactsArgs, part: Part): string {
    const host = artifactsHost(config, domain);
    webRoute(part, name, {
      host,
      service: name,
      port: 80,
      gateway,
      // No timeout: an artifact of some gigabytes takes long.
      requestTimeout: "0s",
    });
    return host;
  }

  private bootstrap(
    part: Part,
    config: ArtifactsConfig,
    own: { server: DeclaredSecret; admin: DeclaredSecret },
    server: pulumi.Resource,
  ): pulumi.Resource & { id: pulumi.Output<string> } {
    return configureJob(part, `${name}-bootstrap`, {
      files: ["artifacts/bootstrap.mjs", "shared/bootstrap/api.mjs"],
      settings: bootstrapSettings(`http://${name}`, config),
      secrets: {
        "admin-password": { secret: own.admin.name, key: "password" },
        "ci-password": { secret: own.admin.name, key: "ci-password" },
        "initial-password": { secret: own.server.name, key: "initial-password" },
      },
      declaredSecrets: [own.server, own.admin],
      network: { egress: [{ to: [podsOf(name)], ports: [nexusPort] }] },
      dependsOn: [server],
    });
  }
}

/** Returns the file of encryption keys in Nexus's format. */
function encryptionKeys(key: string): string {
  return JSON.stringify({ active: "platform", keys: [{ id: "platform", key }] });
}
