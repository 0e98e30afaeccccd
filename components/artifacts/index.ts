import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ArtifactsConfig } from "../../config";
import { bootstrapJob } from "../shared/bootstrap-job";
import type { GatewayAddress } from "../shared/gateway-api";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { secret, type DeclaredSecret } from "../shared/secret";
import { declareService } from "../shared/service";
import { webRoute } from "../shared/web-route";
import { bootstrapSettings, ciUser } from "./bootstrap-settings";
import { nexusPod, nexusPort } from "./pod";

/** Arguments of {@link Artifacts}. */
export interface ArtifactsArgs {
  environment: string;
  /** Domain of the stack; the host is `nexus.<domain>` unless the config names one. */
  domain: string;
  gateway: pulumi.Input<GatewayAddress>;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
  artifacts: ArtifactsConfig;
}

const name = "nexus";
const partOf = "artifacts";
const labels = objectLabels(name, partOf);
const selector = selectorLabels(name);

/** The store of build artifacts: one Nexus with its volume, set up through its API. */
export class Artifacts extends pulumi.ComponentResource {
  /** Host name of the repositories: `<host>/repository/<name>/`. */
  readonly host: string;
  /** Account of builds; its password is secret, and known when the account exists. */
  readonly ci: { username: string; password: pulumi.Output<string> };

  constructor(resourceName: string, args: ArtifactsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:artifacts:Artifacts", resourceName, {}, opts);
    const namespace = platformNamespace(partOf, this, args.environment);
    const passwords = this.passwords();
    const own = this.ownSecret(namespace, passwords);
    const server = this.server(args, namespace, own);
    this.service(namespace);
    this.host = this.route(args, namespace);
    const job = this.bootstrap(args, namespace, own, server);
    this.ci = {
      username: ciUser,
      password: pulumi.secret(
        pulumi.all([passwords.ci.result, job.id]).apply(([password]) => password),
      ),
    };
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
      // Encrypts what Nexus keeps of other servers' passwords: it must never change.
      key: text("encryption-key"),
    };
  }

  private ownSecret(
    namespace: pulumi.Input<string>,
    { admin, initial, ci, key }: Record<"admin" | "initial" | "ci" | "key", random.RandomPassword>,
  ): { server: DeclaredSecret; admin: DeclaredSecret } {
    const declared = (suffix: string, data: Record<string, pulumi.Input<string>>) =>
      secret(`${name}-${suffix}`, { namespace, labels, data }, this);
    return {
      server: declared("server", {
        "initial-password": initial.result,
        "keys.json": key.result.apply(encryptionKeys),
      }),
      admin: declared("admin", { password: admin.result, "ci-password": ci.result }),
    };
  }

  /** A StatefulSet: its old pod is gone before a new one opens the database on the volume. */
  private server(
    { artifacts, imageMirror, placement }: ArtifactsArgs,
    namespace: pulumi.Input<string>,
    own: { server: DeclaredSecret },
  ): k8s.apps.v1.StatefulSet {
    const { storage, replicas } = artifacts;
    return new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata: { name, namespace, labels },
        spec: {
          replicas,
          serviceName: name,
          selector: { matchLabels: selector },
          template: {
            metadata: {
              labels: { ...labels, ...selector },
              annotations: own.server.podAnnotations,
            },
            spec: nexusPod({ config: artifacts, secret: own.server.name, imageMirror, placement }),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: storage.class,
                resources: { requests: { storage: storage.size } },
              },
            },
          ],
        },
      },
      { parent: this },
    );
  }

  private service(namespace: pulumi.Input<string>): void {
    declareService(
      name,
      {
        metadata: { name, namespace, labels },
        spec: { selector, ports: [{ name: "http", port: 80, targetPort: nexusPort }] },
      },
      { parent: this },
    );
  }

  private route(
    { artifacts, domain, gateway }: ArtifactsArgs,
    namespace: pulumi.Input<string>,
  ): string {
    const host = artifacts.host ?? `${name}.${domain}`;
    webRoute(
      name,
      // Artifacts of some gigabytes take as long as they take.
      { namespace, host, service: name, port: 80, gateway, requestTimeout: "0s" },
      this,
    );
    return host;
  }

  private bootstrap(
    { artifacts, imageMirror, placement }: ArtifactsArgs,
    namespace: pulumi.Input<string>,
    own: { server: DeclaredSecret; admin: DeclaredSecret },
    server: pulumi.Resource,
  ): k8s.batch.v1.Job {
    const jobName = `${name}-bootstrap`;
    return bootstrapJob(
      jobName,
      {
        namespace,
        labels: objectLabels(jobName, partOf),
        files: ["artifacts/bootstrap.mjs", "shared/bootstrap/api.mjs"],
        settings: bootstrapSettings(`http://${name}`, artifacts),
        secrets: {
          "admin-password": { secret: own.admin.name, key: "password" },
          "ci-password": { secret: own.admin.name, key: "ci-password" },
          "initial-password": { secret: own.server.name, key: "initial-password" },
        },
        podAnnotations: { ...own.server.podAnnotations, ...own.admin.podAnnotations },
        dependsOn: [server],
        imageMirror,
        placement,
      },
      this,
    );
  }
}

/** The file of encryption keys as Nexus reads it. */
function encryptionKeys(key: string): string {
  return JSON.stringify({ active: "platform", keys: [{ id: "platform", key }] });
}
