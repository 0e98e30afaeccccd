import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ciHost, harborHost, repositoryHostsOf, repositoryPort, type CiConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { declarePart, type Part } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { afterRights, serviceAccount } from "../shared/service-account";
import { webRoute } from "../shared/web-route";
import { metadataOf } from "../shared/workload";
import type { JenkinsArgs } from "./args";
import { agentsSetup } from "./agents-namespace";
import { backupCopies } from "./backup";
import { imageBuilders } from "./builder";
import { gitCredentials, jenkinsSettings } from "./casc-settings";
import { cascYaml } from "./casc-yaml";
import { controller, type ControllerArgs } from "./controller";
import { initFile, settingsFile } from "./controller-container";
import { approverNames } from "./casc-roles";
import { cascJobs } from "./jobs";
import { agentsNamespace, builderNamespace, controllerName, httpPort } from "./names";
import { agentsPolicy } from "./network";
import { packageSettings } from "./packages";
import { pluginList } from "../../versions/jenkins-plugins";
import { pluginsFile } from "./plugins-container";
import { jobsFile } from "./reload";
import { jenkinsSecret, registrySecret, secretFiles } from "./secrets";

export type { JenkinsArgs } from "./args";

type Repository = NonNullable<CiConfig["repository"]>;

/** Jenkins: the controller, its agents, the image builders, and the pipelines of all apps. */
export class Jenkins extends pulumi.ComponentResource {
  /** URL of the web UI and API. */
  readonly address: string;

  constructor(name: string, args: JenkinsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:ci:Jenkins", name, {}, opts);
    const { external, repository } = args.config;
    const host = ciHost(args.config, args.domain);
    this.address = external?.address ?? `${args.scheme}://${host}`;
    if (external === undefined) this.declare(args, host, requireRepository(repository));
    this.registerOutputs({ address: this.address });
  }

  private declare(args: JenkinsArgs, host: string, repository: Repository): void {
    const { config: ci, context, registry } = args;
    const packages = args.artifacts?.packages;
    const part = declarePart("ci", args, this);
    const agents = declarePart("ci", { context, namespace: agentsNamespace }, this);
    // Building images needs rights that the stricter Pod Security levels forbid, so it has its own namespace.
    const builders = declarePart(
      "ci",
      { context, namespace: builderNamespace, podSecurity: "privileged" },
      this,
    );
    const { namespace } = part;
    const account = serviceAccount(part, controllerName);
    const agentRights = agentsSetup(agents, {
      quota: ci.agents.quota,
      controller: { account, namespace },
    });
    const gitPort = repositoryPort(repository.url);
    agentsPolicy(agents, gitPort);
    imageBuilders(builders, {
      ...ci.builder,
      storageClass: ci.storageClass,
      caBundle: ci.caBundle,
    });
    closeNamespace(builders, builderNamespace);
    if (registry !== undefined) {
      registrySecret(agents, { address: registry.address, login: registry.ci });
    }
    if (packages !== undefined) packageSettings(agents, packages);
    const secret = jenkinsSecret(part, ci.login);
    controller(part, {
      serviceAccount: afterRights(account, [agentRights]),
      configMaps: this.configMaps(args, part, repository),
      secret,
      secretFiles: secretFiles(secret.name, { login: ci.login, git: repository.secret }),
      resources: ci.resources,
      storageClass: ci.storageClass,
      sizes: { home: ci.home, backup: ci.backup.size },
      gitPort,
      pluginMirror: ci.pluginMirror,
      caBundle: ci.caBundle,
    });
    backupCopies(part, { target: ci.backup.target });
    closeNamespace(part);
    const { gateway } = args;
    webRoute(part, controllerName, { host, service: controllerName, port: httpPort, gateway });
  }

  /** Settings that change rarely are immutable and restart the controller; the jobs change in place. */
  private configMaps(
    args: JenkinsArgs,
    part: Part,
    repository: Repository,
  ): ControllerArgs["configMaps"] {
    const objects: pulumi.Resource[] = [];
    const immutable = (base: string, data: Record<string, string>) => {
      const { name, configMap } = immutableConfigMap(part, base, {
        data,
        workload: controllerName,
      });
      objects.push(configMap);
      return name;
    };
    const jobs = "jenkins-jobs";
    objects.push(
      new k8s.core.v1.ConfigMap(
        jobs,
        {
          metadata: { ...metadataOf(part, controllerName), name: jobs },
          data: { [jobsFile]: cascYaml(this.jobs(args, repository)) },
        },
        { parent: this },
      ),
    );
    const { agents, login, administrators, scan, caBundle } = args.config;
    const settings = jenkinsSettings({
      url: this.address,
      internalUrl: `http://${controllerName}.ci.svc:${httpPort}`,
      login,
      administrators,
      teams: args.teams,
      repository,
      agents: {
        ...agents,
        baseImages: args.baseImages && (args.baseImages.registry ?? registryOf(args)),
        packages: args.artifacts?.packages !== undefined,
        scan,
        caBundle,
        imageSource: args.context.imageSource,
      },
    });
    const init = readFileSync(join(__dirname, "../../ci/init", initFile), "utf8");
    return {
      objects,
      jobs,
      settings: immutable("jenkins-settings", { [settingsFile]: cascYaml(settings) }),
      plugins: immutable("jenkins-plugins", { [pluginsFile]: pluginList() }),
      init: immutable("jenkins-init", { [initFile]: init }),
    };
  }

  private jobs(args: JenkinsArgs, { url, branch, secret }: Repository) {
    const { apps, teams, config: ci } = args;
    const approved = Object.entries(apps).map(([name, app]) => {
      const approvers = approverNames(teams[app.team]?.build ?? []);
      return [name, approvers.length === 0 ? app : { ...app, approvers }] as const;
    });
    return cascJobs(Object.fromEntries(approved), {
      repository: { url, branch },
      credentials: secret === undefined ? undefined : gitCredentials,
      repositoryHosts: repositoryHostsOf(ci) ?? [],
      stacks: ci.stacks,
      registry: registryOf(args),
    });
  }
}

/** Returns the address of the registry that receives the images. */
function registryOf({ registry, config, domain }: JenkinsArgs): string {
  return registry?.address ?? config.registry ?? harborHost({}, domain);
}

function requireRepository(repository: Repository | undefined): Repository {
  if (repository === undefined) {
    throw new Error(
      "platform:components.ci.repository: expected the repository of this program, got none.",
    );
  }
  return repository;
}
